"""The tree of a large set: balanced minimum evolution on distances over the core alignment.

Maximum likelihood takes minutes for a hundred taxa and an hour for some hundred; a tree of
minimum evolution with nearest-neighbour interchanges (Desper and Gascuel 2002,
doi:10.1089/106652702761034136; scikit-bio) takes seconds. Its weak point are missing bases: two
isolates of one clone that lack different sites lie at different distances from a third, thousands
of SNPs away, and that noise exceeds the few SNPs between them. So gaps are first filled from the
nearest relative, which leaves the distances of a clone to all others alike. The filled bases serve
these distances and nothing else: support is counted on the bases that were called.
"""

from collections.abc import Sequence

import numpy as np
import skbio
from numpy.typing import NDArray
from skbio import DistanceMatrix, TreeNode
from skbio.tree import bme, nni

from oneclone.core import CoreAlignment, distinct_rows
from oneclone.local_bootstrap import Topology, local_bootstrap
from oneclone.model.settings import TreeSettings
from oneclone.phylogeny import MIN_SUPPORTED, Inference, infer_tree
from oneclone.sequences import MISSING, Codes

MODEL = "differences per core site"
SUPPORT_KIND = "local_bootstrap"
REPLICATES = 1000
SITES_AT_ONCE = 8192  # bounds the memory; counts in 32-bit floats are exact up to 2^24


def is_large(core: CoreAlignment, settings: TreeSettings) -> bool:
    """Tell whether the tree of an alignment is built from distances."""
    return len(core.taxa) > settings.large_set


def infer_by_distances(core: CoreAlignment, settings: TreeSettings) -> Inference:
    """Infer the tree of a large core alignment.

    Parameters
    ----------
    core
        Variable sites and constant-site counts.
    settings
        Seed of the local bootstrap, and the size that makes a set large.

    Returns
    -------
    Inference
        Branch lengths are differences per core site, none below zero; support is the local
        bootstrap in per cent. Fewer than four distinct sequences give the tree of `infer_tree`.
    """
    groups = distinct_rows(core.codes)
    if len(groups) < MIN_SUPPORTED:
        return infer_tree(core, settings)
    identical = tuple(tuple(core.taxa[row] for row in group) for group in groups)
    codes = core.codes[[group[0] for group in groups]]
    topology = minimum_evolution(site_distances(codes, core.core_bp))
    support = local_bootstrap(codes, topology, REPLICATES, settings.seed)
    return Inference(
        newick=to_newick(topology, [group[0] for group in identical], support),
        identical=identical,
        distinct=len(groups),
        support_kind=SUPPORT_KIND,
        engine=f"scikit-bio {skbio.__version__}, balanced minimum evolution",
        model=MODEL,
        reason=(
            f"{len(core.taxa)} isolates and references are more than the {settings.large_set} "
            "of tree.large_set"
        ),
    )


def site_distances(codes: Codes, core_bp: int) -> NDArray[np.float64]:
    """Return the differences per core site of every two taxa, gaps filled first.

    Parameters
    ----------
    codes
        Variable sites, of shape (taxa, sites); 4 where a base was not called.
    core_bp
        Number of core sites, variable and constant.

    Examples
    --------
    >>> codes = np.array([[0, 0, 1, 1], [0, 4, 1, 1], [2, 2, 1, 3]], dtype=np.uint8)
    >>> (site_distances(codes, 10) * 10).astype(int).tolist()
    [[0, 0, 3], [0, 0, 3], [3, 3, 0]]
    """
    compared, differing = count_sites(codes)
    nearness = differing / np.maximum(compared, 1)
    nearness[compared == 0] = np.inf
    _, differing = count_sites(fill_gaps(codes, nearness))
    return differing / core_bp


