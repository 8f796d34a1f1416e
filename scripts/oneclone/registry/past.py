"""Read from the registry what is known when a run begins."""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from oneclone.model.history import (
    ADDRESS_SEPARATOR,
    DecisionKind,
    History,
    KnownIsolate,
    KnownVerdict,
    Snapshot,
)

SIGHTING = (
    "isolate, role, state, reason, sha256, coalesce(genome, ''), clone, settled_clone, address, "
    "metadata"
)


@dataclass(frozen=True)
class RunKey:
    """Which run begins: its investigation, the name of its panel, and its identity."""

    investigation: str
    panel: str
    identity: str


def read_history(database: sqlite3.Connection, key: RunKey) -> History:
    """Return what is known when a run begins.

    The previous run is the latest of the investigation; when that is this very run, as when a
    command is repeated, it is the one with which this run was compared the first time.
    """
    number = previous_number(database, key)
    if number is None:
        return History(is_kept=True)
    investigation = _investigation(database, key)
    return History(
        is_kept=True,
        number=number,
        previous=read_snapshot(database, number),
        earlier=tuple(_earlier(database, investigation, number)),
        clone_names=_clone_names(database, investigation, number),
        highest_labels=_highest_labels(database, investigation, number),
        decisions=read_decisions(database, key.investigation, key.panel),
    )


def previous_number(database: sqlite3.Connection, key: RunKey) -> int | None:
    """Return the number of the run with which a run is compared, `None` for the first one."""
    row = database.execute(
        "SELECT number, identity, previous FROM runs JOIN investigations i ON i.id = investigation "
        "WHERE i.name = ? AND i.panel = ? ORDER BY number DESC LIMIT 1",
        (key.investigation, key.panel),
    ).fetchone()
    if row is None:
        return None
    number, identity, previous = row
    return previous if identity == key.identity else number


def read_decisions(
    database: sqlite3.Connection, investigation: str, panel: str
) -> dict[str, DecisionKind]:
    """Return the last decision over the merging of names for each genome of an investigation."""
    rows = database.execute(
        "SELECT genome, kind, max(id) FROM decisions WHERE kind IN ('accept', 'hold') "
        "AND genome IN (SELECT genome FROM sightings JOIN runs ON number = run "
        "JOIN investigations i ON i.id = investigation WHERE i.name = ? AND i.panel = ?) "
        "GROUP BY genome ORDER BY genome",
        (investigation, panel),
    )
    return {genome: DecisionKind(kind) for genome, kind, _ in rows}


def read_snapshot(database: sqlite3.Connection, number: int) -> Snapshot:
    """Return a run as it was recorded."""
    row = database.execute(
        "SELECT identity, i.name, i.panel, panel_version, verdict, sentence, reasons, settings, "
        "versions FROM runs JOIN investigations i ON i.id = investigation WHERE number = ?",
        (number,),
    ).fetchone()
    verdicts = tuple(_verdicts(database, number))
    return Snapshot(
        identity=row[0],
        investigation=row[1],
        panel=row[2],
        panel_version=row[3],
        verdict=row[4],
        sentence=row[5],
        reasons=tuple(json.loads(row[6])),
        isolates=tuple(
            known_isolate(each)
            for each in database.execute(
                f"SELECT {SIGHTING} FROM sightings WHERE run = ? ORDER BY isolate",  # noqa: S608 (a constant)
                (number,),
            )
        ),
        clones=tuple(each for each in verdicts if not each.second),
        pairs=tuple(each for each in verdicts if each.second),
        settings=json.loads(row[7]),
        versions=json.loads(row[8]),
    )


def read_distances(database: sqlite3.Connection, number: int) -> str | None:
    """Return the table of distances of a run, `None` when it is no longer kept."""
    (packed,) = database.execute(
        "SELECT distances FROM runs WHERE number = ?", (number,)
    ).fetchone()
    return None if packed is None else zlib.decompress(packed).decode()


def known_isolate(row: tuple[str, ...]) -> KnownIsolate:
    """Return the isolate of a row of sightings, columns as in `SIGHTING`."""
    *texts, address, metadata = row
    labels = tuple(map(int, address.split(ADDRESS_SEPARATOR))) if address else ()
    return KnownIsolate(*texts, address=labels[::-1], metadata=json.loads(metadata))


def _investigation(database: sqlite3.Connection, key: RunKey) -> int:
    """Return the row of an investigation that has a run."""
    (number,) = database.execute(
        "SELECT id FROM investigations WHERE name = ? AND panel = ?",
        (key.investigation, key.panel),
    ).fetchone()
    return number


def _earlier(
    database: sqlite3.Connection, investigation: int, number: int
) -> Iterator[KnownIsolate]:
    """Give for each isolate and genome the last sightings in use and under a name, oldest first."""
    for what in ("state = 'used'", "settled_clone != ''"):
        rows = database.execute(
            f"SELECT {SIGHTING}, max(run) FROM sightings JOIN runs ON number = run "  # noqa: S608 (constants)
            f"WHERE investigation = ? AND run < ? AND {what} "
            "GROUP BY isolate, genome ORDER BY max(run), isolate",
            (investigation, number),
        )
        for *row, _ in rows.fetchall():
            yield known_isolate(tuple(row))


def _clone_names(database: sqlite3.Connection, investigation: int, number: int) -> tuple[str, ...]:
    """Return every name of a clone up to a run, the oldest first."""
    rows = database.execute(
        "SELECT settled_clone, min(run) FROM sightings JOIN runs ON number = run "
        "WHERE investigation = ? AND run <= ? AND settled_clone != '' "
        "GROUP BY settled_clone ORDER BY min(run), settled_clone",
        (investigation, number),
    )
    return tuple(name for name, _ in rows)


def _highest_labels(
    database: sqlite3.Connection, investigation: int, number: int
) -> tuple[int, ...]:
    """Return the greatest cluster label up to a run at each SNP level."""
    rows = database.execute(
        "SELECT DISTINCT address FROM sightings JOIN runs ON number = run "
        "WHERE investigation = ? AND run <= ? AND address != ''",
        (investigation, number),
    )
    addresses = [map(int, reversed(text.split(ADDRESS_SEPARATOR))) for (text,) in rows]
    return tuple(map(max, zip(*addresses, strict=True)))


def _verdicts(database: sqlite3.Connection, number: int) -> Iterator[KnownVerdict]:
    """Give the verdicts of clones and pairs of a run."""
    rows = database.execute(
        "SELECT first, second, verdict, reason FROM verdicts WHERE run = ? ORDER BY first, second",
        (number,),
    )
    for row in rows:
        yield KnownVerdict(*row)
