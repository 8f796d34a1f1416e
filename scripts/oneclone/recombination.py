"""Find stretches of a pair that carry more differences than clonal descent explains.

Model: clonal differences fall on the pair's callable genome independently, at one rate. Its
upper bound is taken from the share of 1-kb windows without any difference, which imports hardly
change: `rate = -ln(1 - u) / 1000` with u the upper Clopper-Pearson limit of the share of windows
with a difference, at half of the family-wise error. A stretch of k differences over w callable
bases is removed when the chance of k - 1 further differences within w bases of the first one,
bounded by Chernoff's inequality for a Poisson count, `exp(-m) (e m / n)^n` with m = rate x w and
n = k - 1, is below the other half of the error divided by the number of stretches that could
have been chosen: expected differences x greatest k. Rounds after the first spend half of what
the round before spent, so that a pair without imports loses a stretch with a probability of at
most the family-wise error. Nothing but the two isolates enters.

The donor of an import is nowhere evenly divergent, so a few differences can be left beside a
removed stretch, too few to be a stretch of their own. A stretch is extended to the k-th difference
beside it, k below the least size of a stretch, when that is at most 5 kb away and the chance of k
or more clonal differences that near, a Poisson tail, is at most half of the family-wise error (one
half for each side) divided by 2 x the number of k; each further extension of a side spends half of
the one before. So the extensions of a stretch take clonal differences along with a probability of
at most the family-wise error, and a pair without a stretch is not touched.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import betaincinv, pdtrc

from oneclone.distances import Comparison
from oneclone.model.calls import Positions
from oneclone.model.pairs import FilterOutcome, Stretch
from oneclone.model.settings import RecombinationSettings

WINDOW_BP = 1000  # contract: callable 1-kb windows
MIN_FREE_WINDOWS_PERCENT = 70  # contract: share without differences that a scan needs
REACH_BP = 5000  # callable bases within which differences can belong to a stretch beside them
MAX_STRETCHES = 5  # contract: with more the filtered count does not decide


@dataclass(frozen=True)
class Windows:
    """The callable 1-kb windows of a pair; the last, incomplete one is left out."""

    total: int
    with_difference: int

    @property
    def free_percent(self) -> float:
        """Share of windows without a difference, in per cent."""
        return 100 * (1 - self.with_difference / self.total) if self.total else 0.0


def find_stretches(
    comparison: Comparison, contig_offsets: Positions, settings: RecombinationSettings
) -> list[Stretch] | None:
    """Return the stretches to remove from a pair, by position; `None` if it is not scanned.

    Parameters
    ----------
    comparison
        The pair's differences and compared sites.
    contig_offsets
        Starts of the reference's contigs and its length: no stretch spans two contigs.
    settings
        Family-wise error, least differences and greatest length of a stretch.
    """
    ranks = comparison.ranks
    windows = count_windows(ranks, comparison.callable_bp)
    if not is_scanned(windows):
        return None
    contig = np.searchsorted(contig_offsets, comparison.differences, side="right")
    rate = rate_bound(windows, settings.family_wise_error / 2)
    expected = max(1.0, rate * comparison.callable_bp)
    remaining = np.arange(len(ranks))
    error = settings.family_wise_error / 4
    found: list[Stretch] = []
    while len(remaining) >= settings.min_snps:
        score, first, last = _best_stretch(
            ranks[remaining],
            contig[remaining],
            rate,
            settings.min_snps,
            settings.max_stretch_bp,
        )
        if score <= math.log(expected * len(ranks) / error):
            break
        chosen = remaining[first : last + 1]
        found.append(_stretch(comparison, chosen, score))
        remaining = np.delete(remaining, np.s_[first : last + 1])
        error /= 2
    joined = _joined(sorted(found, key=lambda stretch: stretch.start), comparison)
    return _extended(joined, comparison, contig, rate, settings)


def count_windows(ranks: Positions, callable_bp: int) -> Windows:
    """Count the callable 1-kb windows of a pair and those with a difference.

    Examples
    --------
    >>> count_windows(np.array([10, 20, 1500, 3100]), 3200)
    Windows(total=3, with_difference=2)
    """
    total = callable_bp // WINDOW_BP
    occupied = np.unique(ranks // WINDOW_BP)
    return Windows(total, int((occupied < total).sum()))


def is_scanned(windows: Windows) -> bool:
    """Tell whether enough windows of a pair are free of differences for a scan to mean something.

    Examples
    --------
    >>> is_scanned(Windows(100, 30)), is_scanned(Windows(100, 31))
    (True, False)
    """
    return windows.free_percent >= MIN_FREE_WINDOWS_PERCENT


def rate_bound(windows: Windows, error: float) -> float:
    """Return the upper bound of the clonal rate of differences per callable base.

    Parameters
    ----------
    windows
        Windows in all and with a difference.
    error
        Chance that the bound is too low.

    Examples
    --------
    >>> f"{rate_bound(Windows(5000, 0), 0.005):.2e}"
    '1.06e-06'
    """
    share = float(
        betaincinv(windows.with_difference + 1, windows.total - windows.with_difference, 1 - error)
    )
    return -math.log1p(-share) / WINDOW_BP


def outcome(
    stretches: Sequence[Stretch] | None, callable_bp: int, max_recombinant_percent: float
) -> tuple[FilterOutcome, str]:
    """Return whether the filtered count decides, and the reasons why it may not.

    Parameters
    ----------
    stretches
        What was removed; `None` when the pair was not scanned.
    callable_bp
        Callable bases of the pair.
    max_recombinant_percent
        Greatest share of callable bases that may be removed.

    Examples
    --------
    >>> stretch = Stretch(0, 9000, 50, 9000, -30.0, ("a",), ())
    >>> outcome([stretch], 100_000, 2)
    (<FilterOutcome.MAY_NOT_DECIDE: 'may_not_decide'>, 'too_much_removed')
    """
    if stretches is None:
        return FilterOutcome.NOT_SCANNED, ""
    if not stretches:
        return FilterOutcome.NOTHING_REMOVED, ""
    reasons = sorted({str(code) for stretch in stretches for code in stretch.suspicions})
    if len(stretches) > MAX_STRETCHES:
        reasons.append("too_many_stretches")
    if (
        100 * sum(stretch.callable_bp for stretch in stretches)
        > max_recombinant_percent * callable_bp
    ):
        reasons.append("too_much_removed")
    return (FilterOutcome.MAY_NOT_DECIDE if reasons else FilterOutcome.DECIDES), ",".join(reasons)


def _stretch(comparison: Comparison, chosen: NDArray[np.int64], score: float) -> Stretch:
    """Return the stretch from the first to the last of the chosen differences."""
    start = int(comparison.differences[chosen[0]])
    end = int(comparison.differences[chosen[-1]]) + 1
    return Stretch(
        start=start,
        end=end,
        snps=len(chosen),
        callable_bp=comparison.count_between(start, end),
        log10_p=-score / math.log(10),
    )


def _joined(stretches: Sequence[Stretch], comparison: Comparison) -> list[Stretch]:
    """Join stretches that overlap: a later round may span what an earlier one removed."""
    joined: list[Stretch] = []
    for stretch in stretches:
        before = joined[-1] if joined else None
        if before is None or stretch.start >= before.end:
            joined.append(stretch)
            continue
        end = max(before.end, stretch.end)
        inside = (comparison.differences >= before.start) & (comparison.differences < end)
        joined[-1] = Stretch(
            start=before.start,
            end=end,
            snps=int(inside.sum()),
            callable_bp=comparison.count_between(before.start, end),
            log10_p=min(before.log10_p, stretch.log10_p),
        )
    return joined


def _extended(
    stretches: Sequence[Stretch],
    comparison: Comparison,
    contig: Positions,
    rate: float,
    settings: RecombinationSettings,
) -> list[Stretch]:
    """Extend stretches over differences beside them that clonal descent does not explain."""
    if not stretches:
        return []
    at = comparison.differences
    free = np.ones(len(at), dtype=bool)
    for each in stretches:
        free[(at >= each.start) & (at < each.end)] = False
    extended: list[Stretch] = []
    for each in stretches:
        first = int(np.searchsorted(at, each.start))
        last = int(np.searchsorted(at, each.end)) - 1
        # Neither side reaches beyond its contig or over what is removed already.
        left, right = (
            _reachable(edge, step, comparison.ranks, free & (contig == contig[edge]))
            for edge, step in ((first, -1), (last, 1))
        )
        new_first = first - _steps(left, rate, settings)
        new_last = last + _steps(right, rate, settings)
        free[new_first : new_last + 1] = False
        whole = _stretch(comparison, np.arange(new_first, new_last + 1), 0.0)
        extended.append(replace(whole, log10_p=each.log10_p))
    return extended


def _reachable(edge: int, step: int, ranks: Positions, free: NDArray[np.bool_]) -> list[int]:
    """Return the distances from the edge of a stretch to the free differences beside it."""
    found: list[int] = []
    index = edge + step
    while 0 <= index < len(ranks) and free[index]:
        found.append(abs(int(ranks[index] - ranks[edge])))
        index += step
    return found


def _steps(distances: Sequence[int], rate: float, settings: RecombinationSettings) -> int:
    """Return by how many differences one side of a stretch is extended."""
    choices = settings.min_snps - 1
    error = settings.family_wise_error / (2 * 2 * choices)
    done, gone = 0, 0
    while True:
        ahead = [d - gone for d in distances[done : done + choices] if d - gone <= REACH_BP]
        explained = [float(pdtrc(k, rate * d)) > error for k, d in enumerate(ahead)]
        if all(explained):
            return done
        done += len(explained) - explained[::-1].index(False)
        gone, error = distances[done - 1], error / 2


@njit(cache=True)
def _best_stretch(
    ranks: Positions, contig: Positions, rate: float, min_snps: int, max_bp: int
) -> tuple[float, int, int]:
    """Return score (-ln of the Chernoff bound), first and last index of the densest stretch.

    Ties go to the longer stretch, then to the one that starts first.
    """
    best, best_first, best_last = 0.0, 0, -1
    for first in range(len(ranks)):
        for last in range(first + min_snps - 1, len(ranks)):
            span = ranks[last] - ranks[first]
            if contig[last] != contig[first] or span > max_bp:
                break
            further = last - first
            expected = rate * span
            if further <= expected:
                continue
            score = further * math.log(further / expected) - further + expected
            longer = score == best and last - first > best_last - best_first
            if score > best or longer:
                best, best_first, best_last = score, first, last
    return best, best_first, best_last
