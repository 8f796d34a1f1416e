"""`background.tsv` and `clones.tsv` of a panel: what was published about clones, both optional.

Neither enters a call or a distance; an edit starts no call again.
"""

import re
from collections.abc import Callable
from pathlib import Path

from oneclone.errors import InputRefused
from oneclone.model.published import KnownClone, PublishedBackground
from oneclone.tables.delimited import Row, Table, read_table, repeated_names
from oneclone.tables.limits import MAX_TABLE_BYTES
from oneclone.tables.plain_text import control_problems

BACKGROUND_FILE = "background.tsv"
BACKGROUND_COLUMNS = (
    "clone",
    "subspecies",
    "isolates",
    "foreign_within_10_percent",
    "foreign_within_20_percent",
    "foreign_within_25_percent",
    "foreign_within_30_percent",
    "pairs_within_20_percent",
    "pairs_within_30_percent",
    "pairs_within_38_percent",
    "patient_pairs_within_10_percent",
    "patient_pairs_within_20_percent",
    "patient_pairs_within_30_percent",
    "citation",
    "note",
)
BACKGROUND_NEEDED = ("clone", "isolates", "citation")
CLONES_FILE = "clones.tsv"
CLONE_COLUMNS = (
    "clone",
    "subspecies",
    "also_known_as",
    "sequence_type",
    "isolates",
    "patients",
    "countries",
    "in_panel",
    "citation",
    "note",
)
CLONES_NEEDED = ("clone", "in_panel", "citation")
FIGURE = re.compile(r"(foreign|pairs|patient_pairs)_within_([0-9]{1,4})_percent")
FIGURE_LIKE = re.compile(r"within|percent", re.IGNORECASE)
COUNT = re.compile(r"[1-9][0-9]{0,8}")
PERCENT = re.compile(r"[0-9]+([.][0-9]+)?")
BETWEEN_VALUES = ";"


def read_background(path: Path) -> dict[str, PublishedBackground]:
    """Read the published closeness figures by clone, sorted by name.

    Columns `foreign_within_N_percent`, `pairs_within_N_percent` and
    `patient_pairs_within_N_percent` hold per cents for any number N of SNPs.

    Raises
    ------
    InputRefused
        With every problem: file, row, value and what is expected.
    """
    table = read_table(path, BACKGROUND_NEEDED, MAX_TABLE_BYTES)
    if problems := background_problems(table):
        raise InputRefused(problems)
    return published_background(table)


def published_background(table: Table) -> dict[str, PublishedBackground]:
    """Return the figures of a checked table by clone, sorted by name."""
    found = {row["clone"].strip(): _background(row) for row in table.rows}
    return dict(sorted(found.items()))


def background_problems(table: Table) -> list[str]:
    """Return what is wrong with the columns and rows of `background.tsv`."""
    problems = [
        f"{table.path}: column '{column}' is not read; name it foreign_within_N_percent, "
        "pairs_within_N_percent or patient_pairs_within_N_percent, with a number of SNPs for N"
        for column in table.columns
        if FIGURE_LIKE.search(column) and not FIGURE.fullmatch(column)
    ]
    return problems + _row_problems(table, BACKGROUND_NEEDED, _background_problems)


def read_known_clones(path: Path) -> tuple[KnownClone, ...]:
    """Read the clones that were described, in natural order of their names.

    Raises
    ------
    InputRefused
        With every problem: file, row, value and what is expected.
    """
    table = read_table(path, CLONES_NEEDED, MAX_TABLE_BYTES)
    if problems := known_clone_problems(table):
        raise InputRefused(problems)
    return known_clones(table)


def known_clone_problems(table: Table) -> list[str]:
    """Return what is wrong with the rows of `clones.tsv`."""
    return _row_problems(table, ("clone", "citation"), _clone_problems)


def known_clones(table: Table) -> tuple[KnownClone, ...]:
    """Return the clones of a checked table, in natural order of their names."""
    return tuple(
        sorted((_known_clone(row) for row in table.rows), key=lambda each: _natural(each.name))
    )


def _row_problems(
    table: Table, filled: tuple[str, ...], check: Callable[[str, Row], list[str]]
) -> list[str]:
    """Return the problems of all rows: empty cells, repeated clones, what `check` finds."""
    found = control_problems(table)
    for row in table.rows:
        where = f"{table.path} row {row.number}"
        found += [
            f"{where}: column '{column}' is empty; fill it in"
            for column in filled
            if not row[column].strip()
        ]
        found += check(where, row)
    return found + repeated_names(table, "clone", "keep one row")


