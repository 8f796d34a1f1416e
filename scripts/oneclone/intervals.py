"""Half-open intervals of reference positions as sorted arrays."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from oneclone.model.calls import Intervals, Positions


def empty() -> Intervals:
    """Return no interval."""
    nothing = np.zeros(0, dtype=np.int64)
    return Intervals(nothing, nothing)


def from_flags(flags: NDArray[np.bool_]) -> Intervals:
    """Return the runs of True.

    Examples
    --------
    >>> runs = from_flags(np.array([1, 1, 0, 0, 1], dtype=bool))
    >>> runs.starts.tolist(), runs.ends.tolist()
    ([0, 4], [2, 5])
    """
    padded = np.concatenate(([False], flags, [False]))
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return Intervals(edges[0::2], edges[1::2])


def to_flags(intervals: Intervals, length: int) -> NDArray[np.bool_]:
    """Return an array of `length` that is True inside the intervals.

    Examples
    --------
    >>> to_flags(from_flags(np.array([0, 1, 1], dtype=bool)), 4).tolist()
    [False, True, True, False]
    """
    steps = np.zeros(length + 1, dtype=np.int32)
    np.add.at(steps, intervals.starts, 1)
    np.add.at(steps, intervals.ends, -1)
    return np.cumsum(steps[:-1]) > 0


def merged(groups: Sequence[Intervals]) -> Intervals:
    """Return the union of several sets of intervals.

    Examples
    --------
    >>> one = Intervals(np.array([0, 10]), np.array([5, 12]))
    >>> two = Intervals(np.array([4, 12]), np.array([6, 13]))
    >>> union = merged([one, two])
    >>> union.starts.tolist(), union.ends.tolist()
    ([0, 10], [6, 13])
    """
    starts = np.concatenate([group.starts for group in groups] or [np.zeros(0, np.int64)])
    ends = np.concatenate([group.ends for group in groups] or [np.zeros(0, np.int64)])
    if not len(starts):
        return empty()
    order = np.lexsort((ends, starts))
    starts, ends = starts[order], ends[order]
    reach = np.maximum.accumulate(ends)
    first = np.concatenate(([True], starts[1:] > reach[:-1]))
    last = np.concatenate((first[1:], [True]))
    return Intervals(starts[first], reach[last])


def without(intervals: Intervals, taken: Intervals) -> Intervals:
    """Return what is left of intervals when others are taken out; both are disjoint.

    Examples
    --------
    >>> left = without(Intervals(np.array([0, 10]), np.array([5, 20])),
    ...                Intervals(np.array([4, 12, 18]), np.array([11, 14, 30])))
    >>> left.starts.tolist(), left.ends.tolist()
    ([0, 11, 14], [4, 12, 18])
    """
    # Where the running sum is 1, an interval is open and nothing is taken.
    edges = np.concatenate([intervals.starts, intervals.ends, taken.starts, taken.ends])
    steps = np.repeat(
        np.array([1, -1, -2, 2], dtype=np.int64),
        [len(intervals.starts), len(intervals.ends), len(taken.starts), len(taken.ends)],
    )
    order = np.argsort(edges, kind="stable")
    edges, state = edges[order], np.cumsum(steps[order])
    # Several edges at one place count together.
    last = np.append(edges[1:] != edges[:-1], True)[: len(edges)]
    edges, is_open = edges[last], state[last] == 1
    changes = np.flatnonzero(np.diff(is_open, prepend=False))
    return Intervals(edges[changes[0::2]], edges[changes[1::2]])


def contains(intervals: Intervals, positions: Positions) -> NDArray[np.bool_]:
    """Tell for each position whether it lies in an interval.

    Examples
    --------
    >>> contains(Intervals(np.array([2]), np.array([4])), np.array([1, 2, 3, 4])).tolist()
    [False, True, True, False]
    """
    if not len(intervals.starts):
        return np.zeros(len(positions), dtype=bool)
    index = np.searchsorted(intervals.starts, positions, side="right") - 1
    return (index >= 0) & (positions < intervals.ends[np.maximum(index, 0)])
