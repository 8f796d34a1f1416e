"""Calls of a simulated population on its references, without an alignment.

All genomes have the coordinates of the references, so that calls are those of an aligner that
errs nowhere. Assumed: one substitution of 20 has an insertion or deletion beside it, and 3 % of a
genome do not align to a reference of another subspecies. Archives of 5 Mb then are as large as
those of the semi-real outbreak in docs/validation.md: 50 kB on the own subspecies' type strain,
320 kB with the species reference (there 290 kB).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from oneclone import intervals
from oneclone.model.calls import Blocks, Calls, Intervals, Positions
from oneclone.model.settings import CallingSettings
from oneclone.sequences import Codes
from oneclone.simulation.population import Population
from oneclone.simulation.population_drafts import Draft, Drafts, complement, stretches
from oneclone.simulation.population_model import Lineage, Member, Purpose

UNALIGNED, UNALIGNED_BP = 0.03, 3_000  # share; mean of a stretch
INDEL_PLACES = 20  # a substitution whose place this divides has an indel beside it
INDEL_AWAY_BP = 50
MAX_INDEL_BP = 12


class Caller:
    """Calls the isolates of a population.

    Parameters
    ----------
    population, drafts
        The isolates and their assemblies.
    settings
        How bases are called.
    """

    def __init__(self, population: Population, drafts: Drafts, settings: CallingSettings) -> None:
        self._population = population
        self._drafts = drafts
        self._settings = settings
        self._genome_bp = population.settings.genome_bp
        self._codes = {each.number: population.genome(each) for each in population.references()}
        self._identity: dict[tuple[Lineage, int], float] = {}
        self._roots_differ = lru_cache(maxsize=96)(self._find_differences)
        self._unaligned = lru_cache(maxsize=64)(self._find_unaligned)

    def codes(self, reference: Member) -> Codes:
        """Return the bases of a reference."""
        return self._codes[reference.number]

    def identity_percent(self, lineage: Lineage, reference: Member) -> float:
        """Return the share of equal bases of a lineage's root and a reference, in per cent."""
        key = (lineage, reference.number)
        if key not in self._identity:
            equal = np.count_nonzero(self._population.root_of(lineage) == self.codes(reference))
            self._identity[key] = round(100 * equal / self._genome_bp, 2)
        return self._identity[key]

    def calls(self, member: Member, draft: Draft, reference: Member) -> Calls:
        """Return the calls of an assembly on a reference."""
        places, bases = self.differences(member, reference)
        blocks = self._blocks(member, draft, reference)
        trim, margin = self._settings.end_trim_bp, self._settings.indel_margin_bp
        trimmed = Intervals(blocks.starts + trim, blocks.ends - trim)
        indels, sizes = self._indels(places, Intervals(blocks.starts, blocks.ends))
        beside = Intervals(indels - margin, indels + np.maximum(0, -sizes) + margin)
        left_out = [complement(trimmed, self._genome_bp), beside, draft.unknown]
        called = complement(intervals.merged(left_out), self._genome_bp)
        differing = intervals.contains(called, places)
        aligned = intervals.contains(trimmed, draft.unknown.starts)
        unknown = Intervals(draft.unknown.starts[aligned], draft.unknown.ends[aligned])
        return Calls(
            callable=called,
            positions=places[differing],
            bases=bases[differing],
            ambiguous=unknown,
            indels=indels,
            indel_sizes=sizes,
            blocks=blocks,
            contig_lengths=draft.contig_lengths,
        )

    def differences(self, member: Member, reference: Member) -> tuple[Positions, Codes]:
        """Return where a genome differs from a reference, and its bases there."""
        places, bases = self._roots_differ(member.lineage, reference.number)
        changed, new = self._population.changes(member)
        untouched = ~np.isin(places, changed, assume_unique=True)
        places, bases = places[untouched], bases[untouched]
        differing = new != self.codes(reference)[changed]
        changed, new = changed[differing], new[differing]
        into = np.searchsorted(places, changed)
        return np.insert(places, into, changed), np.insert(bases, into, new)

    def _blocks(self, member: Member, draft: Draft, reference: Member) -> Blocks:
        """Return the alignments of an assembly to a reference."""
        pieces = draft.pieces
        left_out = [complement(pieces, self._genome_bp)]
        if member.lineage.subspecies != reference.lineage.subspecies:
            left_out.append(self._unaligned(member.lineage, reference.number))
        aligned = complement(intervals.merged(left_out), self._genome_bp)
        is_long = aligned.ends - aligned.starts >= self._settings.min_block_bp
        starts, ends = aligned.starts[is_long], aligned.ends[is_long]
        piece = np.searchsorted(pieces.starts, starts, side="right") - 1
        contig = draft.contig[piece]
        first = draft.offsets[piece] + starts - pieces.starts[piece]
        last = first + ends - starts
        reverse: NDArray[np.bool_] = draft.reverse[contig]
        length = draft.contig_lengths[contig]
        return Blocks(
            starts=starts,
            ends=ends,
            contig=contig,
            contig_starts=np.where(reverse, length - last, first),
            contig_ends=np.where(reverse, length - first, last),
            reverse=reverse,
        )

    def _indels(self, places: Positions, aligned: Intervals) -> tuple[Positions, Positions]:
        """Return the indels inside alignments: the same beside the same substitution."""
        beside = places[places % INDEL_PLACES == 0]
        indels = beside + INDEL_AWAY_BP
        number = beside // INDEL_PLACES
        sizes = 1 + number % MAX_INDEL_BP
        sizes = np.where(number // MAX_INDEL_BP % 2 == 0, sizes, -sizes)
        inside = intervals.contains(aligned, beside) & intervals.contains(
            aligned, indels + MAX_INDEL_BP
        )
        return indels[inside], sizes[inside]

    def _find_differences(self, lineage: Lineage, reference: int) -> tuple[Positions, Codes]:
        """Return where the root of a lineage differs from a reference, and its bases there."""
        root = self._population.root_of(lineage)
        places = np.flatnonzero(root != self._codes[reference])
        return places, root[places]

    def _find_unaligned(self, lineage: Lineage, reference: int) -> Intervals:
        """Return what of a lineage does not align to a reference of another subspecies."""
        random = self._population.random(Purpose.UNALIGNED, lineage.number, reference)
        return stretches(random, self._genome_bp, UNALIGNED, UNALIGNED_BP)
