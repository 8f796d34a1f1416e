"""What a run found, as every export takes it."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from oneclone.dates import read_days
from oneclone.errors import OnecloneError
from oneclone.model.isolates import Isolate
from oneclone.model.pairs import Pair, ordered
from oneclone.model.panel import Panel
from oneclone.spanning_tree import SpanningEdge, minimum_spanning_tree
from oneclone.tables.tree_files import TreeSummary
from oneclone.trees import TIP

NO_DATE = "1970-01-01"

Cells = Mapping[str, str]


@dataclass(frozen=True)
class ExportedRun:
    """What a run found.

    `isolates` are the used isolates and the panel references, `all_rows` every row of the isolate
    table and every reference, both sorted by name: quarantined and not assessed rows are no tips
    of the tree. `pairs` are by their ordered names. `ledger`, `typing` and `clusters` are the
    cells of these tables by isolate and column, `markers` by isolate and locus. `newick` of `tree`
    has row ids as tips, its branches are in substitutions per site of `tree.core_bp` sites.
    `alignment` is the file of the variable core sites, its records named by row ids, `core_sites`
    the table of their places and `core_summary` what belongs to both. `coverage` are the cells of
    its table by isolate and reference. `date` is what a format gets that demands one (ISO 8601, to
    the day).
    """

    isolates: Sequence[Isolate]
    all_rows: Sequence[Isolate]
    panel: Panel
    pairs: Mapping[tuple[str, str], Pair]
    tree: TreeSummary
    alignment: Path
    verdict: Mapping[str, Any]
    ledger: Mapping[str, Cells]
    typing: Mapping[str, Cells]
    clusters: Mapping[str, Cells]
    markers: Mapping[str, Mapping[str, Cells]]
    coverage: Mapping[str, Mapping[str, Cells]]
    core_sites: Path
    core_summary: Path
    date: str

    @cached_property
    def by_row_id(self) -> Mapping[str, Isolate]:
        """The tips of the tree by what they are called in it."""
        return {isolate.row_id: isolate for isolate in self.isolates}

    @cached_property
    def in_tree_order(self) -> Sequence[Isolate]:
        """The tips from the first to the last of the tree."""
        return [self.by_row_id[row] for row in TIP.findall(self.tree.newick)]

    @cached_property
    def spanning_tree(self) -> Sequence[SpanningEdge]:
        """The minimum spanning tree of the tips, or several where some could not be compared."""
        return minimum_spanning_tree([each.name for each in self.isolates], self.pairs.values())

    def snps(self, one: str, two: str) -> int | None:
        """Return the SNPs between two isolates by name; `None` when they could not be compared."""
        if one == two:
            return 0
        pair = self.pairs.get(ordered(one, two))
        return None if pair is None else pair.snps


def date_of_run(isolates: Iterable[Isolate], epoch: str) -> str:
    """Return the date for formats that demand one, which is never that of the day of the run.

    Parameters
    ----------
    isolates
        Isolates; the newest collection date counts, where it names no day as its first day.
    epoch
        Seconds since 1970 (SOURCE_DATE_EPOCH), which take precedence; or nothing.

    Raises
    ------
    OnecloneError
        If SOURCE_DATE_EPOCH is no number of seconds.

    Examples
    --------
    >>> from oneclone.model.isolates import Role
    >>> rows = [Isolate("I1", "a", Role.CASE, "", collection_date="2022-10")]
    >>> date_of_run(rows, ""), date_of_run(rows, "86400"), date_of_run([], "")
    ('2022-10-01', '1970-01-02', '1970-01-01')
    """
    if epoch and not (epoch.isascii() and epoch.isdigit()):
        advice = "it is the number of seconds since 1970; correct or unset it"
        raise OnecloneError(f"environment variable SOURCE_DATE_EPOCH is '{epoch}': {advice}")
    if epoch:
        return datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC).date().isoformat()
    known = [days.first for each in isolates if (days := read_days(each.collection_date))]
    return datetime.date.fromordinal(max(known)).isoformat() if known else NO_DATE
