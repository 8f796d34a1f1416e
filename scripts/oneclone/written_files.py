"""What each job wrote, as a list of checksums below `.oneclone/written/`.

Snakemake does not look at the content of a result: an edited or emptied one counts as up to date.
With these lists the next run finds it, and a run that was killed half-way is no false alarm: a
job has its list only from its end to the beginning of the next job of that name.
"""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from oneclone.errors import AssemblyRejected, OnecloneError
from oneclone.tables.hash_cache import HashCache
from oneclone.tables.manifest import read_manifest, write_manifest

FOLDER = Path(".oneclone/written")


def forget_written(log: str) -> None:
    """Drop the list of a job that begins.

    Parameters
    ----------
    log
        Path of the job's log, which no other job shares, relative to the working directory.
    """
    _list_of(log).unlink(missing_ok=True)


def note_written(log: str, files: Iterable[Path]) -> None:
    """Write the list of a job that ends, relative to the working directory.

    Parameters
    ----------
    log
        Path of the job's log.
    files
        What the job wrote.
    """
    write_manifest(_list_of(log), Path(), files)


def written_files(working: Path) -> dict[str, str]:
    """Return the sha256 of every file that a job has written, by its name in `working`."""
    return {
        name: digest
        for path in sorted((working / FOLDER).rglob("*.sha256"))
        for name, digest in read_manifest(path).items()
    }


def altered_files(working: Path, cache: HashCache, needed: Collection[str]) -> Iterator[str]:
    """Give the files that are not as their jobs left them, and the needed ones that are gone.

    Parameters
    ----------
    working
        Working directory.
    cache
        Knows files that were hashed before. An edit that keeps size and times gets past it, but
        not past `oneclone check`.
    needed
        Names of what a run delivers; what else is gone may be so by intention.
    """
    for name, digest in written_files(working).items():
        path = working / name
        if not path.exists():
            if name in needed:
                yield name
        elif path.is_symlink() or _sha256(path, cache) != digest:
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


def _list_of(log: str) -> Path:
    """Return the list of the job with a log, such as `logs/call_isolate/KEY.log`."""
    return (FOLDER / Path(*Path(log).parts[1:])).with_suffix(".sha256")
