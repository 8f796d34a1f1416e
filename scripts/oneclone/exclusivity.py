"""Is a clone set apart from every background isolate? Split, support and gap."""

from collections.abc import Sequence

from oneclone.background import (
    Background,
    figures_of,
    neighbours,
    not_comparable,
    of_subspecies,
)
from oneclone.model.codes import Caveat, Reason
from oneclone.model.evidence import Evidence, LocalTree
from oneclone.model.judgement import Exclusivity

MIN_BRANCH_SNPS = 0.5  # a shorter branch is the engine's least length, not a difference
MIN_UFBOOT = 95  # contract; Minh et al. 2013, doi:10.1093/molbev/mst024
MIN_SH_ALRT = 80  # contract; Guindon et al. 2010, doi:10.1093/sysbio/syq010
MIN_CLEAN_SNPS = 3  # a branch of k clean SNPs has bootstrap 1 - e^-k: 95 % needs three
MIN_DISTINCT = 4  # distinct sequences without which no support can be computed
THIN_BACKGROUND = 20  # contract: fewer background patients are a caveat


def judge_exclusivity(
    evidence: Evidence, members: Sequence[str], background: Background, *, gap: bool
) -> Exclusivity:
    """Return whether one supported branch and a gap part a clone from all background.

    Parameters
    ----------
    evidence
        Pairs, typing and the clone's local tree.
    members
        Members of the clone, sorted.
    background
        What the cases are compared with.
    gap
        Whether the nearest background is farther than `linked` and than any two members.

    Returns
    -------
    Exclusivity
        `exclusive` is `None` when no context isolate of the members' subspecies could be compared
        with any of them.
    """
    subspecies = common_subspecies(evidence, members)
    names, lost = comparable(evidence, members, background.isolates)
    compared = figures_of(evidence, names)
    if not compared.isolates:
        unknown = (Caveat.BACKGROUND_NOT_COMPARABLE,) if lost else ()
        return Exclusivity(None, (Reason.NO_BACKGROUND,), unknown, None, "none")
    tree = evidence.local_trees[tuple(members)]
    reasons: list[Reason] = []
    caveats: list[Caveat] = []
    if not tree.is_split or tree.branch_snps < MIN_BRANCH_SNPS:
        reasons.append(Reason.NOT_A_CLADE)
    else:
        supported, caveat = is_supported(tree, gap=gap)
        reasons += [] if supported else [Reason.CLADE_NOT_SUPPORTED]
        caveats += [caveat] if caveat else []
    if not gap:
        reasons.append(Reason.BACKGROUND_AS_CLOSE)
    if compared.patients < THIN_BACKGROUND:
        caveats.append(Caveat.THIN_BACKGROUND)
    near = [each.name for each in of_subspecies(evidence, background.names, subspecies)]
    if not_comparable(evidence, members, near):
        caveats.append(Caveat.BACKGROUND_NOT_COMPARABLE)
    if tree.not_called:
        caveats.append(Caveat.BACKGROUND_NOT_IN_TREE)
    support, kind = shown_support(tree)
    exclusive = not reasons
    return Exclusivity(
        exclusive,
        (Reason.EXCLUSIVE_CLADE,) if exclusive else tuple(reasons),
        tuple(caveats),
        support,
        kind,
    )


def is_supported(tree: LocalTree, *, gap: bool) -> tuple[bool, Caveat | None]:
    """Return whether the branch of a clone is supported, and the caveat if not by a test.

    The branch of a single isolate has no support by its nature and passes.
    """
    if tree.distinct_sequences < MIN_DISTINCT:
        return True, Caveat.SUPPORT_NOT_COMPUTABLE
    if len(tree.members) == 1:
        return True, None
    if (tree.ufboot or 0) >= MIN_UFBOOT or (tree.sh_alrt or 0) >= MIN_SH_ALRT:
        return True, None
    if max(tree.clean_snps, tree.branch_snps) < MIN_CLEAN_SNPS and gap:
        return True, Caveat.SUPPORT_LOW
    return False, None


def needs_thorough_search(tree: LocalTree) -> bool:
    """Return whether a full search with ultrafast bootstrap may change what a fast one found.

    It may when the members' branch is missing or not supported, and at least one site speaks
    for it. The full search takes up to thirty times as long.
    """
    if not tree.clean_snps or tree.distinct_sequences < MIN_DISTINCT or len(tree.members) == 1:
        return False
    found = tree.is_split and tree.branch_snps >= MIN_BRANCH_SNPS
    was_thorough = tree.ufboot is not None
    return not was_thorough and not (found and (tree.sh_alrt or 0) >= MIN_SH_ALRT)


def shown_support(tree: LocalTree) -> tuple[float | None, str]:
    """Return the support to show and its kind: the ultrafast bootstrap where it was computed."""
    if tree.ufboot is not None:
        return tree.ufboot, "ufboot"
    if tree.sh_alrt is not None:
        return tree.sh_alrt, "sh_alrt"
    return None, "none"


def comparable(
    evidence: Evidence, members: Sequence[str], context: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the context isolates of the members' subspecies, and those that cannot be compared.

    One that has too few bases in common with every member says nothing of how close it is, so it
    is no background.
    """
    names = [
        each.name for each in of_subspecies(evidence, context, common_subspecies(evidence, members))
    ]
    near = {each.name for each in neighbours(evidence, members, names)}
    return tuple(n for n in names if n in near), tuple(n for n in names if n not in near)


def common_subspecies(evidence: Evidence, members: Sequence[str]) -> str:
    """Return the members' subspecies, blank when it is ambiguous for all of them."""
    found = sorted({evidence.subspecies(name) for name in members} - {""})
    return found[0] if found else ""
