"""Find what was altered after a job wrote it, and remove it so that a job makes it again."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from oneclone.errors import AssemblyRejected, OnecloneError
from oneclone.tables.hash_cache import HashCache


def altered_files(working: Path, written: Mapping[str, str], cache: HashCache) -> Iterator[str]:
    """Give the files that are there and not as their jobs left them.

    Parameters
    ----------
    working
        Working directory.
    written
        Sha256 of what jobs have written, by its name there.
    cache
        Knows files that were hashed before. An edit that keeps size and times gets past it, but
        not past `oneclone check`.
    """
    for name, digest in written.items():
        path = working / name
        if path.exists() and (path.is_symlink() or _sha256(path, cache) != digest):
            yield name


def remove_altered(path: Path) -> None:
    """Remove an altered file, what a link leads to never.

    Raises
    ------
    OnecloneError
        If a folder with something in it has taken the place of the file.
    """
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    try:
        path.rmdir()
    except OSError as error:
        raise OnecloneError(
            f"{path.absolute()}: a folder has taken the place of a file, and is not empty; move "
            "it away, then repeat the command"
        ) from error


def _sha256(path: Path, cache: HashCache) -> str:
    """Return the sha256 of a file, empty when it is none that can be read."""
    try:
        return cache.sha256(path)
    except AssemblyRejected:
        return ""
