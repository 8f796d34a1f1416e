"""The tree of a very large set: parts put together, improved as a whole, supported as a whole.

Where parts meet, a taxon that lacks a base may be on the wrong side of a node. So the tree is
improved by nearest-neighbour interchanges over all its branches, by the balanced minimum evolution
of `distance_tree`, here on the mean bases of subtrees (Price et al. 2009,
doi:10.1093/molbev/msp077): the sums over all sites need neither a distance matrix nor more than a
block of sites at a time. Lengths and support of the branches come from the same sums.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
import skbio
from numpy.typing import NDArray

from oneclone.branch_gains import sum_over_sites
from oneclone.core import CoreAlignment
from oneclone.distance_tree import MODEL, REPLICATES, SUPPORT_KIND, to_newick
from oneclone.joined_tree import rearranged
from oneclone.local_bootstrap import LEAST_GAIN, Topology
from oneclone.model.settings import TreeSettings
from oneclone.phylogeny import MIN_SUPPORTED, Inference, infer_tree
from oneclone.sequences import Codes
from oneclone.tree_in_parts import PART, Rows, infer_in_parts

SITES_AT_ONCE = 2048
MAX_ROUNDS = 10  # of interchanges; two or three is what simulated sets took


class Alignment(Rows, Protocol):
    """Aligned rows that are read row by row, or some columns at a time."""

    @property
    def taxa(self) -> Sequence[str]:
        """Names of the rows."""
        ...

    def columns(self, rows: Sequence[int], start: int, stop: int) -> Codes:
        """Return the bases of some rows at the sites from start to stop."""
        ...


def infer_very_large(
    alignment: Alignment, constant: tuple[int, ...], settings: TreeSettings, part: int = PART
) -> Inference:
    """Infer the tree of a very large core alignment.

    Parameters
    ----------
    alignment
        Variable sites.
    constant
        Number of constant sites, by base.
    settings
        Seed of the local bootstrap, and the size that makes a set very large.
    part
        Number of representatives of a backbone, and of taxa of a part without one.

    Returns
    -------
    Inference
        Branch lengths are differences per core site, none below zero; support is the local
        bootstrap in per cent. Fewer than four distinct sequences give the tree of `infer_tree`.
    """
    groups = distinct_taxa(alignment)
    identical = tuple(tuple(alignment.taxa[row] for row in group) for group in groups)
    first_rows = [group[0] for group in groups]
    if len(groups) < MIN_SUPPORTED:
        codes = alignment.columns(first_rows, 0, alignment.sites)
        firsts = tuple(group[0] for group in identical)
        nowhere = np.full(alignment.sites, -1, dtype=np.int64)
        few = CoreAlignment(firsts, nowhere, codes, constant, constant)
        return replace(infer_tree(few, settings), identical=identical)
    core_bp = alignment.sites + sum(constant)
    parted = infer_in_parts(alignment, first_rows, part)
    tree, rounds = improved(alignment, first_rows, parted.topology)
    weights = _resampled(settings.seed)
    sums = sum_over_sites(_blocks(alignment, first_rows, weights), tree, 1 + REPLICATES)
    stands = (sums.gains[:, :, 1:] > LEAST_GAIN).all(axis=0)
    tree = Topology(tree.tips, tree.children, sums.lengths() / core_bp)
    return Inference(
        newick=to_newick(tree, [group[0] for group in identical], 100 * stands.mean(axis=1)),
        identical=identical,
        distinct=len(groups),
        support_kind=SUPPORT_KIND,
        engine=f"scikit-bio {skbio.__version__}, balanced minimum evolution, in parts",
        model=MODEL,
        reason=(
            f"{len(alignment.taxa)} isolates and references are more than the "
            f"{settings.very_large_set} of tree.very_large_set: {parted.representatives} of them "
            f"make a backbone, and the farthest of the others is {parted.farthest_snps} SNPs "
            f"beside it; {rounds} rounds of interchanges"
        ),
    )


def distinct_taxa(alignment: Alignment) -> list[list[int]]:
    """Return groups of row numbers with equal bases, in the order of their first members."""
    groups: dict[bytes, list[int]] = {}
    for number in range(len(alignment.taxa)):
        digest = hashlib.sha256(alignment.row(number).tobytes()).digest()
        groups.setdefault(digest, []).append(number)
    return list(groups.values())


def improved(alignment: Alignment, rows: Sequence[int], tree: Topology) -> tuple[Topology, int]:
    """Return a tree after interchanges over all its branches, and how many rounds changed it.

    Parameters
    ----------
    alignment
        Variable sites.
    rows
        The rows that the tips are.
    tree
        The tree.
    """
    for done in range(MAX_ROUNDS):
        sums = sum_over_sites(_blocks(alignment, rows, _once), tree, 1)
        better = rearranged(tree, sums.gains[:, :, 0])
        if better is None:
            return tree, done
        tree = better
    return tree, MAX_ROUNDS


Weights = NDArray[np.float64]


def _once(sites: int) -> Weights:
    """Return the weights by which every site counts once."""
    return np.ones((sites, 1))


def _resampled(seed: int) -> Callable[[int], Weights]:
    """Return a source of weights: once, and as often as each resampled alignment has a site."""
    random = np.random.default_rng(seed)

    def weights(sites: int) -> Weights:
        """Return the weights of the next sites."""
        drawn = random.poisson(1.0, (sites, REPLICATES)).astype(np.float64)
        return np.concatenate([_once(sites), drawn], axis=1)

    return weights


def _blocks(
    alignment: Alignment, rows: Sequence[int], weights: Callable[[int], Weights]
) -> Iterator[tuple[Codes, Weights]]:
    """Give the sites with their weights, some at a time."""
    for start in range(0, alignment.sites, SITES_AT_ONCE):
        stop = min(start + SITES_AT_ONCE, alignment.sites)
        yield alignment.columns(rows, start, stop), weights(stop - start)
