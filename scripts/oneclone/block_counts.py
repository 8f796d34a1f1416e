"""Count many pairs at once: a block of isolates against another one, on bits.

One pass per pair gives the compared bases, the differences, and how many callable windows carry
a difference, so that only pairs near enough for the recombination filter are looked at again.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from oneclone.distances import Profile, Words, differing_sites, set_bits
from oneclone.model.calls import Positions
from oneclone.sequences import Codes

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class PairCounts:
    """Counts of every pair of two blocks, shape (isolates, isolates).

    `callable_bp`: compared bases; `snps`: differences on them; `windows`: complete windows of
    compared bases that carry a difference. Pairs that were not asked for hold 0.
    """

    callable_bp: Counts
    snps: Counts
    windows: Counts


def count_block(
    first: Sequence[Profile],
    second: Sequence[Profile],
    wanted: NDArray[np.bool_],
    window_bp: int,
    threads: int,
) -> PairCounts:
    """Count the wanted pairs of two blocks.

    Parameters
    ----------
    first, second
        Profiles on one reference.
    wanted
        Shape (isolates of `first`, isolates of `second`): which pairs to count.
    window_bp
        Length of the windows of compared bases.
    threads
        Rows are shared out; the counts do not depend on it.

    Examples
    --------
    >>> from oneclone.distances import pack
    >>> one = Profile(pack(np.ones(8, bool)), np.array([1, 4]), np.array([2, 3], np.uint8))
    >>> two = Profile(pack(np.arange(8) < 7), np.array([4, 6]), np.array([3, 0], np.uint8))
    >>> counts = count_block([one, two], [one, two], np.ones((2, 2), bool), 2, 1)
    >>> counts.callable_bp.tolist(), counts.snps.tolist(), counts.windows.tolist()
    ([[8, 7], [7, 7]], [[0, 2], [2, 0]], [[0, 1], [1, 0]])
    """
    counts = np.zeros((3, *wanted.shape), dtype=np.int64)

    def count_row(row: int) -> None:
        """Count the wanted pairs of one isolate of the first block."""
        one = first[row]
        for column in np.flatnonzero(wanted[row]).tolist():
            two = second[column]
            counts[:, row, column] = _count(
                one.words, one.positions, one.bases, two.words, two.positions, two.bases, window_bp
            )

    with ThreadPoolExecutor(max_workers=threads) as pool:
        list(pool.map(count_row, np.flatnonzero(wanted.any(axis=1)).tolist()))
    return PairCounts(counts[0], counts[1], counts[2])


@njit(cache=True, nogil=True)
def _count(  # noqa: PLR0913, PLR0917 (numba takes arrays, no dataclass)
    words: Words,
    positions: Positions,
    bases: Codes,
    other_words: Words,
    other_positions: Positions,
    other_bases: Codes,
    window_bp: int,
) -> tuple[int, int, int]:
    """Return compared bases, differences, and complete windows with a difference."""
    both = np.empty_like(words)
    compared = 0
    for word in range(len(words)):
        both[word] = words[word] & other_words[word]
        compared += set_bits(both[word])
    sites = differing_sites(positions, bases, other_positions, other_bases, both)
    windows = _occupied_windows(both, sites, window_bp, compared // window_bp)
    return compared, len(sites), windows


@njit(cache=True, nogil=True)
def _occupied_windows(both: Words, sites: Positions, window_bp: int, complete: int) -> int:
    """Return how many of the complete windows of compared bases carry a difference."""
    occupied = before = word = 0
    last = -1
    for site in sites:
        while word < site >> 6:
            before += set_bits(both[word])
            word += 1
        below = both[word] & ((np.uint64(1) << np.uint64(site & 63)) - np.uint64(1))
        window = (before + set_bits(below)) // window_bp
        if window != last and window < complete:
            occupied += 1
            last = window
    return occupied
