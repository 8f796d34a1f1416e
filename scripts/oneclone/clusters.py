"""Single-linkage clusters at fixed SNP levels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Distances:
    """SNP distances of some pairs: places of both isolates and `snps`, each of shape (pairs,)."""

    first: Places
    second: Places
    snps: Places


def single_linkage(
    names: Sequence[str], parts: Iterable[Distances], levels: Sequence[int]
) -> dict[int, dict[str, int]]:
    """Return cluster labels of isolates at each level.

    Parameters
    ----------
    names
        Isolates to cluster, sorted.
    parts
        SNP distances of pairs by the places of their isolates in `names`, as they are read: no
        pair is held. A pair that is not there links nothing.
    levels
        SNP distances up to which two isolates are linked.

    Returns
    -------
    dict
        Level to name to label; labels count from 1 in the order of each cluster's first name,
        so that they do not depend on the order of rows.

    Examples
    --------
    >>> part = Distances(np.array([0, 1, 0]), np.array([1, 2, 2]), np.array([3, 7, 9]))
    >>> single_linkage("abc", [part], [5, 10])
    {5: {'a': 1, 'b': 1, 'c': 2}, 10: {'a': 1, 'b': 1, 'c': 1}}
    """
    labels = {level: np.arange(len(names)) for level in levels}
    for part in parts:
        for level in levels:
            near = part.snps <= level
            labels[level] = joined(labels[level], part.first[near], part.second[near])
    return {level: dict(zip(names, _by_first(labels[level]), strict=True)) for level in levels}


def joined(labels: Places, ones: Places, twos: Places) -> Places:
    """Return labels after joining the clusters of some pairs; they are numbered anew from 0.

    Examples
    --------
    >>> joined(np.array([0, 1, 2, 3]), np.array([1]), np.array([3])).tolist()
    [0, 1, 2, 1]
    """
    if not len(ones):
        return labels
    count = int(labels.max()) + 1
    edges = (np.ones(len(ones), dtype=np.int8), (labels[ones], labels[twos]))
    _, component = connected_components(coo_array(edges, shape=(count, count)), directed=False)
    return component[labels].astype(np.int64)


def _by_first(labels: Places) -> list[int]:
    """Return labels that count from 1 in the order in which they first appear."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(1, len(first) + 1)
    return rank[inverse].tolist()
