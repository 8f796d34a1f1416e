"""Count many pairs at once: a block of isolates against another one.

One walk per pair gives the compared bases and the differences, and tells whether the recombination
filter may remove something, so that only such pairs are looked at one by one. With a limit, the
walk ends when it has found more differences: the pair is far, however many there are.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from oneclone.model.calls import Positions
from oneclone.sequences import Codes
from oneclone.stacks import Places, Stack, count_inside, differences_of, ranks_of
from oneclone.stretch_screen import is_near, may_hold_stretch, occupied_windows

Counts = NDArray[np.int32]
NO_LIMIT = np.iinfo(np.int32).max - 1
FAR = -1


@dataclass(frozen=True)
class CountRule:
    """What a count depends on beside the isolates.

    `floor_bp`: fewer compared bases are not assessed; `contig_offsets`: starts of the reference's
    contigs and its length; the rest are settings of the recombination filter.
    """

    floor_bp: float
    contig_offsets: Positions
    family_wise_error: float
    min_snps: int
    max_stretch_bp: int


@dataclass(frozen=True)
class PairCounts:
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
    >>> def listed(end, positions, bases):
    ...     some = lambda *values: np.array(values, np.int32)
    ...     return Listing(some(0), some(end), some(*positions), np.array(bases, np.uint8), some(), 8)
    >>> both = stack([listed(8, [1, 4], [2, 3]), listed(7, [4, 6], [3, 0])])
    >>> rule = CountRule(0.0, np.array([0, 8]), 0.01, 6, 100_000)
    >>> counts = count_block(both, both, np.ones((2, 2), bool), rule)
    >>> counts.callable_bp.tolist(), counts.snps.tolist()
    ([[8, 7], [7, 7]], [[0, 2], [2, 0]])
    >>> count_block(both, both, np.ones((2, 2), bool), rule, 1).snps.tolist()
    [[0, -1], [-1, 0]]
    """  # noqa: E501 (a doctest shows the call on one line)
    snps, callable_bp, indels, other_indels = (
        np.full(wanted.shape, value, dtype=np.int32) for value in (FAR, 0, 0, 0)
    )
    scanned, doubtful = (np.zeros(wanted.shape, dtype=np.bool_) for _ in range(2))
    _count_block(
        (*_arrays(first),),
        (*_arrays(second),),
        wanted,
        limit,
        (
            rule.floor_bp,
            rule.contig_offsets,
            rule.family_wise_error,
            rule.min_snps,
            rule.max_stretch_bp,
        ),
        (snps, callable_bp, indels, other_indels, scanned, doubtful),
    )
    return PairCounts(snps, callable_bp, indels, other_indels, scanned, doubtful)


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
    snps = np.full(wanted.shape, FAR, dtype=np.int32)
    _count_differences((*_arrays(first),), (*_arrays(second),), wanted, limit, snps)
    return snps != FAR


def _arrays(of: Stack) -> tuple[NDArray, ...]:
    """Return a stack as numba takes it."""
    return (
        *(of.starts, of.ends, of.interval_bounds),
        *(of.positions, of.bases, of.position_bounds),
        *(of.short_indels, of.indel_bounds, of.end_bp),
    )


@njit(cache=True, nogil=True)
def _of(block: tuple, number: int) -> tuple[Places, Places, Places, Codes, Places]:
    """Return starts, ends, positions, bases and short indels of an isolate of a block."""
    starts, ends, at, positions, bases, position_at, indels, indel_at, _ = block
    here, differing, short = (
        slice(at[number], at[number + 1]),
        slice(position_at[number], position_at[number + 1]),
        slice(indel_at[number], indel_at[number + 1]),
    )
    return starts[here], ends[here], positions[differing], bases[differing], indels[short]


@njit(cache=True, nogil=True)
def _room(block: tuple, other: tuple, limit: int) -> int:
    """Return how many differences a pair of two blocks can have."""
    longest = 0
    for bounds in (block[5], other[5]):
        longest += (bounds[1:] - bounds[:-1]).max() if len(bounds) > 1 else 0
    return min(longest, limit) + 2


@njit(cache=True, nogil=True)
def _count_differences(
    block: tuple, other: tuple, wanted: NDArray[np.bool_], limit: int, snps: Counts
) -> None:
    """Fill in the differences of the wanted pairs that have no more than the limit."""
    found = np.empty(_room(block, other, limit), dtype=np.int32)
    for row in range(wanted.shape[0]):
        starts, ends, positions, bases, _ = _of(block, row)
        for column in range(wanted.shape[1]):
            if not wanted[row, column]:
                continue
            starts2, ends2, positions2, bases2, _ = _of(other, column)
            end_bp = min(block[8][row], other[8][column])
            count = differences_of(
                *(starts, ends, positions, bases),
                *(starts2, ends2, positions2, bases2),
                end_bp,
                limit,
                found,
            )
            snps[row, column] = count if count <= limit else FAR


@njit(cache=True, nogil=True)
def _count_block(  # noqa: PLR0913, PLR0917 (numba takes arrays, no dataclass)
    block: tuple, other: tuple, wanted: NDArray[np.bool_], limit: int, rule: tuple, into: tuple
) -> None:
    """Fill in every figure of the wanted pairs that have no more differences than the limit."""
    floor_bp, contig_offsets, error, min_snps, max_stretch_bp = rule
    snps, callable_bp, indels, other_indels, scanned, doubtful = into
    found = np.empty(_room(block, other, limit), dtype=np.int32)
    ranks = np.empty_like(found)
    for row in range(wanted.shape[0]):
        starts, ends, positions, bases, short = _of(block, row)
        for column in range(wanted.shape[1]):
            if not wanted[row, column]:
                continue
            starts2, ends2, positions2, bases2, short2 = _of(other, column)
            end_bp = min(block[8][row], other[8][column])
            count = differences_of(
                *(starts, ends, positions, bases),
                *(starts2, ends2, positions2, bases2),
                end_bp,
                limit,
                found,
            )
            if count > limit:
                continue
            sites = found[:count]
            compared = ranks_of(starts, ends, starts2, ends2, sites, ranks)
            snps[row, column], callable_bp[row, column] = count, compared
            occupied = occupied_windows(ranks[:count], compared)
            if compared < floor_bp or not is_near(occupied, compared):
                continue
            scanned[row, column] = True
            indels[row, column] = count_inside(short, starts2, ends2)
            other_indels[row, column] = count_inside(short2, starts, ends)
            doubtful[row, column] = may_hold_stretch(
                *(sites, ranks[:count], compared, occupied, contig_offsets),
                *(error, min_snps, max_stretch_bp),
            )
