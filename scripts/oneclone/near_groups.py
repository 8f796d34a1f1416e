"""Part isolates into groups so that no two of different groups are near.

Most pairs of a large set are far apart, and a part of the genome shows it: what two isolates
differ by there is no more than what they differ by in all. So first parts of all listings are
compared, and isolates that may be near are joined, one with the other. Memory holds the first
parts; nothing is kept for a pair.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from oneclone.block_counts import find_not_far
from oneclone.clusters import joined
from oneclone.stacks import Listing, stack

ROWS_AT_ONCE = 64
PART = 4  # a first part has so many times the limit of differences from the reference

Labels = NDArray[np.int64]
Wanted = Callable[[Sequence[int]], NDArray[np.bool_]]


def near_groups(
    parts: Sequence[Listing], rows: Sequence[int], wanted: Wanted, limit: int, threads: int
) -> Labels:
    """Return the group of every isolate: isolates of two groups have more differences.

    Parameters
    ----------
    parts
        First parts of the listings of all isolates on one reference.
    rows
        Numbers of the isolates whose pairs, with all others, are asked for.
    wanted
        Gives for some rows which of their pairs are asked for, of shape (those rows, isolates).
    limit
        Two isolates are near when they have no more differences.
    threads
        Rows are shared out; the groups do not depend on it.

    Examples
    --------
    >>> def listed(*positions):
    ...     some = lambda *values: np.array(values, np.int32)
    ...     return Listing(some(0), some(90), some(*(4 * each for each in positions)), some(), 90)
    >>> every = lambda rows: np.ones((len(rows), 3), bool)
    >>> near_groups([listed(1, 2), listed(1, 2, 3), listed(7, 8)], range(3), every, 3, 1).tolist()
    [0, 0, 1]
    """
    labels = np.arange(len(parts))
    everything = stack(parts)

    def near_rows(chunk: Sequence[int]) -> tuple[Sequence[int], NDArray[np.bool_]]:
        """Return which pairs of some rows may be near; those of one group need no look."""
        asked = wanted(chunk) & (labels[np.array(chunk)][:, None] != labels)
        return chunk, find_not_far(stack([parts[row] for row in chunk]), everything, asked, limit)

    with ThreadPoolExecutor(max_workers=threads) as pool:
        for chunk, near in pool.map(near_rows, _chunks(rows)):
            found, others = np.nonzero(near)
            labels = joined(labels, np.array(chunk)[found], others)
    return labels


def _chunks(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    """Give rows in the parts that are looked at at once."""
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield rows[start : start + ROWS_AT_ONCE]
