"""Many isolates on one reference, in the form in which their pairs are counted.

Callable intervals without the mask and the differences from the reference, those of one isolate
after those of the other: a pair is counted by walking along four sorted lists, so the cost grows
with what differs from the reference and not with its length. A difference is one number, its place
and its base, and every list ends in a number beyond all places, so that a walk need not ask where
lists end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from oneclone import intervals
from oneclone.distances import SHORT_INDEL_BP
from oneclone.model.calls import Calls, Intervals, Positions

BASE_BITS = 2  # of a difference; the place is above them
BEYOND = np.int32(np.iinfo(np.int32).max)

Places = NDArray[np.int32]


@dataclass(frozen=True)
class Listing:
    """One isolate on a reference: callable and unmasked intervals, differences, short indels.

    `differences` are 4 x place + code of the base, sorted, places 0-based on the concatenated
    reference, of at most 2^29 bases; all lie in the intervals. `short_indels` are the places of
    insertions and deletions of at most two bases. Beyond `end_bp` nothing is listed: a listing can
    be the first part of one. No list ends in `BEYOND` yet.
    """

    starts: Places
    ends: Places
    differences: Places
    short_indels: Places
    end_bp: int


class Stack(NamedTuple):
    """Listings one after another, each list with `BEYOND` behind it.

    A tuple is what numba takes as it is. List i of each kind lies from `bounds[i]` to
    `bounds[i + 1]`, `BEYOND` included.
    """

    starts: Places
    ends: Places
    interval_bounds: Positions
    differences: Places
    difference_bounds: Positions
    short_indels: Places
    indel_bounds: Positions
    end_bp: Positions


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
    >>> found.starts.tolist(), found.ends.tolist(), found.differences.tolist()
    ([0, 6], [4, 9], [8])
    """
    kept = intervals.without(calls.callable, mask)
    inside = intervals.contains(kept, calls.positions)
    short = np.abs(calls.indel_sizes) <= SHORT_INDEL_BP
    places = calls.positions[inside].astype(np.int32) << BASE_BITS
    return Listing(
        starts=kept.starts.astype(np.int32),
        ends=kept.ends.astype(np.int32),
        differences=places | calls.bases[inside],
        short_indels=np.unique(calls.indels[short]).astype(np.int32),
        end_bp=length,
    )


def first_part(whole: Listing, differences: int) -> Listing:
    """Return a listing up to behind some number of differences.

    Examples
    --------
    >>> whole = Listing(*(np.array(x, np.int32) for x in ([0, 6], [4, 9], [8, 31], [8])), 9)
    >>> part = first_part(whole, 1)
    >>> part.starts.tolist(), part.ends.tolist(), part.differences.tolist(), part.end_bp
    ([0], [3], [8], 3)
    """
    if len(whole.differences) <= differences:
        return whole
    end = int(whole.differences[differences - 1] >> BASE_BITS) + 1
    begun = whole.starts < end
    return Listing(
        starts=whole.starts[begun],
        ends=np.minimum(whole.ends[begun], end).astype(np.int32),
        differences=whole.differences[:differences],
        short_indels=whole.short_indels[whole.short_indels < end],
        end_bp=end,
    )


def stack(listings: Sequence[Listing]) -> Stack:
    """Return listings as a stack, in their order."""
    return Stack(
        starts=_joined(each.starts for each in listings),
        ends=_joined(each.ends for each in listings),
        interval_bounds=_bounds(each.starts for each in listings),
        differences=_joined(each.differences for each in listings),
        difference_bounds=_bounds(each.differences for each in listings),
        short_indels=_joined(each.short_indels for each in listings),
        indel_bounds=_bounds(each.short_indels for each in listings),
        end_bp=np.array([each.end_bp for each in listings], dtype=np.int64),
    )


def _joined(lists: Iterable[Places]) -> Places:
    """Return lists one after another, each with its end."""
    end = np.array([BEYOND])
    return np.concatenate(
        [np.zeros(0, dtype=np.int32), *(part for each in lists for part in (each, end))]
    )


def _bounds(lists: Iterable[Places]) -> Positions:
    """Return where each list begins, and where the last one ends."""
    lengths = np.array([0, *(len(each) + 1 for each in lists)], dtype=np.int64)
    return np.cumsum(lengths)


@njit(cache=True, nogil=True)
def differences_of(  # noqa: PLR0913, PLR0917 (numba takes arrays, no dataclass)
    starts: Places,
    ends: Places,
    ones: Places,
    other_starts: Places,
    other_ends: Places,
    others: Places,
    end_bp: int,
    limit: int,
    found: Places,
) -> int:
    """Write down where two isolates differ and both are callable, up to `limit` + 1 times.

    Parameters
    ----------
    starts, ends, ones
        Intervals and differences of one isolate.
    other_starts, other_ends, others
        Those of the other one.
    end_bp
        Where to stop on the reference.
    limit
        The greatest number that is of interest.
    found
        Takes the places; room for `limit` + 2, or for the differences of both.

    Returns
    -------
    int
        The differences, `limit` + 1 when there are more.
    """
    count = i = j = here = there = 0
    last, other_last = len(ones) - 1, len(others) - 1
    while count <= limit:
        one, other = ones[i], others[j]
        place, other_place = one >> BASE_BITS, other >> BASE_BITS
        if min(place, other_place) >= end_bp:
            break
        if place == other_place:
            found[count] = place
            count += one != other
            i += 1
            j += 1
            # Near isolates share long runs of differences from the reference.
            while (
                i + 3 <= last
                and j + 3 <= other_last
                and not (
                    (ones[i] ^ others[j])
                    | (ones[i + 1] ^ others[j + 1])
                    | (ones[i + 2] ^ others[j + 2])
                )
            ):
                i += 3
                j += 3
        elif place < other_place:  # the other isolate has the reference base, where it has any
            while other_ends[there] <= place:
                there += 1
            found[count] = place
            count += other_starts[there] <= place
            i += 1
        else:
            while ends[here] <= other_place:
                here += 1
            found[count] = other_place
            count += starts[here] <= other_place
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
        Callable intervals of both, as a stack has them.
    sites
        Sorted positions that are callable in both.
    ranks
        Takes the place of each site on the pair's callable genome, 0-based.
    """
    before = i = j = site = 0
    while starts[i] != BEYOND and other_starts[j] != BEYOND:
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
    """Return how many points lie in intervals; the lists are those of a stack."""
    inside = at = 0
    for point in points[:-1]:
        while ends[at] <= point:
            at += 1
        inside += starts[at] <= point
    return inside
