"""What an assembly says about each base of a reference.

Positions are 0-based on the concatenated contigs of the reference, in the order of its file;
intervals are half-open. Readers and writers of BED, VCF and the like convert at the border.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oneclone.sequences import Codes

Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Intervals:
    """Sorted, disjoint, half-open intervals: `starts` and `ends`, each of shape (n,)."""

    starts: Positions
    ends: Positions

    @property
    def total_bp(self) -> int:
        """Number of positions inside the intervals."""
        return int((self.ends - self.starts).sum())


@dataclass(frozen=True)
class ReferenceSequence:
    """A reference as one array of codes; contig i covers offsets[i] to offsets[i + 1]."""

    names: tuple[str, ...]
    offsets: Positions
    codes: Codes

    @property
    def length_bp(self) -> int:
        """Length of all contigs together."""
        return len(self.codes)

    @property
    def contigs(self) -> tuple[tuple[str, int], ...]:
        """Names and lengths of the contigs, in their order."""
        return tuple(zip(self.names, np.diff(self.offsets).tolist(), strict=True))

    def locate(self, position: int) -> tuple[str, int]:
        """Return contig name and 0-based position in it of a concatenated position.

        Examples
        --------
        >>> reference = ReferenceSequence(
        ...     ("chr", "plasmid"), np.array([0, 100, 130]), np.zeros(130, dtype=np.uint8))
        >>> reference.locate(99), reference.locate(100)
        (('chr', 99), ('plasmid', 0))
        """
        contig = int(np.searchsorted(self.offsets, position, side="right")) - 1
        return self.names[contig], position - int(self.offsets[contig])


@dataclass(frozen=True)
class PreparedReference:
    """A counting reference with what is masked on it: its repeats and the panel's mask."""

    sequence: ReferenceSequence
    mask: Intervals

    @property
    def unmasked_bp(self) -> int:
        """Bases that could be callable in an isolate."""
        return self.sequence.length_bp - self.mask.total_bp


@dataclass(frozen=True)
class Blocks:
    """Alignments of an assembly to a reference, one per element, sorted by reference start.

    `contig` numbers the canonical contigs of the assembly from 0; `contig_starts` and
    `contig_ends` are 0-based half-open on the contig's canonical strand; `reverse` is True
    where the contig's other strand is aligned.
    """

    starts: Positions
    ends: Positions
    contig: Positions
    contig_starts: Positions
    contig_ends: Positions
    reverse: NDArray[np.bool_]


@dataclass(frozen=True)
class BaseCalls:
    """Which base an assembly has at each position of one reference.

    A position inside `callable` carries the reference base unless it is in `positions`
    (sorted), whose base is the code in `bases`. A position outside was not called: that is
    never the reference base.
    """

    callable: Intervals
    positions: Positions
    bases: Codes


@dataclass(frozen=True)
class Calls(BaseCalls):
    """Base calls of one assembly on one reference, and what beside bases was seen there.

    `ambiguous` are aligned positions where the assembly has no base,
    and both sides of an insertion that holds an ambiguous base.
    `indels` are the reference positions (sorted) in front of which bases are inserted or from
    which on they are deleted; `indel_sizes` counts those bases, deleted ones negative.
    """

    ambiguous: Intervals
    indels: Positions
    indel_sizes: Positions
    blocks: Blocks
    contig_lengths: Positions


def no_calls() -> Calls:
    """Return calls that cover nothing: those of an assembly on a reference it was not aligned to.

    Examples
    --------
    >>> no_calls().callable.total_bp
    0
    """
    nothing = np.zeros(0, dtype=np.int64)
    nowhere = Intervals(nothing, nothing)
    return Calls(
        callable=nowhere,
        positions=nothing,
        bases=nothing.astype(np.uint8),
        ambiguous=nowhere,
        indels=nothing,
        indel_sizes=nothing,
        blocks=Blocks(nothing, nothing, nothing, nothing, nothing, nothing.astype(bool)),
        contig_lengths=nothing,
    )
