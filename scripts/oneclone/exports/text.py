"""Text that several exports write."""

from collections.abc import Iterable, Mapping, Sequence

from oneclone.exports.exported_run import ExportedRun
from oneclone.trees import TIP, read_supported, to_newick


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
