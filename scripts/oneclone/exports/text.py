"""Text that several exports write."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from oneclone.exports.exported_run import ExportedRun
from oneclone.trees import TIP, read_supported, to_newick

MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>&~$-])")


def table_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""Return a tab-separated table without quoting, its header first; `None` is an empty cell.

    Examples
    --------
    >>> table_text(["isolate", "snps"], [["PtA-CSF", None]])
    'isolate\tsnps\nPtA-CSF\t\n'
    """
    lines = ["\t".join(columns)]
    lines += ["\t".join("" if cell is None else str(cell) for cell in row) for row in rows]
    return "\n".join(lines) + "\n"


def json_text(data: object) -> str:
    """Return plain data (mappings, lists, text, numbers) as JSON."""
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


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
