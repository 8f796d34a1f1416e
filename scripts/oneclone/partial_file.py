"""A file that is being downloaded: what is here of it, and whether one can go on from there."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oneclone.tables.atomic import write_text

CHUNK_BYTES = 1 << 10


class PartialFile:
    """A part of a file and a note of where it came from.

    Going on is safe only when the server promises that the rest belongs to the same content: it
    takes ranges and gave a strong entity tag or a date (RFC 9110, sections 13.1.5 and 14).

    Parameters
    ----------
    path
        The part; the note lies beside it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._note = path.with_name(path.name + ".from")

    @property
    def size(self) -> int:
        """Number of bytes that are here."""
        return self.path.stat().st_size if self.path.exists() else 0

    def range_headers(self, source: str) -> dict[str, str]:
        """Return the headers that ask for the rest; without them, what is here is thrown away.

        Parameters
        ----------
        source
            Address of the whole file.
        """
        validator = self._validator(source)
        if not self.size or not validator:
            self.remove()
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": validator}

    def fits(self, is_rest: bool, headers: Mapping[str, str]) -> bool:
        """Tell whether an answer can be used: the whole file, or the rest from here on."""
        return not is_rest or headers.get("Content-Range", "").startswith(f"bytes {self.size}-")

    def begin(self, source: str, headers: Mapping[str, str]) -> None:
        """Start anew with the whole file.

        The note is written last: never does it vouch for bytes of an earlier download.
        """
        self.remove()
        self.path.touch()
        tag = headers.get("ETag", "")
        validator = headers.get("Last-Modified", "") if tag.startswith("W/") or not tag else tag
        if validator and headers.get("Accept-Ranges", "").lower() == "bytes":
            write_text(self._note, json.dumps({"source": source, "validator": validator}))

    def is_markup(self) -> bool:
        """Tell whether it begins as a web page or XML does, which no zip can."""
        with self.path.open("rb") as opened:
            return opened.read(CHUNK_BYTES).lstrip().startswith(b"<")

    def remove(self) -> None:
        """Remove the part and its note."""
        self._note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def _validator(self, source: str) -> str:
        """Return what tells the content of the part, empty when nothing does."""
        try:
            note: Any = json.loads(self._note.read_text(encoding="utf-8"))
            return str(note["validator"]) if note["source"] == source else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""
