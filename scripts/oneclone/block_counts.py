"""Count many pairs at once: a block of isolates against another one.

One walk per pair gives the compared bases and the differences, and tells whether the recombination
filter may remove something, so that only such pairs are looked at one by one. With a limit, the
walk ends when it has found more differences: the pair is far, however many there are.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from oneclone.model.calls import Positions
from oneclone.sequences import Codes
from oneclone.stacks import BASE_BITS, Places, Stack, count_inside, differences_of, ranks_of
from oneclone.stretch_screen import is_near, may_hold_stretch, occupied_windows

Counts = NDArray[np.int32]
NO_LIMIT = np.iinfo(np.int32).max - 1
FAR = -1
REFERENCE_BASE, NO_BASE = np.uint8(4), np.uint8(5)  # beside the four codes of bases
LAST_CODE = np.int32(3)
LOOK_AFTER = 256  # differences between two looks at the limit
ROWS_IN_CACHE = 16  # isolates that stay in the processor's cache while others pass by


class CountRule(NamedTuple):
    """What a count depends on beside the isolates.

    `floor_bp`: fewer compared bases are not assessed; `contig_offsets`: starts of the reference's
    contigs and its length; the rest are settings of the recombination filter.
    """

    floor_bp: float
    contig_offsets: Positions
    family_wise_error: float
    min_snps: int
    max_stretch_bp: int


class PairCounts(NamedTuple):
    """Counts of every pair of two blocks, each of shape (isolates, isolates).

    `snps`: differences, -1 for a pair that was not asked for or has more than the limit; such a
    pair has no other figure. `callable_bp`: compared bases. `scanned`: the recombination filter
    looks at the pair; `indels` are then its short indels that only the isolate of the row has,
    `other_indels` those of the column. `doubtful`: the filter may remove a stretch.
    """

    snps: Counts
    callable_bp: Counts
    indels: Counts
    other_indels: Counts
    scanned: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]


def count_block(
    first: Stack,
    second: Stack,
    wanted: NDArray[np.bool_],
    rule: CountRule,
    limit: int = NO_LIMIT,
) -> PairCounts:
    """Count the wanted pairs of two blocks.

    Parameters
    ----------
    first, second
        Isolates on one reference.
    wanted
        Shape (isolates of `first`, isolates of `second`): which pairs to count.
    rule
        Floor and settings.
    limit
        A pair with more differences is far.

    Examples
    --------
    >>> from oneclone.stacks import Listing, stack
    >>> def listed(end, *differences):
    ...     some = lambda *values: np.array(values, np.int32)
    ...     return Listing(some(0), some(end), some(*differences), some(), 8)
    >>> both = stack([listed(8, 4 * 1 + 2, 4 * 4 + 3), listed(7, 4 * 4 + 3, 4 * 6 + 0)])
    >>> rule = CountRule(0.0, np.array([0, 8]), 0.01, 6, 100_000)
    >>> counts = count_block(both, both, np.ones((2, 2), bool), rule)
    >>> counts.callable_bp.tolist(), counts.snps.tolist()
    ([[8, 7], [7, 7]], [[0, 2], [2, 0]])
    >>> count_block(both, both, np.ones((2, 2), bool), rule, 1).snps.tolist()
    [[0, -1], [-1, 0]]
    """
    counts = PairCounts(
        snps=np.full(wanted.shape, FAR, dtype=np.int32),
        callable_bp=np.zeros(wanted.shape, dtype=np.int32),
        indels=np.zeros(wanted.shape, dtype=np.int32),
        other_indels=np.zeros(wanted.shape, dtype=np.int32),
        scanned=np.zeros(wanted.shape, dtype=np.bool_),
        doubtful=np.zeros(wanted.shape, dtype=np.bool_),
    )
    _count_block(first, second, wanted, limit, rule, counts)
    return counts


def find_not_far(
    first: Stack, second: Stack, wanted: NDArray[np.bool_], limit: int
) -> NDArray[np.bool_]:
    """Tell which pairs are not known to have more differences than the limit.

    Parameters
    ----------
    first, second
        Isolates on one reference, or first parts of their listings: what two of them differ by up
        to where the shorter one ends is no more than what they differ by in all.
    wanted
        Shape (isolates of `first`, isolates of `second`): which pairs to look at.
    limit
        A pair with more differences is far.
    """
    not_far = np.zeros(wanted.shape, dtype=np.bool_)
    _find_not_far(first, second, wanted, limit, not_far)
    return not_far


@njit(cache=True, nogil=True)
def _of(block: Stack, number: int) -> tuple[Places, Places, Places]:
    """Return starts, ends and differences of an isolate of a block."""
    bounds, differing = block.interval_bounds, block.difference_bounds
    return (
        block.starts[bounds[number] : bounds[number + 1]],
        block.ends[bounds[number] : bounds[number + 1]],
        block.differences[differing[number] : differing[number + 1]],
    )


@njit(cache=True, nogil=True)
def _indels_of(block: Stack, number: int) -> Places:
    """Return the short indels of an isolate of a block."""
    return block.short_indels[block.indel_bounds[number] : block.indel_bounds[number + 1]]


@njit(cache=True, nogil=True)
def _room(block: Stack, other: Stack, limit: int) -> int:
    """Return how many differences a pair of two blocks can have."""
    longest = 0
    for bounds in (block.difference_bounds, other.difference_bounds):
        longest += (bounds[1:] - bounds[:-1]).max() if len(bounds) > 1 else 0
    return min(longest, limit) + 2


@njit(cache=True, nogil=True)
def _differences(  # noqa: PLR0913, PLR0917 (numba takes arrays, no dataclass)
    block: Stack, row: int, other: Stack, column: int, limit: int, found: Places
) -> int:
    """Write down where two isolates of two blocks differ; return how often."""
    starts, ends, ones = _of(block, row)
    starts2, ends2, others = _of(other, column)
    end_bp = min(block.end_bp[row], other.end_bp[column])
    return differences_of(starts, ends, ones, starts2, ends2, others, end_bp, limit, found)


@njit(cache=True, nogil=True)
def _find_not_far(
    block: Stack, other: Stack, wanted: NDArray[np.bool_], limit: int, not_far: NDArray[np.bool_]
) -> None:
    """Fill in which of the wanted pairs are not known to have more differences than the limit."""
    found = np.empty(_room(block, other, limit), dtype=np.int32)
    length = max(block.end_bp.max(), other.end_bp.max())
    bases = np.empty(length, dtype=np.uint8)
    for row in range(wanted.shape[0]):
        if wanted[row].any():
            _spread(block, row, bases)
            for column in range(wanted.shape[1]):
                if wanted[row, column] and not _is_far(bases, other, column, limit):
                    count = _differences(block, row, other, column, limit, found)
                    not_far[row, column] = count <= limit


@njit(cache=True, nogil=True)
def _spread(block: Stack, row: int, bases: Codes) -> None:
    """Write an isolate's base at every place: a code, or that of the reference, or none."""
    starts, ends, differences = _of(block, row)
    bases[:] = NO_BASE
    for i in range(len(starts) - 1):
        bases[starts[i] : ends[i]] = REFERENCE_BASE
    for difference in differences[:-1]:
        bases[difference >> BASE_BITS] = difference & LAST_CODE


