"""Rule count_pairs: SNP distances of all pairs of used isolates and references.

Isolates are taken in blocks in the order of their names, so that rows are written as they are
counted and memory holds two blocks of isolates, not the cohort. What an earlier run counted is
taken from the store of pairs, and only isolates with a new pair are loaded.
"""

import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oneclone.block_counts import count_block
from oneclone.digests import library_versions, settings_digest
from oneclone.distances import Profile, profile
from oneclone.model.calls import Calls, no_calls
from oneclone.model.pairs import Pair
from oneclone.model.panel import Panel
from oneclone.model.settings import RecombinationSettings
from oneclone.pair_counting import CountedPair, CountingRule, count_pair, unscanned_pair
from oneclone.recombination import WINDOW_BP, Windows, is_scanned
from oneclone.steps.counting import counting_rules
from oneclone.steps.loading import Taxon, load_references, load_taxa
from oneclone.tables.json_files import write_json
from oneclone.tables.pair_store import PairStore, with_names, without_names
from oneclone.tables.pair_table import (
    LocatedStretch,
    located,
    write_matrix,
    write_pairs,
    write_stretches,
)
from oneclone.tables.run_plan import read_plan_panel

BLOCK_BASES = 640_000_000  # isolates x reference length of a block: 80 MB of callable bits

_Two = tuple[str, str]


@dataclass(frozen=True)
class _Rule:
    """How pairs are counted on one reference, and the digest of all that enters but the calls."""

    counting: CountingRule
    digest: str


class _Block:
    """Some taxa on one reference; each is loaded when it is first needed."""

    def __init__(self, taxa: Sequence[Taxon], assembly: str, rule: CountingRule) -> None:
        self.taxa = taxa
        self.keys = [taxon.entry.calls_key for taxon in taxa]
        self._assembly = assembly
        self._reference = rule.reference
        blank = no_calls()
        self._loaded: set[int] = set()
        self.calls: list[Calls] = [blank] * len(taxa)
        self.profiles: list[Profile] = [self._profile(blank)] * len(taxa)

    def load(self, needed: Iterable[int]) -> None:
        """Load the needed taxa; the rest, and what was not called, is left blank."""
        for number in sorted({*needed} - self._loaded):
            taxon = self.taxa[number]
            if self._assembly in taxon.assessment.references:
                self.calls[number] = taxon.calls(self._assembly)
                self.profiles[number] = self._profile(self.calls[number])
            self._loaded.add(number)

    def _profile(self, calls: Calls) -> Profile:
        """Return the profile of calls on the reference."""
        return profile(calls, self._reference.mask, self._reference.sequence.length_bp)


def count_pairs(
    *,
    roster: Path,
    panel: Path,
    mask: Path,
    prepared: Sequence[Path],
    calls: Path,
    pairs: Path,
    matrix: Path,
    recombination: Path,
    counted: Path,
    store: Path,
    settings: RecombinationSettings,
    code: str,
    threads: int,
) -> None:
    """Count the SNP distance of every pair, raw and recombination-filtered.

    Parameters
    ----------
    roster, panel, mask
        The run's plan.
    prepared
        Counting references in the order of `panel.counting_assemblies`.
    calls
        The gathered calls of the isolates and references.
    pairs, matrix, recombination
        Files to write.
    counted
        File to write: how many pairs were counted, and how many known from earlier runs.
    store
        Where counted pairs are kept; the results do not depend on what is there.
    settings
        Of the recombination filter.
    code
        Digest of the code that counts.
    threads
        Threads of the count; the results do not depend on them.
    """
    cohort = read_plan_panel(panel)
    references = load_references(cohort, mask, prepared)
    rules = {
        assembly: _Rule(counting, _digest(assembly, path, counting, code))
        for (assembly, counting), path in zip(
            counting_rules(cohort, references, settings).items(), prepared, strict=True
        )
    }
    taxa = sorted(load_taxa(roster, cohort, calls), key=lambda taxon: taxon.name)
    distances = np.full((len(taxa), len(taxa)), -1, dtype=np.int32)
    np.fill_diagonal(distances, 0)
    stretches: list[LocatedStretch] = []

    def rows(counter: _Counter) -> Iterator[Pair]:
        """Give every pair in the order of names, and keep what the other tables need."""
        place = {taxon.name: number for number, taxon in enumerate(taxa)}
        for pair, removed in counter.pairs():
            if pair.snps is not None:
                one, two = place[pair.first], place[pair.second]
                distances[one, two] = distances[two, one] = pair.snps
            stretches.extend(removed)
            yield pair

    with PairStore(store, code) as kept:
        counter = _Counter(taxa, cohort, rules, kept, threads)
        write_pairs(pairs, rows(counter))
        sys.stderr.writelines(f"{complaint}\n" for complaint in kept.complaints)
    write_matrix(matrix, [taxon.name for taxon in taxa], distances)
    write_stretches(recombination, stretches)
    write_json(counted, {"counted": counter.counted, "known": counter.known})


