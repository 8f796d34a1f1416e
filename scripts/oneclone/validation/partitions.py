"""How two partitions of the same isolates agree."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb

from oneclone.clones import components
from oneclone.validation.scored_pairs import ScoredPair

Labels = Mapping[str, Hashable]


@dataclass(frozen=True)
class ClusterAgreement:
    """Clusters of a run at a level against the true ones.

    `found_to_true` and `true_to_found` are adjusted Wallace coefficients: whether what one
    partition puts together the other does too; None where it puts nothing together.
    """

    run: str
    level: int
    clusters: int
    true_clusters: int
    adjusted_rand: float
    found_to_true: float | None
    true_to_found: float | None


def adjusted_rand(one: Labels, two: Labels) -> float:
    """Return the adjusted Rand index (Hubert and Arabie 1985, doi:10.1007/BF01908075).

    Partitions that are the same have 1, also where all isolates are apart or all together.

    Examples
    --------
    >>> adjusted_rand({"a": 1, "b": 1, "c": 2}, {"a": 7, "b": 7, "c": 9})
    1.0
    >>> one = dict(zip("abcdef", (1, 1, 1, 2, 2, 2)))
    >>> round(adjusted_rand(one, dict(zip("abcdef", (1, 1, 2, 2, 3, 3)))), 4)
    0.2424
    """
    both, first, second = _together(one, two), _together(one, one), _together(two, two)
    expected = first * second / comb(len(one), 2) if len(one) > 1 else 0.0
    most = (first + second) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def adjusted_wallace(one: Labels, two: Labels) -> float | None:
    """Return the adjusted Wallace coefficient (Severiano et al. 2011, doi:10.1128/JCM.00624-11).

    It says how well two isolates that `one` puts together are together in `two`, chance taken
    out; None where `one` puts nothing together, or `two` all.

    Examples
    --------
    >>> one = dict(zip("abcdef", (1, 1, 1, 2, 2, 2)))
    >>> two = dict(zip("abcdef", (1, 1, 2, 2, 3, 3)))
    >>> round(adjusted_wallace(one, two), 4), round(adjusted_wallace(two, one), 4)
    (0.1667, 0.4444)
    """
    pairs, first, second = comb(len(one), 2), _together(one, one), _together(two, two)
    if not first or second == pairs:
        return None
    chance = second / pairs
    return (_together(one, two) / first - chance) / (1 - chance)


def true_clusters(names: Sequence[str], pairs: Iterable[ScoredPair], snps: int) -> Labels:
    """Return single-linkage clusters of true distances in the bases compared.

    Parameters
    ----------
    names
        Isolates to cluster.
    pairs
        Scored pairs; those with others are ignored.
    snps
        True SNPs up to which two isolates are linked.
    """
    wanted = set(names)
    links = [
        (scored.pair.first, scored.pair.second)
        for scored in pairs
        if {scored.pair.first, scored.pair.second} <= wanted
        and scored.true_snps(compared=True) <= snps
    ]
    groups = components(names, links)
    return {name: label for label, group in enumerate(groups) for name in group}


def cluster_agreement(run: str, level: int, found: Labels, true: Labels) -> ClusterAgreement:
    """Return how the clusters of a run at a level agree with the true ones."""
    return ClusterAgreement(
        run=run,
        level=level,
        clusters=len(set(found.values())),
        true_clusters=len(set(true.values())),
        adjusted_rand=adjusted_rand(found, true),
        found_to_true=adjusted_wallace(found, true),
        true_to_found=adjusted_wallace(true, found),
    )


def _together(one: Labels, two: Labels) -> int:
    """Return how many pairs of isolates both partitions put together."""
    counts = Counter((one[name], two[name]) for name in one)
    return sum(comb(count, 2) for count in counts.values())
