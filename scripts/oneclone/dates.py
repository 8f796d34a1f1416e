"""Collection dates as ranges of days, because a date may name a year, a month or a day."""

import calendar
import datetime
import math
from dataclasses import dataclass

DAYS_PER_YEAR = 365.25
BEFORE_CALENDAR = "before 0001-01"


@dataclass(frozen=True)
class Days:
    """The days on which something may have happened, both ends included.

    Days are counted from 0001-01-01, which is 1, in the proleptic Gregorian calendar.
    """

    first: int
    last: int

    @property
    def middle(self) -> float:
        """The day in the middle, a half when the number of days is even."""
        return (self.first + self.last) / 2


def read_days(text: str) -> Days | None:
    """Return the days that a checked ISO 8601 date stands for; blank is unknown.

    Parameters
    ----------
    text
        `2022`, `2022-10`, `2022-10-18` or nothing.

    Examples
    --------
    >>> read_days("2022-10-18"), read_days("")
    (Days(first=738446, last=738446), None)
    >>> october = read_days("2022-10")
    >>> october.last - october.first
    30
    """
    parts = [int(part) for part in text.split("-") if part]
    if not parts:
        return None
    if len(parts) == 1:
        return Days(_ordinal(parts[0], 1, 1), _ordinal(parts[0], 12, 31))
    year, month = parts[:2]
    if len(parts) == 2:
        last = calendar.monthrange(year, month)[1]
        return Days(_ordinal(year, month, 1), _ordinal(year, month, last))
    day = _ordinal(year, month, parts[2])
    return Days(day, day)


def month_of(day: float) -> str:
    """Return year and month of a day; a time before the calendar is said to be so.

    Examples
    --------
    >>> month_of(738446.5), month_of(-12.0)
    ('2022-10', 'before 0001-01')
    """
    number = math.floor(day)
    if number < 1:
        return BEFORE_CALENDAR
    return datetime.date.fromordinal(number).strftime("%Y-%m").rjust(7, "0")


def _ordinal(year: int, month: int, day: int) -> int:
    """Return the number of a day."""
    return datetime.date(year, month, day).toordinal()
