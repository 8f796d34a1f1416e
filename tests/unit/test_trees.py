"""Trees: splits, rooting, identical tips, Newick that other programs read."""

import io
import math
import re

import pytest
from Bio import Phylo
from ete3 import Tree
from hypothesis import example, given
from hypothesis import strategies as st
from skbio import TreeNode

from oneclone.trees import (
    add_identical,
    find_branch,
    leaf_sets,
    read_labelled,
    read_supported,
    root_tree,
    sort_branches,
    to_newick,
)

SIX = "((((a:1,b:1)90:1,c:1)80:1,d:1)70:2,e:1,f:1);"


def splits(tree: Tree) -> dict[frozenset, tuple[float, float]]:
    """Return support and length of each split of two or more tips on both sides."""
    everything = frozenset(tree.get_leaf_names())
    found = {}
    for node, below in leaf_sets(tree):
        if node.up and 1 < len(below) < len(everything) - 1:
            key = min(below, everything - below, key=sorted)
            length = found.get(key, (0, 0))[1] + node.dist
            found[key] = (node.support, length)
    return found


@pytest.mark.parametrize("tips", [["a", "b"], ["c", "d", "e", "f"]])
def test_find_branch_either_side_of_the_branch_is_found(tips):
    branch = find_branch(read_labelled(SIX), tips)
    assert (branch.length, branch.labels) == (1.0, ("90",))


@pytest.mark.parametrize("tips", [["a", "c"], ["a", "b", "d"], ["e", "a"]])
def test_find_branch_tips_that_no_branch_parts_are_not(tips):
    assert find_branch(read_labelled(SIX), tips) is None


def test_find_branch_across_the_root_adds_both_halves():
    branch = find_branch(read_labelled("((a:1,b:1)95:2,(c:1,d:1)95:3);"), ["a", "b"])
    assert (branch.length, branch.labels) == (5.0, ("95",))


def test_find_branch_single_tip_has_a_length_and_no_label():
    branch = find_branch(read_labelled(SIX), ["d"])
    assert (branch.length, branch.labels) == (1.0, ())


@pytest.mark.parametrize("outgroup", ["a", "d", "f"])
def test_root_tree_supports_and_lengths_stay_with_their_splits(outgroup):
    tree, kinds = read_supported(SIX), dict.fromkeys("abcdef", "x")
    before = splits(tree)
    assert root_tree(tree, {**kinds, outgroup: "y"}) == "between_subspecies"
    assert splits(tree) == before
    assert [outgroup] in [child.get_leaf_names() for child in tree.children]


def test_root_tree_longest_branch_between_subspecies_wins():
    tree = read_supported("((a:1,b:1):1,(c:1,d:1):5,(e:1,f:1):2);")
    root_tree(tree, dict(zip("abcdef", "xxyyzz", strict=True)))
    sides = sorted(sorted(child.get_leaf_names()) for child in tree.children)
    assert sides == [["a", "b", "e", "f"], ["c", "d"]]


def test_root_tree_mixed_subspecies_fall_back_to_the_midpoint():
    tree = read_supported("((a:1,b:1):1,(c:1,d:9):1,e:1);")
    assert root_tree(tree, dict(zip("abcde", "xyxyx", strict=True))) == "midpoint"
    assert ["d"] in [child.get_leaf_names() for child in tree.children]


@pytest.mark.parametrize("newick", ["(a:0,b:0,c:0);", "a:0;", "(a:0,b:0);"])
def test_root_tree_without_any_length_stays_unrooted(newick):
    assert root_tree(read_supported(newick), {}) == "unrooted"


def test_root_tree_two_tips_keep_their_distance():
    tree = read_supported("(a:0.1,b:0.1);")
    assert root_tree(tree, {"a": "x", "b": "y"}) == "between_subspecies"
    assert tree.get_distance("a", "b") == 0.2


def test_root_tree_rooted_input_loses_no_length():
    tree = read_supported("((a:1,b:1):2,(c:1,d:7):3);")
    assert root_tree(tree, {}) == "midpoint"
    assert tree.get_distance("a", "c") == 7


def test_add_identical_tips_come_back_on_zero_branches():
    tree = read_supported("((a:1,b:1)90:1,c:2,d:3);")
    add_identical(tree, [["a", "a2", "a3"], ["b"], ["c", "c2"], ["d"]])
    assert sorted(tree.get_leaf_names()) == ["a", "a2", "a3", "b", "c", "c2", "d"]
    assert tree.get_distance("a", "a3") == 0
    assert tree.get_distance("a2", "b") == 2
    assert find_branch(read_labelled(tree.write(format=1)), ["c", "c2"]).length == 2


def test_add_identical_all_isolates_identical_is_a_star():
    tree = read_supported("a:0;")
    add_identical(tree, [["a", "b", "c"]])
    assert sorted(tree.get_leaf_names()) == ["a", "b", "c"]
    assert root_tree(tree, {}) == "unrooted"
    assert to_newick(tree) == "(a:0,b:0,c:0);"


def test_sort_branches_same_tree_written_otherwise_gives_the_same_newick():
    order = {name: number for number, name in enumerate("abcdef")}
    written = []
    for newick in (SIX, "(f:1,((c:1,(b:1,a:1)90:1)80:1,d:1)70:2,e:1);"):
        tree = read_supported(newick)
        root_tree(tree, {"a": "x", **dict.fromkeys("bcdef", "y")})
        sort_branches(tree, order)
        written.append(to_newick(tree))
    assert written[0] == written[1]


def test_read_supported_missing_support_is_nan_and_is_not_written():
    tree = read_supported("((a:1,b:1):1,(c:1,d:1)0:1,e:1);")
    assert math.isnan(tree.children[0].support)
    assert to_newick(tree) == "((a:1,b:1):1,(c:1,d:1)0:1,e:1);"


# The format's grammar: a tip's label follows a parenthesis or a comma, a length a colon.
LABEL = re.compile(r"(?<=[(,])(?:'(?:[^']|'')*'|[^(),:;']+)")


def labels(newick: str) -> list[str]:
    """Return the labels of the tips of a Newick, as the grammar reads them."""
    found = LABEL.findall(newick)
    return [t[1:-1].replace("''", "'") if t.startswith("'") else t for t in found]


def with_names(names: list[str]) -> str:
    tree = read_supported("(I0:1,I1:2,I2:3);")
    return to_newick(tree, {f"I{number}": name for number, name in enumerate(names)})


@example([":", ".", "::"])  # a name may look like a length
@example(["12", "0.5", "1e-05"])
@given(
    st.lists(
        st.text(st.characters(blacklist_categories=("Cc", "Cs")), min_size=1).filter(str.strip),
        min_size=3,
        max_size=3,
        unique=True,
    )
)
def test_to_newick_any_name_follows_the_grammar(names):
    assert labels(with_names(names)) == names


def test_to_newick_usual_hard_names_are_read_by_biopython_and_scikit_bio():
    for names in (
        ["ATCC_19977", "a b", "it's"],
        ["PtA (CSF)", "x[1]", "a:b;c,d"],
        ["Pt\u00e9", "=1+1", 'say "A"'],
    ):
        newick = with_names(names)
        biopython = Phylo.read(io.StringIO(newick), "newick")
        assert [tip.name for tip in biopython.get_terminals()] == names
        scikit_bio = TreeNode.read(io.StringIO(newick), format="newick")
        assert [tip.name for tip in scikit_bio.tips()] == names
