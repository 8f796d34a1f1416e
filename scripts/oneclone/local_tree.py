"""The local tree of a clone, in which a branch parts members from background, or none does."""

from collections.abc import Mapping, Sequence

import numpy as np

from oneclone.background import Background, neighbours
from oneclone.core import CoreAlignment
from oneclone.exclusivity import common_subspecies
from oneclone.model.evidence import Evidence
from oneclone.phylogeny import Inference
from oneclone.sequences import MISSING
from oneclone.trees import Branch, find_branch, read_labelled

NEAREST_BACKGROUND = 50  # contract: background tips of a local tree


def choose_background(
    evidence: Evidence, members: Sequence[str], background: Background, callable_on: set[str]
) -> tuple[str, ...]:
    """Return the background tips of a clone's local tree, sorted.

    The 50 nearest by SNP distance and the references of the members' subspecies, as far as they
    were called on the counting reference.

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
    near = [
        each.name
        for each in neighbours(evidence, members, background.names)
        if each.name in callable_on
    ]
    own = [
        name
        for name in background.references
        if name in callable_on and evidence.subspecies(name) == subspecies
    ]
    return tuple(sorted({*near[:NEAREST_BACKGROUND], *own} - set(members)))


def count_clean_snps(core: CoreAlignment, members: Sequence[str]) -> int:
    """Return at how many sites all members share a base that no other taxon has.

    Examples
    --------
    >>> codes = np.array([[0, 1, 2], [0, 1, 3], [1, 1, 2], [2, 4, 2]], dtype=np.uint8)
    >>> core = CoreAlignment(tuple("abcd"), np.arange(3), codes, (), ())
    >>> count_clean_snps(core, ["a", "b"])
    1
    """
    inside = np.array([taxon in set(members) for taxon in core.taxa])
    own, others = core.codes[inside], core.codes[~inside]
    shared = (own == own[0]).all(axis=0) & (own[0] < MISSING)
    elsewhere = (others == own[0]).any(axis=0)
    compared = (others < MISSING).any(axis=0)
    return int((shared & ~elsewhere & compared).sum())


def members_branch(inferred: Inference, members: Sequence[str]) -> Branch | None:
    """Return the branch that parts the members from all other tips, if there is one.

    Identical taxa that did not enter the search follow the one that stands for them.
    """
    stands_for: Mapping[str, str] = {
        taxon: group[0] for group in inferred.identical for taxon in group
    }
    inside = {stands_for[member] for member in members}
    outside = {stands_for[taxon] for taxon in stands_for if taxon not in set(members)}
    if inside & outside:  # a background tip is identical with a member
        return None
    return find_branch(read_labelled(inferred.newick), sorted(inside))


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
