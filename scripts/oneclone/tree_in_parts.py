"""The tree of a very large set, put together from trees of parts of it.

Representatives of all taxa make a backbone. Every other taxon belongs on one of its branches: the
one to which it can be attached with the fewest changes of its own, the bases at the inner nodes
being those of parsimony. The taxa of a branch and the two ends of it make a tree that takes the
place of the branch, and where they are too many for one, they get a backbone of their own. So no
step sees more than a few hundred rows, whatever the number of taxa, and no matrix is larger.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from oneclone.core_sites import BIT_OF
from oneclone.distance_tree import minimum_evolution, site_distances
from oneclone.joined_tree import JoinedTree
from oneclone.local_bootstrap import Topology
from oneclone.packed_rows import PackedRows, count_beside_branches, pack_row
from oneclone.parsimony import ancestral_codes
from oneclone.representatives import choose_representatives
from oneclone.sequences import Codes

PART = 200  # taxa of a backbone, and most taxa of a part without one


class Rows(Protocol):
    """Aligned rows of which one at a time is read."""

    @property
    def sites(self) -> int:
        """Length of the rows."""
        ...

    def row(self, number: int) -> Codes:
        """Return the bases of a row; 4 where one was not called."""
        ...


@dataclass(frozen=True)
class Parted:
    """The shape of a tree put together from parts; its branches have no lengths yet.

    `representatives` are those of the first backbone; `farthest_snps` is the greatest number of
    changes of its own that any other taxon has beside it.
    """

    topology: Topology
    representatives: int
    farthest_snps: int


@dataclass(frozen=True)
class _Part:
    """Rows that belong on one branch, whose `ends` have the bases `codes`, at some columns.

    The part of all rows has no ends.
    """

    rows: list[int]
    ends: tuple[int, ...]
    codes: Codes
    columns: NDArray[np.int64]


def infer_in_parts(rows: Rows, taxa: Sequence[int], part: int = PART) -> Parted:
    """Infer the tree of many rows.

    Parameters
    ----------
    rows
        The rows.
    taxa
        Numbers of the rows that become tips, more than `part` of them. Tip i is `taxa[i]`.
    part
        Number of representatives of a backbone, and of rows of a part without one.
    """
    return _Parting(rows, taxa, part).infer()


class _Parting:
    """What all parts of one tree share."""

    def __init__(self, rows: Rows, taxa: Sequence[int], part: int) -> None:
        self._rows = rows
        self._taxa = taxa
        self._part = part
        self._tree = JoinedTree(len(taxa))

    def infer(self) -> Parted:
        """Infer the tree, part by part."""
        sites = self._rows.sites
        columns = np.arange(sites)
        first = _Part(list(range(len(self._taxa))), (), np.zeros((0, sites), np.uint8), columns)
        pending, farthest = self._grow(first)
        while pending:
            pending += self._grow(pending.pop())[0]
        return Parted(self._tree.topology(), min(self._part, len(self._taxa)), farthest)

    def _grow(self, part: _Part) -> tuple[list[_Part], int]:
        """Put the backbone of a part in, and what is small enough of the rest.

        Returns
        -------
        tuple
            Parts that need a backbone of their own, and the most changes of any row beside this.
        """
        narrow = self._narrowed(part)
        chosen = choose_representatives(self._read(narrow), len(narrow.columns), self._part)
        backbone = _Part(chosen, narrow.ends, narrow.codes, narrow.columns)
        codes, topology, nodes = self._put(backbone)
        states = ancestral_codes(codes, topology)
        rest = _Part(sorted({*narrow.rows} - {*chosen}), (), narrow.codes, narrow.columns)
        above = _parents(topology)
        placed, farthest = self._place(rest, states, above)
        states[: len(codes)] = codes  # of a tip only what was called
        pending: list[_Part] = []
        for branch, rows in sorted(placed.items()):
            parent = int(above[branch])
            ends = (nodes[branch], nodes[parent])
            child = _Part(rows, ends, states[[branch, parent]], narrow.columns)
            if len(rows) > self._part:
                pending.append(child)
            else:
                self._put(child)
        return pending, farthest

    def _narrowed(self, part: _Part) -> _Part:
        """Return a part with only those of its columns that vary in it."""
        vary = _vary(chain(part.codes, (codes for _, codes in self._read(part))))
        return _Part(part.rows, part.ends, part.codes[:, vary], part.columns[vary])

    def _read(self, part: _Part) -> Iterator[tuple[int, Codes]]:
        """Give the rows of a part one after the other."""
        for number in part.rows:
            yield number, self._rows.row(self._taxa[number])[part.columns]

    def _put(self, part: _Part) -> tuple[Codes, Topology, list[int]]:
        """Put the tree of all rows of a part in, and return their bases, the tree and its nodes."""
        codes = np.concatenate([part.codes, *(row[None] for _, row in self._read(part))])
        topology = _tree_of(codes[:, _vary(codes)])
        return codes, topology, self._tree.put(topology, [*part.ends, *part.rows])

    def _place(
        self, rest: _Part, states: Codes, above: NDArray[np.int64]
    ) -> tuple[dict[int, list[int]], int]:
        """Return which rows belong on each branch, and the most changes that one needs there."""
        nodes = PackedRows.empty(states.shape[1], len(states))
        for number, codes in enumerate(states):
            nodes.put(number, codes)
        placed: dict[int, list[int]] = {}
        farthest = 0
        for number, codes in self._read(rest):
            costs = count_beside_branches(pack_row(codes), nodes, above)
            branch = int(costs.argmin())
            placed.setdefault(branch, []).append(number)
            farthest = max(farthest, int(costs[branch]))
        return placed, farthest


def _tree_of(codes: Codes) -> Topology:
    """Return the tree of a few rows; that of three has one shape only."""
    if len(codes) == 3:
        return Topology(3, ((0, 1, 2),), np.zeros(4))
    return minimum_evolution(site_distances(codes, max(codes.shape[1], 1)))


def _vary(rows: Iterable[Codes]) -> NDArray[np.bool_]:
    """Tell for each column of some rows whether it holds more than one base."""
    seen: Codes = np.zeros(1, dtype=np.uint8)
    for codes in rows:
        seen = seen | BIT_OF[codes]
    return (seen & (seen - np.uint8(1))) > 0


def _parents(tree: Topology) -> NDArray[np.int64]:
    """Return the node above each node but the root."""
    above = np.zeros(len(tree.lengths) - 1, dtype=np.int64)
    for parent, children in enumerate(tree.children, start=tree.tips):
        above[list(children)] = parent
    return above
