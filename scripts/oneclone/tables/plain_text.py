"""Control characters in tables: no table could hold them."""

import unicodedata
from pathlib import Path

from oneclone.tables.delimited import SHOWN, Row, Table

NOT_TEXT = {"Cc", "Cs"}  # control characters, and bytes that are no UTF-8


def control_characters(cell: str) -> list[str]:
    r"""Return the control characters of a cell, each once.

    With them what stands for a byte of a file's name that is no UTF-8: no table can hold it.

    Examples
    --------
    >>> control_characters("a\x07.fna"), control_characters("a b.fna")
    (['\x07'], [])
    """
    return [letter for letter in sorted(set(cell)) if unicodedata.category(letter) in NOT_TEXT]


def control_problems(table: Table) -> list[str]:
    """Return a sentence for each control character in a table: no table of ours could hold it."""
    return header_problems(table) + [
        problem for row in table.rows for problem in control_problems_of_row(table.path, row)
    ]


def header_problems(table: Table) -> list[str]:
    """Return a sentence for each control character in the names of the columns."""
    return [
        f"{table.path} row 1: the column {column[:SHOWN]!r} holds a control character (code "
        f"{ord(letter)}); remove it"
        for column in table.columns
        for letter in control_characters(column)
    ]


def control_problems_of_row(path: Path, row: Row) -> list[str]:
    """Return a sentence for each control character in the cells of a row."""
    return [
        f"{path} row {row.number}, column '{column}': the cell holds a control character (code "
        f"{ord(letter)}); remove it"
        for column, cell in row.cells.items()
        for letter in control_characters(cell)
    ]
