"""Find isolates in the registry by what a person types: a name, or the beginning of a hash."""

import difflib
import sqlite3

from oneclone.model.history import HELD_SEPARATOR
from oneclone.model.isolates import normal_name
from oneclone.registry.database import RegistryProblem

MIN_HASH_DIGITS = 8
SHORT_DIGITS = 12
NEAR_NAMES = 5
LATEST_RUNS = "SELECT max(number) FROM runs GROUP BY investigation"


def find_genome(database: sqlite3.Connection, isolate: str) -> str:
    """Return the genome of an isolate by its name, as it was seen last, or by a hash.

    Parameters
    ----------
    database
        The registry.
    isolate
        Name as typed, or at least eight digits of the sha256 of its file or genome.

    Raises
    ------
    RegistryProblem
        If no isolate, or more than one, is meant; a panel reference is no isolate.
    """
    name = normal_name(isolate)
    rows = database.execute(
        "SELECT i.name, genome, max(run) FROM sightings JOIN runs ON number = run "
        "JOIN investigations i ON i.id = investigation "
        "WHERE isolate = ? AND genome IS NOT NULL AND role != 'reference' "
        "GROUP BY investigation ORDER BY max(run)",
        (name,),
    ).fetchall()
    genomes = {genome for _, genome, _ in rows} or set(genomes_of_hash(database, name))
    if len(genomes) == 1:
        return str(genomes.pop())
    if rows:
        listed = ", ".join(f"{genome[:SHORT_DIGITS]} in '{where}'" for where, genome, _ in rows)
        raise RegistryProblem(
            f"'{name}' names different genomes in different investigations: {listed}; give these "
            "digits instead of the name"
        )
    if genomes:
        raise RegistryProblem(f"'{name}' begins {len(genomes)} hashes; give more digits")
    raise unknown(database, name, "isolate with an assembly")


def genomes_of_hash(database: sqlite3.Connection, digits: str) -> list[str]:
    """Return the genomes of isolates whose hash, or that of a file, begins with some digits.

    A file whose genome is another one by now, as after a change of its definition, gives the
    one that was seen last.
    """
    if len(digits) < MIN_HASH_DIGITS:
        return []
    rows = database.execute(
        "SELECT genome FROM genomes WHERE substr(genome, 1, ?1) = ?2 UNION SELECT genome FROM "
        "(SELECT f.genome, max(first_run) FROM files f JOIN genomes g ON g.genome = f.genome "
        "WHERE substr(sha256, 1, ?1) = ?2 GROUP BY sha256) ORDER BY genome",
        (len(digits), digits.lower()),
    )
    return [genome for (genome,) in rows.fetchall() if names_of(database, genome)]


def names_of(database: sqlite3.Connection, genome: str) -> tuple[str, ...]:
    """Return the names that a genome ever had as an isolate, sorted.

    Those count too under which it was only seen while it was withdrawn and not read.
    """
    rows = database.execute(
        "SELECT isolate FROM sightings WHERE genome = ?1 AND role != 'reference' UNION "
        "SELECT isolate FROM sightings WHERE genome IS NULL AND role != 'reference' "
        "AND sha256 IN (SELECT sha256 FROM files WHERE genome = ?1) ORDER BY isolate",
        (genome,),
    )
    return tuple(name for (name,) in rows)


def unknown(database: sqlite3.Connection, name: str, what: str) -> RegistryProblem:
    """Return the error of a name that is not there, with those that are near it."""
    rows = database.execute(
        "SELECT isolate FROM sightings WHERE role != 'reference' UNION "
        "SELECT clone FROM sightings WHERE clone != '' UNION "
        "SELECT settled_clone FROM sightings WHERE settled_clone != ''"
    )
    known = {part for (text,) in rows for part in (text, *text.split(HELD_SEPARATOR))}
    folded = {each.casefold(): each for each in sorted(known)}
    near = difflib.get_close_matches(name.casefold(), folded, NEAR_NAMES)
    hint = (
        f"; near it: {', '.join(folded[each] for each in near)}"
        if near
        else "; `oneclone registry list --isolates` and `--clones` name all"
    )
    return RegistryProblem(f"'{name}': no {what} of this name in the registry{hint}")
