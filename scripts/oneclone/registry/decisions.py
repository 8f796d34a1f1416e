"""What people decide about isolates: withdraw, restore, accept and hold; all of it is kept."""

import datetime
import sqlite3
from dataclasses import dataclass

from oneclone.model.history import HELD_SEPARATOR, DecisionKind
from oneclone.model.isolates import normal_name
from oneclone.registry.database import RegistryProblem, transaction
from oneclone.registry.finding import LATEST_RUNS, find_genome, names_of
from oneclone.tables.plain_text import control_characters

ABOUT_NAMES = {DecisionKind.ACCEPT, DecisionKind.HOLD}


@dataclass(frozen=True)
class Decision:
    """A decision with its reason and the person who made it."""

    kind: DecisionKind
    reason: str
    user: str


@dataclass(frozen=True)
class Decided:
    """Whom a decision concerns, by all names of the genome, and what the next run will do."""

    names: tuple[str, ...]
    effect: str


@dataclass(frozen=True)
class Withdrawn:
    """A withdrawn genome: canonical sha256, known files, name of the isolate, and why."""

    genome: str
    files: frozenset[str]
    isolate: str
    reason: str


@dataclass(frozen=True)
class Waiting:
    """An isolate that waits in the latest run: the names it bridges, and who waits with it."""

    clones: tuple[str, ...]
    others: tuple[str, ...]


def decide(database: sqlite3.Connection, isolate: str, decision: Decision) -> Decided:
    """Keep a decision on the genome of an isolate.

    Parameters
    ----------
    database
        The registry.
    isolate
        Name as typed, or at least eight digits of the sha256 of its file or genome.
    decision
        Kind, reason and user.

    Raises
    ------
    RegistryProblem
        If reason or user is blank or no plain text; if no isolate, or more than one, is meant;
        if the decision would change nothing.
    """
    reason, user = _plain("reason", decision.reason), _plain("user", decision.user)
    with transaction(database):
        genome = _meant(database, isolate, decision.kind)
        effect = _effect(database, isolate, genome, decision.kind)
        names = names_of(database, genome)
        name = normal_name(isolate)
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        given = (now, user, decision.kind, genome, name if name in names else names[0], reason)
        database.execute(
            "INSERT INTO decisions (decided, user, kind, genome, isolate, reason) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            given,
        )
    return Decided(names, effect)


def withdrawn(database: sqlite3.Connection) -> tuple[Withdrawn, ...]:
    """Return the genomes that are withdrawn at present, sorted."""
    rows = database.execute(
        "SELECT genome, kind, isolate, reason, max(id) FROM decisions "
        "WHERE kind IN ('withdraw', 'restore') GROUP BY genome ORDER BY genome"
    )
    return tuple(
        Withdrawn(
            genome,
            frozenset(
                sha256
                for (sha256,) in database.execute(
                    "SELECT sha256 FROM files WHERE genome = ?", (genome,)
                )
            ),
            isolate,
            reason,
        )
        for genome, kind, isolate, reason, _ in rows.fetchall()
        if kind == DecisionKind.WITHDRAW
    )


def waiting(database: sqlite3.Connection, genome: str) -> Waiting | None:
    """Return what an isolate waits for in the latest run of an investigation, if it does."""
    rows = database.execute(
        f"SELECT run, clone FROM sightings WHERE genome = ? AND settled_clone = '' "  # noqa: S608 (a constant)
        f"AND instr(clone, ?) AND run IN ({LATEST_RUNS}) ORDER BY run DESC",
        (genome, HELD_SEPARATOR),
    ).fetchall()
    if not rows:
        return None
    run, clone = rows[0]
    others = database.execute(
        "SELECT isolate FROM sightings WHERE run = ? AND clone = ? AND settled_clone = '' "
        "AND genome != ? ORDER BY isolate",
        (run, clone, genome),
    )
    return Waiting(tuple(clone.split(HELD_SEPARATOR)), tuple(name for (name,) in others))


def _plain(what: str, text: str) -> str:
    """Return a text without blanks at its ends."""
    if not text.strip():
        raise RegistryProblem(f"the {what} is blank; it is kept with the decision, so give one")
    if control_characters(text):
        raise RegistryProblem(f"the {what} holds a control character; give one line of plain text")
    return text.strip()


def _meant(database: sqlite3.Connection, isolate: str, kind: DecisionKind) -> str:
    """Return the genome that a decision is about.

    To restore a name whose file was replaced since is to restore the genome withdrawn under it.
    """
    if kind is DecisionKind.RESTORE:
        name = normal_name(isolate)
        genomes = {each.genome for each in withdrawn(database)}
        named = [each for each in genomes if name in names_of(database, each)]
        if len(named) == 1:
            return named[0]
    return find_genome(database, isolate)


def _effect(database: sqlite3.Connection, isolate: str, genome: str, kind: DecisionKind) -> str:
    """Return what the next run will do, or refuse a decision that would change nothing."""
    if kind in ABOUT_NAMES:
        found = waiting(database, genome)
        if found is None:
            raise RegistryProblem(
                f"isolate '{isolate}' does not wait for a decision in the latest run, so there is "
                f"nothing to {kind}; `oneclone registry list --clones` names those that wait"
            )
        return _effect_on_names(found, kind)
    is_withdrawn = genome in {each.genome for each in withdrawn(database)}
    if is_withdrawn == (kind is DecisionKind.WITHDRAW):
        state = "is withdrawn already" if is_withdrawn else "is not withdrawn"
        raise RegistryProblem(f"isolate '{isolate}' {state}; there is nothing to do")
    if is_withdrawn:
        return "the next run takes it in again"
    return "the next run leaves it out: quarantined, with the reason 'withdrawn'"


def _effect_on_names(found: Waiting, kind: DecisionKind) -> str:
    """Return what the next run will do about the names that an isolate bridges."""
    names = " and ".join(found.clones)
    if kind is DecisionKind.HOLD:
        return f"the next run keeps the names {names} apart"
    if not found.others:
        return f"the next run merges the names {names}"
    return (
        f"the next run merges the names {names}, unless others that wait still hold them apart: "
        f"{', '.join(found.others)}"
    )
