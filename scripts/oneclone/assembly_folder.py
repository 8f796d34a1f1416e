"""The folder of fetched assemblies beside one table: what it holds, and placing more in it."""

import shlex
import shutil
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from oneclone.errors import OnecloneError
from oneclone.tables.atomic import replacing
from oneclone.tables.checksum import file_sha256
from oneclone.tables.fetched_table import (
    FOLDER,
    NAME,
    FetchedAssembly,
    file_name,
    read_fetched,
    write_fetched,
)

LOCK = ".lock"
LEFT_OVER = (".GC*.fna.*", f".{NAME}.*")  # of a process that was killed while it wrote
PART_SUFFIX = ".zip.part"


class FolderUnusable(OnecloneError):
    """The folder cannot be written, or another process is at work in it."""


class PlacingRefused(OnecloneError):
    """An assembly is not the one that a table or an earlier fetch states."""


@dataclass(frozen=True)
class StatedChecksum:
    """A sha256 that a table states for an assembly, and where it does."""

    where: str
    sha256: str


class AssemblyFolder:
    """The folder of fetched assemblies of the tables in one folder.

    Parameters
    ----------
    tables
        Folder of the tables; the assemblies lie in `assemblies` below it.
    """

    def __init__(self, tables: Path) -> None:
        self.tables = tables
        self.path = tables / FOLDER
        self.rows = read_fetched(self.path)

    def file(self, accession: str) -> Path:
        """Return where the file of an accession belongs."""
        return self.path / file_name(accession)

    def part(self, accession: str) -> Path:
        """Return where the download of an accession is collected."""
        return self.path / f".{accession}{PART_SUFFIX}"

    def holds(self, accession: str) -> bool:
        """Tell whether the file of an accession is here, listed, and as it was fetched."""
        row, file = self.rows.get(accession), self.file(accession)
        return row is not None and file.is_file() and file_sha256(file) == row.sha256

    def objection(self, row: FetchedAssembly, stated: Sequence[StatedChecksum]) -> str:
        """Return why an assembly is not the one that was asked for, empty when it is."""
        for each in stated:
            if each.sha256 != row.sha256:
                return (
                    f"its FASTA as published has sha256 {row.sha256}, {each.where} states "
                    f"{each.sha256}; correct or empty that cell, or give the path of the file "
                    "that it means"
                )
        earlier = self.rows.get(row.accession)
        if earlier and earlier.sha256 != row.sha256:
            return (
                f"it has sha256 {row.sha256} now and had {earlier.sha256} when it was fetched on "
                f"{earlier.date}; to take the new one, delete its row in {self.path / NAME}"
            )
        return ""

    @contextmanager
    def writing(self, wanted: Collection[str]) -> Generator[None]:
        """Hold the folder for writing; take away what killed processes left in it.

        Parameters
        ----------
        wanted
            Accessions whose partial downloads are kept.

        Raises
        ------
        FolderUnusable
            If it cannot be written, or another fetch holds it.
        """
        lock = FileLock(self.path / LOCK, timeout=0)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as timeout:
            raise FolderUnusable(
                f"another fetch is at work in {self.path.absolute()}; wait for it to end"
            ) from timeout
        except OSError as error:
            raise self.unwritable(error) from error
        try:
            self.rows = read_fetched(self.path)
            self._clean(wanted)
            yield
        finally:
            lock.release()

    def place(
        self,
        accession: str,
        obtain: Callable[[Path], FetchedAssembly],
        stated: Sequence[StatedChecksum],
    ) -> FetchedAssembly:
        """Put the file of an accession here and list it; it is whole or not here at all.

        Parameters
        ----------
        accession
            The accession with its version.
        obtain
            Writes the file to the path that it is given and returns its row.
        stated
            Checksums that tables state for it.

        Raises
        ------
        PlacingRefused
            If the file is not what was stated, or not what was fetched before.
        """
        with replacing(self.file(accession)) as temporary:
            row = obtain(temporary)
            if objection := self.objection(row, stated):
                raise PlacingRefused(objection)
        self.rows[accession] = row
        write_fetched(self.path / NAME, self.rows)
        return row

    def copy_from(self, other: "AssemblyFolder", accession: str, target: Path) -> FetchedAssembly:
        """Copy what another folder holds to `target`; return its row."""
        shutil.copyfile(other.file(accession), target)
        return other.rows[accession]

    def unwritable(self, error: OSError) -> FolderUnusable:
        """Return the error that says why nothing can be written here."""
        tables = self.tables.absolute()
        return FolderUnusable(
            f"{self.path.absolute()} cannot be written ({error.strerror or error}); if the disk "
            f"is full, make room. If the folder is not yours, copy it, for instance "
            f"cp -r {shlex.quote(str(tables))} my-copy, and name the copy in this command and in "
            "the run"
        )

    def _clean(self, wanted: Collection[str]) -> None:
        """Remove temporary files, and partial downloads of accessions that nobody wants now."""
        kept = {self.part(accession).name for accession in wanted}
        for pattern in LEFT_OVER:
            for path in self.path.glob(pattern):
                path.unlink()
        for path in self.path.glob(f".GC*{PART_SUFFIX}*"):
            if path.name.removesuffix(".from") not in kept:
                path.unlink()
