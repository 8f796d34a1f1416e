"""Places for the nodes of trees without a root, and for their labels so that none overlaps.

Nodes: a fan gives a start without crossings, stress majorization (Gansner, Koren and North 2004)
then brings all distances on the sheet near those along the tree. Labels: each takes the first
free place beside its node; when some find none, the whole drawing grows.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from oneclone.spanning_tree import SpanningEdge

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom

SHORTEST_PX, DECADE_PX = 28.0, 22.0
ROUNDS = 300
GAP_PX = 60.0  # between separate trees
SHEET_PX = 1100.0  # separate trees go on in a new row beyond
POINTS_OF_EDGE = np.linspace(0.1, 0.9, 9)


def edge_px(snps: int) -> float:
    """Return how long an edge is drawn: by the logarithm of SNPs + 1, never too short to see."""
    return SHORTEST_PX + DECADE_PX * math.log10(1 + snps)


def place_nodes(names: Sequence[str], edges: Sequence[SpanningEdge]) -> dict[str, Point]:
    """Return a place for every node, separate trees side by side, the largest first."""
    near: dict[str, list[tuple[str, float]]] = {name: [] for name in names}
    for edge in edges:
        near[edge.first].append((edge.second, edge_px(edge.snps)))
        near[edge.second].append((edge.first, edge_px(edge.snps)))
    trees: list[list[str]] = []
    seen: set[str] = set()
    for name in names:
        if name not in seen:
            trees.append(_reached(name, near))
            seen.update(trees[-1])
    places: dict[str, Point] = {}
    x = y = deepest = 0.0
    for tree in sorted(trees, key=lambda tree: -len(tree)):
        drawn = _majorized(_fan(tree, near), _path_lengths(tree, near))
        drawn -= drawn.min(axis=0)
        if x and x + drawn[:, 0].max() > SHEET_PX:
            x, y, deepest = 0.0, deepest + GAP_PX, 0.0
        for name, (across, down) in zip(tree, drawn, strict=True):
            places[name] = (round(x + across, 1), round(y + down, 1))
        deepest = max(deepest, y + drawn[:, 1].max())
        x += drawn[:, 0].max() + GAP_PX
    return places


def _reached(start: str, near: Mapping[str, Sequence[tuple[str, float]]]) -> list[str]:
    """Return all nodes of the tree of a node, that one first."""
    found, seen = [start], {start}
    for name in found:
        new = [other for other, _ in near[name] if other not in seen]
        found += new
        seen.update(new)
    return found


def _path_lengths(
    tree: Sequence[str], near: Mapping[str, Sequence[tuple[str, float]]]
) -> NDArray[np.float64]:
    """Return the length of the way along the tree between every two nodes."""
    index = {name: number for number, name in enumerate(tree)}
    lengths = np.zeros((len(tree), len(tree)))
    known = [0]
    for name in tree:  # a node comes after the one through which it is reached
        for other, length in near[name]:
            if (new := index[other]) > index[name]:
                lengths[new, known] = lengths[index[name], known] + length
                lengths[known, new] = lengths[new, known]
                known.append(new)
    return lengths


def _fan(
    tree: Sequence[str], near: Mapping[str, Sequence[tuple[str, float]]]
) -> NDArray[np.float64]:
    """Return places without crossings: every branch gets a wedge by the number of its tips."""
    children = _children(tree, near)
    tips: dict[str, int] = {}
    for name in reversed(tree):
        tips[name] = sum(tips[child] for child, _ in children[name]) or 1
    places: dict[str, Point] = {tree[0]: (0.0, 0.0)}
    wedges = {tree[0]: (0.0, 2 * math.pi)}
    for name in tree:
        start, width = wedges[name]
        for child, length in children[name]:
            share = width * tips[child] / tips[name]
            angle = start + share / 2
            x, y = places[name]
            places[child] = (x + length * math.cos(angle), y + length * math.sin(angle))
            wedges[child] = (start, share)
            start += share
    return np.array([places[name] for name in tree])


def _children(
    tree: Sequence[str], near: Mapping[str, Sequence[tuple[str, float]]]
) -> dict[str, list[tuple[str, float]]]:
    """Return what hangs on each node, seen from the first."""
    rank = {name: number for number, name in enumerate(tree)}
    return {
        name: sorted((other, length) for other, length in near[name] if rank[other] > rank[name])
        for name in tree
    }


def _majorized(places: NDArray[np.float64], lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places whose distances come near to the lengths, near pairs first."""
    size = len(places)
    if size < 3:
        return places
    weights = 1 / np.square(lengths + np.eye(size)) - np.eye(size)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.pinv(laplacian)
    for _ in range(ROUNDS):
        apart = np.linalg.norm(places[:, None] - places[None], axis=2) + np.eye(size)
        pull = -weights * lengths / np.maximum(apart, 1e-6)
        pull -= np.diag(pull.sum(axis=1))
        places = inverse @ pull @ places
    return places


def free_boxes(
    wanted: Sequence[Sequence[Box]], taken: Sequence[Box], lines: Sequence[tuple[Point, Point]]
) -> list[Box | None]:
    """Return for each label the best of its boxes that overlaps nothing, or `None`.

    Parameters
    ----------
    wanted
        Boxes that each label may have, the best first; labels in the order of importance.
    taken
        Boxes of what is there already.
    lines
        Lines that a label should not lie on when there is another place.
    """
    full = list(taken)
    ends = np.array(lines, float).reshape(-1, 2, 2)
    along = POINTS_OF_EDGE[None, :, None]
    dots = (ends[:, None, 0] * (1 - along) + ends[:, None, 1] * along).reshape(-1, 2)
    found: list[Box | None] = []
    for boxes in wanted:
        free = [box for box in boxes if not _overlaps(box, full)]
        best = min(free, key=lambda box: _count_inside(box, dots), default=None)
        found.append(best)
        if best is not None:
            full.append(best)
    return found


def _overlaps(box: Box, others: Sequence[Box]) -> bool:
    """Return whether a box overlaps any other."""
    if not others:
        return False
    left, top, right, bottom = np.array(others).T
    return bool(np.any((left < box[2]) & (right > box[0]) & (top < box[3]) & (bottom > box[1])))


def _count_inside(box: Box, dots: NDArray[np.float64]) -> int:
    """Return how many dots lie in a box."""
    x, y = dots.T
    return int(((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])).sum())
