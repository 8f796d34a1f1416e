"""The user's isolate table: who, where, when and which assembly."""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from oneclone.errors import Problems
from oneclone.model.isolates import METADATA, Isolate, Place, Role, normal_name, row_id
from oneclone.tables import schemas
from oneclone.tables.delimited import Row, Table, parse_table
from oneclone.tables.limits import MAX_TABLE_BYTES
from oneclone.tables.plain_text import control_problems_of_row, header_problems

REQUIRED = ("isolate", "assembly", "role")
COLUMNS = (*REQUIRED, *METADATA)
ACCESSION = re.compile(r"GC[AF]_[0-9]{9}(\.[0-9]+)?")
LOOK_ALIKE_IGNORED = {"Cf", "Zs"}  # invisible characters and blanks
# Beside an empty cell, in the columns that say who, where and when: two of them would be taken for
# one clinic or patient. The terms of INSDC among them.
MISSING_VALUES = {
    "?", "-", "--", "n/a", "n.a.", "na", "nan", "none", "null", "unknown", "missing",
    "not applicable", "not available", "not collected", "not known", "not provided",
    "restricted access",
}  # fmt: skip
MAX_LATITUDE = 90
MAX_LONGITUDE = 180


@dataclass(frozen=True)
class IsolateRow:
    """A row of the table: the isolate without its sha256, and the assembly cell as typed."""

    number: int
    isolate: Isolate
    assembly_cell: str


def read_isolate_table(path: Path, today: datetime.date) -> tuple[IsolateRow, ...]:
    """Read and check an isolate table.

    Parameters
    ----------
    path
        The table, tab-separated.
    today
        Collection dates after this day are refused.

    Raises
    ------
    InputRefused
        With every problem of the table: file, row, column, value and what is expected.
    """
    problems = Problems()
    table = examine_isolate_table(path, today, problems)
    problems.refuse()
    return isolate_rows(table)


def examine_isolate_table(path: Path, today: datetime.date, problems: Problems) -> Table:
    """Return the rows of an isolate table as typed, right or not; none when it cannot be read.

    Parameters
    ----------
    path
        The table, tab-separated.
    today
        Collection dates after this day are refused.
    problems
        Receives every problem of the table.
    """
    parsed = problems.attempt(parse_table, path, REQUIRED, MAX_TABLE_BYTES)
    if parsed is None:
        return Table(path, (), ())
    table, short = parsed
    problems.add(short)
    if not table.rows and not short:
        problems.add([f"{path}: no isolate; write one row per isolate below the header"])
    problems.add(header_problems(table))
    problems.add(problem for row in table.rows for problem in _row_problems(table, row, today))
    problems.add(_repeated_names(table))
    return table


def isolate_rows(table: Table) -> tuple[IsolateRow, ...]:
    """Return the isolates of a checked table."""
    return tuple(
        IsolateRow(row.number, _isolate(table, row), row["assembly"].strip()) for row in table.rows
    )


