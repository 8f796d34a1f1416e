"""A reader under test: seeds that it accepts, and a call that may only fail as it says."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar


class Reader:
    """One reader of files; the first byte of an input chooses what the rest is put in place of.

    Parameters
    ----------
    folder
        Empty folder, in memory where the machine has one; it is the reader's own.
    run
        Folder of a small finished run and its clone bundle.
    """

    name: ClassVar[str]
    words: ClassVar[Sequence[bytes]] = ()
    max_bytes: ClassVar[int] = 1 << 14

    def __init__(self, folder: Path, run: Path) -> None:
        self.folder = folder
        self.run = run

    def seeds(self) -> Iterable[bytes]:
        """Give inputs that are read without an error."""
        raise NotImplementedError

    def read(self, data: bytes) -> None:
        """Read an input; every error but a OnecloneError is a defect."""
        raise NotImplementedError


def numbered(contents: Sequence[bytes]) -> list[bytes]:
    """Return inputs whose first byte is the number of the content."""
    return [bytes([number]) + content for number, content in enumerate(contents)]


def chosen(data: bytes, count: int) -> tuple[int, bytes]:
    """Return which of several contents an input replaces, and by what."""
    return (data[0] % count, data[1:]) if data else (0, b"")
