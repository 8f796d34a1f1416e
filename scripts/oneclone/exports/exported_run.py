"""What a run found, as every export takes it."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from oneclone.dates import read_days
from oneclone.errors import OnecloneError
from oneclone.model.isolates import Isolate
from oneclone.model.pairs import ordered
from oneclone.reporting.captions import neighbourhood_words
from oneclone.reporting.judged_run import JudgedRun
from oneclone.spanning_tree import SpanningEdge, minimum_spanning_tree

NO_DATE = "1970-01-01"

Cells = Mapping[str, str]


@dataclass(frozen=True)
class ExportedRun(JudgedRun):
    """What a run found, with the tables and files that exports take beyond it.

    `ledger`, `typing` and `clusters` are the cells of these tables by isolate and column, `markers`
    by isolate and locus, `coverage` by isolate and reference. `alignment` is the file of the
    variable core sites, its records named by row ids, `core_sites` the table of their places and
    `core_summary` what belongs to both. `date` is what a format gets that demands one (ISO 8601, to
    the day).
    """

    alignment: Path
    ledger: Mapping[str, Cells]
    typing: Mapping[str, Cells]
    clusters: Mapping[str, Cells]
    markers: Mapping[str, Mapping[str, Cells]]
    coverage: Mapping[str, Mapping[str, Cells]]
    core_sites: Path
    core_summary: Path
    date: str

    @cached_property
    def isolates(self) -> Sequence[Isolate]:
        """The used isolates and the references by name; other rows are no tips of the tree."""
        return _by_name(self.tips)

    @cached_property
    def all_rows(self) -> Sequence[Isolate]:
        """Every row of the isolate table and every reference by name."""
        return _by_name(self.rows.values())

    @cached_property
    def compared_by_name(self) -> Sequence[Isolate]:
        """The isolates and references of which every two have a pair, by name."""
        return _by_name(self.compared)

    @cached_property
    def spanning_tree(self) -> Sequence[SpanningEdge]:
        """The minimum spanning tree of `compared`, or several where some were not comparable."""
        names = [each.name for each in self.compared_by_name]
        return minimum_spanning_tree(names, self.pairs.values())

    @property
    def neighbourhood(self) -> str:
        """Which isolates have distances, in words; nothing when all have."""
        return neighbourhood_words(len(self.compared), len(self.tips)).strip()

    def snps(self, one: str, two: str) -> int | None:
        """Return the SNPs between two isolates by name; `None` when they could not be compared."""
        if one == two:
            return 0
        pair = self.pairs.get(ordered(one, two))
        return None if pair is None else pair.snps


def _by_name(isolates: Iterable[Isolate]) -> Sequence[Isolate]:
    """Return isolates sorted by name."""
    return sorted(isolates, key=lambda isolate: isolate.name)


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
