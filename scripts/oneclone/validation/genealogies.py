"""How an inferred tree agrees with the true genealogy, by the splits of both."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from oneclone.exclusivity import MIN_SH_ALRT, MIN_UFBOOT
from oneclone.simulation.model import Clade
from oneclone.trees import leaf_sets, read_supported

Split = frozenset[str]  # the side without the first tip by code point


@dataclass(frozen=True)
class InferredTree:
    """A tree with row ids as tips and support as labels; `names` gives the name of each row."""

    newick: str
    support_kind: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class TreeAgreement:
    """Supported splits of a tree against those of the true genealogy.

    A true split is a branch with a mutation. `conflicting` splits contradict a true one;
    `resolving` ones resolve a parting of several lineages at once, of which nobody can tell.
    `robinson_foulds` is the distance of both sets of splits over their sum, 0 = equal.
    """

    run: str
    tips: int
    support_kind: str
    least_support: float
    supported: int
    true: int
    found: int
    resolving: int
    conflicting: tuple[tuple[str, ...], ...]
    robinson_foulds: float


def compare_trees(run: str, tree: InferredTree, genealogy: Clade) -> TreeAgreement:
    """Compare a tree with the genealogy from which its tips were simulated.

    Parameters
    ----------
    run
        Name of the run.
    tree
        The inferred tree.
    genealogy
        True tree; tips that the inferred one lacks are left out.

    Examples
    --------
    >>> true = Clade("", 0, (Clade("", 2, (Clade("a", 1), Clade("b", 1))), Clade("c", 1),
    ...     Clade("d", 1), Clade("e", 1)))
    >>> same = dict(zip("abcde", "abcde"))
    >>> tree = InferredTree("((a:1,b:1)99:1,((c:1,d:1)97:1,e:1):1);", "ufboot", same)
    >>> found = compare_trees("one", tree, true)
    >>> found.supported, found.found, found.resolving, found.conflicting
    (2, 1, 1, ())
    >>> wrong = InferredTree("((a:1,c:1)99:1,b:1,d:1,e:1);", "ufboot", same)
    >>> compare_trees("one", wrong, true).conflicting
    (('a', 'c'),)
    """
    rows = read_supported(tree.newick)
    tips = frozenset(tree.names[row] for row in rows.get_leaf_names())
    least = MIN_SH_ALRT if tree.support_kind == "sh_alrt" else MIN_UFBOOT
    supported = {
        _side([tree.names[row] for row in below], tips)
        for node, below in leaf_sets(rows)
        if node.support >= least and 1 < len(below) < len(tips) - 1
    }
    true = set(_true_splits(genealogy, tips))
    new = supported - true
    conflicting = [split for split in new if any(_conflict(split, other, tips) for other in true)]
    return TreeAgreement(
        run=run,
        tips=len(tips),
        support_kind=tree.support_kind,
        least_support=least,
        supported=len(supported),
        true=len(true),
        found=len(supported & true),
        resolving=len(new) - len(conflicting),
        conflicting=tuple(sorted(_named(split, tips) for split in conflicting)),
        robinson_foulds=round(len(supported ^ true) / max(1, len(supported) + len(true)), 6),
    )


def _side(below: Collection[str], tips: Collection[str]) -> Split:
    """Return the side of a split that does not have the first tip."""
    side = frozenset(below)
    return frozenset(tips) - side if min(tips) in side else side


def _true_splits(clade: Clade, tips: Split) -> Iterator[Split]:
    """Give the splits of a genealogy that part two tips or more from two or more."""
    below = {leaf.name for leaf in clade.leaves()} & tips
    if clade.snps and 1 < len(below) < len(tips) - 1:
        yield _side(below, tips)
    for child in clade.children:
        yield from _true_splits(child, tips)


def _conflict(one: Split, two: Split, tips: Split) -> bool:
    """Return whether two splits cannot be of one tree: all four parts have a tip."""
    return all((one & two, one - two, two - one, tips - one - two))


def _named(split: Split, tips: Split) -> tuple[str, ...]:
    """Return the smaller side of a split."""
    return tuple(min(sorted(split), sorted(tips - split), key=len))
