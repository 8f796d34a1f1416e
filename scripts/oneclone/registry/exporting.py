"""Write a registry as tables of text, to be read without SQLite and kept for long."""

import sqlite3
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

from oneclone.errors import OnecloneError
from oneclone.private_files import OWNER_ALONE
from oneclone.registry.database import one_state
from oneclone.registry.past import read_distances, read_pairs
from oneclone.tables.atomic import write_text
from oneclone.tables.delimited import write_table
from oneclone.tables.manifest import write_manifest

ORDER = {
    "investigations": "id",
    "runs": "number",
    "genomes": "genome",
    "files": "sha256, genome",
    "sightings": "run, isolate",
    "verdicts": "run, clone",
    "events": "id",
    "decisions": "id",
}
"""Every table, and by what its rows are sorted."""
PACKED = {"distances", "pairs"}  # columns of compressed tables; they are written on their own
PAIR_COLUMNS = ("first", "second", "verdict", "reason")
MANIFEST = "manifest.sha256"
PRIVATE_FOLDER = 0o700
BLANKS = str.maketrans({"\t": " ", "\n": " ", "\r": " "})  # a cell is one line


def export_registry(database: sqlite3.Connection, folder: Path) -> list[str]:
    """Write every table and every table of distances that is kept; return the names of the files.

    Parameters
    ----------
    database
        The registry.
    folder
        Where to write: a new or empty folder. Its manifest is written last.

    Raises
    ------
    OnecloneError
        If the folder is not empty, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        if any(folder.iterdir()):
            raise OnecloneError(f"{folder}: is not an empty folder; choose another")
        with one_state(database):
            names = [*_tables(database, folder), *_tables_of_pairs(database, folder)]
        write_manifest(folder / MANIFEST, folder, [folder / name for name in names])
        for name in [*names, MANIFEST]:
            (folder / name).chmod(OWNER_ALONE)  # for a folder that was there, open to others
    except OSError as error:
        raise OnecloneError(
            f"{folder}: cannot be written ({error.strerror}); remove what is in it, check path, "
            "permissions and space, and export again"
        ) from error
    return [*sorted(names), MANIFEST]


def _tables(database: sqlite3.Connection, folder: Path) -> Iterator[str]:
    """Write each table and give the name of its file."""
    for table, order in ORDER.items():
        described = database.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", (table,))
        columns = [column for (column,) in described if column not in PACKED]
        rows = database.execute(
            f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}"  # noqa: S608 (constants)
        )
        write_table(folder / f"{table}.tsv", columns, map(_cells, rows))
        yield f"{table}.tsv"


def _tables_of_pairs(database: sqlite3.Connection, folder: Path) -> Iterator[str]:
    """Write the tables of distances and verdicts of the runs that keep them; give their names."""
    kept = database.execute("SELECT number FROM runs WHERE distances IS NOT NULL ORDER BY number")
    for (number,) in kept.fetchall():
        name = f"distances-of-run-{number}.tsv"
        write_text(folder / name, read_distances(database, number) or "")
        yield name
        name = f"pairs-of-run-{number}.tsv"
        pairs = read_pairs(database, number)
        write_table(folder / name, PAIR_COLUMNS, (_cells(astuple(each)) for each in pairs))
        yield name


def _cells(row: tuple[object, ...]) -> tuple[object, ...]:
    """Return the cells of a row, each in one line."""
    return tuple(cell.translate(BLANKS) if isinstance(cell, str) else cell for cell in row)
