"""Say what a user can do about what the operating system refuses."""

import contextlib
import errno
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

FREE_SPACE = "free some space, then run again: what is done already is kept"
PERMISSIONS = "check owner and permissions, or use another place (--directory), then run again"
REMEDIES = {
    errno.ENOSPC: FREE_SPACE,
    errno.EDQUOT: "your quota is used up; delete files or ask for more, then run again: what is "
    "done already is kept",
    errno.EFBIG: "files of this size are not allowed here (ulimit -f, or the file system)",
    errno.EACCES: PERMISSIONS,
    errno.EPERM: PERMISSIONS,
    errno.EROFS: "the file system is mounted for reading only; use another place (--directory)",
    errno.EMFILE: "more files may not be open at once; raise the limit (ulimit -n) or use fewer "
    "cores, then run again",
    errno.ENFILE: "the machine has too many files open; use fewer cores, then run again",
    errno.ENOMEM: "there is not enough memory; use fewer cores, then run again",
    errno.EIO: "the disk or its connection fails; have it checked, then run again",
    errno.ESTALE: "the network file system lost the file; run again",
    errno.ENOLCK: "the file system gives no locks now (NFS: its lock service does not run); "
    "run again, or use another place (--directory)",
    errno.EOPNOTSUPP: "the file system cannot do this; use another place (--directory)",
    errno.ENOTDIR: "a part of the path is a file, not a folder; move it away, then run again",
    errno.EEXIST: "something else is in the place of a folder, or a link leads nowhere; mend it, "
    "then run again",
    errno.ELOOP: "links lead in a circle; mend them, then run again",
    errno.ENAMETOOLONG: "the path is too long; use a shorter one (--directory)",
}
FULL_BELOW_BYTES = 100_000


def explanation(error: BaseException) -> str:
    """Return what to do about an error of the operating system, empty for any other error.

    Examples
    --------
    >>> explanation(OSError(errno.ENOSPC, "No space left on device", "results/a.tsv"))
    'results/a.tsv: No space left on device; free some space, then run again: what is ...'
    >>> explanation(FileNotFoundError(errno.ENOENT, "No such file or directory", "x"))
    ''
    >>> explanation(ValueError("x"))
    ''
    """
    if isinstance(error, MemoryError):
        return f"out of memory; {REMEDIES[errno.ENOMEM]}"
    if not isinstance(error, OSError) or error.errno not in REMEDIES:
        return ""
    place = f"{error.filename}: " if error.filename is not None else ""
    return f"{place}{error.strerror}; {REMEDIES[error.errno]}"


def full_disks(*folders: Path) -> str:
    """Return which of some folders and the one for temporary files are full, empty for none.

    Libraries have errors of their own for a full disk.
    """
    found = [f"{place} ({free} bytes free)" for place, free in _free(folders)]
    return f"the disk is full: {', '.join(found)}; {FREE_SPACE}" if found else ""


@contextlib.contextmanager
def naming(path: Path) -> Generator[None]:
    """Give errors of the block that name no file the name of one."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            error.filename = str(path)
        raise


def _free(folders: tuple[Path, ...]) -> Iterator[tuple[Path, int]]:
    """Give the folders on full disks with their free bytes."""
    for folder in dict.fromkeys((*folders, Path(tempfile.gettempdir()))):
        with contextlib.suppress(OSError):
            free = shutil.disk_usage(folder).free
            if free < FULL_BELOW_BYTES:
                yield folder.absolute(), free
