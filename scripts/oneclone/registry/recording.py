"""Take a finished run into the registry: one transaction, the last step of a run."""

import datetime
import json
import sqlite3

from oneclone.model.history import KnownIsolate, RunRecord, Snapshot, address_text
from oneclone.registry.database import RegistryProblem, transaction
from oneclone.registry.past import RunKey, packed, previous_number
from oneclone.registry.recorded import recorded_run

KEPT_DETAILS = 2  # runs of an investigation: the latest, and the one that it is compared with


class RegistryMoved(RegistryProblem):
    """Another run of the investigation was recorded since this one began."""


def record_run(database: sqlite3.Connection, record: RunRecord, distances: str) -> int:
    """Take a run into the registry and return its number; a known run is not taken again.

    Parameters
    ----------
    database
        The registry.
    record
        The run.
    distances
        Its table of distances.

    Raises
    ------
    RegistryMoved
        If the run was compared with another run than the one that is the latest by now: names
        that it gave may be in use already.
    """
    key = RunKey(record.snapshot.investigation, record.snapshot.panel, record.snapshot.identity)
    with transaction(database):
        if known := recorded_run(database, record):
            return known.number
        if previous_number(database, key) != record.previous:
            raise RegistryMoved(
                "the registry is not as it was when this run began (another run of the "
                "investigation was recorded, or the file was replaced), so this run was not "
                "recorded; run the same command again"
            )
        number = _add_run(database, key, record, distances)
        for isolate in record.snapshot.isolates:
            _add_sighting(database, number, isolate)
        _add_verdicts(database, number, record)
        _add_events(database, number, record)
        _forget_details(database, number)
    return number


def _add_run(database: sqlite3.Connection, key: RunKey, record: RunRecord, distances: str) -> int:
    """Add the row of a run and return its number."""
    snapshot = record.snapshot
    investigation = (key.investigation, key.panel)
    database.execute(
        "INSERT OR IGNORE INTO investigations (name, panel) VALUES (?, ?)", investigation
    )
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    rows = database.execute(
        "INSERT INTO runs (investigation, previous, identity, recorded, panel_version, verdict, "
        "sentence, reasons, settings, versions, distances_sha256, distances, pairs) "
        "SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM investigations "
        "WHERE name = ? AND panel = ? RETURNING number",
        (
            record.previous,
            snapshot.identity,
            now,
            snapshot.panel_version,
            snapshot.verdict,
            snapshot.sentence,
            json.dumps(snapshot.reasons),
            json.dumps(snapshot.settings),
            json.dumps(snapshot.versions),
            record.distances_sha256,
            packed(distances),
            packed(_pairs_text(snapshot)),
            *investigation,
        ),
    )
    return rows.fetchone()[0]


def _add_sighting(database: sqlite3.Connection, number: int, isolate: KnownIsolate) -> None:
    """Add what a run found of an isolate."""
    if isolate.genome:
        database.execute("INSERT OR IGNORE INTO genomes VALUES (?, ?)", (isolate.genome, number))
        database.execute(
            "INSERT OR IGNORE INTO files VALUES (?, ?)", (isolate.sha256, isolate.genome)
        )
    database.execute(
        "INSERT INTO sightings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            isolate.name,
            isolate.genome or None,
            isolate.sha256,
            isolate.role,
            isolate.state,
            isolate.reason,
            isolate.clone,
            isolate.settled_clone,
            address_text(isolate.address),
            json.dumps(dict(isolate.metadata), ensure_ascii=False),
        ),
    )


def _add_verdicts(database: sqlite3.Connection, number: int, record: RunRecord) -> None:
    """Add the verdicts of clones."""
    database.executemany(
        "INSERT INTO verdicts VALUES (?, ?, ?, ?)",
        [(number, each.first, each.verdict, each.reason) for each in record.snapshot.clones],
    )


def _add_events(database: sqlite3.Connection, number: int, record: RunRecord) -> None:
    """Add what changed."""
    database.executemany(
        "INSERT INTO events (run, kind, subject, before, after, partner, reason) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (number, each.kind, each.subject, each.before, each.after, each.partner, each.reason)
            for each in record.changes
        ],
    )


def _forget_details(database: sqlite3.Connection, number: int) -> None:
    """Drop distances and verdicts of pairs that no run will be compared with again.

    They grow with the square of the isolates. The hash of the distances stays, and so does, as
    an event, every change of a verdict.
    """
    database.execute(
        "UPDATE runs SET distances = NULL, pairs = NULL WHERE number IN (SELECT number FROM runs "
        "WHERE distances IS NOT NULL AND investigation = (SELECT investigation FROM runs "
        "WHERE number = ?) ORDER BY number DESC LIMIT -1 OFFSET ?)",
        (number, KEPT_DETAILS),
    )


def _pairs_text(snapshot: Snapshot) -> str:
    """Return the verdicts of pairs in one text: as rows they would be most of the registry."""
    cells = [(each.first, each.second, each.verdict, each.reason) for each in snapshot.pairs]
    return json.dumps(cells, ensure_ascii=False)
