"""What is suspicious in an isolate table and yet no reason to refuse it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from oneclone.model.isolates import METADATA, Isolate
from oneclone.tables.delimited import Table, rows_text
from oneclone.tables.isolate_table import COLUMNS, look_alikes, missing_value

ALTERED = (
    (re.compile(r"[0-9]+([.,][0-9]+)?E[+-]?[0-9]+"), "a number with an exponent"),
    (re.compile(r"[0-9]{1,2}[-./](?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"), "a date"),
    (re.compile(r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-[0-9]{2}"), "a date"),
    (re.compile(r"[0-9]{12,}0{3,}"), "a number whose last digits are lost"),
    (re.compile(r"#(NAME\?|REF!|VALUE!|N/A|NUM!|DIV/0!|NULL!|#+)"), "an error"),
)
READ_BY_SPREADSHEETS = ("isolate", "patient", "clinic", "sequencing_run", "extraction_batch")


def isolate_warnings(table: Table, names: Iterable[str], isolates: Iterable[Isolate]) -> list[str]:
    """Return what a person should look at, one sentence each.

    Parameters
    ----------
    table
        The isolate table as typed.
    names
        Of all isolates and references.
    isolates
        Rows of the table.
    """
    return [
        *_look_alikes(list(names), list(isolates)),
        *_misspelt_columns(table),
        *_missing_values(table),
        *_altered(table),
    ]


def _look_alikes(names: Sequence[str], isolates: Sequence[Isolate]) -> Iterator[str]:
    """Give each group of names, patients or clinics that look alike."""
    written = (
        ("names", names, "isolates"),
        ("patients", {row.patient for row in isolates} - {""}, "patients"),
        ("clinics", {row.clinic for row in isolates} - {""}, "clinics"),
    )
    for what, found, things in written:
        for group in look_alikes(found):
            yield (
                f"{what} that differ only by case, blanks, '-', '_' or invisible characters: "
                f"{', '.join(map(repr, group))}; check that they are different {things}"
            )


def _misspelt_columns(table: Table) -> Iterator[str]:
    """Give each further column whose name is nearly that of one which is not there."""
    absent = [column for column in METADATA if column not in table.columns]
    for column in table.columns:
        plain = re.sub(r"[\s-]+", "_", column.casefold())
        if column not in COLUMNS and (near := get_close_matches(plain, absent, 1, 0.8)):
            yield (
                f"{table.path}: column {column!r} is carried through and means nothing to a "
                f"verdict; did you mean '{near[0]}'?"
            )


def _missing_values(table: Table) -> Iterator[str]:
    """Give each word that stands for an empty cell."""
    found: dict[tuple[str, str], list[int]] = {}
    for row in table.rows:
        for column in METADATA:
            if missing_value(row[column]):
                found.setdefault((column, row[column].strip()), []).append(row.number)
    for (column, word), rows in found.items():
        yield (
            f"{table.path} {rows_text(rows)}, column '{column}': '{word}' is read as an empty "
            "cell, not known; write another word if it is a name"
        )


def _altered(table: Table) -> Iterator[str]:
    """Give each cell that looks as if a spreadsheet had made something else of it."""
    for row in table.rows:
        for column in READ_BY_SPREADSHEETS:
            cell = row[column].strip()
            for pattern, what in ALTERED:
                if pattern.fullmatch(cell):
                    yield (
                        f"{table.path} row {row.number}, column '{column}': '{cell}' looks like "
                        f"{what} that a spreadsheet made of a name; compare it with its source"
                    )
                    break