def _background_problems(where: str, row: Row) -> list[str]:
    """Return what is wrong with the figures of one row."""
    found = _count_problems(where, row, ("isolates",))
    for column, text in _figure_cells(row).items():
        if not PERCENT.fullmatch(text) or float(text) > 100:
            found.append(f"{where}: {column} '{text}' is no per cent; write 0 to 100, such as 24.9")
    if found:
        return found
    if not _figure_cells(row):
        return [f"{where}: clone '{row['clone']}' has no figure; fill one in or drop the row"]
    for kind in ("foreign", "pairs", "patient_pairs"):
        figures = _figures(row, kind)
        values = [figures[snps] for snps in sorted(figures)]
        if values != sorted(values):
            shown = ", ".join(f"{figures[snps]:g} within {snps}" for snps in sorted(figures))
            found.append(
                f"{where}: {kind}_within figures fall as the number of SNPs rises ({shown}); "
                "correct them"
            )
    return found


def _clone_problems(where: str, row: Row) -> list[str]:
    """Return what is wrong with one described clone."""
    found = _count_problems(where, row, ("isolates", "patients", "countries"))
    found += _excess_problems(where, row)
    if row["in_panel"].strip() not in {"yes", "no"}:
        found.append(f"{where}: in_panel '{row['in_panel']}' is none of yes, no")
    return found


def _count_problems(where: str, row: Row, columns: tuple[str, ...]) -> list[str]:
    """Return which cells are neither empty nor a count."""
    return [
        f"{where}: {column} '{row[column]}' is no count; write a whole number from 1"
        for column in columns
        if row[column].strip() and not COUNT.fullmatch(row[column].strip())
    ]


def _excess_problems(where: str, row: Row) -> list[str]:
    """Return which counts exceed that of the isolates: each patient and country has one or more."""
    isolates = row["isolates"].strip()
    return [
        f"{where}: {column} '{text}' exceeds isolates '{isolates}', but each has one isolate or "
        "more; correct one of the two"
        for column in ("patients", "countries")
        if COUNT.fullmatch(text := row[column].strip())
        and COUNT.fullmatch(isolates)
        and int(text) > int(isolates)
    ]


def _figure_cells(row: Row) -> dict[str, str]:
    """Return the filled cells that hold per cents, by column."""
    return {
        column: cell.strip()
        for column, cell in row.cells.items()
        if FIGURE.fullmatch(column) and cell.strip()
    }


def _figures(row: Row, kind: str) -> dict[int, float]:
    """Return the per cents of one kind by number of SNPs, ascending."""
    found: dict[int, float] = {}
    for column, text in _figure_cells(row).items():
        name, snps = FIGURE.fullmatch(column).groups()  # pyright: ignore[reportOptionalMemberAccess] (the cells were chosen by this pattern)
        if name == kind:
            found[int(snps)] = float(text)
    return dict(sorted(found.items()))


def _background(row: Row) -> PublishedBackground:
    """Return the figures of a checked row."""
    return PublishedBackground(
        clone=row["clone"].strip(),
        isolates=int(row["isolates"]),
        foreign_within=_figures(row, "foreign"),
        pairs_within=_figures(row, "pairs"),
        citation=row["citation"].strip(),
        note=row["note"].strip(),
        patient_pairs_within=_figures(row, "patient_pairs"),
        subspecies=row["subspecies"].strip(),
    )


def _known_clone(row: Row) -> KnownClone:
    """Return the clone of a checked row."""
    counts = {
        column: int(text) if (text := row[column].strip()) else None
        for column in ("isolates", "patients", "countries")
    }
    return KnownClone(
        name=row["clone"].strip(),
        subspecies=row["subspecies"].strip(),
        also_known_as=_values(row["also_known_as"]),
        sequence_types=_values(row["sequence_type"]),
        isolates=counts["isolates"],
        patients=counts["patients"],
        countries=counts["countries"],
        in_panel=row["in_panel"].strip() == "yes",
        citation=row["citation"].strip(),
        note=row["note"].strip(),
    )


def _values(cell: str) -> tuple[str, ...]:
    """Return the values of a cell that may hold several."""
    return tuple(value.strip() for value in cell.split(BETWEEN_VALUES) if value.strip())


def _natural(name: str) -> list[tuple[str, int]]:
    """Return a key that sorts numbers inside names by value.

    Examples
    --------
    >>> sorted(["eDCC10", "eDCC8", "DCC1"], key=_natural)
    ['DCC1', 'eDCC8', 'eDCC10']
    """
    return [(text, int(number or 0)) for text, number in re.findall(r"([^0-9]*)([0-9]*)", name)]
