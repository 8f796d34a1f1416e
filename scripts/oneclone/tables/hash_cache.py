"""Sha256 of input files, kept in SQLite so that unchanged files are not read again.

A file is unchanged when path, size, modification time, change time and inode are. The change
time also moves when `cp -p` or `rsync -a` puts other content there with an older date.
"""

import contextlib
import json
import os
import sqlite3
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from types import TracebackType

from oneclone.errors import AssemblyRejected, OnecloneError
from oneclone.sequences import canonical_contigs, canonical_sha256
from oneclone.tables.checksum import file_sha256
from oneclone.tables.fasta import read_assembly

SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER,
    sha256 TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS genomes (
    sha256 TEXT PRIMARY KEY, lengths TEXT NOT NULL, canonical_sha256 TEXT NOT NULL
) STRICT;
"""
TIMEOUT_S = 60
STILL_CHANGING = "the file changed while it was read; run again when it is whole"


class CacheDamaged(OnecloneError):
    """The database of hashes is none, or damaged; nothing but time is lost with it."""


@dataclass(frozen=True)
class Genome:
    """Contigs of a reference with their lengths, in the order of the file.

    `canonical_sha256` is equal for equal genomes, however their files were written.
    """

    lengths: dict[str, int]
    canonical_sha256: str


class HashCache:
    """Hashes of files and contents of references; use it as a context manager.

    Parameters
    ----------
    path
        The database; made when absent.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with _explained(path):
            self._database = sqlite3.connect(path, timeout=TIMEOUT_S)
            self._database.executescript(SCHEMA)

    def __enter__(self) -> "HashCache":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with _explained(self._path), contextlib.closing(self._database):
            if isinstance(error, sqlite3.Error):
                raise error
            self._database.commit()

    def sha256(self, path: Path) -> str:
        """Return the sha256 of a regular file, which links may lead to.

        Raises
        ------
        AssemblyRejected
            If it is no regular file, cannot be read, or changes while it is read.
        """
        try:
            if not S_ISREG(path.stat().st_mode):
                raise AssemblyRejected("not_a_file", "a folder, pipe or device, not a file")
            return self._sha256(path.resolve())
        except OSError as error:
            what = "a link that leads nowhere" if _is_broken(path) else "cannot be read"
            raise AssemblyRejected(
                "unreadable_file", f"{what} ({error.strerror}); give the file itself"
            ) from error

    def _sha256(self, path: Path) -> str:
        """Return the sha256 of a file by its real path."""
        key, state = str(path), _state(path)
        row = self._database.execute(
            "SELECT size, mtime_ns, ctime_ns, inode, sha256 FROM files WHERE path = ?", (key,)
        ).fetchone()
        if row and tuple(row[:4]) == state:
            return str(row[4])
        digest = file_sha256(path)
        if _state(path) != state:
            raise AssemblyRejected("still_changing", STILL_CHANGING)
        self._database.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", (key, *state, digest)
        )
        return digest

    def genome(self, path: Path, sha256: str, max_bases: int) -> Genome:
        """Return what is in the file of a reference.

        Raises
        ------
        AssemblyRejected
            If the file is not an assembly, has other content than was hashed, or if two of its
            contigs have one name.
        """
        row = self._database.execute(
            "SELECT lengths, canonical_sha256 FROM genomes WHERE sha256 = ?", (sha256,)
        ).fetchone()
        if row:
            return Genome(dict(json.loads(row[0])), str(row[1]))
        assembly = read_assembly(path, max_bases)
        if assembly.sha256 != sha256:  # it is kept under the hash: it must be true of that content
            raise AssemblyRejected("still_changing", STILL_CHANGING)
        lengths = dict(zip(assembly.names, map(len, assembly.contigs), strict=True))
        if len(lengths) < len(assembly.names):
            raise AssemblyRejected("duplicate_contigs", "two contigs have the same name")
        genome = Genome(lengths, canonical_sha256(canonical_contigs(assembly.contigs)))
        self._database.execute(
            "INSERT OR REPLACE INTO genomes VALUES (?, ?, ?)",
            (sha256, json.dumps(lengths), genome.canonical_sha256),
        )
        return genome


@contextlib.contextmanager
def _explained(path: Path) -> Generator[None]:
    """Turn what SQLite says into what a user can do about it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OnecloneError(
            f"{path.absolute()}: {error}; free some space and check that file and folder can be "
            "written, then run again"
        ) from error
    except sqlite3.DatabaseError as error:
        raise CacheDamaged(
            f"{path.absolute()}: {error}; it only saves time, so delete it and run again"
        ) from error


def _state(path: Path) -> tuple[int, int, int, int]:
    """Return what changes when a file does."""
    status = os.stat(path)  # noqa: PTH116 (the same call, without building another Path)
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _is_broken(path: Path) -> bool:
    """Return whether a path is a link to nothing or to itself."""
    return path.is_symlink() and not path.exists()
