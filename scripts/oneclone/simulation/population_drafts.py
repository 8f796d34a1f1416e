"""Draft assemblies of a simulated population, as intervals on the coordinates of its genomes.

Assumed, after the real drafts of docs/validation.md: about a hundred contigs, broken mostly in
the same repeats; 2 to 3 % missing; a lineage lacks 0.6 % of the genome. Contigs do not count the
bases of insertions and deletions.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from oneclone import intervals
from oneclone.model.calls import Intervals, Positions
from oneclone.model.isolates import Role
from oneclone.sequences import AssemblyStatistics, Codes
from oneclone.simulation.population import Population
from oneclone.simulation.population_model import GC, Lineage, Member, Purpose

REPEATS_PER_MB = 12
REPEAT_BP = (600, 1_800)
BROKEN_REPEATS = 0.8  # of the repeats, in one assembly
BREAKS_PER_MB = 9  # at places of an assembly's own
GAP_BP = 300  # mean, of a break and beside a repeat
MIN_CONTIG_BP = 500
LACKED, LACKED_BP = 0.006, 6_000  # share of the genome that a lineage lacks; mean of a stretch
UNKNOWN_PER_MB = 0.4  # runs of N
UNKNOWN_BP = 20
MEGABASE = 1_000_000


@dataclass(frozen=True)
class Draft:
    """An assembly as intervals on the genome.

    `pieces` are stretches of the genome that stand side by side in a contig; `contig` numbers
    each piece's contig from the longest, `offsets` is where in the contig the piece begins.
    """

    pieces: Intervals
    contig: Positions
    offsets: Positions
    contig_lengths: Positions
    reverse: NDArray[np.bool_]
    unknown: Intervals


class Drafts:
    """The assemblies of a population.

    Parameters
    ----------
    population
        The isolates.
    """

    def __init__(self, population: Population) -> None:
        self._population = population
        self._genome_bp = population.settings.genome_bp
        self.repeats = self._find_repeats()
        self.lacked = lru_cache(maxsize=64)(self._lacked)

    def draft(self, member: Member) -> Draft:
        """Return the assembly of an isolate; that of a reference is complete."""
        if member.role is Role.REFERENCE:
            zero = np.zeros(1, dtype=np.int64)
            size = zero + self._genome_bp
            return Draft(Intervals(zero, size), zero, zero, size, zero > 0, intervals.empty())
        random = self._population.random(Purpose.DRAFT, member.number)
        gaps = self._gaps(random)
        contigs = complement(gaps, self._genome_bp)
        pieces = complement(intervals.merged([gaps, self.lacked(member.lineage)]), self._genome_bp)
        size = pieces.ends - pieces.starts
        own = np.searchsorted(contigs.starts, pieces.starts, side="right") - 1
        offsets = np.cumsum(size) - size
        offsets -= offsets[np.searchsorted(own, own)]
        lengths = np.bincount(own, weights=size, minlength=len(contigs.starts)).astype(np.int64)
        order = np.argsort(-lengths, kind="stable")
        count = int((lengths >= MIN_CONTIG_BP).sum())
        contig = np.argsort(order, kind="stable")[own]
        kept = contig < count
        return Draft(
            pieces=Intervals(pieces.starts[kept], pieces.ends[kept]),
            contig=contig[kept],
            offsets=offsets[kept],
            contig_lengths=lengths[order[:count]],
            reverse=random.random(count) < 0.5,
            unknown=self._unknown(random),
        )

    def contigs(self, member: Member, draft: Draft) -> list[Codes]:
        """Return the contigs of an assembly, from the longest, on the strand of the genome."""
        genome = self._population.genome(member)
        for start, end in zip(draft.unknown.starts, draft.unknown.ends, strict=True):
            genome[start:end] = 4
        pieces = draft.pieces
        return [
            np.concatenate(
                [
                    genome[start:end]
                    for start, end in zip(
                        pieces.starts[draft.contig == number],
                        pieces.ends[draft.contig == number],
                        strict=True,
                    )
                ]
            )
            for number in range(len(draft.contig_lengths))
        ]

    def _gaps(self, random: np.random.Generator) -> Intervals:
        """Return what an assembly does not have between its contigs."""
        broken = random.random(len(self.repeats.starts)) < BROKEN_REPEATS
        beside = random.exponential(GAP_BP, size=(2, int(broken.sum()))).astype(np.int64)
        breaks = random.poisson(BREAKS_PER_MB * self._genome_bp / MEGABASE)
        places = random.integers(0, self._genome_bp, size=breaks)
        sizes = 1 + random.exponential(GAP_BP, size=breaks).astype(np.int64)
        found = [
            Intervals(
                self.repeats.starts[broken] - beside[0], self.repeats.ends[broken] + beside[1]
            ),
            Intervals(places, places + sizes),
        ]
        return _clipped(intervals.merged(found), self._genome_bp)

    def _unknown(self, random: np.random.Generator) -> Intervals:
        """Return the runs of N."""
        runs = random.poisson(UNKNOWN_PER_MB * self._genome_bp / MEGABASE)
        starts = random.integers(0, self._genome_bp - UNKNOWN_BP, size=runs)
        return intervals.merged([Intervals(starts, starts + UNKNOWN_BP)])

    def _find_repeats(self) -> Intervals:
        """Return the repeats, which lie at the same places in all genomes."""
        random = self._population.random(Purpose.REPEATS)
        count = round(REPEATS_PER_MB * self._genome_bp / MEGABASE)
        starts = random.integers(0, self._genome_bp - REPEAT_BP[1], size=count)
        sizes = random.integers(*REPEAT_BP, size=count)
        return intervals.merged([Intervals(starts, starts + sizes)])

    def _lacked(self, lineage: Lineage) -> Intervals:
        """Return what no genome of a lineage has."""
        random = self._population.random(Purpose.LACKED, lineage.number)
        return stretches(random, self._genome_bp, LACKED, LACKED_BP)


def statistics(draft: Draft) -> AssemblyStatistics:
    """Return size and composition of an assembly."""
    lengths = draft.contig_lengths
    reached = np.cumsum(lengths)
    return AssemblyStatistics(
        length_bp=int(reached[-1]),
        contigs=len(lengths),
        n50_bp=int(lengths[np.searchsorted(reached, reached[-1] / 2)]),
        gc_percent=100 * GC,
        ambiguous_bp=draft.unknown.total_bp,
        two_base_bp=0,
    )


def stretches(random: np.random.Generator, length: int, share: float, mean_bp: int) -> Intervals:
    """Return random stretches that together are about a share of a genome."""
    mean = min(mean_bp, max(1, length // 100))
    count = round(share * length / mean)
    starts = random.integers(0, length, size=count)
    sizes = 1 + random.exponential(mean, size=count).astype(np.int64)
    return _clipped(intervals.merged([Intervals(starts, starts + sizes)]), length)


def complement(covered: Intervals, length: int) -> Intervals:
    """Return what intervals leave of a genome.

    Examples
    --------
    >>> left = complement(Intervals(np.array([0, 5]), np.array([2, 6])), 9)
    >>> left.starts.tolist(), left.ends.tolist()
    ([2, 6], [5, 9])
    """
    starts = np.concatenate(([0], covered.ends))
    ends = np.concatenate((covered.starts, [length]))
    inside = starts < ends
    return Intervals(starts[inside], ends[inside])


def _clipped(given: Intervals, length: int) -> Intervals:
    """Return intervals without what lies beyond a genome."""
    starts, ends = np.maximum(given.starts, 0), np.minimum(given.ends, length)
    inside = starts < ends
    return Intervals(starts[inside], ends[inside])
