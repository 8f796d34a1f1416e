"""Random genealogies: how isolates of a circulating clone and of a source descend.

Times are drawn by the coalescent, of constant size or growing exponentially (Hudson 1990, Oxford
Surveys in Evolutionary Biology 7:1-44), and scaled to a mean distance between two isolates;
substitutions on a branch are Poisson.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from oneclone.simulation.model import Clade


@dataclass(frozen=True)
class _Node:
    """A branch of a genealogy, in coalescent time units, with what descends from it.

    `began` is the time, counted back, of its younger end; `tips` counts the isolates below.
    """

    name: str
    began: float
    lasted: float = 0.0
    children: tuple["_Node", ...] = ()
    tips: int = 1


def genealogy(
    random: np.random.Generator, names: Sequence[str], mean_snps: float, growth: float
) -> Clade:
    """Return a random genealogy of isolates with Poisson substitutions on its branches.

    Parameters
    ----------
    random
        Source of randomness.
    names
        Isolates, at least one.
    mean_snps
        Mean number of substitutions between two isolates.
    growth
        Rate of exponential growth per coalescent time unit, 0 = constant size; the larger, the
        more like a star.
    """
    tree = _timed(random, names, growth)
    pairs = len(names) * (len(names) - 1) / 2
    mean = _summed(tree, len(names)) / pairs if pairs else 1.0
    return _with_snps(random, tree, mean_snps / mean)


def pairwise(tree: Clade) -> dict[tuple[str, str], int]:
    """Return the sum of the branches between every two leaves, by names in code point order.

    Examples
    --------
    >>> pairwise(Clade("", 5, (Clade("a", 1), Clade("", 2, (Clade("b", 3), Clade("c", 4))))))
    {('b', 'c'): 7, ('a', 'b'): 6, ('a', 'c'): 7}
    """
    found: dict[tuple[str, str], int] = {}
    _depths(tree, found)
    return found


def is_clade(tree: Clade, names: set[str]) -> bool:
    """Return whether some leaves are all that descends from their last common ancestor."""
    leaves = {leaf.name for leaf in tree.leaves()}
    if not names <= leaves:
        return False
    return leaves == names or any(is_clade(child, names) for child in tree.children)


def _depths(tree: Clade, found: dict[tuple[str, str], int]) -> dict[str, int]:
    """Return the distance of each leaf to the root of a clade; note those between leaves."""
    if not tree.children:
        return {tree.name: 0}
    below = [
        {name: depth + child.snps for name, depth in _depths(child, found).items()}
        for child in tree.children
    ]
    for one, two in combinations(below, 2):
        for first, near in one.items():
            for second, far in two.items():
                pair = (first, second) if first < second else (second, first)
                found[pair] = near + far
    return {name: depth for each in below for name, depth in each.items()}


def _timed(random: np.random.Generator, names: Sequence[str], growth: float) -> _Node:
    """Return a genealogy with times."""
    alive = [_Node(name, 0.0) for name in names]
    now = 0.0
    while len(alive) > 1:
        waiting = random.exponential() / (len(alive) * (len(alive) - 1) / 2)
        # Hudson 1990: the population shrinks, back in time, as exp(-growth x time)
        now += (
            math.log1p(growth * math.exp(-growth * now) * waiting) / growth if growth else waiting
        )
        chosen = sorted(random.choice(len(alive), size=2, replace=False).tolist())
        joined = tuple(replace(alive[each], lasted=now - alive[each].began) for each in chosen)
        alive = [node for place, node in enumerate(alive) if place not in chosen]
        alive.append(_Node("", now, 0.0, joined, sum(node.tips for node in joined)))
    return alive[0]


def _summed(node: _Node, tips: int) -> float:
    """Return the sum of the times between every two tips: each branch parts some from the rest."""
    own = node.lasted * node.tips * (tips - node.tips)
    return own + sum(_summed(child, tips) for child in node.children)


def _with_snps(random: np.random.Generator, node: _Node, per_time: float) -> Clade:
    """Return a genealogy with substitutions instead of times."""
    children = tuple(_with_snps(random, child, per_time) for child in node.children)
    return Clade(node.name, int(random.poisson(node.lasted * per_time)), children)
