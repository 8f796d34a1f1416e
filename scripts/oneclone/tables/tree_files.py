"""`tree/`: what belongs to the trees beside their Newick."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from oneclone.model.evidence import LocalTree
from oneclone.tables.delimited import read_table, write_table
from oneclone.tables.json_files import read_record, write_record
from oneclone.tables.read_back import read_back

PLACEMENT_COLUMNS = ("isolate", "nearest_reference_in_tree", "clone")


@dataclass(frozen=True)
class TreeSummary:
    """How the whole tree was made; `support_kind` names the labels of its inner nodes.

    `engine_reason` completes "this engine was taken because". `seed` is that of the search, or of
    the local bootstrap.
    `newick` is the tree of `core.nwk` with row ids as tips.
    `masked_bases` counts the bases of the alignment (sites x taxa) that were masked as imported by
    the program of `masked_by`. `newick` is the tree of `core.nwk` with row ids as tips.
    """

    engine: str
    engine_reason: str
    model: str
    support_kind: str
    rooting: str
    taxa: int
    distinct_sequences: int
    core_bp: int
    variable_sites: int
    seed: int
    newick: str
    masked_bases: int = 0
    masked_by: str = "none"


def write_tree_summary(path: Path, summary: TreeSummary) -> None:
    """Write how the whole tree was made."""
    write_record(path, summary, TreeSummary)


@read_back
def read_tree_summary(path: Path) -> TreeSummary:
    """Read how the whole tree was made."""
    return read_record(path, TreeSummary)


def write_placements(path: Path, rows: Iterable[tuple[str, str, str]]) -> None:
    """Write isolate, nearest reference with a clone in the tree, and its clone."""
    write_table(path, PLACEMENT_COLUMNS, sorted(rows))


@read_back
def read_placements(path: Path) -> dict[str, str]:
    """Read the clone beside which the whole tree places each isolate."""
    return {row["isolate"]: row["clone"] for row in read_table(path, PLACEMENT_COLUMNS).rows}


def write_local_trees(path: Path, trees: Iterable[LocalTree]) -> None:
    """Write the local trees, in the order of their members."""
    ordered = tuple(sorted(trees, key=lambda tree: tree.members))
    write_record(path, ordered, tuple[LocalTree, ...])


@read_back
def read_local_trees(path: Path) -> Mapping[tuple[str, ...], LocalTree]:
    """Read the local trees by the members of their clones."""
    return {tree.members: tree for tree in read_record(path, tuple[LocalTree, ...])}
