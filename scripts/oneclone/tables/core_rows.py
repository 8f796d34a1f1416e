"""`alignment/core.snps.fasta` one isolate, or some sites, at a time: it can exceed the memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oneclone.sequences import Codes, encode
from oneclone.tables.read_back import read_back

SITES_AT_ONCE = 20_000  # 40 MB for 2000 isolates


@dataclass(frozen=True)
class CoreRows:
    """A core alignment on disk: `places` are where the bases of each row id begin, in bytes."""

    path: Path
    places: Mapping[str, int]
    sites: int

    def bases(self, row: str) -> bytes:
        """Return the letters of a taxon; N = not called."""
        with self.path.open("rb") as opened:
            opened.seek(self.places[row])
            return opened.read(self.sites)

    def columns(self, rows: Sequence[str], at_once: int = SITES_AT_ONCE) -> Iterator[Codes]:
        """Give the codes of some taxa at one site after the other.

        Parameters
        ----------
        rows
            Row ids, in the order in which the codes are to be.
        at_once
            Sites that are read together.
        """
        with self.path.open("rb") as opened:
            for start in range(0, self.sites, at_once):
                wide = min(at_once, self.sites - start)
                block = np.empty((len(rows), wide), dtype=np.uint8)
                for number, row in enumerate(rows):
                    opened.seek(self.places[row] + start)
                    block[number] = encode(opened.read(wide))
                yield from np.ascontiguousarray(block.T)


@read_back
def read_core_rows(path: Path) -> CoreRows:
    """Find the rows of a core alignment, which has the bases of each taxon on one line."""
    places: dict[str, int] = {}
    lengths: set[int] = set()
    row, at = "", 0
    with path.open("rb") as opened:
        for line in opened:
            if line.startswith(b">"):
                row = line[1:].split(maxsplit=1)[0].decode("ascii")
            elif row in places:
                message = f"the bases of {row} are on several lines"
                raise ValueError(message)
            else:
                places[row] = at
                lengths.add(len(line.rstrip(b"\n")))
            at += len(line)
    if len(lengths) > 1:
        message = "rows of different lengths"
        raise ValueError(message)
    return CoreRows(path, places, lengths.pop() if lengths else 0)
