"""What `oneclone registry show` says of an isolate or a clone: its whole history."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from oneclone.model.history import HELD_SEPARATOR, ChangeKind, DecisionKind
from oneclone.model.isolates import normal_name
from oneclone.registry.database import one_state
from oneclone.registry.decisions import waiting, withdrawn
from oneclone.registry.finding import genomes_of_hash, names_of, unknown
from oneclone.registry.listing import Listing, aligned

LISTED = ", "  # between the names of an event that names several
SEEN_COLUMNS = ("run", "recorded", "state", "clone", "address", "genome", "sha256")
MEMBER_COLUMNS = ("run", "recorded", "verdict", "reasons", "members")
EVENT_COLUMNS = ("run", "kind", "subject", "partner", "before", "after", "reason")
DECISION_COLUMNS = ("decided", "user", "kind", "isolate", "reason")
NAMING_ISOLATES: Mapping[str, str] = {ChangeKind.FOUNDED: "after", ChangeKind.ENDED: "before"}
NAMING_CLONES: Mapping[str, tuple[str, ...]] = {
    ChangeKind.JOINED: ("before", "after"),
    ChangeKind.MERGED: ("before", "after"),
    ChangeKind.SPLIT: ("before", "after"),
    ChangeKind.BRIDGE_ISOLATE: ("before",),
}
OF_CLONES = {*NAMING_CLONES, ChangeKind.FOUNDED, ChangeKind.ENDED, ChangeKind.VERDICT_CHANGED}
Event = dict[str, str]
Investigation = tuple[int, str, str]


def show(database: sqlite3.Connection, text: str) -> list[str]:
    """Return the history of an isolate, of a clone, or of both when a name is both.

    Parameters
    ----------
    database
        The registry.
    text
        Name of an isolate or a clone, or at least eight digits of the sha256 of a genome or file.

    Raises
    ------
    RegistryProblem
        If nothing has this name; the message names those that are near.
    """
    name = normal_name(text)
    with one_state(database):
        lines = [
            line for isolate in _isolates(database, name) for line in _isolate(database, isolate)
        ]
        lines += _clone(database, name) if name else []
        if not lines:
            raise unknown(database, name, "isolate or clone")
    return lines


def _isolates(database: sqlite3.Connection, name: str) -> list[str]:
    """Return the names of the isolates that are meant."""
    row = database.execute(
        "SELECT 1 FROM sightings WHERE isolate = ? AND role != 'reference' LIMIT 1", (name,)
    ).fetchone()
    if row:
        return [name]
    genomes = genomes_of_hash(database, name)
    return sorted({each for genome in genomes for each in names_of(database, genome)})


def _isolate(database: sqlite3.Connection, name: str) -> Iterator[str]:
    """Give the history of an isolate."""
    genomes = [
        genome
        for (genome,) in database.execute(
            "SELECT genome FROM sightings WHERE isolate = ? AND genome IS NOT NULL "
            "GROUP BY genome ORDER BY min(run)",
            (name,),
        ).fetchall()
    ]
    yield f"isolate {name}"
    gone = {each.genome for each in withdrawn(database)}
    for genome in genomes:
        others = [each for each in names_of(database, genome) if each != name]
        also = f"; also known as {', '.join(others)}" if others else ""
        state = "; withdrawn" if genome in gone else ""
        yield f"  genome {genome}{also}{state}"
        if held := waiting(database, genome):
            merged = " and ".join(held.clones)
            yield f"  waits for a decision: accept merges {merged}, hold does not"
    for number, investigation, panel in _investigations(database):
        rows = database.execute(
            "SELECT run, recorded, state || CASE reason WHEN '' THEN '' ELSE ' (' || reason || ')' "
            "END, clone, address, coalesce(genome, ''), sha256 FROM sightings "
            "JOIN runs ON number = run WHERE isolate = ? AND investigation = ? ORDER BY run",
            (name, number),
        ).fetchall()
        yield from _table(f"investigation '{investigation}', panel '{panel}'", SEEN_COLUMNS, rows)
        events = [each for each in _events(database, number, name) if _names_isolate(each, name)]
        yield from _event_table(events)
    yield from _decisions(database, genomes)


def _clone(database: sqlite3.Connection, name: str) -> Iterator[str]:
    """Give the history of a clone, nothing when none has this name."""
    for number, investigation, panel in _investigations(database):
        members = database.execute(
            "SELECT run, recorded, isolate, sightings.clone, genome FROM sightings "
            "JOIN runs ON number = run WHERE investigation = ? "
            "AND (settled_clone = ? OR sightings.clone = ?) ORDER BY run, isolate",
            (number, name, name),
        ).fetchall()
        if not members:
            continue
        yield f"clone {name}"
        rows = list(_memberships(database, members))
        yield from _table(f"investigation '{investigation}', panel '{panel}'", MEMBER_COLUMNS, rows)
        events = [each for each in _events(database, number, name) if _names_clone(each, name)]
        yield from _event_table(events)
        kinds = {DecisionKind.ACCEPT, DecisionKind.HOLD}
        yield from _decisions(database, {row[4] for row in members} - {None}, kinds)


def _memberships(
    database: sqlite3.Connection, members: Iterable[Sequence[str]]
) -> Iterator[Sequence[str]]:
    """Give for each run the verdict of a clone and its members."""
    by_run: dict[tuple[str, str, str], list[str]] = {}
    for run, recorded, isolate, published, _ in members:
        by_run.setdefault((run, recorded, published), []).append(isolate)
    for (run, recorded, published), isolates in by_run.items():
        verdict = database.execute(
            "SELECT verdict, reason FROM verdicts WHERE run = ? AND clone = ?",
            (run, published),
        ).fetchone()
        judged, reasons = verdict or ("", "")
        as_part = f" (as {published})" if HELD_SEPARATOR in published else ""
        yield (run, recorded, f"{judged}{as_part}", reasons, LISTED.join(isolates))


def _investigations(database: sqlite3.Connection) -> list[Investigation]:
    """Return all investigations."""
    rows = database.execute("SELECT id, name, panel FROM investigations ORDER BY name, panel")
    return rows.fetchall()


def _events(database: sqlite3.Connection, investigation: int, name: str) -> Iterator[Event]:
    """Give the events of an investigation that may name an isolate or a clone."""
    kinds = sorted(
        {ChangeKind.RENAMED, *OF_CLONES, *NAMING_ISOLATES} - {ChangeKind.VERDICT_CHANGED}
    )
    columns = ", ".join(EVENT_COLUMNS)
    rows = database.execute(
        f"SELECT {columns} FROM events JOIN runs ON number = run WHERE investigation = ? "  # noqa: S608 (constants)
        "AND (instr(subject, ?) OR instr(partner, ?) OR kind IN "
        f"({', '.join('?' * len(kinds))})) ORDER BY events.id",
        (investigation, name, name, *kinds),
    )
    for row in rows:
        yield dict(zip(EVENT_COLUMNS, row, strict=True))


def _names_isolate(event: Event, name: str) -> bool:
    """Tell whether an event names an isolate."""
    kind = event["kind"]
    if kind in NAMING_ISOLATES:
        return name in event[NAMING_ISOLATES[kind]].split(LISTED)
    if kind == ChangeKind.RENAMED and event["before"] == name:
        return True
    return name in {event["subject"], event["partner"]} and kind not in {
        ChangeKind.MERGED,
        ChangeKind.SPLIT,
        ChangeKind.SETTING_CHANGED,
        ChangeKind.VERSION_CHANGED,
    }


def _names_clone(event: Event, name: str) -> bool:
    """Tell whether an event names a clone, alone or with others while isolates are held."""
    kind = event["kind"]
    if kind not in OF_CLONES:
        return False
    cells = [event[column] for column in NAMING_CLONES.get(kind, ())]
    if kind not in {ChangeKind.BRIDGE_ISOLATE, ChangeKind.JOINED}:
        cells += [] if event["partner"] else event["subject"].split(HELD_SEPARATOR)
    return name in {part for cell in cells for part in (cell, *cell.split(LISTED))}


def _decisions(
    database: sqlite3.Connection,
    genomes: Collection[str],
    kinds: Collection[DecisionKind] = tuple(DecisionKind),
) -> Iterator[str]:
    """Give the table of the decisions about some genomes, oldest first."""
    rows = database.execute(
        "SELECT decided, user, kind, isolate, reason, genome FROM decisions ORDER BY id"
    ).fetchall()
    chosen = [row[:5] for row in rows if row[5] in genomes and row[2] in kinds]
    yield from _table("decisions", DECISION_COLUMNS, chosen)


def _event_table(events: Sequence[Event]) -> Iterator[str]:
    """Give the table of some events."""
    rows = [[event[column] for column in EVENT_COLUMNS] for event in events]
    yield from _table("events", EVENT_COLUMNS, rows)


def _table(title: str, columns: tuple[str, ...], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Give a titled table, nothing when it has no row."""
    if rows:
        texts = tuple(tuple(map(str, row)) for row in rows)
        yield f"  {title}"
        yield from (f"    {line}" for line in aligned(Listing(columns, texts)))
