"""Shares with their denominator and exact 95 % interval (Clopper and Pearson 1934)."""

from dataclasses import dataclass

from scipy.stats import binomtest

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Share:
    """`part` of `whole`.

    Examples
    --------
    >>> Share(0, 200).words, Share(0, 0).words
    ('0 of 200 (0.0 %; 0.0 to 1.8 %)', '0 of 0')
    """

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share, `None` of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lower and upper bound of the 95 % interval, `None` of nothing."""
        if not self.whole:
            return None
        found = binomtest(self.part, self.whole).proportion_ci(CONFIDENCE, "exact")
        return float(found.low), float(found.high)

    @property
    def words(self) -> str:
        """Part, whole, percentage and interval."""
        interval = self.interval
        if interval is None:
            return f"{self.part} of {self.whole}"
        low, high = (f"{100 * bound:.1f}" for bound in interval)
        return (
            f"{self.part} of {self.whole} ({100 * self.part / self.whole:.1f} %; {low} to {high} %)"
        )
