"""Compare the SNPs of a finished run with the true ones, site by site and pair by pair.

The truth is taken twice: in the bases that a pair compared, which is what its distance speaks of,
and in all bases that both assemblies hold correctly.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oneclone.distances import Profile, Words, compare, profile
from oneclone.model.calls import PreparedReference
from oneclone.model.pairs import FilterOutcome, Pair, ordered
from oneclone.model.panel import Panel
from oneclone.simulation.drafts import Draft, TrueSites, true_sites
from oneclone.simulation.genomes import Genome, letters
from oneclone.simulation.outbreak import SimulatedOutbreak
from oneclone.steps.loading import Taxon, load_references, load_taxa
from oneclone.tables.pair_file import read_pairs
from oneclone.validation.accuracy import CLOSE_SNPS, Truth


@dataclass(frozen=True)
class Calls:
    """Files of a run that hold its calls; `prepared` in the order of the panel's references."""

    panel: Panel
    roster: Path
    mask: Path
    prepared: tuple[Path, ...]
    gathered: Path


@dataclass(frozen=True)
class ScoredPair:
    """A pair beside its truth.

    `compared` is the truth in the bases that the pair compared, `shared` that in all bases which
    both assemblies hold correctly. `hits` are differences at true sites, `false_sites` others,
    `missed_sites` true sites among the compared bases without a difference. `recounted` is the
    number of differences in the calls, which the table's `snps_raw` has to equal. `has_enough`
    tells whether the bases compared, counted again, reach the panel's callable floor.
    """

    pair: Pair
    compared: Truth
    shared: Truth
    hits: int
    false_sites: int
    missed_sites: int
    recounted: int
    has_enough: bool

    @property
    def keeps_range(self) -> bool:
        """Whether the pair has a count exactly when enough bases were compared."""
        return self.pair.is_assessable == self.has_enough

    @property
    def is_scanned(self) -> bool:
        """Whether the recombination filter looked at the pair."""
        return self.pair.filter is not FilterOutcome.NOT_SCANNED

    @property
    def is_close(self) -> bool:
        """Whether the pair has few true mutations."""
        return self.shared.clonal <= CLOSE_SNPS

    @property
    def snps(self) -> int:
        """Counted SNPs of a pair that has a count."""
        return self.pair.snps or 0

    def true_snps(self, *, compared: bool) -> int:
        """Return the true SNPs: mutations alone where imports are looked for, else all."""
        truth = self.compared if compared else self.shared
        return truth.clonal if self.is_scanned else truth.raw


def score_pairs(calls: Calls, pairs: Path, outbreak: SimulatedOutbreak) -> list[ScoredPair]:
    """Score every pair of a finished run, those without a count too.

    Parameters
    ----------
    calls
        The calls of the run.
    pairs
        Its `pairs.tsv`.
    outbreak
        What was simulated.
    """
    return list(_scored(calls, read_pairs(pairs), outbreak))


def count_sites(differences: NDArray[np.int64], true: NDArray[np.bool_]) -> tuple[int, int, int]:
    """Return true, false and missed sites of called differences.

    Parameters
    ----------
    differences
        Positions on the reference that a pair is said to differ at.
    true
        For each position of the reference whether the pair was compared there and truly differs.

    Examples
    --------
    >>> count_sites(np.array([1, 4]), np.array([False, True, False, True, False]))
    (1, 1, 1)
    """
    hits = int(true[differences].sum())
    return hits, len(differences) - hits, int(true.sum()) - hits


def _scored(
    calls: Calls, counted: Mapping[tuple[str, str], Pair], outbreak: SimulatedOutbreak
) -> Iterator[ScoredPair]:
    """Give every pair with its truth."""
    taxa = load_taxa(calls.roster, calls.panel, calls.gathered)
    references = load_references(calls.panel, calls.mask, calls.prepared)
    places = {
        assembly: letters(outbreak.genomes[calls.panel.name_of(assembly)])[1]
        for assembly in references
    }
    known: dict[tuple[str, str], Profile] = {}
    for one, two in combinations(taxa, 2):
        assembly = calls.panel.counting_assembly(one.subspecies, two.subspecies)
        first, second = (
            _profile(known, taxon, assembly, references[assembly]) for taxon in (one, two)
        )
        names = ordered(one.name, two.name)
        one_true, two_true = (_simulated(outbreak, name) for name in names)
        sites = true_sites(one_true, two_true, outbreak.backbone)
        found = compare(first, second)
        on_reference = _OnReference(places[assembly], found.words)
        raw = on_reference.compared(sites.raw)
        hits, false, missed = count_sites(found.differences, raw)
        clonal = int(on_reference.compared(sites.clonal).sum())
        yield ScoredPair(
            counted[names],
            Truth(int(raw.sum()), clonal, found.callable_bp),
            _whole(sites),
            hits,
            false,
            missed,
            len(found.differences),
            100 * found.callable_bp
            >= calls.panel.min_callable_percent * references[assembly].unmasked_bp,
        )


@dataclass(frozen=True)
class _OnReference:
    """Backbone position of every base of a reference, -1 for none, and what a pair compared."""

    places: NDArray[np.int64]
    words: Words

    def compared(self, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return flags of the backbone on the reference, where the pair was compared."""
        length = len(self.places)
        bits = np.unpackbits(self.words.view(np.uint8), count=length, bitorder="little")
        return (bits > 0) & (self.places >= 0) & flags[np.maximum(self.places, 0)]


def _profile(
    known: dict[tuple[str, str], Profile], taxon: Taxon, assembly: str, reference: PreparedReference
) -> Profile:
    """Return the profile of a taxon on a reference, read once."""
    key = (taxon.name, assembly)
    if key not in known:
        length = reference.sequence.length_bp
        known[key] = profile(taxon.calls(assembly), reference.mask, length)
    return known[key]


def _simulated(outbreak: SimulatedOutbreak, name: str) -> tuple[Genome, Draft]:
    """Return genome and assembly of an isolate."""
    return outbreak.genomes[name], outbreak.drafts[name]


def _whole(sites: TrueSites) -> Truth:
    """Return the truth in all bases that both assemblies hold."""
    return Truth(int(sites.raw.sum()), int(sites.clonal.sum()), int(sites.shared.sum()))