def count_sites(codes: Codes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return at how many sites two taxa both have a base, and at how many of these they differ.

    Both arrays have the shape (taxa, taxa) and hold whole numbers.

    Examples
    --------
    >>> compared, differing = count_sites(np.array([[0, 1, 4], [0, 2, 2]], dtype=np.uint8))
    >>> compared[0, 1], differing[0, 1]
    (np.float64(2.0), np.float64(1.0))
    """
    shape = (len(codes), len(codes))
    compared, equal = np.zeros(shape), np.zeros(shape)
    for start in range(0, codes.shape[1], SITES_AT_ONCE):
        part = codes[:, start : start + SITES_AT_ONCE]
        called = (part < MISSING).astype(np.float32)
        compared += called @ called.T
        for base in range(MISSING):
            has_base = (part == base).astype(np.float32)
            equal += has_base @ has_base.T
    return compared, compared - equal


def fill_gaps(codes: Codes, nearness: NDArray[np.float64]) -> Codes:
    """Return the bases of all taxa, a missing one taken from the nearest taxon that has it.

    Parameters
    ----------
    codes
        Of shape (taxa, sites); 4 where a base was not called.
    nearness
        Of shape (taxa, taxa), the smaller the nearer; ties go to the earlier row.

    Examples
    --------
    >>> codes = np.array([[0, 4, 4], [0, 1, 4], [0, 2, 3]], dtype=np.uint8)
    >>> nearness = np.array([[0, 1, 2], [1, 0, 3], [2, 3, 0]])
    >>> fill_gaps(codes, nearness).tolist()
    [[0, 1, 3], [0, 1, 3], [0, 2, 3]]
    """
    filled = codes.copy()
    for row, gaps_of in enumerate(codes):
        gaps = np.flatnonzero(gaps_of == MISSING)
        for other in np.argsort(nearness[row], kind="stable"):
            if not len(gaps):
                break
            filled[row, gaps] = codes[other, gaps]
            gaps = gaps[codes[other, gaps] == MISSING]
    return filled


def minimum_evolution(distances: NDArray[np.float64]) -> Topology:
    """Return the tree of balanced minimum evolution after nearest-neighbour interchanges.

    Parameters
    ----------
    distances
        Symmetric, of shape (taxa, taxa), four taxa or more.
    """
    names = [str(number) for number in range(len(distances))]
    matrix = DistanceMatrix(np.ascontiguousarray(distances), names)
    tree = nni(bme(matrix, parallel=False), matrix)
    number_of: dict[TreeNode, int] = {}
    children: list[tuple[int, ...]] = []
    lengths = np.zeros(2 * len(distances) - 2)
    for node in tree.postorder():
        if node.children:
            number_of[node] = len(distances) + len(children)
            children.append(tuple(number_of[child] for child in node.children))
        else:
            number_of[node] = int(node.name)
        lengths[number_of[node]] = max(0.0, node.length or 0.0)
    return Topology(len(distances), tuple(children), lengths)


def to_newick(topology: Topology, taxa: Sequence[str], support: NDArray[np.float64]) -> str:
    """Return the Newick of a tree, support in per cent as labels of its inner nodes.

    Parameters
    ----------
    topology
        The tree.
    taxa
        Names of its tips.
    support
        Of shape (inner nodes but the root,).

    Examples
    --------
    >>> tree = Topology(4, ((0, 1), (4, 2, 3)), np.array([1, 2, 3, 4, 5, 0]))
    >>> to_newick(tree, list("abcd"), np.array([99.5]))
    '((a:1,b:2)99.5:5,c:3,d:4);'
    """
    labels = [*taxa, *(f"{value:g}" for value in support)]
    text: list[str] = list(taxa)
    for node, children in enumerate(topology.children, start=topology.tips):
        below = ",".join(f"{text[child]}:{topology.lengths[child]:.9g}" for child in children)
        text.append(f"({below})" + (labels[node] if node < len(labels) else ""))
        for child in children:
            text[child] = ""  # the text of a node is used once: keep memory small
    return text[-1] + ";"
