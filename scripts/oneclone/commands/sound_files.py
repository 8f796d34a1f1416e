"""Compare files with the checksums that were written beside them."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from oneclone.tables.checksum import file_sha256


@dataclass(frozen=True)
class Finding:
    """A file that is not what it should be: what is wrong and what to do.

    `is_result` tells whether it may be deleted, because a run makes it again; inputs and the
    registry never are.
    """

    path: Path
    what: str
    remedy: str
    is_result: bool = True


def differences(
    folder: Path, digests: Mapping[str, str], remedy: str, *, is_result: bool = True
) -> Iterator[Finding]:
    """Give the files of a manifest that are not as it says.

    Parameters
    ----------
    folder
        Folder from which the names start.
    digests
        Sha256 by name, as read from the manifest.
    remedy
        What to do about a file.
    is_result
        Whether a run makes the files again.
    """
    for name, digest in digests.items():
        path = PurePosixPath(name)
        if not digest or (is_result and (path.is_absolute() or ".." in path.parts)):
            yield Finding(folder / "manifest", f"has a line that is none: {name!r}", remedy, False)
        elif what := difference(folder / name, digest, may_be_link=not is_result):
            yield Finding(folder / name, what, remedy, is_result)


def difference(path: Path, digest: str, *, may_be_link: bool = False) -> str:
    """Return in words why a file is not the one with a sha256, empty when it is.

    A folder, pipe or device is not opened.

    Examples
    --------
    >>> difference(Path("/"), "0" * 64), difference(Path("/no such file"), "0" * 64)
    ('is a folder or device, not a file', 'is missing')
    """
    if path.is_symlink() and not may_be_link:
        return f"is a link to {path.readlink()}, not a file"
    if not path.exists():
        return "is missing"
    if not path.is_file():
        return "is a folder or device, not a file"
    try:
        found = file_sha256(path)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if found == digest:
        return ""
    what = "is empty" if not path.stat().st_size else "was changed"
    return f"{what}: its sha256 is {found}, not {digest}"


def database_damage(path: Path) -> str:
    """Return what SQLite finds wrong with a file, empty when nothing or when there is none."""
    if not path.is_file():
        return ""
    try:
        with closing(sqlite3.connect(path.absolute())) as database:
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return f"is no sound database: {error}"
    return "" if found == "ok" else f"is a damaged database: {found}"
