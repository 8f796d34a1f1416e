"""How much longer a very large tree gets when an inner branch is rearranged, site by site.

The quantities are those of `local_bootstrap`, but one site at a time and in compiled code: the
memory then is one number for each branch and replicate, and nothing for the sites. Of all that
is summed up only what is not zero is added, and at most sites that is the one branch on which the
base changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from oneclone.local_bootstrap import Topology, quartets, surroundings
from oneclone.sequences import MISSING, Codes

Numbers = NDArray[np.int64]
Gains = NDArray[np.float64]
Shares = NDArray[np.float32]

NONE, MANY = -1, -2  # instead of the number of a tip


@dataclass(frozen=True)
class BranchSums:
    """What the sites say of the branches of a tree, in differences.

    `gains` says by how much both rearrangements of each inner branch are longer than the tree, of
    shape (2, inner branches, weightings). The branch joins A and B below it to C and D: AC|BD is
    first and AD|BC second. `tips` are the lengths of the branches of the tips, every site
    counted once.
    """

    gains: Gains
    tips: Gains

    def lengths(self) -> Gains:
        """Return the lengths of all branches by balanced minimum evolution, the root's last.

        Those of inner branches go by the first weighting, in which every site has to count once.
        """
        inner = self.gains[:, :, 0].sum(axis=0) / 4
        return np.maximum(np.concatenate([self.tips, inner, [0.0]]), 0.0)


def sum_over_sites(
    blocks: Iterable[tuple[Codes, Gains]], tree: Topology, weightings: int
) -> BranchSums:
    """Sum up over all sites what they say of the branches of a tree.

    Parameters
    ----------
    blocks
        Bases of the tips at some sites, of shape (tips, sites), and the weights of these sites,
        of shape (sites, weightings).
    tree
        The tree.
    weightings
        In how many ways the sites are weighted.

    Examples
    --------
    >>> codes = np.array([[1, 0, 0], [1, 4, 0], [0, 0, 3], [0, 2, 0]], dtype=np.uint8)
    >>> tree = Topology(4, ((0, 1), (4, 2, 3)), np.zeros(6))
    >>> sums = sum_over_sites([(codes, np.ones((3, 1)))], tree, 1)
    >>> sums.gains.tolist()
    [[[2.0]], [[2.0]]]
    >>> sums.lengths().tolist()
    [0.0, 0.0, 1.0, 1.0, 1.0, 0.0]
    """
    around = quartets(tree)
    beside = surroundings(tree)
    beyond = np.array([(node, *pair) for node, pair in beside.items()], dtype=np.int64)
    children = np.array([pair[:2] for pair in tree.children], dtype=np.int64)
    sums = BranchSums(np.zeros((2, len(around), weightings)), np.zeros(tree.tips))
    for codes, weights in blocks:
        sites = np.ascontiguousarray(codes.T)
        _add_sites(sites, weights, children, beyond, around, sums.gains, sums.tips)
    return sums


@njit(cache=True, nogil=True)
def _add_sites(  # noqa: PLR0913, PLR0917 (numba takes arrays, no dataclass)
    sites: Codes,
    weights: Gains,
    children: Numbers,
    beyond: Numbers,
    around: Numbers,
    gains: Gains,
    lengths: Gains,
) -> None:
    """Add what each site says of each branch."""
    tips = sites.shape[1]
    nodes = len(beyond) + 1
    shares = np.zeros((2 * nodes, MISSING), dtype=np.float32)
    called = np.zeros(2 * nodes, dtype=np.float32)
    for site in range(len(sites)):
        lone = _lone_tip(sites[site])
        if lone != MANY:
            if lone != NONE:
                lengths[lone] += 1
            continue
        shares[:tips] = 0
        for tip in range(tips):
            if sites[site, tip] < MISSING:
                shares[tip, sites[site, tip]] = 1
        for inner in range(len(children) - 1):
            _average(shares, tips + inner, children[inner, 0], children[inner, 1])
        for number in range(len(beyond)):
            node, one, two = beyond[number]
            _average(shares, node + nodes, one, two)
        _normalise(shares, called)
        _add_lengths(shares, called, beyond, lengths)
        _add_gains(shares, called, around, weights[site], gains)


@njit(cache=True, nogil=True)
def _add_gains(
    shares: Shares, called: Shares, around: Numbers, weights: Gains, gains: Gains
) -> None:
    """Add by how much the rearrangements of each inner branch are longer at one site."""
    for branch in range(len(around)):
        a, b, c, d = around[branch]
        if not (called[a] and called[b] and called[c] and called[d]):
            continue
        first, second = 0.0, 0.0
        for base in range(MISSING):
            to_c = np.float64(shares[a, base]) - shares[c, base]
            to_d = np.float64(shares[a, base]) - shares[d, base]
            first += to_d * (np.float64(shares[b, base]) - shares[c, base])
            second += to_c * (np.float64(shares[b, base]) - shares[d, base])
        if first:
            gains[0, branch] += first * weights
        if second:
            gains[1, branch] += second * weights


@njit(cache=True, nogil=True)
def _add_lengths(shares: Shares, called: Shares, beyond: Numbers, lengths: Gains) -> None:
    """Add the length of each tip's branch at one site."""
    for number in range(len(beyond)):
        node, one, two = beyond[number]
        if node >= len(lengths) or not (called[node] and called[one] and called[two]):
            continue
        length = 0.0
        for base in range(MISSING):
            to_one = np.float64(shares[node, base]) - shares[one, base]
            to_two = np.float64(shares[node, base]) - shares[two, base]
            length += to_one * to_two
        lengths[node] += 0.5 * length


@njit(cache=True, nogil=True)
def _lone_tip(site: Codes) -> int:
    """Return the only tip with another base than all others, NONE, or MANY when they are more."""
    counts = np.zeros(MISSING + 1, dtype=np.int64)
    for code in site:
        counts[code] += 1
    several, single, base_of_single = 0, 0, 0
    for base in range(MISSING):
        several += counts[base] > 1
        if counts[base] == 1:
            single += 1
            base_of_single = base
    if several > 1 or several + single > 2:
        return MANY
    if several + single < 2 or not several:
        return NONE
    for tip in range(len(site)):
        if site[tip] == base_of_single:
            return tip
    return NONE


@njit(cache=True, nogil=True)
def _average(shares: Shares, node: int, one: int, two: int) -> None:
    """Set the shares of a node to the mean of two others."""
    for base in range(MISSING):
        shares[node, base] = np.float32(0.5) * (shares[one, base] + shares[two, base])


@njit(cache=True, nogil=True)
def _normalise(shares: Shares, called: Shares) -> None:
    """Make the shares of every node sum to one, and note which had any base."""
    for node in range(len(shares)):
        called[node] = shares[node].sum()
        if called[node] > 0:
            for base in range(MISSING):
                shares[node, base] /= called[node]
