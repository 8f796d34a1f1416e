"""Rule count_pairs: SNP distances of all pairs of used isolates and references.

In a set of at most `MAX_COMPLETE` isolates and references every pair is counted in full. In a
larger one only pairs with few raw differences are, and those with a case: of all others it is
shown that they have more. What an earlier run counted is known, and only new pairs are counted.
"""

import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oneclone.model.pairs import MAX_COMPLETE, NEIGHBOURS
from oneclone.model.regions import Removal
from oneclone.model.settings import RecombinationSettings
from oneclone.steps.loading import Taxon, load_taxa
from oneclone.steps.pair_book import PairBook, Workers
from oneclone.steps.pair_engine import RuleFiles
from oneclone.steps.pair_output import assessed, removed_stretches, shown_pairs
from oneclone.steps.sorted_pairs import PairPart, Places, SortedPairs
from oneclone.tables.json_files import write_json
from oneclone.tables.pair_file import writing_pairs
from oneclone.tables.pair_table import write_matrix, write_stretches
from oneclone.tables.run_plan import read_cases, read_plan_panel
from oneclone.worker_pool import worker_pool

UNKNOWN = -1
Flags = NDArray[np.bool_]


def count_pairs(
    *,
    roster: Path,
    panel: Path,
    mask: Path,
    cases: Path,
    prepared: Sequence[Path],
    calls: Path,
    pairs: Path,
    table: Path,
    further: Path,
    matrix: Path,
    recombination: Path,
    counted: Path,
    store: Path,
    settings: RecombinationSettings,
    max_snps: int,
    code: str,
    threads: int,
) -> None:
    """Count the SNP distance of every pair, raw and recombination-filtered.

    Parameters
    ----------
    roster, panel, mask, cases
        The run's plan.
    prepared
        Counting references in the order of `panel.counting_assemblies`.
    calls
        The gathered calls of the isolates and references.
    pairs, table
        Files to write: the same pairs as Parquet and as text.
    further
        File to write: pairs of a large set that those leave out and a step needs, of a reference
        or within the neighbourhood of the cases.
    matrix, recombination
        Files to write.
    counted
        File to write: how many pairs were counted, and how many known from earlier runs.
    store
        Folder where counted pairs are kept; the results do not depend on what is there.
    settings
        Of the recombination filter.
    max_snps
        Greatest number of raw differences of a pair that a large set keeps for itself.
    code
        Digest of the code that counts.
    threads
        Processes of the count; the results do not depend on them.
    """
    cohort = read_plan_panel(panel)
    taxa = sorted(load_taxa(roster, cohort, calls), key=lambda taxon: taxon.name)
    limit = max_snps if len(taxa) > MAX_COMPLETE else None
    book = PairBook(RuleFiles(panel, mask, tuple(prepared), settings), cohort, taxa, store, code)
    keys = [taxon.entry.calls_key for taxon in taxa]
    is_case = np.isin([taxon.row_id for taxon in taxa], read_cases(cases))
    is_reference = np.array([taxon.entry.is_reference for taxon in taxa])
    near = np.ones(len(taxa), dtype=bool)
    with _workers(threads) as workers:
        new, known = book.complete(keys, keys, limit, workers)
        if limit is not None:
            focus = _chosen(keys, is_case | is_reference)
            book.complete(focus, keys, None, workers)
            near = _neighbourhood(book, taxa, is_case)
            around = _chosen(keys, near)
            book.complete(around, around, None, workers)
    sys.stderr.writelines(f"{complaint}\n" for complaint in book.segments.complaints)
    tables = _Tables(book, taxa, _Selection(limit, is_case, is_reference, near))
    tables.write_pairs(pairs, table, recombination)
    tables.write_further(further)
    tables.write_matrix(matrix)
    write_json(counted, {"counted": new, "known": known})


@contextmanager
def _workers(threads: int) -> Generator[Workers]:
    """Give what counts: this process alone for one thread."""
    if threads == 1:
        yield Workers(None, 1)
        return
    with worker_pool(threads) as pool:
        yield Workers(pool, threads)


