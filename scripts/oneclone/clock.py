"""What a substitution rate says about two dated genomes: SNPs to expect, and a common ancestor.

L = callable_bp - recombinant_bp of the pair, rate in substitutions per site and year, dates t1
and t2, date T of the most recent common ancestor (MRCA):

    floor = rate * L * |t2 - t1|                          the SNPs that time alone adds
    snps  = rate * L * ((t1 - T) + (t2 - T))              solved for T

Intervals take the worst of all bounds together: the exact limits of a Poisson count (Garwood
1936, Biometrika 28:437-442), both ends of the rate's interval, and first and last day that a
date may mean.
"""

from dataclasses import dataclass

from scipy.stats import chi2

from oneclone.dates import DAYS_PER_YEAR, Days
from oneclone.model.panel import Panel, SubstitutionRate
from oneclone.model.timing import Estimate

CONFIDENCE = 0.95


def rate_for(panel: Panel, panel_clone: str) -> SubstitutionRate:
    """Return the substitution rate to use for a clone.

    Parameters
    ----------
    panel
        The clone panel.
    panel_clone
        The panel clone in which the members lie, blank when in none.

    Returns
    -------
    SubstitutionRate
        That of the panel clone where the panel has one (`substitution_rates`), else the panel's.
    """
    for own in panel.substitution_rates:
        if own.clone == panel_clone:
            cited = f"{own.citation} (rate of {own.clone}{f'; {own.note}' if own.note else ''})"
            return SubstitutionRate(own.per_site_per_year, own.low, own.high, cited)
    return panel.substitution_rate


def poisson_limits(count: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the exact two-sided limits of the mean of a Poisson count.

    chi2(a/2; 2k) / 2 and chi2(1 - a/2; 2k + 2) / 2 for a count k and a = 1 - confidence, the
    lower one 0 for no event (Garwood 1936, Biometrika 28:437-442).

    Examples
    --------
    >>> [round(limit, 3) for limit in poisson_limits(5)]
    [1.623, 11.668]
    >>> [round(limit, 3) for limit in poisson_limits(0)]
    [0.0, 3.689]
    """
    tail = (1 - confidence) / 2
    low = float(chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    return low, float(chi2.ppf(1 - tail, 2 * count + 2)) / 2


def years_apart(one: Days, two: Days) -> Estimate:
    """Return the years between two dates: least and greatest that their precision allows.

    Examples
    --------
    >>> years_apart(Days(1, 1), Days(731, 732)).low
    1.998...
    >>> years_apart(Days(1, 31), Days(1, 31))
    Estimate(value=0.0, low=0.0, high=0.082...)
    """
    earlier, later = sorted((one, two), key=lambda days: (days.middle, days.first))
    least = max(0, later.first - earlier.last)
    greatest = max(later.last - earlier.first, earlier.last - later.first)
    value = later.middle - earlier.middle
    return Estimate(value / DAYS_PER_YEAR, least / DAYS_PER_YEAR, greatest / DAYS_PER_YEAR)


def floor_snps(compared_bp: int, years: Estimate, rate: SubstitutionRate) -> Estimate:
    """Return the SNPs that time alone is expected to add: rate x L x years.

    Parameters
    ----------
    compared_bp
        L: bases compared and not removed.
    years
        Between the two collection dates.
    rate
        Per site and year.

    Examples
    --------
    >>> half = Estimate(0.5, 0.5, 0.5)
    >>> floor_snps(5_000_000, half, SubstitutionRate(2e-7, 1e-7, 3e-7, "example"))
    Estimate(value=0.5, low=0.25, high=0.75)
    """
    return Estimate(
        rate.per_site_per_year * compared_bp * years.value,
        rate.low * compared_bp * years.low,
        rate.high * compared_bp * years.high,
    )


@dataclass(frozen=True)
class Ancestor:
    """The MRCA of a pair in days (see `Days`), and years back from the earlier isolate.

    `clipped` names the fields of `day` that would be later than the earlier isolate.
    """

    day: Estimate
    years_before: Estimate
    clipped: tuple[str, ...]


def date_ancestor(
    snps: int, compared_bp: int, dates: tuple[Days, Days], rate: SubstitutionRate
) -> Ancestor:
    """Return the date of the most recent common ancestor of two isolates.

    T = (t1 + t2 - snps / (rate x L)) / 2, never later than the earlier of t1 and t2. `low` takes
    the upper Poisson limit, the low rate and the first days, `high` the opposite.

    Parameters
    ----------
    snps
        SNP distance of the pair.
    compared_bp
        L: bases compared and not removed, at least 1.
    dates
        Collection dates.
    rate
        Per site and year.

    Examples
    --------
    Ten SNPs at one SNP a year, both isolates of day 10000: five years on each side.

    >>> rate = SubstitutionRate(1e-6, 1e-6, 1e-6, "example")
    >>> found = date_ancestor(10, 1_000_000, (Days(10_000, 10_000), Days(10_000, 10_000)), rate)
    >>> found.day.value, found.years_before.value, found.clipped
    (8173.75, 5.0, ())
    """
    few, many = poisson_limits(snps)
    one, two = dates
    years = {
        "value": snps / (rate.per_site_per_year * compared_bp),
        "low": many / (rate.low * compared_bp),
        "high": few / (rate.high * compared_bp),
    }
    ends = {
        "value": (one.middle, two.middle),
        "low": (one.first, two.first),
        "high": (one.last, two.last),
    }
    free = {name: (sum(ends[name]) - DAYS_PER_YEAR * years[name]) / 2 for name in ends}
    gap = years_apart(one, two)
    return Ancestor(
        Estimate(**{name: min(free[name], *ends[name]) for name in ends}),
        Estimate(
            max(0.0, (years["value"] - gap.value) / 2),
            max(0.0, (years["high"] - gap.high) / 2),
            max(0.0, (years["low"] - gap.low) / 2),
        ),
        tuple(name for name in ends if free[name] > min(ends[name])),
    )
