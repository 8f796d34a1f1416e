"""Tell cheaply of most pairs that the recombination filter finds nothing to remove from them.

The filter takes a stretch when its score, the negative logarithm of a Chernoff bound, exceeds a
threshold (`recombination`). A lower clonal rate raises every score and lowers the threshold. So
where no stretch is found at a rate below the filter's own, the filter finds none: the share of
windows with a difference, or the Clopper-Pearson limit when no window has one, whichever is more.
"""

import math

from numba import njit

from oneclone.model.calls import Positions
from oneclone.recombination import MIN_FREE_WINDOWS_PERCENT, WINDOW_BP
from oneclone.stacks import Places

ROUNDING = 1e-6  # far above what differs by the order of additions, far below what decides


@njit(cache=True, nogil=True)
def may_hold_stretch(  # noqa: PLR0913, PLR0917 (numba takes arrays, no dataclass)
    sites: Places,
    ranks: Places,
    callable_bp: int,
    occupied_windows: int,
    contig_offsets: Positions,
    family_wise_error: float,
    min_snps: int,
    max_stretch_bp: int,
) -> bool:
    """Tell whether the filter may remove a stretch from a pair that is scanned.

    Parameters
    ----------
    sites, ranks
        Differences of the pair on the reference and on its callable genome, 0-based.
    callable_bp
        Bases compared.
    occupied_windows
        Complete windows of them with a difference, fewer than all.
    contig_offsets
        Starts of the reference's contigs and its length.
    family_wise_error, min_snps, max_stretch_bp
        Settings of the filter.
    """
    if len(sites) < min_snps:
        return False
    windows = callable_bp // WINDOW_BP
    without_any = 1 - (family_wise_error / 2) ** (1 / windows)
    rate = -math.log1p(-max(without_any, occupied_windows / windows)) / WINDOW_BP
    expected_in_all = max(1.0, rate * callable_bp)
    threshold = math.log(expected_in_all * len(sites) / (family_wise_error / 4)) - ROUNDING
    contig = 1
    for first in range(len(sites)):
        while contig_offsets[contig] <= sites[first]:
            contig += 1
        for last in range(first + min_snps - 1, len(sites)):
            span = ranks[last] - ranks[first]
            if sites[last] >= contig_offsets[contig] or span > max_stretch_bp:
                break
            further = last - first
            expected = rate * span
            if further <= expected:
                continue
            if further * math.log(further / expected) - further + expected > threshold:
                return True
    return False


@njit(cache=True, nogil=True)
def occupied_windows(ranks: Places, callable_bp: int) -> int:
    """Return how many complete windows of the compared bases carry a difference."""
    occupied = 0
    complete, last = callable_bp // WINDOW_BP, -1
    for rank in ranks:
        window = rank // WINDOW_BP
        if window != last and window < complete:
            occupied += 1
            last = window
    return occupied


@njit(cache=True, nogil=True)
def is_near(occupied: int, callable_bp: int) -> bool:
    """Tell whether enough windows are free of differences, as `recombination.is_scanned` does."""
    windows = callable_bp // WINDOW_BP
    return windows > 0 and 100 * (1 - occupied / windows) >= MIN_FREE_WINDOWS_PERCENT
