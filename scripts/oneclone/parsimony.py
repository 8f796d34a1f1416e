"""Bases at the inner nodes of a tree by parsimony (Fitch 1971, doi:10.1093/sysbio/20.4.406)."""

from collections.abc import Sequence
from functools import reduce
from itertools import combinations

import numpy as np

from oneclone.core_sites import BIT_OF
from oneclone.local_bootstrap import Topology
from oneclone.sequences import MISSING, Codes

ANY = 15  # of a tip that was not called: all four bases are possible
CODE_OF = np.full(ANY + 1, MISSING, dtype=np.uint8)
for _code, _bit in enumerate(BIT_OF[:MISSING]):
    CODE_OF[_bit] = _code


def ancestral_codes(codes: Codes, tree: Topology) -> Codes:
    """Return the bases at all nodes of a tree that need the fewest changes.

    Of several such sets of bases it is the one in which a node has the base of its parent where
    it may, and the root the first in the order A, C, G, T. A tip keeps its bases, and one that was
    not called gets that of its parent; where no tip has a base, no node has.

    Parameters
    ----------
    codes
        Bases of the tips, of shape (tips, sites); 4 where a base was not called.
    tree
        The tree.

    Examples
    --------
    >>> tree = Topology(4, ((0, 1), (4, 2, 3)), np.zeros(6))
    >>> codes = np.array([[1, 2, 4], [1, 4, 4], [0, 0, 4], [0, 3, 4]], dtype=np.uint8)
    >>> ancestral_codes(codes, tree).tolist()[3:]
    [[0, 3, 4], [1, 2, 4], [0, 0, 4]]
    """
    states = np.zeros((len(tree.lengths), codes.shape[1]), dtype=np.uint8)
    states[: tree.tips] = np.where(codes < MISSING, BIT_OF[codes], ANY)
    root = len(states) - 1
    for node, children in enumerate(tree.children, start=tree.tips):
        states[node] = _most_shared([states[child] for child in children])
    unknown = (codes == MISSING).all(axis=0)
    states[root] = _first_bit(states[root])
    for parent in range(root, tree.tips - 1, -1):
        for child in tree.children[parent - tree.tips]:
            kept = states[child] & states[parent]
            states[child] = np.where(kept > 0, kept, _first_bit(states[child]))
    states[:, unknown] = ANY
    return CODE_OF[states]


def _most_shared(states: Sequence[Codes]) -> Codes:
    """Return the bases that most of some nodes may have (Hartigan 1973, doi:10.2307/2529676)."""
    in_all = reduce(np.bitwise_and, states)
    in_two = reduce(np.bitwise_or, [one & two for one, two in combinations(states, 2)])
    in_any = reduce(np.bitwise_or, states)
    return np.where(in_all > 0, in_all, np.where(in_two > 0, in_two, in_any))


def _first_bit(states: Codes) -> Codes:
    """Return of each set of bases the first alone."""
    return states & (~states + np.uint8(1))
