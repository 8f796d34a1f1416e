"""Find what is wrong with a registry: in the file, and in the sense of what it says."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from oneclone.model.history import ADDRESS_SEPARATOR, ChangeKind, DecisionKind
from oneclone.registry.database import RegistryProblem, damages, one_state
from oneclone.registry.finding import LATEST_RUNS
from oneclone.registry.past import unpacked


class Contents(NamedTuple):
    """How much is in a registry."""

    runs: int
    isolates: int
    clones: int


def problems(database: sqlite3.Connection) -> list[str]:
    """Return everything that is wrong with a registry, one sentence each.

    What a damaged file says is not judged: it cannot be trusted to be read.
    """
    with one_state(database):
        return damages(database) or list(
            chain(
                _wrong_order(database),
                _unfounded(database),
                _crossed_addresses(database),
                _changed_distances(database),
                _unreadable(database),
                _odd_decisions(database),
            )
        )


def contents(database: sqlite3.Connection) -> Contents:
    """Return how much is in a registry, references of panels left out."""
    row = database.execute(
        "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM (SELECT DISTINCT "
        "investigation, isolate FROM sightings JOIN runs ON number = run "
        "WHERE role != 'reference')), (SELECT count(*) FROM (SELECT DISTINCT investigation, "
        "settled_clone FROM sightings JOIN runs ON number = run WHERE settled_clone != ''))"
    ).fetchone()
    return Contents(*row)


def _wrong_order(database: sqlite3.Connection) -> Iterator[str]:
    """Give the runs that do not follow the run before them of their investigation."""
    rows = database.execute(
        "SELECT number, previous, before FROM (SELECT number, previous, lag(number) "
        "OVER (PARTITION BY investigation ORDER BY number) AS before FROM runs) "
        "WHERE previous IS NOT before ORDER BY number"
    )
    for number, previous, before in rows:
        yield (
            f"run {number}: compared with {_run(previous)}, but the run before it of its "
            f"investigation is {_run(before)}"
        )


def _run(number: int | None) -> str:
    """Return a run in words."""
    return "none" if number is None else f"run {number}"


def _unfounded(database: sqlite3.Connection) -> Iterator[str]:
    """Give the names of clones in the latest runs that nothing tells the origin of."""
    rows = database.execute(
        "WITH born AS (SELECT investigation, settled_clone, min(run) AS founded "  # noqa: S608 (a constant)
        "FROM sightings JOIN runs ON number = run WHERE settled_clone != '' "
        "GROUP BY investigation, settled_clone) "
        "SELECT settled_clone, founded FROM born JOIN runs ON number = founded "
        "WHERE previous IS NOT NULL AND settled_clone IN (SELECT settled_clone FROM sightings "
        f"WHERE run IN ({LATEST_RUNS})) AND NOT EXISTS (SELECT 1 FROM events "
        "WHERE run = founded AND kind = ? AND subject = settled_clone) ORDER BY founded, 1",
        (ChangeKind.FOUNDED,),
    )
    for clone, run in rows:
        yield f"clone {clone}: first in run {run}, which has no event that founds it"


def _crossed_addresses(database: sqlite3.Connection) -> Iterator[str]:
    """Give the runs in which a cluster of a level lies in two clusters of a wider one."""
    rows = database.execute(
        "SELECT run, isolate, address FROM sightings WHERE address != '' ORDER BY run, isolate"
    )
    run, wider = None, dict[tuple[int, str], tuple[list[str], str]]()
    for number, isolate, address in rows:
        if number != run:
            run, wider = number, {}
        labels = address.split(ADDRESS_SEPARATOR)
        for level, label in enumerate(labels):
            around, other = wider.setdefault((level, label), (labels[:level], isolate))
            if around != labels[:level]:
                yield (
                    f"run {run}: '{other}' and '{isolate}' share a cluster at level {level + 1} of "
                    "their addresses, counted from the widest, but not at all wider ones"
                )
                break


def _changed_distances(database: sqlite3.Connection) -> Iterator[str]:
    """Give the runs whose table of distances is not the one that was recorded."""
    rows = database.execute(
        "SELECT number, distances, distances_sha256 FROM runs WHERE distances IS NOT NULL "
        "ORDER BY number"
    )
    for number, packed, sha256 in rows:
        if _digest(packed) != sha256:
            yield f"run {number}: its table of distances does not have the sha256 {sha256}"


def _digest(packed: bytes) -> str:
    """Return the sha256 of a packed text, empty when it cannot be read."""
    try:
        return hashlib.sha256(unpacked(packed).encode()).hexdigest()
    except RegistryProblem:
        return ""


def _unreadable(database: sqlite3.Connection) -> Iterator[str]:
    """Give the runs of which something cannot be read."""
    rows = database.execute("SELECT number, reasons, settings, versions, pairs FROM runs")
    for number, *texts, pairs in rows:
        try:
            for text in (*texts, *([unpacked(pairs)] if pairs else [])):
                json.loads(text)
        except (RegistryProblem, ValueError):
            yield f"run {number}: its settings, versions, reasons or pairs cannot be read"


def _odd_decisions(database: sqlite3.Connection) -> Iterator[str]:
    """Give decisions of an unknown kind, and those on genomes under a name they never had."""
    kinds = ", ".join(f"'{kind}'" for kind in DecisionKind)
    rows = database.execute(
        f"SELECT id, kind, isolate, kind IN ({kinds}) FROM decisions d WHERE kind NOT IN ({kinds}) "  # noqa: S608 (constants)
        "OR NOT EXISTS (SELECT 1 FROM sightings s WHERE s.isolate = d.isolate AND (s.genome = "
        "d.genome OR s.sha256 IN (SELECT sha256 FROM files f WHERE f.genome = d.genome))) "
        "ORDER BY id"
    )
    for number, kind, isolate, is_known in rows:
        what = f"'{isolate}' never had the genome" if is_known else f"the kind '{kind}' is unknown"
        yield f"decision {number}: {what}"
