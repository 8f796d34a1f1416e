"""Rule count_pairs: SNP distances of all pairs of used isolates and references.

Isolates are taken in blocks in the order of their names, so that rows are written as they are
counted and memory holds two blocks of isolates, not the cohort.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oneclone.block_counts import count_block
from oneclone.distances import Profile, profile
from oneclone.model.calls import Calls, no_calls
from oneclone.model.pairs import Pair
from oneclone.model.panel import Panel
from oneclone.model.settings import RecombinationSettings
from oneclone.pair_counting import CountingRule, count_pair, unscanned_pair
from oneclone.recombination import WINDOW_BP, Windows, is_scanned
from oneclone.steps.counting import counting_rules
from oneclone.steps.loading import Taxon, load_references, load_taxa
from oneclone.tables.pair_table import (
    LocatedStretch,
    located,
    write_matrix,
    write_pairs,
    write_stretches,
)
from oneclone.tables.run_plan import read_plan_panel

BLOCK_BASES = 640_000_000  # isolates x reference length of a block: 80 MB of callable bits


@dataclass(frozen=True)
class Loaded:
    """A block of taxa, loaded on one reference."""

    taxa: Sequence[Taxon]
    calls: Sequence[Calls]
    profiles: Sequence[Profile]


def count_pairs(
    *,
    roster: Path,
    panel: Path,
    mask: Path,
    prepared: Sequence[Path],
    assessments: Sequence[Path],
    calls: Sequence[Path],
    pairs: Path,
    matrix: Path,
    recombination: Path,
    settings: RecombinationSettings,
    threads: int,
) -> None:
    """Count the SNP distance of every pair, raw and recombination-filtered.

    Parameters
    ----------
    roster, panel, mask
        The run's plan.
    prepared
        Counting references in the order of `panel.counting_assemblies`.
    assessments, calls
        Files of the isolates and references.
    pairs, matrix, recombination
        Files to write.
    settings
        Of the recombination filter.
    threads
        Threads of the count; the results do not depend on them.
    """
    cohort = read_plan_panel(panel)
    references = load_references(cohort, mask, prepared)
    rules = counting_rules(cohort, references, settings)
    taxa = sorted(load_taxa(roster, cohort, assessments, calls), key=lambda taxon: taxon.name)
    distances = np.full((len(taxa), len(taxa)), -1, dtype=np.int32)
    np.fill_diagonal(distances, 0)
    stretches: list[LocatedStretch] = []
    counter = _Counter(taxa, cohort, rules, threads)

    def rows() -> Iterator[Pair]:
        """Give every pair in the order of names, and keep what the other tables need."""
        place = {taxon.name: number for number, taxon in enumerate(taxa)}
        for pair, removed in counter.pairs():
            if pair.snps is not None:
                one, two = place[pair.first], place[pair.second]
                distances[one, two] = distances[two, one] = pair.snps
            stretches.extend(removed)
            yield pair

    write_pairs(pairs, rows())
    write_matrix(matrix, [taxon.name for taxon in taxa], distances)
    write_stretches(recombination, stretches)


class _Counter:
    """Counts the pairs of a cohort block by block."""

    def __init__(
        self,
        taxa: Sequence[Taxon],
        panel: Panel,
        rules: dict[str, CountingRule],
        threads: int,
    ) -> None:
        self.taxa = taxa
        self.rules = rules
        self.threads = threads
        kinds = sorted({taxon.subspecies for taxon in taxa})
        self.kind_of = {kind: number for number, kind in enumerate(kinds)}
        counted_on = [[panel.counting_assembly(one, two) for two in kinds] for one in kinds]
        self.counts_kinds = {
            assembly: np.array([[each == assembly for each in row] for row in counted_on])
            for assembly in rules
        }
        longest = max(rule.reference.sequence.length_bp for rule in rules.values())
        self.block_size = max(1, BLOCK_BASES // longest)

    def pairs(self) -> Iterator[tuple[Pair, list[LocatedStretch]]]:
        """Give every pair with its removed stretches, sorted by names."""
        starts = range(0, len(self.taxa), self.block_size)
        for start in starts:
            rows = self.taxa[start : start + self.block_size]
            found = [
                result
                for assembly in self.rules
                for result in self._pairs_of_rows(assembly, start, rows)
            ]
            yield from sorted(found, key=lambda each: (each[0].first, each[0].second))

    def _pairs_of_rows(
        self, assembly: str, start: int, rows: Sequence[Taxon]
    ) -> Iterator[tuple[Pair, list[LocatedStretch]]]:
        """Give the pairs of some taxa with all later ones that one reference counts."""
        one: Loaded | None = None
        for other in range(start, len(self.taxa), self.block_size):
            columns = self.taxa[other : other + self.block_size]
            wanted = self._wanted(assembly, rows, columns)
            if other == start:
                wanted = np.triu(wanted, 1)
            if not wanted.any():
                continue
            one = one or self._load(assembly, rows, np.ones(len(rows), dtype=bool))
            two = one if other == start else self._load(assembly, columns, wanted.sum(axis=0) > 0)
            yield from self._count(self.rules[assembly], one, two, wanted)
            del two  # before the next block is loaded: memory shall hold two

    def _wanted(
        self, assembly: str, rows: Sequence[Taxon], columns: Sequence[Taxon]
    ) -> NDArray[np.bool_]:
        """Return which pairs of two blocks the reference counts."""
        one, two = (
            [self.kind_of[taxon.subspecies] for taxon in block] for block in (rows, columns)
        )
        return self.counts_kinds[assembly][np.ix_(one, two)]

    def _load(self, assembly: str, taxa: Sequence[Taxon], needed: NDArray[np.bool_]) -> Loaded:
        """Load what is needed of a block; the rest, and what was not called, is left blank."""
        reference = self.rules[assembly].reference
        length = reference.sequence.length_bp
        blank = no_calls()
        blank_profile = profile(blank, reference.mask, length)
        calls = [
            taxon.calls(assembly) if wanted and assembly in taxon.assessment.references else blank
            for taxon, wanted in zip(taxa, needed.tolist(), strict=True)
        ]
        profiles = [
            blank_profile if each is blank else profile(each, reference.mask, length)
            for each in calls
        ]
        return Loaded(taxa, calls, profiles)

    def _count(
        self, rule: CountingRule, one: Loaded, two: Loaded, wanted: NDArray[np.bool_]
    ) -> Iterator[tuple[Pair, list[LocatedStretch]]]:
        """Give the wanted pairs of two blocks; those near enough are scanned for imports."""
        counts = count_block(one.profiles, two.profiles, wanted, WINDOW_BP, self.threads)
        for row, column in np.argwhere(wanted).tolist():
            first, second = one.taxa[row].name, two.taxa[column].name
            callable_bp = int(counts.callable_bp[row, column])
            windows = Windows(callable_bp // WINDOW_BP, int(counts.windows[row, column]))
            snps = int(counts.snps[row, column])
            pair = unscanned_pair(first, second, callable_bp, snps, rule)
            if not (pair.is_assessable and is_scanned(windows)):
                yield pair, []
                continue
            counted = count_pair(
                {first: one.calls[row], second: two.calls[column]},
                {first: one.profiles[row], second: two.profiles[column]},
                rule,
            )
            yield counted.pair, located(counted.pair, counted.stretches, rule.reference.sequence)
