"""What each job wrote, as a list of checksums below `.oneclone/written/`.

Snakemake does not look at the content of a result: an edited or emptied one counts as up to date.
With these lists the next run finds it, and a run that was killed half-way is no false alarm: a
job has its list only from its end to the beginning of the next job of that name.
"""

from collections.abc import Iterable
from pathlib import Path

from oneclone.tables.manifest import changed_results, read_manifest, write_manifest

FOLDER = Path(".oneclone/written")


def forget_written(log: str) -> None:
    """Drop the list of a job that begins.

    Parameters
    ----------
    log
        Path of the job's log, which no other job shares, relative to the working directory. What a
        job writes for one isolate of many has a list of its own, by such a path without suffix.
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


def is_as_written(log: str) -> bool:
    """Tell whether the files in the list of a job are as it left them; true when it has no list."""
    path = _list_of(log)
    if not path.is_file():
        return True
    return not changed_results(path, Path())


def written_files(working: Path) -> dict[str, str]:
    """Return the sha256 of every file that a job has written, by its name in `working`."""
    return {
        name: digest
        for path in sorted((working / FOLDER).rglob("*.sha256"))
        for name, digest in read_manifest(path).items()
    }


def _list_of(log: str) -> Path:
    """Return the list of the job with a log, such as `logs/call_isolates/BATCH.log`."""
    return (FOLDER / Path(*Path(log).parts[1:])).with_suffix(".sha256")
