"""Tab-separated tables: UTF-8, one header row, no quoting, missing value = empty."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from oneclone.errors import InputRefused
from oneclone.model.isolates import normal_name
from oneclone.tables.atomic import replacing
from oneclone.tables.limits import MAX_TABLE_COLUMNS, MAX_TABLE_ROWS

SHOWN = 1000  # characters of what a user wrote, in a message
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods, .xls
FIRST_DATA_ROW = 2  # rows are counted as a spreadsheet counts them, the header being row 1


@dataclass(frozen=True)
class Row:
    """One data row; `number` is 1-based and counts the header as row 1."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell, empty when the table has no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    """A table as read: every cell is text."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path, required: Sequence[str], max_bytes: int | None = None) -> Table:
    """Read a tab-separated table; every cell stays the text that was typed.

    Parameters
    ----------
    path
        The table.
    required
        Columns that must be there.
    max_bytes
        Greatest size of a table that comes from elsewhere; `None` for one of ours.

    Raises
    ------
    InputRefused
        If the file cannot be read as UTF-8 text, lacks a required column, repeats a column or
        has a row with more or fewer cells than the header. All problems of the file are listed.
    """
    table, problems = parse_table(path, required, max_bytes)
    if problems:
        raise InputRefused(problems)
    return table


def cells_by_isolate(table: Table) -> dict[str, Mapping[str, str]]:
    """Return the cells of a table with one row for each isolate, by isolate and column."""
    return {row["isolate"]: row.cells for row in table.rows}


def parse_table(
    path: Path, required: Sequence[str], max_bytes: int | None = None
) -> tuple[Table, list[str]]:
    """Return the rows that have a cell in every column, and a problem for each other row.

    Parameters
    ----------
    path
        The table.
    required
        Columns that must be there.
    max_bytes
        Greatest size of a table that comes from elsewhere; `None` for one of ours.

    Raises
    ------
    InputRefused
        If the file cannot be read as UTF-8 text, lacks a required column or repeats a column.
    """
    lines = read_lines(path, max_bytes)
    if not lines:
        raise InputRefused([f"{path}: the table is empty; it needs a header row"])
    columns = tuple(cell.strip() for cell in lines[0].split("\t"))
    if max_bytes is not None and (len(lines) > MAX_TABLE_ROWS or len(columns) > MAX_TABLE_COLUMNS):
        what = f"{len(lines)} rows of {len(columns)} columns; at most {MAX_TABLE_ROWS} rows of "
        raise InputRefused([f"{path}: {what}{MAX_TABLE_COLUMNS} columns can be read"])
    refused = _header_problems(path, columns, required)
    problems: list[str] = []
    rows: list[Row] = []
    for number, line in enumerate(lines[1:], start=FIRST_DATA_ROW):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) != len(columns):
            problems.append(
                f"{path} row {number}: {len(cells)} cells under {len(columns)} columns; "
                "every row needs as many tabs as the header"
            )
        else:
            rows.append(Row(number, dict(zip(columns, cells, strict=True))))
    if refused:
        raise InputRefused(refused + problems)
    return Table(path, columns, tuple(rows)), problems


def write_table(
    path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object] | Sequence[object]]
) -> None:
    """Write a tab-separated table atomically; `None` becomes an empty cell.

    Parameters
    ----------
    path
        File to write.
    columns
        Header, in order.
    rows
        Mappings from column to value, or sequences in the order of the columns; they are
        written as they come, so a long table need not be held in memory.
    """
    with (
        replacing(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="\n") as opened,
    ):
        opened.writelines(table_lines(columns, rows))


def table_lines(
    columns: Sequence[str], rows: Iterable[Mapping[str, object] | Sequence[object]]
) -> Iterator[str]:
    r"""Give the lines that `write_table` writes.

    Parameters
    ----------
    columns
        Header, in order.
    rows
        Mappings from column to value, or sequences in the order of the columns.

    Examples
    --------
    >>> list(table_lines(["isolate", "snps"], [["PtA-CSF", None], {"snps": 2}]))
    ['isolate\tsnps\n', 'PtA-CSF\t\n', '\t2\n']
    """
    yield "\t".join(columns) + "\n"
    for row in rows:
        values = [row.get(column) for column in columns] if isinstance(row, Mapping) else row
        yield "\t".join("" if value is None else str(value) for value in values) + "\n"


