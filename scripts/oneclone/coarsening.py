"""Dates and countries as a release shows them: coarse enough that few stand alone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from oneclone.model.isolates import Isolate, Role

OTHER = "other"
LENGTH_OF_YEAR, LENGTH_OF_MONTH = len("2022"), len("2022-10")


class Dates(StrEnum):
    """What is left of collection dates."""

    YEAR = "year"
    MONTH = "month"
    NONE = "none"


@dataclass(frozen=True)
class Countries:
    """What is shown for each country, and how many countries and patients were merged.

    `other` is what stands for the merged ones: a word, or nothing where even all of them together
    are too few.
    """

    shown: Mapping[str, str]
    merged: tuple[str, ...]
    merged_patients: int
    other: str

    @property
    def kept(self) -> tuple[str, ...]:
        """Countries that stay, sorted."""
        return tuple(sorted({*self.shown} - {*self.merged}))


def coarse_date(text: str, dates: Dates) -> str:
    """Return what is left of an ISO 8601 date; one that is coarser already stays.

    Examples
    --------
    >>> coarse_date("2022-10-18", Dates.YEAR), coarse_date("2022-10-18", Dates.MONTH)
    ('2022', '2022-10')
    >>> coarse_date("2022", Dates.MONTH), coarse_date("2022", Dates.NONE)
    ('2022', '')
    """
    lengths = {Dates.YEAR: LENGTH_OF_YEAR, Dates.MONTH: LENGTH_OF_MONTH, Dates.NONE: 0}
    return text[: lengths[dates]]


def coarse_countries(isolates: Iterable[Isolate], smallest: int) -> Countries:
    """Return what is shown for each country: those of too few patients are merged.

    Patients are counted, not isolates: many isolates of one patient hide no one. An isolate
    without a patient counts as one; a product or a device is no patient. As long as those merged
    are too few together, the smallest country that is left is merged with them: a rest of one
    country would name it.

    Parameters
    ----------
    isolates
        Rows of the isolate table.
    smallest
        Least number of patients of a country that is shown.

    Examples
    --------
    >>> of = enumerate("AAABBC")
    >>> rows = [Isolate(str(k), str(k), Role.CONTEXT, "", country=country) for k, country in of]
    >>> found = coarse_countries(rows, 3)
    >>> found.shown, found.merged_patients
    ({'A': 'A', 'B': 'other', 'C': 'other'}, 3)
    >>> coarse_countries(rows[2:5], 9).shown
    {'A': '', 'B': ''}
    """
    rows = [isolate for isolate in isolates if isolate.country]
    counts = Counter(dict.fromkeys((row.country for row in rows), 0))
    counts.update(country for country, _ in {_patient(row) for row in rows if _is_patient(row)})
    left = sorted(counts, key=lambda country: (counts[country], country))
    merged: list[str] = []
    while left and (counts[left[0]] < smallest or 0 < _total(counts, merged) < smallest):
        merged.append(left.pop(0))
    other = OTHER if _total(counts, merged) >= smallest else ""
    shown = {country: other if country in merged else country for country in sorted(counts)}
    return Countries(shown, tuple(sorted(merged)), _total(counts, merged), other)


def _is_patient(isolate: Isolate) -> bool:
    """Return whether an isolate is of a patient."""
    return isolate.role is not Role.SOURCE


def _patient(isolate: Isolate) -> tuple[str, str]:
    """Return country and patient of an isolate; without a patient it stands for itself."""
    who = f"patient {isolate.patient}" if isolate.patient else f"isolate {isolate.name}"
    return isolate.country, who


def _total(counts: Mapping[str, int], countries: Iterable[str]) -> int:
    """Return the patients of some countries together."""
    return sum(counts[country] for country in countries)
