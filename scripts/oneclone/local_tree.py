"""The local tree of a clone, in which a branch parts members from background, or none does."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from oneclone.background import Background, neighbours
from oneclone.core import CoreAlignment
from oneclone.exclusivity import common_subspecies
from oneclone.model.evidence import Evidence, LocalTree
from oneclone.sequences import MISSING
from oneclone.trees import Branch, find_branch, read_labelled

NEAREST_BACKGROUND = 50  # contract: background tips of a local tree


def choose_background(
    evidence: Evidence, members: Sequence[str], background: Background, callable_on: set[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the background tips of a clone's local tree, and near background that cannot be one.

    Tips are the 50 nearest by SNP distance and the references of the members' subspecies, as far
    as they were called on the counting reference. The others are those of ambiguous subspecies
    among the 50 nearest of all that were not. Both are sorted.

    Parameters
    ----------
    evidence
        Pairs and typing.
    members
        Members of the clone.
    background
        What the cases are compared with.
    callable_on
        Names with calls on the counting reference.
    """
    subspecies = common_subspecies(evidence, members)
    near = [each.name for each in neighbours(evidence, members, background.names)]
    called = [name for name in near if name in callable_on]
    own = [
        name
        for name in background.references
        if name in callable_on and evidence.subspecies(name) == subspecies
    ]
    not_called = [
        name
        for name in near[:NEAREST_BACKGROUND]
        if name not in callable_on and not evidence.subspecies(name)
    ]
    tips = {*called[:NEAREST_BACKGROUND], *own} - set(members)
    return tuple(sorted(tips)), tuple(sorted(not_called))


def count_clean_snps(core: CoreAlignment, members: Sequence[str]) -> int:
    """Return at how many sites the members that were called share a base that no other taxon has.

    Examples
    --------
    >>> codes = np.array([[0, 1, 2], [0, 1, 3], [1, 1, 2], [2, 4, 2]], dtype=np.uint8)
    >>> core = CoreAlignment(tuple("abcd"), np.arange(3), codes, (), ())
    >>> count_clean_snps(core, ["a", "b"])
    1
    """
    inside = np.array([taxon in set(members) for taxon in core.taxa])
    own, others = core.codes[inside], core.codes[~inside]
    base = own.min(axis=0)  # a base that was not called has the greatest code
    shared = ((own == base) | (own == MISSING)).all(axis=0) & (base < MISSING)
    elsewhere = (others == base).any(axis=0)
    compared = (others < MISSING).any(axis=0)
    return int((shared & ~elsewhere & compared).sum())


def found_by_search(
    tree: LocalTree, members: Sequence[str], left_out: Sequence[str] = ()
) -> LocalTree:
    """Return a local tree with branch and supports as its search found them.

    Parameters
    ----------
    tree
        With `searched_newick`, `identical` and `support_kind`.
    members
        Row ids of the members.
    left_out
        Row ids of taxa to be looked away from, members or background: the branch is then the one
        that parts the others.
    """
    found = members_branch(tree.searched_newick, tree.identical, members, left_out)
    branch = found if tree.tips else None
    labels = branch.labels if branch else ()
    values = [supports(label, tree.support_kind) for label in labels]
    return replace(
        tree,
        is_split=branch is not None,
        branch_snps=round(branch.length * tree.core_bp, 3) if branch else 0.0,
        ufboot=max((each for each, _ in values if each is not None), default=None),
        sh_alrt=max((each for _, each in values if each is not None), default=None),
    )


def members_branch(
    newick: str,
    identical: Sequence[Sequence[str]],
    members: Sequence[str],
    left_out: Sequence[str] = (),
) -> Branch | None:
    """Return the branch that parts the members from all other tips, if there is one.

    Parameters
    ----------
    newick
        The tree as its search wrote it, one tip for each group of identical taxa.
    identical
        Those groups, each with the taxon first that stands for it.
    members
        Members of the clone.
    left_out
        Taxa to be looked away from, members or background.

    Examples
    --------
    >>> groups = [["a"], ["b", "b2"], ["c"], ["d"]]
    >>> members_branch("((a:1,b:1)99:2,c:1,d:1);", groups, ["a", "b", "b2"])
    Branch(length=2.0, labels=('99',))
    >>> members_branch("((a:1,b:1)99:2,c:1,d:1);", groups, ["a", "b"]) is None  # b2 equals b
    True
    >>> members_branch("((a:1,b:1)99:2,c:1,d:1);", groups, ["a", "b"], ["b2"]) is None
    False
    """
    away = set(left_out)
    stands_for = {taxon: group[0] for group in identical for taxon in group if taxon not in away}
    inside = {tip for taxon, tip in stands_for.items() if taxon in set(members)}
    outside = {tip for taxon, tip in stands_for.items() if taxon not in set(members)}
    if not inside or not outside or inside & outside:  # a background tip equals a member
        return None
    return find_branch(read_labelled(newick), inside, inside | outside)


def supports(label: str, support_kind: str) -> tuple[float | None, float | None]:
    """Return ultrafast bootstrap and SH-aLRT of a branch label, in per cent.

    Examples
    --------
    >>> supports("99.5/100", "sh_alrt/ufboot"), supports("97", "ufboot"), supports("", "ufboot")
    ((100.0, 99.5), (97.0, None), (None, None))
    """
    if not label:
        return None, None
    values = dict(zip(support_kind.split("/"), map(float, label.split("/")), strict=True))
    return values.get("ufboot"), values.get("sh_alrt")
