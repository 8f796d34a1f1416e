"""Whether the SNPs of a clone rise with the collection dates: the condition for dating its tree.

Without a temporal signal a dated tree shows the assumptions of the method and nothing of the
isolates. The test permutes the dates among the tips; it is known to be too lenient when isolates
of one date are also each other's nearest relatives (Duchêne et al. 2015,
doi:10.1093/molbev/msv056).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oneclone.dates import DAYS_PER_YEAR, Days

MIN_TIPS = 10
MIN_SPAN_YEARS = 2.0
PERMUTATIONS = 1000
MAX_P = 0.05
LEAST_SLOPE = 1e-12  # rounding: a sum of products of dates and SNPs that is nothing


@dataclass(frozen=True)
class Tip:
    """A dated tip and its distance from the root in SNPs."""

    date: Days
    snps: float


@dataclass(frozen=True)
class Regression:
    """Least squares of SNPs from the root on years; `p` by permutation, one-sided."""

    snps_per_year: float
    r2: float
    p: float


def least_span_years(dates: Sequence[Days]) -> float:
    """Return the years that surely lie between the first and the last of some dates.

    Examples
    --------
    >>> least_span_years([Days(1, 366), Days(732, 1096)])
    1.002...
    """
    if not dates:
        return 0.0
    earliest_end = min(days.last for days in dates)
    latest_start = max(days.first for days in dates)
    return max(0, latest_start - earliest_end) / DAYS_PER_YEAR


def too_little(dates: Sequence[Days]) -> list[str]:
    """Return which conditions of a regression fail, in words with their numbers.

    Examples
    --------
    >>> too_little([Days(1, 1)] * 10)
    ['the dates surely span 0.0 years, at least 2 are needed']
    >>> too_little([Days(1, 1)])[0]
    '1 member has a date, at least 10 are needed'
    """
    found: list[str] = []
    if len(dates) < MIN_TIPS:
        has = "member has" if len(dates) == 1 else "members have"
        found.append(f"{len(dates)} {has} a date, at least {MIN_TIPS} are needed")
    span = least_span_years(dates)
    if span < MIN_SPAN_YEARS:
        found.append(
            f"the dates surely span {span:.1f} years, at least {MIN_SPAN_YEARS:g} are needed"
        )
    return found


def regress(tips: Sequence[Tip], seed: int, permutations: int = PERMUTATIONS) -> Regression:
    """Regress SNPs from the root on the collection date, and test the slope by permuting dates.

    p = (1 + permutations with a slope at least as steep) / (1 + permutations). It does not depend
    on the order of the tips.

    Parameters
    ----------
    tips
        At least two.
    seed
        Of the permutations.
    permutations
        How many.

    Examples
    --------
    >>> year = 365.25
    >>> tips = [Tip(Days(round(n * year), round(n * year)), 2.0 * n) for n in range(12)]
    >>> found = regress(tips, seed=1)
    >>> round(found.snps_per_year, 2), round(found.r2, 2), found.p < 0.002
    (2.0, 1.0, True)
    """
    ordered = sorted(tips, key=lambda tip: (tip.date.middle, tip.snps))
    years = _centred([tip.date.middle / DAYS_PER_YEAR for tip in ordered])
    snps = _centred([tip.snps for tip in ordered])
    observed = float(years @ snps)
    shuffled = np.tile(years, (permutations, 1))
    shuffled = np.random.default_rng(seed).permuted(shuffled, axis=1)
    # Within rounding of the observed slope counts as equally steep.
    as_steep = int(np.sum(shuffled @ snps >= observed - 1e-9 * max(1.0, abs(observed))))
    spread, variation = float(years @ years), float(snps @ snps)
    is_flat = spread < LEAST_SLOPE or variation < LEAST_SLOPE
    return Regression(
        snps_per_year=0.0 if is_flat else observed / spread,
        r2=0.0 if is_flat else observed**2 / (spread * variation),
        p=(1 + as_steep) / (1 + permutations),
    )


def no_signal(found: Regression, permutations: int = PERMUTATIONS) -> str:
    """Return in words why a regression shows no temporal signal, nothing when it shows one."""
    numbers = f"slope {found.snps_per_year:.2f} SNPs per year, r2 {found.r2:.2f}"
    if found.snps_per_year <= 0:
        return f"SNPs from the root do not rise with the date ({numbers})"
    if found.p > MAX_P:
        return (
            f"there is no temporal signal: {numbers}, p {found.p:.3f} by {permutations} "
            f"permutations of the dates, at most {MAX_P:g} is needed"
        )
    return ""


def _centred(values: Sequence[float]) -> NDArray[np.float64]:
    """Return values less their mean."""
    array = np.array(values, dtype=np.float64)
    return array - array.mean()
