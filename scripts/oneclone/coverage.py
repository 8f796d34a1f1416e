"""How much of a reference an isolate was called on, and how much of the isolate it lacks.

SNPs in genes that the counting reference does not have cannot be seen: what of an assembly finds
no place on the reference bounds that loss.
"""

from dataclasses import dataclass

import numpy as np

from oneclone import intervals
from oneclone.model.calls import Calls, Intervals, PreparedReference


@dataclass(frozen=True)
class Coverage:
    """Bases of one isolate on one counting reference.

    `callable_bp` of the reference's `unmasked_bp` are callable; `unplaced_bp` of the
    `assembly_bp` of the assembly are in no retained alignment.
    """

    callable_bp: int
    unmasked_bp: int
    unplaced_bp: int
    assembly_bp: int

    @property
    def callable_percent(self) -> float:
        """Share of the unmasked reference that is callable, in per cent."""
        return 100 * self.callable_bp / self.unmasked_bp if self.unmasked_bp else 0.0

    @property
    def unplaced_percent(self) -> float:
        """Share of the assembly without a place on the reference, in per cent."""
        return 100 * self.unplaced_bp / self.assembly_bp if self.assembly_bp else 0.0


def coverage(calls: Calls, reference: PreparedReference) -> Coverage:
    """Return how much of reference and assembly the calls cover.

    Parameters
    ----------
    calls
        Calls of the isolate on the reference.
    reference
        The reference with its mask.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from oneclone.model.calls import Blocks, ReferenceSequence, no_calls
    >>> at = lambda *values: np.array(values, dtype=np.int64)
    >>> codes = np.zeros(100, dtype=np.uint8)
    >>> reference = ReferenceSequence(("c",), at(0, 100), codes)
    >>> prepared = PreparedReference(reference, Intervals(at(0), at(20)))
    >>> blocks = Blocks(at(10), at(60), at(0), at(5), at(55), at(0) > 0)
    >>> one = replace(no_calls(), callable=Intervals(at(10), at(60)), blocks=blocks)
    >>> coverage(replace(one, contig_lengths=at(70)), prepared)
    Coverage(callable_bp=40, unmasked_bp=80, unplaced_bp=20, assembly_bp=70)
    """
    assembly_bp = int(calls.contig_lengths.sum())
    return Coverage(
        callable_bp=intervals.without(calls.callable, reference.mask).total_bp,
        unmasked_bp=reference.unmasked_bp,
        unplaced_bp=assembly_bp - _placed_bp(calls),
        assembly_bp=assembly_bp,
    )


def _placed_bp(calls: Calls) -> int:
    """Return how many bases of the assembly lie in a retained alignment."""
    blocks = calls.blocks
    starts_of = np.concatenate(([0], np.cumsum(calls.contig_lengths)))[blocks.contig]
    places = Intervals(starts_of + blocks.contig_starts, starts_of + blocks.contig_ends)
    return intervals.merged([places]).total_bp
