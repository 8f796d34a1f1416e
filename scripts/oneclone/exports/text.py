"""Text that several exports write."""

import re
from collections.abc import Iterable, Mapping, Sequence

from oneclone.exports.exported_run import ExportedRun
from oneclone.tables.delimited import table_lines
from oneclone.trees import TIP, read_supported, to_newick

MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>&~$-])")


def table_text(
    columns: Sequence[str], rows: Iterable[Mapping[str, object] | Sequence[object]]
) -> str:
    """Return a tab-separated table without quoting, its header first; `None` is an empty cell."""
    return "".join(table_lines(columns, rows))


def tree_text(run: ExportedRun, label: Mapping[str, str]) -> str:
    """Return the tree of all as Newick.

    Parameters
    ----------
    run
        What was found.
    label
        What each isolate is called: text that needs no quotes. An underscore is not quoted
        either, since the viewers read it as one, whatever Newick says.
    """
    plain = to_newick(read_supported(run.tree.newick))
    return TIP.sub(lambda tip: label[run.by_row_id[tip.group()].name], plain) + "\n"


def markdown_text(text: str) -> str:
    r"""Return text that Markdown shows as it is.

    Examples
    --------
    >>> markdown_text("PtA <b>, 3 SNPs")
    'PtA \\<b\\>, 3 SNPs'
    """
    return MARKDOWN.sub(r"\\\1", text)


def title_of(run: ExportedRun) -> str:
    """Return the title of the run: that of its investigation, when it has one."""
    return run.verdict["settings"]["investigation"] or "oneclone"
