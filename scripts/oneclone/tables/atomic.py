"""Write files so that a reader sees the old content or the new one, never a part."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from oneclone.errors import InputRefused
from oneclone.private_files import FILE_MODE
from oneclone.run_guard import own_run, refuse_when_over
from oneclone.system_errors import naming

HEAD_BYTES = 64
PART_SUFFIX = ".of-run"  # ends the name of what a run has not yet moved into place


@contextmanager
def replacing(path: Path, mode: int = FILE_MODE) -> Generator[Path]:
    """Give a temporary path beside `path` and move it there when the block succeeds.

    Parameters
    ----------
    path
        Final path; its folder is made when absent.
    mode
        Who may read and write it, of which the umask takes away.

    Yields
    ------
    Path
        Path to write to, in the same folder. It is removed when the block fails.

    Raises
    ------
    RunIsOver
        If this is a job of a run that is over; nothing is moved.
    OSError
        With the path, which the operating system does not tell when the disk is full.
    """
    with naming(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(part_suffix(), f".{path.name}.", path.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            with temporary.open("rb") as written:
                os.fsync(written.fileno())
            temporary.chmod(mode & ~_umask())
            publish(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)


def publish(temporary: Path, path: Path) -> None:
    """Move a finished file into place, unless this is a job of a run that is over.

    A run that begins between check and move has no part in the file: it removes, after its id is
    noted, whatever bears the suffix of `part_suffix`, and what was moved before it reads as it is.
    """
    refuse_when_over()
    temporary.replace(path)


def part_suffix() -> str:
    """Return the suffix of a file, or folder, whose content is not yet in place."""
    return PART_SUFFIX if own_run() else ""


def refuse_foreign(path: Path, mark: str, what: str) -> None:
    """Refuse to replace a file that is not of the kind that is to be written.

    Parameters
    ----------
    path
        Final path.
    mark
        Text in the first bytes of every file of the kind.
    what
        Name of the kind, with its article.

    Raises
    ------
    InputRefused
        If `path` is a folder, or holds something else.
    """
    if path.is_dir():
        raise InputRefused([f"{path.absolute()}: is a folder; name a file to write"])
    if not path.is_file():
        return
    with path.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    if head and mark.encode() not in head:
        raise InputRefused(
            [f"{path.absolute()}: is there already and is not {what}; name another file to write"]
        )


def write_text(path: Path, text: str, mode: int = FILE_MODE) -> None:
    """Write UTF-8 text with newline line ends, atomically."""
    with replacing(path, mode) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes atomically."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_text_if_changed(path: Path, text: str) -> bool:
    """Write text only when the file does not hold it already; tell whether it was written.

    An unchanged file keeps its time stamp, so that nothing that depends on it runs again.
    """
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    write_text(path, text)
    return True


def _umask() -> int:
    """Return the process's umask; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