@njit(cache=True, nogil=True)
def _is_far(bases: Codes, other: Stack, column: int, limit: int) -> bool:
    """Tell whether an isolate is far by the places alone where another differs from the reference.

    That is about half of what the two differ by, and needs no walk along two lists.
    """
    _, _, differences = _of(other, column)
    count = 0
    for start in range(0, len(differences) - 1, LOOK_AFTER):
        for at in range(start, min(start + LOOK_AFTER, len(differences) - 1)):
            base = bases[differences[at] >> BASE_BITS]
            count += (base != NO_BASE) & (base != (differences[at] & LAST_CODE))
        if count > limit:
            return True
    return False


@njit(cache=True, nogil=True)
def _count_block(  # noqa: PLR0913, PLR0917 (numba takes arrays, no dataclass)
    block: Stack,
    other: Stack,
    wanted: NDArray[np.bool_],
    limit: int,
    rule: CountRule,
    into: PairCounts,
) -> None:
    """Fill in every figure of the wanted pairs that have no more differences than the limit."""
    found = np.empty(_room(block, other, limit), dtype=np.int32)
    ranks = np.empty_like(found)
    for start in range(0, wanted.shape[0], ROWS_IN_CACHE):
        rows = range(start, min(start + ROWS_IN_CACHE, wanted.shape[0]))
        for column in range(wanted.shape[1]):
            for row in rows:
                if wanted[row, column]:
                    count = _differences(block, row, other, column, limit, found)
                    if count <= limit:
                        sites = found[:count]
                        _fill_in(block, row, other, column, sites, ranks[:count], rule, into)


@njit(cache=True, nogil=True)
def _fill_in(  # noqa: PLR0913, PLR0917 (numba takes arrays, no dataclass)
    block: Stack,
    row: int,
    other: Stack,
    column: int,
    sites: Places,
    ranks: Places,
    rule: CountRule,
    into: PairCounts,
) -> None:
    """Fill in the figures of a pair whose differences are known."""
    starts, ends, _ = _of(block, row)
    starts2, ends2, _ = _of(other, column)
    compared = ranks_of(starts, ends, starts2, ends2, sites, ranks)
    into.snps[row, column], into.callable_bp[row, column] = len(sites), compared
    occupied = occupied_windows(ranks, compared)
    if compared < rule.floor_bp or not is_near(occupied, compared):
        return
    into.scanned[row, column] = True
    into.indels[row, column] = count_inside(_indels_of(block, row), starts2, ends2)
    into.other_indels[row, column] = count_inside(_indels_of(other, column), starts, ends)
    into.doubtful[row, column] = may_hold_stretch(
        *(sites, ranks, compared, occupied, rule.contig_offsets),
        *(rule.family_wise_error, rule.min_snps, rule.max_stretch_bp),
    )
