"""Write files so that a reader sees the old content or the new one, never a part."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

FILE_MODE = 0o644


@contextmanager
def replacing(path: Path) -> Generator[Path]:
    """Give a temporary path beside `path` and move it there when the block succeeds.

    Parameters
    ----------
    path
        Final path; its folder is made when absent.

    Yields
    ------
    Path
        Path to write to, in the same folder. It is removed when the block fails.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.chmod(FILE_MODE & ~_umask())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with newline line ends, atomically."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


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
