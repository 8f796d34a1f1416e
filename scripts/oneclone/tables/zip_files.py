"""Zips: no name in one from elsewhere becomes a path, no more of it is unpacked than allowed.

What is written has neither dates nor owners: equal files give equal zips.
"""

import errno
import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from oneclone.errors import OnecloneError

MAX_ENTRIES = 10_000
MAX_DIRECTORY_BYTES = 4 << 20  # Python reads the list of files whole, before it can be counted
MAX_TEXT_BYTES = 16 << 20  # tables and reports beside the assemblies have some kilobytes
CHUNK_BYTES = 1 << 20
ENCRYPTED = 0x1
NO_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can state
FILE_MODE = 0o644
UNIX = 3
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES}
CORRUPT = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    OSError,
)


class ZipDamaged(OnecloneError):
    """The zip is cut or corrupt: another copy may be whole."""


class ZipRefused(OnecloneError):
    """The zip is whole but holds what it must not: another copy would not help."""


@dataclass(frozen=True)
class Checksums:
    """Checksums of a file, hexadecimal."""

    md5: str
    sha256: str


class _BoundedFile(io.FileIO):
    """A file that is never read whole, however large a part the zip in it says it has."""

    def read(self, size: int | None = -1) -> bytes:
        """Return at most `size` bytes."""
        if size is None or size < 0:
            size = MAX_DIRECTORY_BYTES
        elif size > MAX_DIRECTORY_BYTES:
            raise ZipRefused(f"the list of its files has more than {MAX_DIRECTORY_BYTES} bytes")
        return super().read(size) or b""


class SafeZip:
    """A zip opened for reading; use `open_zip`."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._opened = opened
        self._entries = _checked_entries(opened)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the files, folders left out."""
        return tuple(name for name in self._entries if not name.endswith("/"))

    def size(self, name: str) -> int:
        """Return the stated size of a file; reading never gives more than that."""
        return self._entries[name].file_size

    def copy(self, name: str, target: Path, max_bytes: int) -> Checksums:
        """Write a file of the zip to `target` and return its checksums.

        Raises
        ------
        ZipRefused
            If it has more than `max_bytes`, whatever the zip says of its size.
        """
        with target.open("wb") as written:
            return self._read(name, written.write, max_bytes)

    def checksums(self, name: str, max_bytes: int) -> Checksums:
        """Return the checksums of a file of the zip, which is written nowhere.

        Raises
        ------
        ZipRefused
            If it has more than `max_bytes`.
        """
        return self._read(name, len, max_bytes)

    def _read(self, name: str, take_in: Callable[[bytes], object], max_bytes: int) -> Checksums:
        """Give a file chunk by chunk to `take_in` and return its checksums."""
        md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
        size = 0
        with self._opened.open(self._entries[name]) as source:
            while chunk := source.read(CHUNK_BYTES):
                size += len(chunk)
                if size > max_bytes:
                    raise ZipRefused(f"{name[:80]!a} in it has more than {max_bytes} bytes")
                md5.update(chunk)
                sha256.update(chunk)
                take_in(chunk)
        return Checksums(md5.hexdigest(), sha256.hexdigest())

    def text(self, name: str) -> str:
        """Return a small text file of the zip, empty when it holds none of that name.

        Raises
        ------
        ZipRefused
            If it has more than `MAX_TEXT_BYTES`.
        """
        if name not in self._entries:
            return ""
        return self.content(name, MAX_TEXT_BYTES).decode("utf-8", errors="replace")

    def content(self, name: str, max_bytes: int) -> bytes:
        """Return a file of the zip.

        Raises
        ------
        ZipRefused
            If it has more than `max_bytes`.
        """
        chunks: list[bytes] = []
        self._read(name, chunks.append, max_bytes)
        return b"".join(chunks)


@contextmanager
def open_zip(path: Path) -> Generator[SafeZip]:
    """Open a zip; what is wrong with it, found now or while it is read, has one of two names.

    Raises
    ------
    ZipDamaged
        If the zip is cut or corrupt.
    ZipRefused
        If it is encrypted, holds two files of one name, a path that leads out of it, or too much.
    OSError
        If the disk is full or cannot be written.
    """
    try:
        with _BoundedFile(path) as file, zipfile.ZipFile(file) as opened:
            yield SafeZip(opened)
    except CORRUPT as error:
        if isinstance(error, OSError) and error.errno in DISK_ERRORS:
            raise
        reason = str(error) or type(error).__name__
        raise ZipDamaged(f"the zip is cut or corrupt ({reason})") from error


def add_file(opened: zipfile.ZipFile, name: str, source: Path) -> None:
    """Add a file to a zip that is being written, without its date and owner."""
    entry = zipfile.ZipInfo(name, NO_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = UNIX
    entry.external_attr = FILE_MODE << 16
    with source.open("rb") as read, opened.open(entry, "w") as written:
        while chunk := read.read(CHUNK_BYTES):
            written.write(chunk)


def _checked_entries(opened: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the entries of a zip by name; refuse what no honest zip of assemblies holds."""
    listed = opened.infolist()
    if len(listed) > MAX_ENTRIES:
        raise ZipRefused(f"the zip holds {len(listed)} files; at most {MAX_ENTRIES} can be")
    for entry in listed:
        name = entry.filename
        shown = ascii(name[:80])
        if ".." in name.split("/") or "\\" in name or name.startswith("/"):
            raise ZipRefused(f"the zip holds {shown}, a path that leads out of it")
        if entry.flag_bits & ENCRYPTED or entry.compress_type not in METHODS:
            raise ZipRefused(f"the zip holds {shown} encrypted or packed by an unknown method")
    entries = {entry.filename: entry for entry in listed}
    if len(entries) < len(listed):
        raise ZipRefused("the zip holds two files of one name")
    return entries
