"""Base verdicts of pairs and the clones that linked case isolates form."""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from oneclone.model.codes import CloneRule, Reason
from oneclone.model.judgement import PairVerdict
from oneclone.model.pairs import FilterOutcome, Pair
from oneclone.model.panel import Band, Reference, Thresholds

_BAND_VERDICT = {
    Band.LINKED: (PairVerdict.LINKED, Reason.WITHIN_LINKED),
    Band.POSSIBLE: (PairVerdict.INDETERMINATE, Reason.POSSIBLE),
    Band.UNLIKELY: (PairVerdict.INDETERMINATE, Reason.UNLIKELY),
    Band.UNLINKED: (PairVerdict.NOT_LINKED, Reason.ABOVE_UNLINKED),
}


def base_verdict(
    pair: Pair, subspecies: tuple[str, str], thresholds: Thresholds
) -> tuple[PairVerdict, tuple[Reason, ...]]:
    """Return the verdict of a pair from its own numbers, with the reasons.

    Subspecies that differ unambiguously come first, then the callable floor, then the band of
    the filtered count. A pair is indeterminate when the count scaled to the whole reference, or
    the raw count where the filter may not decide, falls in another band.

    Parameters
    ----------
    pair
        SNP distance of two isolates.
    subspecies
        Subspecies of both, blank when ambiguous.
    thresholds
        Of the panel or the configuration.

    Examples
    --------
    >>> thresholds = Thresholds(10, 30, 38, "example")
    >>> pair = Pair("a", "b", "ref", 5_000_000, 4_800_000, 9, 9, 0, FilterOutcome.NOTHING_REMOVED)
    >>> base_verdict(pair, ("x", "x"), thresholds)[0]
    <PairVerdict.LINKED: 'linked'>
    >>> short = Pair("a", "b", "ref", 5_000_000, 4_000_000, 9, 9, 0, FilterOutcome.NOTHING_REMOVED)
    >>> base_verdict(short, ("x", "x"), thresholds)
    (<PairVerdict.INDETERMINATE: 'indeterminate'>, (<Reason.WITHIN_LINKED: 'within_linked'>, <Reason.SCALED_COUNT: 'scaled_count_in_other_band'>))
    """  # noqa: E501 (a doctest shows the result on one line)
    if all(subspecies) and subspecies[0] != subspecies[1]:
        return PairVerdict.NOT_LINKED, (Reason.DIFFERENT_SUBSPECIES,)
    if pair.snps is None or pair.snps_raw is None or pair.scaled_snps is None:
        return PairVerdict.NOT_ASSESSABLE, (Reason.BELOW_CALLABLE_FLOOR,)
    band = thresholds.band(pair.snps)
    verdict, reason = _BAND_VERDICT[band]
    reasons = [reason]
    if thresholds.band(pair.scaled_snps) is not band:
        verdict = PairVerdict.INDETERMINATE
        reasons.append(Reason.SCALED_COUNT)
    if pair.filter is FilterOutcome.DECIDES:
        reasons.append(Reason.FILTER_DECIDES)
    if pair.filter is FilterOutcome.MAY_NOT_DECIDE:
        reasons.append(Reason.FILTER_MAY_NOT_DECIDE)
        if thresholds.band(pair.snps_raw) is not band:
            verdict = PairVerdict.INDETERMINATE
            reasons.append(Reason.RAW_COUNT)
    return verdict, tuple(reasons)


def components(
    names: Sequence[str], links: Iterable[tuple[str, str]]
) -> tuple[tuple[str, ...], ...]:
    """Return the connected components of names over links: single linkage.

    Returns
    -------
    tuple of tuple of str
        Members sorted, components in the order of their first members; a name without a link
        is a component of its own.

    Examples
    --------
    >>> components(["c", "a", "b", "d"], [("a", "b"), ("b", "d")])
    (('a', 'b', 'd'), ('c',))
    """
    ordered = sorted(names)
    if not ordered:
        return ()
    count, labels = connected_components(_graph(ordered, links), directed=False)
    groups: list[list[str]] = [[] for _ in range(count)]
    for name, label in zip(ordered, labels, strict=True):
        groups[label].append(name)
    return tuple(sorted(tuple(group) for group in groups))