def rows_text(numbers: Iterable[int]) -> str:
    """Return the rows of a table in words.

    Examples
    --------
    >>> rows_text([4]), rows_text([4, 7])
    ('row 4', 'rows 4, 7')
    """
    listed = [str(number) for number in numbers]
    return f"row{'s' if len(listed) > 1 else ''} {', '.join(listed)}"


def distinct_column(
    column: str, is_taken: Callable[[str], bool], others: Collection[str], pattern: str
) -> str:
    """Return what a column of the user's is called beside those of a table of ours.

    Parameters
    ----------
    column
        Its name.
    is_taken
        Whether a name means something in our table.
    others
        All columns of the user's; a changed name is none of them.
    pattern
        How a name is changed, `{}` for the name; more than once where need be.

    Examples
    --------
    >>> distinct_column("state", {"state"}.__contains__, ["state", "own_state"], "own_{}")
    'own_own_state'
    """
    shown = column
    while is_taken(shown) or (shown != column and shown in others):
        shown = pattern.format(shown)
    return shown


def repeated_names(table: Table, column: str, remedy: str) -> list[str]:
    """Return a sentence for each name that several rows share; empty cells are no names."""
    rows: dict[str, list[int]] = {}
    for row in table.rows:
        rows.setdefault(normal_name(row[column]), []).append(row.number)
    return [
        f"{table.path} {rows_text(numbers)}: {column} '{name}' appears {len(numbers)} times; "
        f"{remedy}"
        for name, numbers in sorted(rows.items())
        if name and len(numbers) > 1
    ]


def read_lines(path: Path, max_bytes: int | None = None) -> list[str]:
    """Return the lines of a UTF-8 text file without their ends, Unix, DOS or old Mac.

    Parameters
    ----------
    path
        The file.
    max_bytes
        Its greatest size, `None` for any; no more than that is read.

    Raises
    ------
    InputRefused
        If the file cannot be read, is too large or is not UTF-8.
    """
    try:
        with path.open("rb") as opened:
            content = opened.read() if max_bytes is None else opened.read(max_bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: no file can have this name
        what = getattr(error, "strerror", None) or "no file can have this name"
        raise InputRefused(
            [f"{str(path)[:SHOWN]}: cannot be read ({what}); check the path"]
        ) from error
    if max_bytes is not None and len(content) > max_bytes:
        raise InputRefused(
            [f"{path}: more than {max_bytes} bytes, which no such file has; check the path"]
        )
    if content.startswith(WORKBOOKS):
        what = "a workbook; save its sheet as text (tab-separated, UTF-8) and give that file"
        raise InputRefused([f"{path}: {what}"])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputRefused(
            [f"{path}: not UTF-8 text (byte {error.start}); save the file as UTF-8"]
        ) from error
    if "\n" not in text:
        text = text.replace("\r", "\n")  # line ends of old Macs, still written by spreadsheets
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _header_problems(path: Path, columns: Sequence[str], required: Sequence[str]) -> list[str]:
    """Return what is wrong with a header, one sentence each."""
    missing = [column for column in required if column not in columns]
    if missing and len(columns) == 1:
        return [
            f"{path}: one column found, '{columns[0][:60]}'; the table must be separated by tabs"
        ]
    problems = [
        f"{path}: column '{column}' is missing; found: {', '.join(columns)[:SHOWN]}"
        f"{_near(column, columns)}"
        for column in missing
    ]
    repeated = sorted(column for column, count in Counter(columns).items() if count > 1)
    problems += [f"{path}: column '{column}' appears twice; rename one" for column in repeated]
    return problems


def _near(wanted: str, columns: Sequence[str]) -> str:
    """Return which column may be the one that is missing, empty when none is like it."""
    plain = {column.strip("\"'").casefold(): column for column in columns}
    near = get_close_matches(wanted, plain, 1)
    return f"; rename '{plain[near[0]]}' if that is it" if near else ""
