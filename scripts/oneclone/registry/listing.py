"""What `oneclone registry list` shows: runs, isolates and clones."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from oneclone.model.history import HELD_SEPARATOR
from oneclone.registry.database import RegistryProblem, one_state
from oneclone.registry.decisions import withdrawn
from oneclone.registry.finding import LATEST_RUNS, SHORT_DIGITS

RUN_COLUMNS = (
    "run", "recorded", "investigation", "panel", "panel_version", "used", "isolates", "verdict",
    "previous",
)  # fmt: skip
ISOLATE_COLUMNS = (
    "isolate", "investigation", "panel", "genome", "first_run", "last_run", "state", "clone",
    "address", "withdrawn",
)  # fmt: skip
CLONE_COLUMNS = (
    "clone", "investigation", "panel", "members", "verdict", "founded_in_run", "last_run", "held",
)  # fmt: skip


@dataclass(frozen=True)
class Listing:
    """A table of texts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def list_runs(database: sqlite3.Connection, investigation: str | None = None) -> Listing:
    """Return all runs; isolates are counted without references of the panel."""
    rows = database.execute(
        "SELECT number, recorded, i.name, i.panel, panel_version, "
        "(SELECT count(*) FROM sightings WHERE run = number AND role != 'reference' "
        "AND state = 'used'), "
        "(SELECT count(*) FROM sightings WHERE run = number AND role != 'reference'), "
        "verdict, previous FROM runs JOIN investigations i ON i.id = investigation "
        "WHERE i.name = coalesce(?, i.name) ORDER BY number",
        (_known(database, investigation),),
    )
    return Listing(RUN_COLUMNS, tuple(_texts(row) for row in rows))


def list_isolates(database: sqlite3.Connection, investigation: str | None = None) -> Listing:
    """Return each isolate of an investigation as its last run left it."""
    with one_state(database):
        gone = {each.genome for each in withdrawn(database)}
        gone_files = {sha256 for each in withdrawn(database) for sha256 in each.files}
        rows = database.execute(
            "WITH seen AS (SELECT investigation, isolate, min(run) AS first, max(run) AS last "
            "FROM sightings JOIN runs ON number = run WHERE role != 'reference' "
            "GROUP BY investigation, isolate) "
            "SELECT s.isolate, i.name, i.panel, coalesce(s.genome, "
            "(SELECT max(f.genome) FROM files f WHERE f.sha256 = s.sha256)), first, last, state, "
            "clone, address, s.sha256 FROM seen "
            "JOIN sightings s ON s.run = last AND s.isolate = seen.isolate "
            "JOIN investigations i ON i.id = investigation "
            "WHERE i.name = coalesce(?, i.name) ORDER BY i.name, i.panel, s.isolate",
            (_known(database, investigation),),
        ).fetchall()
    return Listing(
        ISOLATE_COLUMNS,
        tuple(
            _texts((*row, "yes" if row[3] in gone or sha256 in gone_files else ""))
            for *row, sha256 in rows
        ),
    )


def list_clones(database: sqlite3.Connection, investigation: str | None = None) -> Listing:
    """Return the named clones of the latest run of each investigation.

    `held` are the isolates that wait for a decision over the merging of its name with others.
    """
    with one_state(database):
        rows = database.execute(
            "WITH born AS (SELECT investigation, settled_clone, min(run) AS founded "  # noqa: S608 (a constant)
            "FROM sightings JOIN runs ON number = run GROUP BY investigation, settled_clone) "
            "SELECT s.settled_clone, i.name, i.panel, count(*), v.verdict, founded, number, "
            "s.clone FROM sightings s JOIN runs ON number = s.run "
            "JOIN born ON born.investigation = runs.investigation "
            "AND born.settled_clone = s.settled_clone "
            "JOIN investigations i ON i.id = runs.investigation "
            "LEFT JOIN verdicts v ON v.run = number AND v.clone = s.clone "
            f"WHERE number IN ({LATEST_RUNS}) AND s.settled_clone != '' "
            "AND i.name = coalesce(?, i.name) GROUP BY number, s.settled_clone "
            "ORDER BY i.name, i.panel, s.settled_clone",
            (_known(database, investigation),),
        ).fetchall()
        held = {(row[6], row[7]): ", ".join(_held(database, row[6], row[7])) for row in rows}
    return Listing(CLONE_COLUMNS, tuple(_texts((*row[:7], held[row[6], row[7]])) for row in rows))


def aligned(listing: Listing) -> Iterator[str]:
    """Give the lines of a listing for people: columns aligned, hashes shortened.

    Examples
    --------
    >>> list(aligned(Listing(("run", "genome"), (("1", 64 * "a"), ("10", "")))))
    ['run  genome', '1    aaaaaaaaaaaa', '10']
    """
    hashes = [column in {"genome", "sha256"} for column in listing.columns]
    shown = [
        listing.columns,
        *(
            [
                cell[:SHORT_DIGITS] if is_hash else cell
                for cell, is_hash in zip(row, hashes, strict=True)
            ]
            for row in listing.rows
        ),
    ]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        yield "  ".join(map(str.ljust, row, widths)).rstrip()


def _held(database: sqlite3.Connection, run: int, clone: str) -> list[str]:
    """Return the isolates of a published clone that have no settled name."""
    if HELD_SEPARATOR not in clone:
        return []
    rows = database.execute(
        "SELECT isolate FROM sightings WHERE run = ? AND clone = ? AND settled_clone = '' "
        "ORDER BY isolate",
        (run, clone),
    )
    return [name for (name,) in rows]


def _known(database: sqlite3.Connection, investigation: str | None) -> str | None:
    """Return an investigation that is there, `None` for all."""
    names = [
        name for (name,) in database.execute("SELECT DISTINCT name FROM investigations ORDER BY 1")
    ]
    if investigation is not None and investigation not in names:
        raise RegistryProblem(
            f"investigation '{investigation}' has no run in the registry; those that have: "
            f"{', '.join(map(repr, names)) or 'none'}"
        )
    return investigation


def _texts(row: tuple[object, ...]) -> tuple[str, ...]:
    """Return cells as texts, empty for what is missing."""
    return tuple("" if cell is None else str(cell) for cell in row)
