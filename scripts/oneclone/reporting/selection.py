"""Choose what a picture or a sheet shows when there are more isolates than it can hold."""

from collections.abc import Mapping, Sequence

from oneclone.model.isolates import Isolate, Role
from oneclone.model.pairs import Pair, ordered
from oneclone.reporting.drawn_tree import DrawnTree
from oneclone.trees import read_supported, to_newick

MAX_SHOWN = 80


def choose_shown(
    isolates: Sequence[Isolate], pairs: Mapping[tuple[str, str], Pair], limit: int = MAX_SHOWN
) -> list[Isolate]:
    """Return at most `limit` isolates in their order: cases first, then the nearest to a case.

    Parameters
    ----------
    isolates
        Used isolates and references.
    pairs
        Pairs by their ordered names; one that is not there cannot be compared.
    limit
        Greatest number.

    Examples
    --------
    >>> from oneclone.model.pairs import FilterOutcome
    >>> isolates = [
    ...     Isolate(name, name, Role.CASE if name == "c" else Role.CONTEXT, "") for name in "abc"]
    >>> counted = FilterOutcome.NOT_SCANNED
    >>> pairs = {
    ...     (a, "c"): Pair(a, "c", "r", 9, 9, snps, snps, 0, counted)
    ...     for a, snps in (("a", 9), ("b", 3))}
    >>> [isolate.name for isolate in choose_shown(isolates, pairs, 2)]
    ['b', 'c']
    """
    if len(isolates) <= limit:
        return list(isolates)
    cases = [isolate for isolate in isolates if isolate.role is Role.CASE]

    def remoteness(isolate: Isolate) -> tuple[bool, int, str]:
        """Return the rank of an isolate: the least distance to a case, not comparable ones last."""
        if isolate.role is Role.CASE:
            return False, 0, isolate.name
        found = [pairs.get(ordered(isolate.name, case.name)) for case in cases]
        measured = [pair.snps for pair in found if pair and pair.snps is not None]
        return not measured, min(measured, default=0), isolate.name

    ranked = sorted(
        isolates, key=lambda isolate: (isolate.role is not Role.CASE, *remoteness(isolate))
    )
    kept = {isolate.name for isolate in ranked[:limit]}
    return [isolate for isolate in isolates if isolate.name in kept]


def pruned(tree: DrawnTree, row_ids: Sequence[str]) -> DrawnTree:
    """Return a tree with only some of its tips, path lengths kept."""
    root = read_supported(tree.newick)
    if len(row_ids) == len(root):
        return tree
    root.prune(list(row_ids), preserve_branch_length=True)
    return DrawnTree(to_newick(root), tree.core_bp, tree.support_kind)
