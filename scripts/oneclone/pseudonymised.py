"""The isolate table of a release: what is replaced, coarsened, merged and left out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from oneclone.coarsening import Countries, Dates, coarse_countries, coarse_date
from oneclone.model.isolates import Isolate, extra_columns
from oneclone.phrases import counted
from oneclone.pseudonyms import Secret, coded, lettered

LETTERED = {
    "clinic": "Clinic",
    "laboratory": "Laboratory",
    "sequencing_run": "Run",
    "extraction_batch": "Batch",
}
DATE_NOTES = {
    Dates.YEAR: "Of collection dates the year is left.",
    Dates.MONTH: "Of collection dates year and month are left.",
    Dates.NONE: "Collection dates are left out.",
}


@dataclass(frozen=True)
class Coarseness:
    """How much of dates and countries is left."""

    dates: Dates
    smallest_group: int


@dataclass(frozen=True)
class ReleaseRow:
    """A row of the isolate table of a release, beside the isolate that it stands for."""

    isolate: Isolate
    cells: Mapping[str, str]

    @property
    def name(self) -> str:
        """The pseudonym of the isolate."""
        return self.cells["isolate"]


@dataclass(frozen=True)
class Pseudonymised:
    """Rows sorted by pseudonym, what is left of dates and countries, and sentences on all of it."""

    rows: tuple[ReleaseRow, ...]
    dates: Dates
    countries: Countries
    notes: tuple[str, ...]

    @property
    def name_of(self) -> Mapping[str, str]:
        """Pseudonym by the name of the isolate."""
        return {row.isolate.name: row.name for row in self.rows}

    def stays(self, column: str, value: str) -> bool:
        """Return whether a value may be in the release as it is, whatever its rows hold."""
        if column == "collection_date":
            return coarse_date(value, self.dates) == value
        return column == "country" and value in self.countries.kept


def pseudonymised(
    isolates: Sequence[Isolate], secret: Secret, coarseness: Coarseness
) -> Pseudonymised:
    """Return the isolate table of a release, without its assemblies.

    Parameters
    ----------
    isolates
        Rows of the isolate table.
    secret
        The key that decides over pseudonyms and letters.
    coarseness
        How much of dates and countries is left.
    """
    names = coded(secret, "isolate", "ISO", (row.name for row in isolates))
    patients = coded(secret, "patient", "PAT", (row.patient for row in isolates if row.patient))
    letters = {
        column: lettered(secret, column, word, (getattr(row, column) for row in isolates))
        for column, word in LETTERED.items()
    }
    countries = coarse_countries(isolates, coarseness.smallest_group)
    rows = [
        ReleaseRow(
            row,
            {
                "isolate": names[row.name],
                "role": row.role,
                "patient": patients.get(row.patient, ""),
                "collection_date": coarse_date(row.collection_date, coarseness.dates),
                "country": countries.shown.get(row.country, ""),
                **{column: each.get(getattr(row, column), "") for column, each in letters.items()},
            },
        )
        for row in isolates
    ]
    notes = tuple(_notes(isolates, countries, coarseness))
    ordered = tuple(sorted(rows, key=lambda row: row.name))
    return Pseudonymised(ordered, coarseness.dates, countries, notes)


def _notes(
    isolates: Iterable[Isolate], countries: Countries, coarseness: Coarseness
) -> Iterator[str]:
    """Give what the report says of the release; no sentence holds what it tells of."""
    yield (
        "Isolates and patients bear pseudonyms that a secret key makes of their names; accessions "
        "of isolates are replaced with the names. The panel's references keep theirs."
    )
    yield (
        "Clinics, laboratories, sequencing runs and extraction batches are letters, in an order "
        "that the key decides; equal letters are equal ones within this release. Groups of "
        "clinics are not merged, however small: the question is about them."
    )
    yield DATE_NOTES[coarseness.dates]
    yield _of_countries(countries, coarseness.smallest_group)
    yield (
        "Left out: coordinates, and with them the distance between clinics; the investigation; "
        "what the registry knows of earlier runs, so nothing is told of changes; reasons of "
        "withdrawals; what was found in files that are no assembly; and every further column of "
        f"the isolate table ({len(extra_columns(isolates))})."
    )
    yield (
        "Checksums are those of copies of the assemblies under neutral names, with a mark of the "
        "key in them: nobody recognises an assembly by its checksum. Its bases are in this "
        "release as distances, variable sites and markers, and who has the genome knows it by them."
    )


def _of_countries(countries: Countries, smallest: int) -> str:
    """Return which countries are merged, by number, and why."""
    if not countries.merged:
        return f"Every country has at least {counted(smallest, 'patient')}; none is merged."
    merged = counted(len(countries.merged), "country", "countries")
    people = counted(countries.merged_patients, "patient")
    into = (
        f"stand as '{countries.other}'"
        if countries.other
        else "are left out, being too few even together"
    )
    return (
        f"A country is shown when at least {counted(smallest, 'patient')} are from it: {merged} "
        f"with {people} together {into}; {len(countries.kept)} stay."
    )
