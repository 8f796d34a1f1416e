"""Work on trees with ete3: identical tips, rooting, splits, order, Newick.

Tips carry row ids while a tree is worked on; the users' names come back in `to_newick`.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ete3 import Tree

NO_SUPPORT = math.nan
NEWICK_SPECIAL = re.compile(r"""[\s()\[\]{}'":;,_]""")  # an unquoted underscore means a blank
TIP = re.compile(r"I[0-9a-f]+")


def read_supported(newick: str) -> Tree:
    """Read a tree whose inner nodes carry a support value, several (the last counts) or nothing.

    Examples
    --------
    >>> tree = read_supported("((a:1,b:1)80/90:1,(c:1,d:1):1,e:1);")
    >>> [node.support for node in tree.children]
    [90.0, nan, nan]
    """
    tree = read_labelled(newick)
    for node in tree.traverse():
        node.support = NO_SUPPORT
        if not node.is_leaf() and node.name:
            node.support, node.name = float(node.name.split("/")[-1]), ""
    return tree


def read_labelled(newick: str) -> Tree:
    """Read a tree whose inner nodes keep their labels as text, in `name`."""
    return Tree(newick, format=1)


@dataclass(frozen=True)
class Branch:
    """A branch that parts a set of tips from all others.

    `length` is in substitutions per site; `labels` are what the engine wrote at it: none for the
    branch of a single tip, several where taking tips away joins branches to one.
    """

    length: float
    labels: tuple[str, ...]


def find_branch(
    tree: Tree, tips: Collection[str], among: Collection[str] | None = None
) -> Branch | None:
    """Return the branch that parts some tips from all others, wherever the root is.

    Parameters
    ----------
    tree
        Read by `read_labelled`.
    tips
        Names of tips on one side: at least one, and not all.
    among
        Names of the tips that count, all when not given; the tree is read as if it had no others.

    Examples
    --------
    >>> tree = read_labelled("((a:1,b:1)99/100:0.5,c:1,d:1);")
    >>> find_branch(tree, ["c", "d"])
    Branch(length=0.5, labels=('99/100',))
    >>> find_branch(tree, ["a", "c"]) is None
    True
    >>> find_branch(tree, ["c", "d"], ["a", "c", "d"])
    Branch(length=1.5, labels=('99/100',))
    """
    everything = frozenset(tree.get_leaf_names() if among is None else among)
    wanted = frozenset(tips)
    found = [
        node
        for node, below in leaf_sets(tree)
        if node.up and below & everything in {wanted, everything - wanted}
    ]
    if not found:
        return None
    labels = sorted({node.name for node in found if not node.is_leaf() and node.name})
    return Branch(sum(node.dist for node in found), tuple(labels))


def leaf_sets(tree: Tree) -> Iterator[tuple[Tree, frozenset[str]]]:
    """Give each node with the names of the tips below it, tips first."""
    below: dict[Tree, frozenset[str]] = {}
    for node in tree.traverse("postorder"):
        if node.is_leaf():
            below[node] = frozenset([node.name])
        else:
            below[node] = frozenset[str]().union(*(below[child] for child in node.children))
        yield node, below[node]


def add_identical(tree: Tree, groups: Sequence[Sequence[str]]) -> None:
    """Give each tip the isolates identical with it as sisters on branches of length zero.

    Parameters
    ----------
    tree
        Changed in place.
    groups
        Names of identical isolates; the first of each group is a tip of the tree.

    Examples
    --------
    >>> tree = Tree("(a:1,c:2);")
    >>> add_identical(tree, [["a", "b"], ["c"]])
    >>> tree.write(format=1)
    '((a:0,b:0):1,c:2);'
    """
    tips = {leaf.name: leaf for leaf in tree.get_leaves()}
    for first, *others in groups:
        if not others:
            continue
        node = tips[first]
        if node.is_root():  # a tree of one tip
            node.name = ""
        for name in (first, *others):
            node.add_child(name=name, dist=0.0, support=NO_SUPPORT)
        node.name = ""


def root_tree(tree: Tree, subspecies: Mapping[str, str]) -> str:
    """Root a tree between subspecies when one branch parts them, else at its midpoint.

    Parameters
    ----------
    tree
        Changed in place; read by `read_supported`.
    subspecies
        Subspecies of each tip, empty or absent when ambiguous.

    Returns
    -------
    str
        `between_subspecies`, `midpoint` or `unrooted` (no branch has a length).

    Examples
    --------
    >>> tree = Tree("(a:1,b:1,(c:1,d:1):3);")
    >>> root_tree(tree, {"a": "x", "b": "x", "c": "y", "d": "y"})
    'between_subspecies'
    >>> tree.write(format=5)
    '((c:1,d:1):1.5,(a:1,b:1):1.5);'
    """
    if len(tree) > 2:
        tree.unroot(mode="keep")  # the other mode of ete3 drops the length of a branch
    between = _longest_branch_between(tree, subspecies)
    if between is not None:
        tree.set_outgroup(between)
        return "between_subspecies"
    if not any(node.dist > 0 for node in tree.traverse() if node.up):
        return "unrooted"
    outgroup = tree.get_midpoint_outgroup() if len(tree) > 2 else None
    if outgroup is not None and outgroup.up is not None:
        tree.set_outgroup(outgroup)
    return "midpoint"


def members_tree(newick: str, tips: Sequence[str]) -> Tree:
    """Return the part of a rooted tree that some tips span, their common ancestor as its root.

    Parameters
    ----------
    newick
        Inner nodes may carry labels, which are dropped.
    tips
        Names of two or more tips; path lengths between them are kept.

    Examples
    --------
    >>> tree = members_tree("(((a:1,b:2)90:3,c:4)80:5,d:6);", ["a", "c"])
    >>> sorted((leaf.name, tree.get_distance(leaf)) for leaf in tree.get_leaves())
    [('a', 4.0), ('c', 4.0)]
    """
    ancestor = read_supported(newick).get_common_ancestor(list(tips)).detach()
    ancestor.prune(list(tips), preserve_branch_length=True)
    ancestor.dist = 0.0
    return ancestor


def sort_branches(tree: Tree, order: Mapping[str, int]) -> None:
    """Order the children of every node: the smaller clade first, ties by the order of tips."""
    rank: dict[Tree, tuple[int, int]] = {}
    for node in tree.traverse("postorder"):
        if node.is_leaf():
            rank[node] = (1, order[node.name])
            continue
        node.children.sort(key=lambda child: rank[child])
        rank[node] = (
            sum(rank[child][0] for child in node.children),
            min(rank[child][1] for child in node.children),
        )


def to_newick(tree: Tree, names: Mapping[str, str] | None = None) -> str:
    """Return Newick with support as labels and, if given, the users' names instead of row ids.

    Names are quoted as the format needs.

    Examples
    --------
    >>> tree = read_supported("((I1:1,I2:1)95:1,I3:2);")
    >>> to_newick(tree, {"I1": "it's", "I2": "A_1", "I3": "B"})
    "(('it''s':1,'A_1':1)95:1,B:2);"
    """
    plain = tree.write(format=0, dist_formatter="%.9g", support_formatter="%.4g")
    plain = plain.replace(")nan:", "):")
    return TIP.sub(lambda tip: quoted(names[tip.group()]), plain) if names else plain


def quoted(name: str) -> str:
    """Return a name as a Newick label: in single quotes when it holds special characters.

    scikit-bio and ete3 leave an apostrophe unquoted or use double quotes, which other programs
    misread, so this rule of the format is written here.

    Examples
    --------
    >>> quoted("PtA-CSF"), quoted("a (b)"), quoted("it's")
    ('PtA-CSF', "'a (b)'", "'it''s'")
    """
    return "'" + name.replace("'", "''") + "'" if NEWICK_SPECIAL.search(name) else name


def _longest_branch_between(tree: Tree, subspecies: Mapping[str, str]) -> Tree | None:
    """Return the node below the longest branch that has no subspecies on both sides.

    Of branches of equal length it is the one whose tips below come first.
    """
    total = Counter(subspecies.get(leaf.name, "") for leaf in tree.get_leaves())
    below: dict[Tree, Counter[str]] = {}
    longest: list[Tree] = []
    for node in tree.traverse("postorder"):
        below[node] = Counter({subspecies.get(node.name, ""): 1} if node.is_leaf() else {})
        for child in node.children:
            below[node] += below.pop(child)
        inside = {kind for kind in below[node] if kind}
        outside = {kind for kind, many in total.items() if kind and many > below[node][kind]}
        if node.up and inside and outside and not inside & outside:
            least = longest[0].dist if longest else node.dist
            if node.dist >= least:
                longest = [*(longest if node.dist == least else []), node]
    return min(longest, key=lambda node: sorted(node.get_leaf_names()), default=None)
