"""Which of some tips is nearest to each other tip of a tree."""

from collections.abc import Sequence

import numpy as np
from ete3 import Tree

ROUNDING = 1e-9  # relative; sums of the same lengths in another order differ by less


def nearest_tips(tree: Tree, candidates: Sequence[str]) -> dict[str, str]:
    """Return for each tip the candidate with the least patristic distance, ties by name.

    Every node is gone through twice, with the distances to all candidates at once. Those that
    only rounding could tell apart are added up again, each along its own path.

    Parameters
    ----------
    tree
        The tree.
    candidates
        Names of one or more of its tips.

    Examples
    --------
    >>> nearest_tips(Tree("((a:1,b:2):1,(c:1,d:5):1);"), ["a", "c"])
    {'a': 'a', 'b': 'a', 'c': 'c', 'd': 'c'}
    """
    names = sorted(candidates)
    place = {name: number for number, name in enumerate(names)}
    distances = {node: np.full(len(names), np.inf) for node in tree.traverse()}
    tip_of: dict[str, Tree] = {}
    for node in tree.traverse("postorder"):
        if node.is_leaf() and node.name in place:
            distances[node][place[node.name]] = 0.0
            tip_of[node.name] = node
        for child in node.children:
            np.minimum(distances[node], distances[child] + child.dist, out=distances[node])
    found: dict[str, str] = {}
    for node in tree.traverse("preorder"):
        own = distances[node]
        if node.up:
            np.minimum(own, distances[node.up] + node.dist, out=own)
        if node.is_leaf():
            near = [names[each] for each in np.flatnonzero(own <= own.min() * (1 + ROUNDING))]
            found[node.name] = _nearest(tree, node, [tip_of[name] for name in near])
    return found


def _nearest(tree: Tree, tip: Tree, near: Sequence[Tree]) -> str:
    """Return the name of the nearest of some tips, ties by name."""
    if len(near) == 1:
        return near[0].name
    lengths = [0.0 if each is tip else tree.get_distance(tip, each) for each in near]
    return min(zip(lengths, (each.name for each in near), strict=True))[1]
