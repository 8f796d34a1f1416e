"""Paths that a user wrote."""

import os
from pathlib import Path


def is_there(path: Path) -> bool:
    r"""Tell whether a path leads to something; one that no file can have leads to nothing.

    `Path.exists` raises an error for a name that is too long.

    Examples
    --------
    >>> is_there(Path("/")), is_there(Path("x" * 300)), is_there(Path("a\\0b"))
    (True, False, False)
    """
    return os.path.exists(path)  # noqa: PTH110


def can_be_filled(folder: Path) -> bool:
    """Tell whether a folder is absent or empty.

    Examples
    --------
    >>> can_be_filled(Path("/")), can_be_filled(Path("/no such folder"))
    (False, True)
    """
    return not is_there(folder) or (folder.is_dir() and not any(folder.iterdir()))


def can_be_path(text: str) -> bool:
    r"""Tell whether a file system could know a text as a path.

    Examples
    --------
    >>> can_be_path("my isolates.tsv"), can_be_path("a\0b"), can_be_path("\ud800")
    (True, False, False)
    """
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False