def _digest(assembly: str, prepared: Path, rule: CountingRule, code: str) -> str:
    """Return the digest of all that enters a pair's count beside the calls of its isolates."""
    mask = rule.reference.mask
    return settings_digest(
        {
            "assembly": assembly,
            "prepared": prepared.stem,
            "mask": hashlib.sha256(mask.starts.tobytes() + mask.ends.tobytes()).hexdigest(),
            "min_callable_percent": rule.min_callable_percent,
            "max_recombinant_percent": rule.max_recombinant_percent,
            "recombination": asdict(rule.recombination),
            "code": code,
            "libraries": library_versions("numpy", "numba", "scipy"),
        }
    )


class _Counter:
    """Counts the pairs of a cohort block by block, those that are not known yet."""

    def __init__(
        self,
        taxa: Sequence[Taxon],
        panel: Panel,
        rules: Mapping[str, _Rule],
        store: PairStore,
        threads: int,
    ) -> None:
        self.counted = self.known = 0
        self.taxa = taxa
        self.rules = rules
        self.store = store
        self.threads = threads
        kinds = sorted({taxon.subspecies for taxon in taxa})
        self.kind_of = {kind: number for number, kind in enumerate(kinds)}
        counted_on = [[panel.counting_assembly(one, two) for two in kinds] for one in kinds]
        self.counts_kinds = {
            assembly: np.array([[each == assembly for each in row] for row in counted_on])
            for assembly in rules
        }
        longest = max(rule.counting.reference.sequence.length_bp for rule in rules.values())
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
        rule = self.rules[assembly]
        reference = rule.counting.reference.sequence
        one = _Block(rows, assembly, rule.counting)
        for other in range(start, len(self.taxa), self.block_size):
            columns = self.taxa[other : other + self.block_size]
            wanted = self._wanted(assembly, rows, columns)
            if other == start:
                wanted = np.triu(wanted, 1)
            if not wanted.any():
                continue
            two = one if other == start else _Block(columns, assembly, rule.counting)
            for found in self._of_blocks(rule, one, two, wanted):
                yield found.pair, located(found.pair, found.stretches, reference)
            del two  # before the next block is loaded: memory shall hold two

    def _wanted(
        self, assembly: str, rows: Sequence[Taxon], columns: Sequence[Taxon]
    ) -> NDArray[np.bool_]:
        """Return which pairs of two blocks the reference counts."""
        one, two = (
            [self.kind_of[taxon.subspecies] for taxon in block] for block in (rows, columns)
        )
        return self.counts_kinds[assembly][np.ix_(one, two)]

    def _of_blocks(
        self, rule: _Rule, one: _Block, two: _Block, wanted: NDArray[np.bool_]
    ) -> Iterator[CountedPair]:
        """Give the wanted pairs of two blocks: those that are known, then the new ones."""
        kept = self.store.known(rule.digest, one.keys, two.keys)
        new = wanted.copy()
        for row, column in np.argwhere(wanted).tolist():
            names, keys = _by_keys(one.taxa[row], two.taxa[column])
            if keys in kept:
                new[row, column] = False
                yield with_names(kept[keys], names, rule.counting)
        found = list(self._count(rule.counting, one, two, new)) if new.any() else []
        self.counted += len(found)
        self.known += int(wanted.sum()) - len(found)
        self.store.keep(
            rule.digest,
            ((keys, without_names(pair, names[0])) for (names, keys), pair in found),
        )
        yield from (pair for _, pair in found)

    def _count(
        self, rule: CountingRule, one: _Block, two: _Block, wanted: NDArray[np.bool_]
    ) -> Iterator[tuple[tuple[_Two, _Two], CountedPair]]:
        """Give the wanted pairs of two blocks; those near enough are scanned for imports."""
        places: list[list[int]] = np.argwhere(wanted).tolist()
        one.load(row for row, _ in places)
        two.load(column for _, column in places)
        counts = count_block(one.profiles, two.profiles, wanted, WINDOW_BP, self.threads)
        for row, column in places:
            first, second = one.taxa[row].name, two.taxa[column].name
            callable_bp = int(counts.callable_bp[row, column])
            windows = Windows(callable_bp // WINDOW_BP, int(counts.windows[row, column]))
            snps = int(counts.snps[row, column])
            found = CountedPair(unscanned_pair(first, second, callable_bp, snps, rule), ())
            if found.pair.is_assessable and is_scanned(windows):
                found = count_pair(
                    {first: one.calls[row], second: two.calls[column]},
                    {first: one.profiles[row], second: two.profiles[column]},
                    rule,
                )
            yield _by_keys(one.taxa[row], two.taxa[column]), found


def _by_keys(one: Taxon, two: Taxon) -> tuple[_Two, _Two]:
    """Return names and calls keys of two taxa, that with the smaller calls key first."""
    first, second = sorted((one, two), key=lambda taxon: taxon.entry.calls_key)
    return (first.name, second.name), (first.entry.calls_key, second.entry.calls_key)
