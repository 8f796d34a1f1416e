"""What the registry says of a run that it may have taken already."""

import sqlite3
from typing import NamedTuple

from oneclone.model.history import RunRecord


class RecordedRun(NamedTuple):
    """A run in the registry."""

    number: int
    verdict: str
    sentence: str
    distances_sha256: str


def recorded_run(database: sqlite3.Connection, record: RunRecord) -> RecordedRun | None:
    """Return a run as the registry has it, `None` when it was not taken.

    It is the same run when it had the same content and was compared with the same one.

    Parameters
    ----------
    database
        The registry.
    record
        The record that the run left in its working directory.
    """
    row = database.execute(
        "SELECT number, verdict, sentence, distances_sha256 FROM runs "
        "JOIN investigations i ON i.id = investigation "
        "WHERE i.name = ? AND i.panel = ? AND identity = ? AND previous IS ?",
        (
            record.snapshot.investigation,
            record.snapshot.panel,
            record.snapshot.identity,
            record.previous,
        ),
    ).fetchone()
    return RecordedRun(*row) if row else None
