"""Read the bases of a locus from the calls of an isolate, and say why one was not read."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oneclone.model.calls import Calls, Intervals, ReferenceSequence
from oneclone.model.loci import Locus
from oneclone.model.settings import CallingSettings
from oneclone.sequences import MISSING, Codes, decode, reverse_complement

NOT_READ = 5  # a base of the reference that was not called and is not ambiguous


@dataclass(frozen=True)
class ReadLocus:
    """Bases of an isolate at a locus.

    `forward` follows the reference; `codes` and `reference` are on the strand of the gene. A
    base is a code of A, C, G and T, `MISSING` where the assembly is ambiguous, or `NOT_READ`.
    """

    forward: Codes
    codes: Codes
    reference: Codes

    @property
    def read_bp(self) -> int:
        """Number of unambiguous bases that were called."""
        return int((self.codes < MISSING).sum())

    @property
    def letters(self) -> str:
        """The bases as letters, N for an ambiguous one."""
        return decode(np.minimum(self.codes, MISSING))


def read_locus(locus: Locus, calls: Calls, reference: ReferenceSequence) -> ReadLocus:
    """Return the bases of an isolate at a locus.

    Parameters
    ----------
    locus
        A locus on `reference`.
    calls
        Calls on `reference`, no mask taken out.
    reference
        The species reference.
    """
    own = reference.codes[locus.start : locus.end]
    called = _inside(calls.callable, locus)
    read = np.where(called, own, NOT_READ).astype(np.uint8)
    first, last = np.searchsorted(calls.positions, [locus.start, locus.end])
    read[calls.positions[first:last] - locus.start] = calls.bases[first:last]
    read[_inside(calls.ambiguous, locus) & ~called] = MISSING
    if not locus.reverse:
        return ReadLocus(read, read, own)
    turned = reverse_complement(np.minimum(read, MISSING))
    turned[read[::-1] == NOT_READ] = NOT_READ
    return ReadLocus(read, turned, reverse_complement(own))


def why_not_read(position: int, calls: Calls, settings: CallingSettings) -> str:
    """Return why a position (0-based on the concatenated reference) was not called.

    Examples
    --------
    >>> from oneclone.model.calls import no_calls
    >>> why_not_read(7, no_calls(), CallingSettings("asm20", 100, 10, 20, 1000, 5))
    'no alignment covers it'
    """
    blocks, trim, margin = calls.blocks, settings.end_trim_bp, settings.indel_margin_bp
    covering = np.flatnonzero((blocks.starts <= position) & (blocks.ends > position))
    if not len(covering):
        return "no alignment covers it"
    if len(covering) > 1:
        return f"{len(covering)} alignments cover it"
    deleted = np.maximum(0, -calls.indel_sizes)
    if (inside := (calls.indels <= position) & (position < calls.indels + deleted)).any():
        return f"it lies in a deletion of {bases(int(deleted[inside][0]))}"
    if ((calls.indels - margin <= position) & (position < calls.indels + deleted + margin)).any():
        return f"it lies within {margin} bases of an insertion or deletion"
    block = covering[0]
    if min(position - blocks.starts[block], blocks.ends[block] - 1 - position) < trim:
        return f"it lies within {trim} bases of the end of an alignment"
    return "an alignment of low quality covers it too"


def bases(number: int) -> str:
    """Return a number of bases in words.

    Examples
    --------
    >>> bases(1), bases(522)
    ('1 base', '522 bases')
    """
    return f"{number} base{'' if number == 1 else 's'}"


def _inside(intervals: Intervals, locus: Locus) -> NDArray[np.bool_]:
    """Return for each base of a locus whether it lies in the intervals."""
    flags = np.zeros(locus.length_bp, dtype=bool)
    first = int(np.searchsorted(intervals.ends, locus.start, side="right"))
    last = int(np.searchsorted(intervals.starts, locus.end, side="left"))
    for start, end in zip(intervals.starts[first:last], intervals.ends[first:last], strict=True):
        flags[max(0, start - locus.start) : max(0, end - locus.start)] = True
    return flags
