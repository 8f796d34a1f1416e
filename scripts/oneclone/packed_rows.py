"""Aligned rows as bits: differences of one row to many, sixty-four sites at a time.

A base is two bits, and a third says whether it was called. Many rows lie side by side: word w of
all of them is contiguous, because one row is always compared with all.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from oneclone.distances import WORD_BITS, Words, pack, set_bits
from oneclone.sequences import MISSING, Codes

LOW, HIGH, CALLED = range(3)


@dataclass(frozen=True)
class PackedRows:
    """Rows side by side: `planes` has the shape (3, words, rows)."""

    planes: Words

    @classmethod
    def empty(cls, sites: int, rows: int) -> "PackedRows":
        """Return rows without any base."""
        return cls(np.zeros((3, -(-sites // WORD_BITS), rows), dtype=np.uint64))

    def put(self, row: int, codes: Codes) -> None:
        """Set a row."""
        self.planes[:, :, row] = pack_row(codes)

    def keep(self, rows: NDArray[np.int64]) -> None:
        """Move some rows to the front, in this order."""
        self.planes[:, :, : len(rows)] = self.planes[:, :, rows]


def pack_row(codes: Codes) -> Words:
    """Return one row as bits, of shape (3, words).

    Examples
    --------
    >>> pack_row(np.array([0, 1, 2, 3, 4], dtype=np.uint8)).tolist()
    [[10], [12], [15]]
    """
    called = codes < MISSING
    low, high = called & ((codes & 1) > 0), called & ((codes & 2) > 0)
    return np.stack([pack(low), pack(high), pack(called)])


def count_differences(
    row: Words, others: PackedRows, many: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return at how many sites a row and each of the first rows differ, and are both called.

    Parameters
    ----------
    row
        Of `pack_row`.
    others
        The rows that it is compared with.
    many
        How many of them.

    Examples
    --------
    >>> others = PackedRows.empty(4, 2)
    >>> others.put(0, np.array([0, 1, 4, 3], dtype=np.uint8))
    >>> row = pack_row(np.array([0, 2, 2, 4], dtype=np.uint8))
    >>> [counts.tolist() for counts in count_differences(row, others, 2)]
    [[1, 0], [2, 0]]
    """
    differing, compared = np.zeros(many, dtype=np.int64), np.zeros(many, dtype=np.int64)
    _count_differences(row, others.planes, differing, compared)
    return differing, compared


def count_beside_branches(
    row: Words, nodes: PackedRows, above: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return at how many sites a row differs from both ends of each branch of a tree.

    That is how many changes the row would need of its own if it were attached to the branch.

    Parameters
    ----------
    row
        Of `pack_row`.
    nodes
        Bases at the nodes of the tree, the root last.
    above
        The node above each node but the root.

    Examples
    --------
    >>> nodes = PackedRows.empty(3, 3)
    >>> for number, codes in enumerate(([0, 0, 0], [1, 1, 1], [0, 1, 1])):
    ...     nodes.put(number, np.array(codes, dtype=np.uint8))
    >>> row = pack_row(np.array([1, 0, 1], dtype=np.uint8))
    >>> count_beside_branches(row, nodes, np.array([2, 2])).tolist()
    [1, 1]
    """
    costs = np.zeros(len(above), dtype=np.int64)
    _count_beside_branches(row, nodes.planes, above, costs)
    return costs


@njit(cache=True, nogil=True)
def _count_differences(
    row: Words, others: Words, differing: NDArray[np.int64], compared: NDArray[np.int64]
) -> None:
    """Add the differing and the compared sites of each row."""
    for word in range(row.shape[1]):
        low, high, called = row[LOW, word], row[HIGH, word], row[CALLED, word]
        if not called:
            continue
        for other in range(len(differing)):
            both = called & others[CALLED, word, other]
            unlike = (low ^ others[LOW, word, other]) | (high ^ others[HIGH, word, other])
            differing[other] += set_bits(unlike & both)
            compared[other] += set_bits(both)


@njit(cache=True, nogil=True)
def _count_beside_branches(
    row: Words, nodes: Words, above: NDArray[np.int64], costs: NDArray[np.int64]
) -> None:
    """Add the sites at which the row differs from both ends of each branch."""
    unlike = np.zeros(nodes.shape[2], dtype=np.uint64)
    for word in range(row.shape[1]):
        low, high, called = row[LOW, word], row[HIGH, word], row[CALLED, word]
        if not called:
            continue
        for node in range(len(unlike)):
            differs = (low ^ nodes[LOW, word, node]) | (high ^ nodes[HIGH, word, node])
            unlike[node] = differs & called & nodes[CALLED, word, node]
        for node in range(len(above)):
            costs[node] += set_bits(unlike[node] & unlike[above[node]])
