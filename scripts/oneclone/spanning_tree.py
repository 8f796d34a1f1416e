"""Minimum spanning tree of SNP distances: how near isolates are, each by its shortest joins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree as shortest_tree

from oneclone.model.pairs import Pair


@dataclass(frozen=True)
class SpanningEdge:
    """An edge between two isolates, `first` < `second` by code point.

    `snps` is the distance of the pair after the recombination filter. `tied`: another tree, as
    short in all, does without this edge, so that the edge as such says nothing.
    """

    first: str
    second: str
    snps: int
    tied: bool


def minimum_spanning_tree(names: Sequence[str], pairs: Iterable[Pair]) -> tuple[SpanningEdge, ...]:
    """Return the shortest tree that joins isolates by measured distances (Kruskal 1956).

    Among equal distances the raw ones decide, then the names, so that the order of rows does
    not matter. An isolate without a measured distance stays alone: there are
    `len(names) - len(edges)` separate trees.

    Parameters
    ----------
    names
        Isolates to join; pairs with others are ignored.
    pairs
        SNP distances; a pair that is not assessable joins nothing.

    Returns
    -------
    tuple of SpanningEdge
        From the shortest to the longest.

    Examples
    --------
    >>> from oneclone.model.pairs import FilterOutcome
    >>> def pair(one, two, snps):
    ...     return Pair(one, two, "r", 100, 100, snps, snps, 0, FilterOutcome.NOTHING_REMOVED)
    >>> pairs = [pair("a", "b", 0), pair("a", "c", 7), pair("b", "c", 7)]
    >>> for edge in minimum_spanning_tree("abcd", pairs):
    ...     print(edge.first, edge.second, edge.snps, "tied" if edge.tied else "sole")
    a b 0 sole
    a c 7 tied
    """
    index = {name: number for number, name in enumerate(sorted(names))}
    measured = _measured(index, pairs)
    edges = _shortest(list(index), measured)
    tied = _tied(index, measured, edges)
    return tuple(
        SpanningEdge(first, second, snps, tied[first, second]) for snps, first, second in edges
    )


def _measured(index: Mapping[str, int], pairs: Iterable[Pair]) -> NDArray[np.int64]:
    """Return SNPs, first and second of the pairs to choose from, the best first."""
    rows = (
        (pair.snps, pair.snps_raw or 0, index[pair.first], index[pair.second])
        for pair in pairs
        if pair.snps is not None and pair.first in index and pair.second in index
    )
    found = np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, 4)
    return found[np.lexsort(found.T[::-1])][:, [0, 2, 3]]


def _shortest(names: Sequence[str], measured: NDArray[np.int64]) -> list[tuple[int, str, str]]:
    """Return the pairs that join what shorter ones left apart, shortest first.

    With the ranks of the pairs as weights no two are equal, so that there is one such tree.
    """
    _, firsts, seconds = measured.T
    ranks = np.arange(1, len(measured) + 1, dtype=np.float64)
    size = (len(names), len(names))
    chosen = shortest_tree(coo_array((ranks, (firsts, seconds)), size).tocsr()).data
    places = np.sort(chosen.astype(np.int64)) - 1
    rows: list[tuple[int, int, int]] = measured[places].tolist()
    return [(snps, names[one], names[two]) for snps, one, two in rows]


def _tied(
    index: Mapping[str, int],
    measured: NDArray[np.int64],
    edges: Sequence[tuple[int, str, str]],
) -> dict[tuple[str, str], bool]:
    """Return for each edge whether another pair as near joins the halves that it parts."""
    place, below = _preorder(list(index), edges)
    places = np.array([place[name] for name in index], np.int64)
    snps, firsts, seconds = measured[:, 0], places[measured[:, 1]], places[measured[:, 2]]
    found: dict[tuple[str, str], bool] = {}
    for length, first, second in edges:
        lower = max(place[first], place[second])  # of the two, the one further from the root
        end = lower + below[lower]
        same = slice(np.searchsorted(snps, length), np.searchsorted(snps, length, "right"))
        one, two = firsts[same], seconds[same]
        across = ((one >= lower) & (one < end)) != ((two >= lower) & (two < end))
        found[first, second] = int(across.sum()) > 1
    return found


def _preorder(
    names: Sequence[str], edges: Sequence[tuple[int, str, str]]
) -> tuple[dict[str, int], list[int]]:
    """Return the place of each name on a walk down the trees, and by place the size of its part.

    What hangs below a name follows it without a gap.
    """
    near: dict[str, list[str]] = {name: [] for name in names}
    for _, first, second in edges:
        near[first].append(second)
        near[second].append(first)
    place: dict[str, int] = {}
    parents: list[int] = []
    for root in near:
        waiting = [(root, -1)] if root not in place else []
        while waiting:
            name, parent = waiting.pop()
            place[name] = len(place)
            parents.append(parent)
            waiting += [(each, place[name]) for each in near[name] if each not in place]
    below = [1] * len(parents)
    for each in range(len(parents) - 1, -1, -1):
        if parents[each] >= 0:
            below[parents[each]] += below[each]
    return place, below