def look_alikes(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Return groups of names that differ only by case, blanks, `-`, `_` or invisible characters.

    Examples
    --------
    >>> look_alikes(["Pt-A", "PtB", "pt a", "Pt_A"])
    [('Pt-A', 'Pt_A', 'pt a')]
    """
    groups: dict[str, list[str]] = {}
    for name in sorted(names):
        groups.setdefault(_look(name), []).append(name)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def missing_value(cell: str) -> bool:
    """Return whether a cell holds a word that says that nothing is known.

    Examples
    --------
    >>> [missing_value(cell) for cell in ("NA", " Unknown", "missing: third party data", "Nauru")]
    [True, True, True, False]
    """
    word = cell.strip().casefold()
    return word in MISSING_VALUES or word.startswith("missing:")


def _look(name: str) -> str:
    """Return what remains of a name when all that look-alikes may differ in is taken away."""
    return "".join(
        letter
        for letter in normal_name(name).casefold()
        if letter not in "-_" and unicodedata.category(letter) not in LOOK_ALIKE_IGNORED
    )


def _row_problems(table: Table, row: Row, today: datetime.date) -> list[str]:
    """Return what is wrong with one row."""
    where = f"{table.path} row {row.number}"
    found = control_problems_of_row(table.path, row)
    trimmed = {column: _known(row, column) for column in row.cells}
    found += schemas.problems(trimmed, schemas.load_schema("isolates"), where)
    found += _date_problems(where, trimmed.get("collection_date", ""), today)
    found += _place_problems(where, trimmed.get("latitude", ""), trimmed.get("longitude", ""))
    if trimmed["role"] == Role.CASE and not trimmed.get("patient"):
        found.append(
            f"{where}: case '{row['isolate']}' has no patient; give a pseudonym, because "
            "isolates of one patient never prove a link between clinics"
        )
    return found


def _date_problems(where: str, text: str, today: datetime.date) -> list[str]:
    """Return why a date cannot be: a day that does not exist, or one in the future."""
    rule = schemas.load_schema("isolates")["properties"]["collection_date"]["pattern"]
    if not text or not re.search(rule, text):  # absent, or refused by the schema already
        return []
    parts = [int(part) for part in text.split("-")]
    try:
        earliest = datetime.date(*[*parts, 1, 1][:3])
    except ValueError:
        return [f"{where}: collection_date '{text}' is not a day of the calendar; use YYYY-MM-DD"]
    if earliest > today:
        return [f"{where}: collection_date '{text}' lies in the future; correct it"]
    return []


def _place_problems(where: str, latitude: str, longitude: str) -> list[str]:
    """Return why a position cannot be used."""
    if bool(latitude) != bool(longitude):
        return [f"{where}: latitude and longitude must both be given or both be empty"]
    found: list[str] = []
    for column, text, limit in (
        ("latitude", latitude, MAX_LATITUDE),
        ("longitude", longitude, MAX_LONGITUDE),
    ):
        if re.fullmatch(r"[+-]?[0-9]+([.][0-9]+)?", text) and abs(float(text)) > limit:
            found.append(f"{where}: {column} '{text}' lies outside -{limit} to {limit} degrees")
    return found


def _repeated_names(table: Table) -> list[str]:
    """Return a sentence for each name that two rows share after composing and trimming."""
    rows: dict[str, list[int]] = {}
    for row in table.rows:
        rows.setdefault(normal_name(row["isolate"]), []).append(row.number)
    return [
        f"{table.path} rows {', '.join(map(str, numbers))}: isolate '{name}' appears more than "
        "once; names must be unique"
        for name, numbers in rows.items()
        if name and len(numbers) > 1
    ]


def _isolate(table: Table, row: Row) -> Isolate:
    """Return the isolate of a checked row; its assembly is hashed later."""
    latitude, longitude = _known(row, "latitude"), _known(row, "longitude")
    return Isolate(
        row_id=row_id(row["isolate"]),
        name=row["isolate"],
        role=Role(row["role"].strip()),
        assembly="",
        patient=normal_name(_known(row, "patient")),
        clinic=normal_name(_known(row, "clinic")),
        collection_date=_known(row, "collection_date"),
        country=normal_name(_known(row, "country")),
        place=Place(float(latitude), float(longitude)) if latitude else None,
        laboratory=normal_name(_known(row, "laboratory")),
        sequencing_run=normal_name(_known(row, "sequencing_run")),
        extraction_batch=normal_name(_known(row, "extraction_batch")),
        extra=_extra(table.columns, row),
    )


def _known(row: Row, column: str) -> str:
    """Return a cell trimmed, empty where its word says that nothing is known."""
    cell = row[column].strip()
    return "" if column in METADATA and missing_value(cell) else cell


def _extra(columns: Sequence[str], row: Row) -> dict[str, str]:
    """Return the cells of the columns that oneclone only carries through."""
    return {column: row[column] for column in columns if column not in COLUMNS}
