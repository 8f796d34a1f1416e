"""Minimum spanning tree of SNP distances: how near isolates are, each by its shortest joins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import DisjointSet

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
    wanted = set(names)
    measured = sorted(
        (pair.snps, pair.snps_raw or 0, pair.first, pair.second)
        for pair in pairs
        if pair.snps is not None and pair.first in wanted and pair.second in wanted
    )
    edges = _shortest(names, measured)
    tied = _tied(names, measured, edges)
    return tuple(
        SpanningEdge(first, second, snps, tied[first, second]) for snps, first, second in edges
    )


def _shortest(
    names: Sequence[str], measured: Sequence[tuple[int, int, str, str]]
) -> list[tuple[int, str, str]]:
    """Return the pairs that join what shorter ones left apart, shortest first."""
    joined = DisjointSet(names)
    edges: list[tuple[int, str, str]] = []
    for snps, _, first, second in measured:
        if joined.n_subsets == 1:
            break
        if joined.merge(first, second):
            edges.append((snps, first, second))
    return edges


def _tied(
    names: Sequence[str],
    measured: Sequence[tuple[int, int, str, str]],
    edges: Sequence[tuple[int, str, str]],
) -> dict[tuple[str, str], bool]:
    """Return for each edge whether another pair as near joins the halves that it parts."""
    place, below = _preorder(names, edges)
    snps = np.array([each[0] for each in measured], np.int64)
    firsts = np.array([place[each[2]] for each in measured], np.int64)
    seconds = np.array([place[each[3]] for each in measured], np.int64)
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
