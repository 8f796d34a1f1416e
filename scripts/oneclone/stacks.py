"""Many isolates on one reference, in the form in which their pairs are counted.

Callable intervals without the mask and the differences from the reference, those of one isolate
after those of the other: a pair is counted by walking along four sorted lists, so the cost grows
with what differs from the reference and not with its length.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from oneclone import intervals
from oneclone.distances import SHORT_INDEL_BP
from oneclone.model.calls import Calls, Intervals, Positions
from oneclone.sequences import Codes

Places = NDArray[np.int32]


@dataclass(frozen=True)
class Listing:
    """One isolate on a reference: callable and unmasked intervals, differences, short indels.

    `positions` are sorted, 0-based on the concatenated reference, `bases` their codes; all lie in
    the intervals. `short_indels` are the positions of insertions and deletions of at most two
    bases. Beyond `end_bp` nothing is listed: a listing can be the first part of one.
    """

    starts: Places
    ends: Places
    positions: Places
    bases: Codes
    short_indels: Places
    end_bp: int


@dataclass(frozen=True)
class Stack:
    """Listings one after another; list i of each kind lies from `bounds[i]` to `bounds[i + 1]`."""

    starts: Places
    ends: Places
    interval_bounds: Positions
    positions: Places
    bases: Codes
    position_bounds: Positions
    short_indels: Places
    indel_bounds: Positions
    end_bp: Positions

    def __len__(self) -> int:
        """Return the number of isolates."""
        return len(self.end_bp)


def listing(calls: Calls, mask: Intervals, length: int) -> Listing:
    """Return the listing of an isolate with the masked positions taken out.

    Parameters
    ----------
    calls
        Calls on the reference.
    mask
        Positions of the reference that count for no isolate, disjoint.
    length
        Length of the reference.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from oneclone.model.calls import no_calls
    >>> calls = replace(no_calls(), callable=Intervals(np.array([0]), np.array([9])),
    ...                 positions=np.array([2, 5]), bases=np.array([0, 3], np.uint8))
    >>> found = listing(calls, Intervals(np.array([4]), np.array([6])), 9)
    >>> found.starts.tolist(), found.ends.tolist(), found.positions.tolist()
    ([0, 6], [4, 9], [2])
    """
    kept = intervals.without(calls.callable, mask)
    inside = intervals.contains(kept, calls.positions)
    short = np.abs(calls.indel_sizes) <= SHORT_INDEL_BP
    return Listing(
        starts=kept.starts.astype(np.int32),
        ends=kept.ends.astype(np.int32),
        positions=calls.positions[inside].astype(np.int32),
        bases=calls.bases[inside],
        short_indels=np.unique(calls.indels[short]).astype(np.int32),
        end_bp=length,
    )


def first_part(whole: Listing, differences: int) -> Listing:
    """Return a listing up to behind some number of differences.

    Examples
    --------
    >>> whole = Listing(*(np.array(x, np.int32) for x in ([0, 6], [4, 9], [2, 7])),
    ...                 np.array([0, 3], np.uint8), np.array([8], np.int32), 9)
    >>> part = first_part(whole, 1)
    >>> part.starts.tolist(), part.ends.tolist(), part.positions.tolist(), part.end_bp
    ([0], [3], [2], 3)
    """
    if len(whole.positions) <= differences:
        return whole
    end = int(whole.positions[differences - 1]) + 1
    begun = whole.starts < end
    return Listing(
        starts=whole.starts[begun],
        ends=np.minimum(whole.ends[begun], end).astype(np.int32),
        positions=whole.positions[:differences],
        bases=whole.bases[:differences],
        short_indels=whole.short_indels[whole.short_indels < end],
        end_bp=end,
    )


def stack(listings: Sequence[Listing]) -> Stack:
    """Return listings as a stack, in their order."""
    return Stack(
        starts=_joined(each.starts for each in listings),
        ends=_joined(each.ends for each in listings),
        interval_bounds=_bounds(len(each.starts) for each in listings),
        positions=_joined(each.positions for each in listings),
        bases=_joined((each.bases for each in listings), np.uint8),
        position_bounds=_bounds(len(each.positions) for each in listings),
        short_indels=_joined(each.short_indels for each in listings),
        indel_bounds=_bounds(len(each.short_indels) for each in listings),
        end_bp=np.array([each.end_bp for each in listings], dtype=np.int64),
    )


def _joined(parts: Iterable[NDArray], kind: type = np.int32) -> NDArray:
    """Return arrays one after another."""
    return np.concatenate([np.zeros(0, dtype=kind), *parts])


def _bounds(lengths: Iterable[int]) -> Positions:
    """Return where each list begins, and where the last one ends."""
    return np.concatenate(([0], np.cumsum([*lengths], dtype=np.int64))).astype(np.int64)


@njit(cache=True, nogil=True)
def differences_of(  # noqa: PLR0913, PLR0917 (numba takes arrays, no dataclass)
    starts: Places,
    ends: Places,
    positions: Places,
    bases: Codes,
    other_starts: Places,
    other_ends: Places,
    other_positions: Places,
    other_bases: Codes,
    end_bp: int,
    limit: int,
    found: Places,
) -> int:
    """Write down where two isolates differ and both are callable, up to `limit` + 1 times.

    Parameters
    ----------
    starts, ends, positions, bases
        Listing of one isolate.
    other_starts, other_ends, other_positions, other_bases
        Listing of the other one.
    end_bp
        Where to stop on the reference.
    limit
        The greatest number that is of interest.
    found
        Takes the positions; at least of `limit` + 1 places, or of all differences of both.

    Returns
    -------
    int
        The differences, `limit` + 1 when there are more.
    """
    count = i = j = here = there = 0
    while count <= limit and (i < len(positions) or j < len(other_positions)):
        x = positions[i] if i < len(positions) else end_bp
        y = other_positions[j] if j < len(other_positions) else end_bp
        if x >= end_bp and y >= end_bp:
            break
        if x == y:
            found[count] = x
            count += bases[i] != other_bases[j]
            i += 1
            j += 1
        elif x < y:  # the other isolate has the reference base, where it has any
            while there < len(other_ends) and other_ends[there] <= x:
                there += 1
            found[count] = x
            count += there < len(other_ends) and other_starts[there] <= x
            i += 1
        else:
            while here < len(ends) and ends[here] <= y:
                here += 1
            found[count] = y
            count += here < len(ends) and starts[here] <= y
            j += 1
    return count


@njit(cache=True, nogil=True)
def ranks_of(  # noqa: PLR0913, PLR0917 (numba takes arrays, no dataclass)
    starts: Places,
    ends: Places,
    other_starts: Places,
    other_ends: Places,
    sites: Places,
    ranks: Places,
) -> int:
    """Return the bases callable in two isolates; write for each site how many are before it.

    Parameters
    ----------
    starts, ends, other_starts, other_ends
        Callable intervals of both.
    sites
        Sorted positions that are callable in both.
    ranks
        Takes the place of each site on the pair's callable genome, 0-based.
    """
    before = i = j = site = 0
    while i < len(starts) and j < len(other_starts):
        start, end = max(starts[i], other_starts[j]), min(ends[i], other_ends[j])
        if start < end:
            while site < len(sites) and sites[site] < end:
                ranks[site] = before + sites[site] - start
                site += 1
            before += end - start
        if ends[i] < other_ends[j]:
            i += 1
        else:
            j += 1
    return before


@njit(cache=True, nogil=True)
def count_inside(points: Places, starts: Places, ends: Places) -> int:
    """Return how many sorted points lie in intervals."""
    inside = at = 0
    for point in points:
        while at < len(ends) and ends[at] <= point:
            at += 1
        inside += at < len(ends) and starts[at] <= point
    return inside
