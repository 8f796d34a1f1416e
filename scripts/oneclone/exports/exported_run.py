"""What a run found, as every export takes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oneclone.model.isolates import Isolate
from oneclone.model.pairs import Pair
from oneclone.model.panel import Panel
from oneclone.tables.tree_files import TreeSummary


@dataclass(frozen=True)
class ExportedRun:
    """What a run found.

    `isolates` are the used isolates and the panel references, by name; `quarantined` and
    `not_assessed` rows are no tips of the tree and stand in `all_rows` alone, with every row of
    the isolate table and every reference. `pairs` are by their ordered names. `typing`, `clusters`
    and `ledger` are the cells of these tables by isolate and column. `newick` of `tree` has row
    ids as tips, its branches are in substitutions per site of `tree.core_bp` sites. `date` is what
    a format gets that demands one (ISO 8601, whole).
    """

    isolates: Sequence[Isolate]
    all_rows: Sequence[Isolate]
    panel: Panel
    pairs: Mapping[tuple[str, str], Pair]
    tree: TreeSummary
    verdict: Mapping[str, Any]
    ledger: Mapping[str, Mapping[str, str]]
    typing: Mapping[str, Mapping[str, str]]
    clusters: Mapping[str, Mapping[str, str]]
    date: str
