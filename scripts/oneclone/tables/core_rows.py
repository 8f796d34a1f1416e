"""Rows and columns of a core alignment, read from its file when they are needed."""

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from oneclone.sequences import Codes, encode
from oneclone.tables.read_back import read_back

SITES_AT_ONCE = 20_000  # 40 MB for 2000 isolates


@dataclass(frozen=True)
class CoreRows:
    """A core alignment in an open file: row ids, number of sites, and where each row begins."""

    taxa: tuple[str, ...]
    sites: int
    starts: tuple[int, ...]
    opened: BinaryIO

    def row(self, number: int) -> Codes:
        """Return the bases of a row; 4 where one was not called."""
        return self._read(number, 0, self.sites)

    def columns(self, rows: Sequence[int], start: int, stop: int) -> Codes:
        """Return the bases of some rows at the sites from start to stop."""
        found = np.empty((len(rows), stop - start), dtype=np.uint8)
        for place, number in enumerate(rows):
            found[place] = self._read(number, start, stop)
        return found

    def letters(self, number: int) -> str:
        """Return the letters of a row; N where a base was not called."""
        return os.pread(self.opened.fileno(), self.sites, self.starts[number]).decode("ascii")

    def by_site(self, rows: Sequence[int], at_once: int = SITES_AT_ONCE) -> Iterator[Codes]:
        """Give the bases of some rows at one site after the other.

        Parameters
        ----------
        rows
            Numbers of rows, in the order in which the bases are to be.
        at_once
            Sites that are read together.
        """
        for start in range(0, self.sites, at_once):
            block = self.columns(rows, start, min(start + at_once, self.sites))
            yield from np.ascontiguousarray(block.T)

    def _read(self, number: int, start: int, stop: int) -> Codes:
        """Return a part of a row."""
        place = self.starts[number] + start
        return encode(os.pread(self.opened.fileno(), stop - start, place))


@contextmanager
def open_core_rows(fasta: Path) -> Generator[CoreRows]:
    """Give the rows of the FASTA file of a core alignment, open for reading."""
    taxa, sites, starts = _find_rows(fasta)
    with fasta.open("rb") as opened:
        yield CoreRows(taxa, sites, starts, opened)


@read_back
def _find_rows(fasta: Path) -> tuple[tuple[str, ...], int, tuple[int, ...]]:
    """Return row ids, length and places of the rows: of each a title line and a line of bases."""
    taxa: list[str] = []
    starts: list[int] = []
    lengths: set[int] = set()
    place = 0
    with fasta.open("rb") as opened:
        for title in opened:
            bases = opened.readline()
            if not title.startswith(b">") or not bases.endswith(b"\n"):
                raise ValueError("no title, or a row that is cut")
            taxa.append(title[1:].split(b" ", 1)[0].decode("ascii"))
            starts.append(place + len(title))
            lengths.add(len(bases) - 1)
            place += len(title) + len(bases)
    if len(lengths) != 1:
        raise ValueError("rows of unequal length")
    return tuple(taxa), lengths.pop(), tuple(starts)
