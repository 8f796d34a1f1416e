"""Choose representatives of many aligned rows: far from each other, and near to all the rest.

Rows are seen once, in their order, and only candidates are kept. A row that is farther from all
candidates than the radius becomes one; when there are twice as many as wanted, those are kept
that farthest-first traversal takes first (Gonzalez 1985, doi:10.1016/0304-3975(85)90224-5), and the
radius is the distance at which it would have gone on. Memory and the number of distances so grow
with the number of rows times that of the representatives, and no radius has to be set.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from oneclone.packed_rows import PackedRows, count_differences, pack_row
from oneclone.sequences import Codes

Distances = NDArray[np.float64]


def choose_representatives(rows: Iterable[tuple[int, Codes]], sites: int, many: int) -> list[int]:
    """Return the numbers of the rows that stand for all, sorted.

    Parameters
    ----------
    rows
        Number and bases of each row.
    sites
        Length of the rows.
    many
        How many to choose; all when there are no more.

    Examples
    --------
    >>> codes = np.zeros((6, 9), dtype=np.uint8)
    >>> for row, differing in enumerate((0, 1, 5, 6, 9, 8)):
    ...     codes[row, :differing] = 1
    >>> choose_representatives(enumerate(codes), 9, 3)
    [0, 2, 4]
    """
    found = _Candidates(sites, 2 * many)
    for number, codes in rows:
        found.offer(number, codes)
        if len(found.numbers) == 2 * many:
            found.reduce(many)
    if len(found.numbers) > many:
        found.reduce(many)
    return sorted(found.numbers)


class _Candidates:
    """Candidates with the distances between them: differing sites per compared one."""

    def __init__(self, sites: int, capacity: int) -> None:
        self.numbers: list[int] = []
        self.radius = -1.0  # the first rows are candidates even if they differ nowhere
        self._rows = PackedRows.empty(sites, capacity)
        self._distances: Distances = np.zeros((capacity, capacity))

    def offer(self, number: int, codes: Codes) -> None:
        """Take a row as a candidate if it is far from all others."""
        many = len(self.numbers)
        differing, compared = count_differences(pack_row(codes), self._rows, many)
        distances = differing / np.maximum(compared, 1)
        if many and distances.min() <= self.radius:
            return
        self._rows.put(many, codes)
        self._distances[many, :many] = self._distances[:many, many] = distances
        self.numbers.append(number)

    def reduce(self, many: int) -> None:
        """Keep the candidates that farthest-first traversal takes first, ties in their order."""
        distances = self._distances[: len(self.numbers), : len(self.numbers)]
        kept, nearest = [0], distances[0].copy()
        nearest[0] = -1.0
        while len(kept) < many:
            kept.append(int(nearest.argmax()))
            nearest = np.minimum(nearest, distances[kept[-1]])
            nearest[kept] = -1.0  # none is taken twice, though others may not differ from it
        order = np.array(sorted(kept))
        self.radius = float(nearest.max())
        self.numbers = [self.numbers[place] for place in order]
        self._distances[: len(order), : len(order)] = distances[np.ix_(order, order)]
        self._rows.keep(order)
