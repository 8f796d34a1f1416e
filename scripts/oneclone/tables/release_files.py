"""The files of a release that never leave the laboratory: the key, and the map of what is whose."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

from oneclone.errors import InputRefused
from oneclone.private_files import OWNER_ALONE
from oneclone.pseudonyms import KEY_BYTES, Secret
from oneclone.tables.atomic import write_text
from oneclone.tables.delimited import table_lines

OPEN_TO_OTHERS = 0o077
KEY = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}\n?", re.ASCII)
COLUMNS = ("kind", "release", "internal", "leak_test")
MARK = "\t".join(COLUMNS)


@dataclass(frozen=True)
class MapRow:
    """What stands in a release for an internal value, and whether the leak test looked for it."""

    kind: str
    release: str
    internal: str
    leak_test: str


def read_or_make_key(path: Path) -> Secret:
    """Return the key in a file that its owner alone can read; a new one is made when it is absent.

    Raises
    ------
    InputRefused
        If others can read or write the file, or it holds no key.
    """
    if not path.exists():
        write_text(path, secrets.token_hex(KEY_BYTES) + "\n", OWNER_ALONE)
    if not path.is_file():
        raise _refused(path, "is no file; name the file of the key")
    mode = path.stat().st_mode & 0o777
    if mode & OPEN_TO_OTHERS:
        why = f"others can read or change the key (mode {mode:03o})"
        raise _refused(path, f"{why}; if nobody has it, run chmod 600 on it, else take a new key")
    text = path.read_text("utf-8", errors="replace")
    if not KEY.fullmatch(text):
        why = f"is no key of {2 * KEY_BYTES} hexadecimal digits"
        raise _refused(path, f"{why}; name a file that is absent to make a new one")
    return Secret(bytes.fromhex(text.strip()))


def write_map(path: Path, rows: Iterable[MapRow]) -> None:
    """Write the map, sorted, for its owner alone."""
    lines = table_lines(COLUMNS, sorted({astuple(row) for row in rows}))
    write_text(path, "".join(lines), OWNER_ALONE)


def _refused(path: Path, why: str) -> InputRefused:
    """Return the refusal of a key."""
    return InputRefused([f"{path.absolute()}: {why}"])
