"""Sketches of candidate genomes, kept between screens and extended.

A genome is known by the sha256 of its file, so a file that was moved is not sketched again and
one that vanished is not asked for. One screen at a time extends the database; the kernel frees
the lock of one that dies.
"""

import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from itertools import islice
from pathlib import Path

from filelock import FileLock, Timeout

from oneclone.digests import library_versions, source_digest
from oneclone.errors import AssemblyRejected, OnecloneError
from oneclone.model.screening import Sketched, SketchHit
from oneclone.sketch_search import search
from oneclone.sketch_shard import CONTENT, PARTIAL, read_shard, write_shard
from oneclone.tables.hash_cache import CacheDamaged, HashCache

SHARD_GENOMES = 64  # bounds memory: a sketch of 5 Mb takes about 1.5 MB
HASHED_AT_ONCE = 1000  # a killed screen loses no more hashes than these
SHARDS = "oneclone.sketch_shard"
CODE_DIGITS = 12
LOCK = "lock"
HASHES = "files.sqlite"

Say = Callable[[str], object]


class SketchDatabase:
    """The kept sketches below a folder, in shards that never change.

    Parameters
    ----------
    folder
        Where they lie; made when absent.
    pool
        Processes that sketch and search.
    processes
        Their number.
    say
        Is told what is being done.

    Attributes
    ----------
    made
        Number of genomes that this object has sketched.
    """

    def __init__(self, folder: Path, pool: Executor, processes: int, say: Say) -> None:
        self._folder = folder
        # What another version of library or reader made is not read: each has its own folder.
        version = library_versions("pyskani")["pyskani"]
        self._shards_folder = folder / f"skani-{version}-{source_digest(SHARDS)[:CODE_DIGITS]}"
        self._pool = pool
        self._processes = processes
        self._say = say
        self._genomes: dict[str, Sketched] = {}
        self._shards: dict[Path, frozenset[str]] = {}
        self.made = 0

    def extend(self, paths: Sequence[Path]) -> dict[Path, Sketched]:
        """Sketch what is new among files; return what is known of each.

        Parameters
        ----------
        paths
            Assembly files; one that cannot be read gets a reason, as one that is no assembly.
        """
        try:
            self._shards_folder.mkdir(parents=True, exist_ok=True)
            with self._locked():
                return self._extend(paths)
        except (OSError, sqlite3.OperationalError) as error:
            raise OnecloneError(
                f"{self._folder.absolute()}: the sketch database cannot be written ({error}); make "
                "room, or name another folder; what is in it already is kept"
            ) from error

    def search(
        self, queries: Mapping[str, Sequence[bytes]], wanted: Collection[str]
    ) -> Iterator[tuple[str, SketchHit]]:
        """Give each queried name with each similar genome among wanted ones.

        Parameters
        ----------
        queries
            Contigs by a name of the queried genome.
        wanted
            Sha256 of files that were given to `extend`.
        """
        shards = [folder for folder, known in self._shards.items() if not known.isdisjoint(wanted)]
        for found in self._pool.map(search, shards, [queries] * len(shards)):
            for name, hits in found.items():
                for hit in hits:
                    if hit.sha256 in wanted:
                        yield name, hit

    def _extend(self, paths: Sequence[Path]) -> dict[Path, Sketched]:
        """Do what `extend` does, under the lock."""
        for partial in self._shards_folder.glob(f"{PARTIAL}*"):
            shutil.rmtree(partial, ignore_errors=True)
        hashed = self._hashed_anew_if_damaged(paths)
        self._read_shards()
        files = {each.sha256: path for path, each in hashed.items() if not each.reason}
        fresh = self._sketched({s: p for s, p in files.items() if s not in self._genomes})
        known = {**self._genomes, **fresh}
        return {path: each if each.reason else known[each.sha256] for path, each in hashed.items()}

    def _locked(self) -> FileLock:
        """Take the lock, waiting for another screen."""
        lock = FileLock(self._folder / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            self._say(f"Waiting for another screen that extends {self._folder.absolute()}")
            lock.acquire()
        return lock

    def _hashed_anew_if_damaged(self, paths: Sequence[Path]) -> dict[Path, Sketched]:
        """Return the sha256 of each file, or why it has none, whatever state kept ones are in."""
        try:
            return self._hashed(paths)
        except CacheDamaged:
            self._say(f"{self._folder / HASHES} is damaged; every file is read again")
            (self._folder / HASHES).unlink()
            return self._hashed(paths)

    def _hashed(self, paths: Sequence[Path]) -> dict[Path, Sketched]:
        """Return the sha256 of each file, or why it has none."""
        found: dict[Path, Sketched] = {}
        waiting = iter(dict.fromkeys(paths))
        while some := list(islice(waiting, HASHED_AT_ONCE)):
            with HashCache(self._folder / HASHES) as cache:
                found |= {path: _hash(cache, path) for path in some}
            if len(paths) > HASHED_AT_ONCE:
                self._say(f"Reading files: {len(found)} of {len(paths)}")
        return found

    def _read_shards(self) -> None:
        """Take in new shards; a damaged one is removed, so that its genomes are sketched again."""
        folders = [
            path.parent
            for path in sorted(self._shards_folder.glob(f"*/{CONTENT}"))
            if path.parent not in self._shards
        ]
        for folder, shard in zip(folders, self._pool.map(read_shard, folders), strict=True):
            if shard is not None:
                self._shards[folder] = frozenset(g.sha256 for g in shard.genomes if not g.reason)
                self._genomes |= {genome.sha256: genome for genome in shard.genomes}
        for folder in sorted(self._shards_folder.iterdir()):
            if folder.is_dir() and folder not in self._shards:
                self._say(f"{folder} is damaged; its genomes are sketched again")
                shutil.rmtree(folder, ignore_errors=True)

    def _sketched(self, files: Mapping[str, Path]) -> dict[str, Sketched]:
        """Sketch new files in shards; return what became of each."""
        waiting = sorted(files)
        if not waiting:
            return {}
        size = min(SHARD_GENOMES, -(-len(waiting) // self._processes))
        parts = [
            {sha256: files[sha256] for sha256 in waiting[start : start + size]}
            for start in range(0, len(waiting), size)
        ]
        found: dict[str, Sketched] = {}
        for done in self._pool.map(write_shard, [self._shards_folder] * len(parts), parts):
            found |= {each.sha256: each for each in done}
            self._say(f"Sketching: {len(found)} of {len(waiting)} new files")
        self.made += sum(not each.reason for each in found.values())
        self._read_shards()
        return found


def _hash(cache: HashCache, path: Path) -> Sketched:
    """Return the sha256 of a file, or why it has none."""
    try:
        return Sketched(cache.sha256(path))
    except AssemblyRejected as rejected:
        return Sketched("", "", rejected.code, rejected.detail)
