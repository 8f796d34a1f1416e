"""The shape of a tree that grows by putting smaller trees into its branches, and is rearranged."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from oneclone.local_bootstrap import Topology, surroundings

LEAST_GAIN = 0.5  # differences; what is less is no shared base


class JoinedTree:
    """An unrooted tree of `tips` tips, numbered from 0; inner nodes have the numbers above.

    Examples
    --------
    >>> tree = JoinedTree(4)
    >>> star = Topology(3, ((0, 1, 2),), np.zeros(4))
    >>> tree.put(star, [0, 1, 2])
    [0, 1, 2, 4]
    >>> tree.put(star, [1, 4, 3])  # the first two are the ends of a branch, which it replaces
    [1, 4, 3, 5]
    >>> tree.topology().children
    ((1, 3), (0, 2, 4))
    """

    def __init__(self, tips: int) -> None:
        """Begin without any branch."""
        self.tips = tips
        self._beside: list[list[int]] = [[] for _ in range(tips)]

    def put(self, tree: Topology, leaves: Sequence[int]) -> list[int]:
        """Put a tree in, and return which of the nodes here each of its nodes is.

        Parameters
        ----------
        tree
            With a root of three children.
        leaves
            The nodes here that its tips are. When the first two are the ends of a branch, the tree
            takes the place of that branch.
        """
        first, second = leaves[:2]
        if second in self._beside[first]:
            self._beside[first].remove(second)
            self._beside[second].remove(first)
        nodes = [*leaves, *range(len(self._beside), len(self._beside) + len(tree.children))]
        self._beside += [[] for _ in tree.children]
        for parent, children in enumerate(tree.children, start=tree.tips):
            for child in children:
                self._beside[nodes[parent]].append(nodes[child])
                self._beside[nodes[child]].append(nodes[parent])
        return nodes

    def topology(self) -> Topology:
        """Return the tree without lengths, rooted at the node beside tip 0."""
        return _numbered(self.tips, self._beside[0][0], lambda node: self._beside[node])


def rearranged(tree: Topology, gains: NDArray[np.float64]) -> Topology | None:
    """Return a tree after nearest-neighbour interchanges that make it shorter, `None` without any.

    The best comes first; of two branches that share a node only one is rearranged.

    Parameters
    ----------
    tree
        The tree; the lengths of the new one are 0.
    gains
        By how much both rearrangements of each inner branch are longer, of shape (2, inner
        branches): of A and B below it and C and D beyond, AC|BD first and AD|BC second.

    Examples
    --------
    >>> tree = Topology(4, ((0, 1), (4, 2, 3)), np.zeros(6))
    >>> rearranged(tree, np.array([[-3.0], [2.0]])).children
    ((0, 2), (1, 3, 4))
    >>> rearranged(tree, np.array([[3.0], [2.0]])) is None
    True
    """
    beside = surroundings(tree)
    parents = {child: p for p, pair in enumerate(tree.children, tree.tips) for child in pair}
    children = {node: list(pair) for node, pair in enumerate(tree.children, start=tree.tips)}
    moved: set[int] = set()
    best = gains.min(axis=0)
    order: list[int] = np.argsort(best, kind="stable").tolist()
    for place in order:
        node = tree.tips + place
        parent = parents[node]
        if best[place] >= -LEAST_GAIN or {node, parent} & moved:
            continue
        moved |= {node, parent}
        first_is_better = bool(gains[0, place] < gains[1, place])
        leaving = tree.children[place][1 if first_is_better else 0]
        coming = beside[node][0]
        children[node][children[node].index(leaving)] = coming
        children[parent][children[parent].index(coming)] = leaving
    root = tree.tips + len(tree.children) - 1
    return _numbered(tree.tips, root, lambda node: children.get(node, [])) if moved else None


def _numbered(tips: int, root: int, beside: Callable[[int], Sequence[int]]) -> Topology:
    """Return the tree below a root, children before parents, from the nodes beside each node."""
    below: dict[int, list[int]] = {}
    above = {root: root}
    pending = [root]
    while pending:
        node = pending.pop()
        below[node] = [each for each in beside(node) if each != above[node]]
        above |= dict.fromkeys(below[node], node)
        pending += [each for each in below[node] if each >= tips]
    number_of = {node: tips + n for n, node in enumerate(reversed(below))}
    children = tuple(
        tuple(sorted(number_of.get(each, each) for each in below[node])) for node in reversed(below)
    )
    return Topology(tips, children, np.zeros(tips + len(children)))
