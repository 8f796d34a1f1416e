"""Open the registry: one SQLite file, made, checked and migrated here.

Every change is one transaction under SQLite's own lock, with its rollback journal: a run that is
killed, or a full disk, leaves the registry as it was. The file is for its owner alone, because it
holds names and metadata of isolates.
"""

import itertools
import os
import sqlite3
import tempfile
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from oneclone.errors import OnecloneError
from oneclone.private_files import OWNER_ALONE

TIMEOUT_S = 60
SHOWN = 200
APPLICATION_ID = 0x6F6E6331  # "onc1": tells a registry from any other SQLite file
MIGRATIONS: tuple[str, ...] = (
    """
CREATE TABLE investigations (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, panel TEXT NOT NULL, UNIQUE (name, panel)
) STRICT;
CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    investigation INTEGER NOT NULL REFERENCES investigations,
    previous INTEGER REFERENCES runs, identity TEXT NOT NULL, recorded TEXT NOT NULL,
    panel_version TEXT NOT NULL, verdict TEXT NOT NULL, sentence TEXT NOT NULL,
    reasons TEXT NOT NULL, settings TEXT NOT NULL, versions TEXT NOT NULL,
    distances_sha256 TEXT NOT NULL, distances BLOB, pairs BLOB
) STRICT;
CREATE TABLE genomes (
    genome TEXT PRIMARY KEY, first_run INTEGER NOT NULL REFERENCES runs
) STRICT;
CREATE TABLE files (
    sha256 TEXT NOT NULL, genome TEXT NOT NULL REFERENCES genomes, PRIMARY KEY (sha256, genome)
) STRICT;
CREATE INDEX files_of_genomes ON files (genome);
CREATE TABLE sightings (
    run INTEGER NOT NULL REFERENCES runs, isolate TEXT NOT NULL, genome TEXT REFERENCES genomes,
    sha256 TEXT NOT NULL, role TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
    clone TEXT NOT NULL, settled_clone TEXT NOT NULL, address TEXT NOT NULL,
    metadata TEXT NOT NULL, PRIMARY KEY (run, isolate)
) STRICT;
CREATE INDEX sightings_of_isolates ON sightings (isolate, genome, run);
CREATE INDEX sightings_of_genomes ON sightings (genome, isolate);
CREATE INDEX sightings_of_files ON sightings (sha256, isolate);
CREATE TABLE verdicts (
    run INTEGER NOT NULL REFERENCES runs, clone TEXT NOT NULL, verdict TEXT NOT NULL,
    reason TEXT NOT NULL, PRIMARY KEY (run, clone)
) STRICT;
CREATE TABLE events (
    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, kind TEXT NOT NULL,
    subject TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, partner TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY, decided TEXT NOT NULL, user TEXT NOT NULL, kind TEXT NOT NULL,
    genome TEXT NOT NULL REFERENCES genomes, isolate TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
""",
)
"""One script per version of the schema, applied in order; PRAGMA user_version counts them."""


class RegistryProblem(OnecloneError):
    """The registry cannot be used; the message names the file and the remedy."""


@contextmanager
def open_registry(
    path: Path, *, make: bool = False, migrations: Sequence[str] = MIGRATIONS
) -> Generator[sqlite3.Connection]:
    """Open a registry of this version of the schema; an older one is backed up and migrated.

    Parameters
    ----------
    path
        The registry.
    make
        Whether an absent registry is made, its folder too.
    migrations
        Scripts that lead from nothing to the present schema.

    Yields
    ------
    sqlite3.Connection
        In autocommit mode: change something inside of `transaction`.

    Raises
    ------
    RegistryProblem
        If the file is absent and not to be made, is no registry, is damaged, comes from a newer
        version, or cannot be read or written (full disk, permissions, another process).
    """
    if path.is_dir():
        raise RegistryProblem(f"{path}: a folder; name a file in it")
    if not make and not path.is_file():
        raise RegistryProblem(f"{path}: there is no registry; check the path")
    with _explained(path):
        if not path.exists():
            _make(path, migrations)
        elif not path.stat().st_size:
            raise RegistryProblem(
                f"{path}: empty, so a copy of it may have failed; put a backup in its place, or "
                "delete it to begin anew: names of clones and history are lost then"
            )
        with closing(_connected(path)) as database:
            _migrate(database, path, migrations)
            yield database


def place_problem(path: Path) -> str:
    """Return why a registry cannot be kept at a path, empty when it can."""
    try:
        path.stat()
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:  # a folder that is shut, a name that no file can have
        what = getattr(error, "strerror", None) or "no file can have this name"
        return f"registry {str(path)[:SHOWN]!r}: cannot be written ({what}); check the path"
    if path.is_dir():
        return f"registry {path}: a folder; name a file in it"
    if path.exists():
        allowed = os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK)
    else:
        there = next(parent for parent in path.absolute().parents if parent.exists())
        allowed = there.is_dir() and os.access(there, os.W_OK)
    return "" if allowed else f"registry {path}: cannot be written; check path and permissions"