@dataclass(frozen=True)
class _Selection:
    """Which pairs go where, by the places of their taxa; without a limit all pairs are kept."""

    limit: int | None
    is_case: Flags
    is_reference: Flags
    is_near: Flags

    def kept(self, first: Places, second: Places, raw: NDArray[np.int64]) -> Flags:
        """Tell which pairs are results."""
        if self.limit is None:
            return np.ones(len(first), dtype=bool)
        return (raw <= self.limit) | self.is_case[first] | self.is_case[second]

    def further(self, first: Places, second: Places, raw: NDArray[np.int64]) -> Flags:
        """Tell which pairs are no results, and still needed."""
        of_reference = self.is_reference[first] | self.is_reference[second]
        both_near = self.is_near[first] & self.is_near[second]
        return ~self.kept(first, second, raw) & (of_reference | both_near)


class _Tables:
    """Writes the tables of a cohort from its pairs, in one pass over each kind of them."""

    def __init__(self, book: PairBook, taxa: Sequence[Taxon], selection: _Selection) -> None:
        sources = [*book.sources()]
        self._rules = [rule for _, rule in sources]
        self._pairs = SortedPairs(sources, _places(taxa))
        self._names = [taxon.name for taxon in taxa]
        self._selection = selection
        shown = np.flatnonzero(selection.is_near)
        self._row_of = np.full(len(taxa), UNKNOWN)
        self._row_of[shown] = np.arange(len(shown))
        self._matrix = np.full((len(shown), len(shown)), UNKNOWN, dtype=np.int32)
        np.fill_diagonal(self._matrix, 0)

    def write_pairs(self, pairs: Path, table: Path, recombination: Path) -> None:
        """Write the pairs that are results, and what was removed from them."""
        with writing_pairs(pairs, table) as writer:

            def stretches() -> Iterator[Removal]:
                """Write the pairs, and give what was removed from them."""
                for part in self._pairs.parts(self._selection.kept):
                    writer.add(shown_pairs(part, self._names, self._rules))
                    self._fill(part)
                    yield from removed_stretches(part, self._names, self._rules)

            write_stretches(recombination, stretches())

    def write_further(self, further: Path) -> None:
        """Write the pairs that are no results, and still needed."""
        with writing_pairs(further) as writer:
            for part in self._pairs.parts(self._selection.further):
                writer.add(shown_pairs(part, self._names, self._rules))
                self._fill(part)

    def write_matrix(self, matrix: Path) -> None:
        """Write the matrix, when all pairs are written."""
        write_matrix(matrix, _chosen(self._names, self._selection.is_near), self._matrix)

    def _fill(self, part: PairPart) -> None:
        """Fill the distances of the pairs of the neighbourhood into the matrix."""
        one, two = self._row_of[part.first], self._row_of[part.second]
        shown = (one != UNKNOWN) & (two != UNKNOWN) & assessed(part, self._rules)
        snps = part.columns["snps"].to_numpy()[shown]
        self._matrix[one[shown], two[shown]] = self._matrix[two[shown], one[shown]] = snps


def _neighbourhood(book: PairBook, taxa: Sequence[Taxon], is_case: Flags) -> Flags:
    """Return the cases and the isolates and references nearest to any of them, ties by name."""
    sources = [*book.sources()]
    pairs = SortedPairs(sources, _places(taxa))
    least = np.full(len(taxa), np.inf)

    def with_a_case(first: Places, second: Places, _: NDArray[np.int64]) -> Flags:
        """Tell which pairs have a case."""
        return is_case[first] | is_case[second]

    for part in pairs.unsorted(("one", "two", "snps_raw", "snps", "callable_bp"), with_a_case):
        known = assessed(part, [rule for _, rule in sources])
        snps = part.columns["snps"].to_numpy()
        for one, two in ((part.first, part.second), (part.second, part.first)):
            of_case = known & is_case[one]
            np.minimum.at(least, two[of_case], snps[of_case])
    least[is_case] = np.inf
    nearest = np.argsort(least, kind="stable")[:NEIGHBOURS]
    near = is_case.copy()
    near[nearest[np.isfinite(least[nearest])]] = True
    return near


def _places(taxa: Sequence[Taxon]) -> dict[str, list[int]]:
    """Return the places of taxa in their order by calls key."""
    places: dict[str, list[int]] = {}
    for place, taxon in enumerate(taxa):
        places.setdefault(taxon.entry.calls_key, []).append(place)
    return places


def _chosen(values: Sequence[str], which: Flags) -> list[str]:
    """Return some of the values."""
    return [value for value, is_chosen in zip(values, which, strict=True) if is_chosen]
