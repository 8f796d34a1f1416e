"""iTOL: the tree, and annotation files to drop on it."""

from oneclone.exports.exported_run import ExportedRun
from oneclone.exports.names import ITOL, labels
from oneclone.exports.text import tree_text


def tree(run: ExportedRun) -> str:
    """Return the tree of all with the ids of the annotation files as tips."""
    return tree_text(run, labels(ITOL, run.all_rows))