@contextmanager
def transaction(database: sqlite3.Connection) -> Generator[None]:
    """Make the changes of the block together, or none of them; others wait meanwhile."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


@contextmanager
def one_state(database: sqlite3.Connection) -> Generator[None]:
    """Read one state of the registry in the block, whatever others record meanwhile."""
    if database.in_transaction:
        yield
        return
    database.execute("BEGIN")
    try:
        yield
    finally:
        if database.in_transaction:
            database.execute("ROLLBACK")


def damages(database: sqlite3.Connection) -> list[str]:
    """Return what SQLite finds wrong with a registry, one sentence each."""
    found = [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
    found += [
        f"table {table}, row {row}: points to a row of {parent} that is not there"
        for table, row, parent, _ in database.execute("PRAGMA foreign_key_check")
    ]
    return found


def _connected(path: Path) -> sqlite3.Connection:
    """Return a connection to a registry."""
    file = path.absolute()  # a bare ':memory:' would be no file to SQLite
    database = sqlite3.connect(file, timeout=TIMEOUT_S, isolation_level=None)
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("PRAGMA synchronous = FULL")
    return database


def _make(path: Path, migrations: Sequence[str]) -> None:
    """Make a registry whole or not at all, unless another process does it first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        with closing(_connected(part)) as database:
            _migrate(database, part, migrations)
        with suppress(OSError):  # it exists by now; or, without hard links, SQLite makes it below
            path.hardlink_to(part)
    finally:
        part.unlink(missing_ok=True)


def _make_private(path: Path) -> None:
    """Make an absent registry, for its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ALONE))


def _migrate(database: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    """Bring a registry to the present version of the schema, after a backup of an older one."""
    version = _version(database, path, len(migrations))
    if version == len(migrations):
        return
    with transaction(database):
        version = _version(database, path, len(migrations))  # another process may have done it
        if 0 < version < len(migrations):
            _back_up(path, version)
        for script in migrations[version:]:
            for statement in script.split(";"):
                database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {len(migrations)}")


def _version(database: sqlite3.Connection, path: Path, newest: int) -> int:
    """Return the version of the schema, 0 for a registry without tables."""
    (version,) = database.execute("PRAGMA user_version").fetchone()
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (tables,) = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if (tables or version) and application != APPLICATION_ID:
        raise RegistryProblem(
            f"{path}: a database, but no registry of oneclone; name another file as registry"
        )
    if version > newest:
        raise RegistryProblem(
            f"{path}: the registry has version {version}, this oneclone knows {newest}; use the "
            "oneclone that wrote it, or a newer one"
        )
    return version


def _back_up(path: Path, version: int) -> None:
    """Copy a registry as it is; an earlier backup is never overwritten.

    The caller holds the lock for writing, so that what is copied is what will be migrated. It is
    read through a connection of its own: SQLite copies nothing within a transaction that writes.
    """
    names = (
        f"{path.name}.version-{version}{number}.backup"
        for number in itertools.chain([""], (f"-{count}" for count in itertools.count(2)))
    )
    backup = next(free for name in names if not (free := path.with_name(name)).exists())
    part = backup.with_name(f"{backup.name}.part")
    part.unlink(missing_ok=True)
    try:
        _make_private(part)
        with (
            closing(sqlite3.connect(path.absolute())) as source,
            closing(sqlite3.connect(part)) as copy,
        ):
            source.backup(copy)
        part.replace(backup)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _explained(path: Path) -> Generator[None]:
    """Turn what SQLite and the file system say into what a user can do about it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise RegistryProblem(f"{path}: {error}; {_remedy(str(error))}") from error
    except (sqlite3.DatabaseError, UnicodeDecodeError, MemoryError) as error:
        raise RegistryProblem(
            f"{path}: {error or 'unreadable'}; the file is damaged or no registry. Restore it from "
            "a backup, or move it away: names of clones and history are lost then, results are not"
        ) from error
    except OSError as error:
        raise RegistryProblem(f"{path}: {error.strerror}; check path and permissions") from error


def _remedy(message: str) -> str:
    """Return what to do about an operational error of SQLite."""
    if "full" in message or "disk I/O" in message:
        return "free some space and run again; the registry is as it was"
    if "locked" in message:
        return f"another process has been writing for {TIMEOUT_S} s; run again when it is done"
    if "readonly" in message or "unable to open" in message:
        return "check that file and folder can be written"
    if "no such" in message:
        return "a part of the registry is missing; restore it from a backup"
    return "the registry is as it was"
