"""What people decide about isolates: withdraw, restore, accept and hold; all of it is kept."""

import datetime
import sqlite3
from dataclasses import dataclass

from oneclone.model.history import DecisionKind
from oneclone.registry.database import RegistryProblem, transaction

MIN_HASH_DIGITS = 8


@dataclass(frozen=True)
class Decision:
    """A decision with its reason and the person who made it."""

    kind: DecisionKind
    reason: str
    user: str


@dataclass(frozen=True)
class Withdrawn:
    """A withdrawn genome: canonical sha256, known files, name of the isolate, and why."""

    genome: str
    files: frozenset[str]
    isolate: str
    reason: str


def decide(database: sqlite3.Connection, isolate: str, decision: Decision) -> tuple[str, ...]:
    """Keep a decision on the genomes of an isolate, and return all names that these ever had.

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
        If no isolate, or more than one, is meant; if one is restored that is not withdrawn.
    """
    with transaction(database):
        genome = find_genome(database, isolate)
        if decision.kind is DecisionKind.RESTORE and genome not in {
            each.genome for each in withdrawn(database)
        }:
            raise RegistryProblem(f"isolate '{isolate}' is not withdrawn; there is nothing to do")
        names = names_of(database, genome)
        database.execute(
            "INSERT INTO decisions (decided, user, kind, genome, isolate, reason) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
                decision.user,
                decision.kind,
                genome,
                isolate if isolate in names else names[0],
                decision.reason,
            ),
        )
    return names


def find_genome(database: sqlite3.Connection, isolate: str) -> str:
    """Return the genome of an isolate by its name, as it was seen last, or by a hash.

    Raises
    ------
    RegistryProblem
        If no isolate, or more than one, is meant.
    """
    row = database.execute(
        "SELECT genome FROM sightings WHERE isolate = ? AND genome IS NOT NULL "
        "ORDER BY run DESC LIMIT 1",
        (isolate,),
    ).fetchone()
    if row:
        return str(row[0])
    by_hash = [
        str(genome)
        for (genome,) in database.execute(
            "SELECT genome FROM genomes WHERE substr(genome, 1, ?) = ? UNION "
            "SELECT genome FROM files WHERE substr(sha256, 1, ?) = ? ORDER BY genome",
            (len(isolate), isolate, len(isolate), isolate),
        )
    ]
    if len(isolate) >= MIN_HASH_DIGITS and len(by_hash) == 1:
        return by_hash[0]
    if len(isolate) >= MIN_HASH_DIGITS and by_hash:
        raise RegistryProblem(f"'{isolate}' begins {len(by_hash)} hashes; give more digits")
    raise RegistryProblem(
        f"isolate '{isolate}' is not in the registry with an assembly; "
        "`oneclone registry list --isolates` names those that are"
    )


def names_of(database: sqlite3.Connection, genome: str) -> tuple[str, ...]:
    """Return the names that a genome ever had, sorted."""
    rows = database.execute(
        "SELECT DISTINCT isolate FROM sightings WHERE genome = ? ORDER BY isolate", (genome,)
    )
    return tuple(name for (name,) in rows)


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