def inner_members(names: Sequence[str], links: Iterable[tuple[str, str]]) -> set[str]:
    """Return the names inside of one spanning tree of each component.

    Without any of the others, the tips, no component falls apart.

    Examples
    --------
    >>> sorted(inner_members(["a", "b", "c", "d"], [("a", "b"), ("b", "c"), ("a", "c")]))
    ['a']
    """
    ordered = sorted(names)
    graph = _graph(ordered, links).tocsr()
    degrees = np.bincount([*graph.indices, *graph.tocsc().indices], minlength=len(ordered))
    inner: set[str] = set()
    seen: set[int] = set()
    for start in np.argsort(-degrees, kind="stable").tolist():
        if start not in seen:
            reached, parents = breadth_first_order(graph, start, directed=False)
            seen.update(reached.tolist())
            inner |= {ordered[parent] for parent in {*parents[reached[1:]].tolist()}}
    return inner


def _graph(ordered: Sequence[str], links: Iterable[tuple[str, str]]) -> coo_array:
    """Return links between names as a graph of their places."""
    place = {name: number for number, name in enumerate(ordered)}
    ends = np.array([(place[one], place[two]) for one, two in links], dtype=np.int64).reshape(-1, 2)
    return coo_array(
        (np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])),
        shape=(len(ordered), len(ordered)),
    )


def bridges(members: Sequence[str], links: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the members without which a component would fall apart.

    Examples
    --------
    >>> bridges(["a", "b", "c"], [("a", "b"), ("b", "c")])
    ('b',)
    """
    inside = set(members)
    own = [link for link in links if inside.issuperset(link)]
    if len(own) == len(members) * (len(members) - 1) // 2:
        return ()  # every two are linked
    return tuple(
        name
        for name in sorted(inner_members(members, own))
        if len(
            components(
                [other for other in members if other != name],
                [link for link in own if name not in link],
            )
        )
        > 1
    )


def panel_clone(
    distances: Iterable[tuple[Reference, int | None]],
    clone_max_snps: int,
    *,
    near_not_compared: bool = False,
) -> tuple[str, int | None, CloneRule]:
    """Return the panel clone of an isolate, its distance to it and the rule that gave it.

    The clone of the nearest reference that has one, within `clone_max_snps`. Up to twice that
    the call is empty with rule `ambiguous`; with two different clones within the limit it is
    the nearest with rule `tie`. Tree placement has no part in it.

    Parameters
    ----------
    distances
        References of the panel with their SNP distance, `None` when not assessable.
    clone_max_snps
        Of the panel.
    near_not_compared
        Whether a reference of a clone has no distance, but an ANI as of a member of its clone.

    Returns
    -------
    clone, snps, rule
        Rules: `nearest`, `tie`, `ambiguous`, `none` (every clone is farther away),
        `near_not_compared` (every clone with a distance is, but one without may be near),
        `not_assessable` (no distance) and `no_clones` (the panel has none).
    """
    with_clone = [(ref, snps) for ref, snps in distances if ref.clone]
    if not with_clone:
        return "", None, CloneRule.NO_CLONES
    measured = sorted((snps, ref.name, ref.clone) for ref, snps in with_clone if snps is not None)
    snps, _, clone = measured[0] if measured else (None, "", "")
    if (snps is None or snps > 2 * clone_max_snps) and near_not_compared:
        return "", snps, CloneRule.NEAR_NOT_COMPARED
    if snps is None:
        return "", None, CloneRule.NOT_ASSESSABLE
    if snps > 2 * clone_max_snps:
        return "", snps, CloneRule.NONE
    if snps > clone_max_snps:
        return "", snps, CloneRule.AMBIGUOUS
    within = {name for distance, _, name in measured if distance <= clone_max_snps}
    return clone, snps, CloneRule.TIE if len(within) > 1 else CloneRule.NEAREST
