"""Read from the registry what is known when a run begins."""

import functools
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from oneclone.model.history import (
    ADDRESS_SEPARATOR,
    DecisionKind,
    History,
    KnownIsolate,
    KnownVerdict,
    Snapshot,
)
from oneclone.registry.database import RegistryProblem, one_state
from oneclone.tables.read_back import MALFORMED, malformed

P = ParamSpec("P")
T = TypeVar("T")
MAX_UNPACKED_BYTES = 1 << 30

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


def kept_by_us(read: Callable[P, T]) -> Callable[P, T]:
    """Make a reader of rows say that the registry holds what oneclone does not write."""

    @functools.wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(*args, **kwargs)
        except MALFORMED as error:
            raise RegistryProblem(
                f"the registry is damaged: {malformed(error)}; restore it from a backup, or move "
                "it away: names are lost then, results are not"
            ) from error

    return reading


@kept_by_us
def read_history(database: sqlite3.Connection, key: RunKey) -> History:
    """Return what is known when a run begins.

    The previous run is the latest of the investigation; when that is this very run, as when a
    command is repeated, it is the one with which this run was compared the first time.
    """
    with one_state(database):
        number = previous_number(database, key)
        if number is None:
            return History()
        investigation = _investigation(database, key)
        return History(
            number=number,
            previous=read_snapshot(database, number),
            earlier=_earlier(database, investigation, number),
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


@kept_by_us
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


@kept_by_us
def read_snapshot(database: sqlite3.Connection, number: int) -> Snapshot:
    """Return a run as it was recorded."""
    row = database.execute(
        "SELECT identity, i.name, i.panel, panel_version, verdict, sentence, reasons, settings, "
        "versions FROM runs JOIN investigations i ON i.id = investigation WHERE number = ?",
        (number,),
    ).fetchone()
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
        clones=tuple(_clones(database, number)),
        pairs=read_pairs(database, number),
        settings=json.loads(row[7]),
        versions=json.loads(row[8]),
    )


@kept_by_us
def read_distances(database: sqlite3.Connection, number: int) -> str | None:
    """Return the table of distances of a run, `None` when it is no longer kept."""
    (kept,) = database.execute("SELECT distances FROM runs WHERE number = ?", (number,)).fetchone()
    return None if kept is None else unpacked(kept)


@kept_by_us
def read_pairs(database: sqlite3.Connection, number: int) -> tuple[KnownVerdict, ...]:
    """Return the verdicts of the pairs of a run, none when they are no longer kept."""
    (kept,) = database.execute("SELECT pairs FROM runs WHERE number = ?", (number,)).fetchone()
    return tuple(KnownVerdict(*cells) for cells in json.loads(unpacked(kept))) if kept else ()


def packed(text: str) -> bytes:
    """Return a text as it is kept.

    Examples
    --------
    >>> unpacked(packed("PtA-CSF"))
    'PtA-CSF'
    """
    return zlib.compress(text.encode())


@kept_by_us
def unpacked(kept: bytes) -> str:
    """Return a text that was kept packed.

    Raises
    ------
    RegistryProblem
        If it is not as it was kept.
    """
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(kept, MAX_UNPACKED_BYTES)
    except zlib.error as error:
        raise ValueError("a packed table cannot be read") from error
    if not stream.eof:
        raise ValueError("a packed table cannot be read")
    return content.decode()


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
) -> tuple[KnownIsolate, ...]:
    """Return for each isolate and genome its last sightings in use and under a name.

    They are in the order of their runs: who looks for what is known last takes the last one. A
    genome that was renamed since is there under its last name alone.
    """
    found: dict[tuple[int, str], KnownIsolate] = {}
    for what in ("state = 'used'", "settled_clone != ''"):
        rows = database.execute(
            f"SELECT {SIGHTING}, max(run) FROM sightings JOIN runs ON number = run "  # noqa: S608 (constants)
            f"WHERE investigation = ? AND run < ? AND {what} GROUP BY isolate, genome",
            (investigation, number),
        )
        seen = [(run, known_isolate(tuple(row))) for *row, run in rows]
        latest: dict[str, int] = {}
        for run, isolate in seen:
            latest[isolate.genome] = max(run, latest.get(isolate.genome, run))
        found |= {(run, each.name): each for run, each in seen if run == latest[each.genome]}
    return tuple(found[key] for key in sorted(found))


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


def _clones(database: sqlite3.Connection, number: int) -> Iterator[KnownVerdict]:
    """Give the verdicts of the clones of a run."""
    rows = database.execute(
        "SELECT clone, '', verdict, reason FROM verdicts WHERE run = ? ORDER BY clone", (number,)
    )
    for row in rows:
        yield KnownVerdict(*row)
