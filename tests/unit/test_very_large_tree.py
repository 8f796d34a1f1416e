"""The tree put together from parts: agreement with truth and with the smaller ways, steps of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from ete3 import Tree
from hypothesis import given, settings
from hypothesis import strategies as st

from oneclone.branch_gains import sum_over_sites
from oneclone.core import CoreAlignment
from oneclone.distance_tree import infer_by_distances, minimum_evolution, site_distances
from oneclone.errors import OnecloneError
from oneclone.joined_tree import rearranged
from oneclone.local_bootstrap import Topology, local_bootstrap
from oneclone.nearest_tips import nearest_tips
from oneclone.packed_rows import PackedRows, count_beside_branches, count_differences, pack_row
from oneclone.parsimony import ancestral_codes
from oneclone.phylogeny import infer_tree
from oneclone.representatives import choose_representatives
from oneclone.sequences import Codes, decode
from oneclone.tables.core_rows import open_core_rows
from oneclone.trees import find_branch, read_labelled
from oneclone.very_large_tree import infer_very_large
from tests.unit.test_distance_tree import SETTINGS, alignment, as_split, simulated, splits

CONSTANT = (25_000,) * 4
SIX = Topology(6, ((0, 1), (6, 2), (3, 4), (7, 8, 5)), np.zeros(10))
SIX_ROWS = st.lists(
    st.lists(st.integers(0, 4), min_size=66, max_size=66), min_size=6, max_size=6
).map(lambda rows: np.array(rows, dtype=np.uint8))


@dataclass(frozen=True)
class InMemory:
    """A core alignment whose rows are at hand."""

    core: CoreAlignment

    @property
    def taxa(self) -> Sequence[str]:
        return self.core.taxa

    @property
    def sites(self) -> int:
        return self.core.codes.shape[1]

    def row(self, number: int) -> Codes:
        return self.core.codes[number]

    def columns(self, rows: Sequence[int], start: int, stop: int) -> Codes:
        return self.core.codes[list(rows), start:stop]


def in_parts(codes: Codes, part: int):
    return infer_very_large(InMemory(alignment(codes)), CONSTANT, SETTINGS, part)


def inner(truth: dict[frozenset[int], int], taxa: int, least: int) -> set[frozenset[str]]:
    """Return the inner branches of the truth that have so many SNPs or more."""
    sized = {tips for tips, snps in truth.items() if 1 < len(tips) < taxa - 1 and snps >= least}
    return {as_split(tips, taxa) for tips in sized}


# --- the whole ---------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [12, 40])
def test_infer_very_large_finds_the_true_branches_whatever_the_size_of_a_part(part):
    codes, truth = simulated(2, 12, 10, 3000, 50, 0.03)
    found = splits(in_parts(codes, part).newick)
    assert len(found) == 117  # binary
    assert len(inner(truth, 120, 3)) > 50
    assert inner(truth, 120, 3) <= set(found)
    supported = {split for split, (label, _) in found.items() if float(label) >= 95}
    assert inner(truth, 120, 6) <= supported <= inner(truth, 120, 1)


def test_infer_very_large_has_lengths_and_support_of_the_tree_of_one_matrix():
    codes, truth = simulated(5, 8, 8, 1000, 40, 0.01)
    parts = splits(in_parts(codes, 10).newick)
    whole = splits(infer_by_distances(alignment(codes), SETTINGS).newick)
    both = inner(truth, 64, 3)
    assert both <= set(parts)
    assert both <= set(whole)
    for split in both:
        assert parts[split][1] == pytest.approx(whole[split][1], rel=0.1, abs=2e-5)
        assert float(parts[split][0]) == pytest.approx(float(whole[split][0]), abs=1.0)


def test_infer_very_large_is_repeatable_and_says_what_it_is():
    codes = simulated(3, 6, 6, 300, 40, 0.02)[0]
    one, two = in_parts(codes, 10), in_parts(codes, 10)
    assert one == two
    assert one.support_kind == "local_bootstrap"
    assert one.engine.endswith("balanced minimum evolution, in parts")
    assert one.reason.startswith(
        "36 isolates and references are more than the 1000 of tree.very_large_set: 10 of them "
        "make a backbone, and the farthest of the others is "
    )


def test_infer_very_large_identical_isolates_are_one_tip():
    codes = simulated(4, 4, 4, 200, 30, 0.0)[0]
    found = in_parts(np.concatenate([codes, codes[:2]]), 6)
    assert {"I0", "I16"} in [set(group) for group in found.identical]
    assert len(read_labelled(found.newick)) == found.distinct == 16


def test_infer_very_large_fewer_than_four_sequences_give_the_small_tree():
    core = alignment(np.array([[0, 0], [0, 1], [0, 1], [1, 1]], dtype=np.uint8))
    assert infer_very_large(InMemory(core), CONSTANT, SETTINGS) == infer_tree(core, SETTINGS)


def test_infer_very_large_star_of_private_snps_needs_many_backbones():
    """No taxon shares a SNP with another, so every one belongs beside the same node."""
    codes = np.zeros((60, 120), dtype=np.uint8)
    for tip in range(60):
        codes[tip, 2 * tip : 2 * tip + 2] = 1
    tree = read_labelled(in_parts(codes, 8).newick)
    core_bp = 120 + sum(CONSTANT)
    assert len(tree) == 60
    for tip in range(60):
        assert find_branch(tree, [f"I{tip}"]).length * core_bp == pytest.approx(2)
    assert sum(node.dist for node in tree.traverse()) * core_bp == pytest.approx(120)


# --- its steps ---------------------------------------------------------------------------------


@settings(max_examples=40)
@given(SIX_ROWS)
def test_packed_rows_count_as_a_slow_count_does(codes):
    packed = PackedRows.empty(66, 6)
    for number, row in enumerate(codes):
        packed.put(number, row)
    above = np.array([6, 6, 7, 8, 8, 9, 7, 9, 9])
    nodes = ancestral_codes(codes, SIX)
    whole = PackedRows.empty(66, 10)
    for number, row in enumerate(nodes):
        whole.put(number, row)
    for row in codes:
        differing, compared = count_differences(pack_row(row), packed, 6)
        called = (codes < 4) & (row < 4)
        assert compared.tolist() == called.sum(axis=1).tolist()
        assert differing.tolist() == (called & (codes != row)).sum(axis=1).tolist()
        unlike = (nodes < 4) & (row < 4) & (nodes != row)
        costs = count_beside_branches(pack_row(row), whole, above)
        assert costs.tolist() == (unlike[:9] & unlike[above]).sum(axis=1).tolist()


@settings(max_examples=20)
@given(SIX_ROWS)
def test_ancestral_codes_need_as_few_changes_as_any(codes):
    """The fewest changes by dynamic programming over all four bases of each node."""
    found = ancestral_codes(codes, SIX)
    calls = codes < 4
    assert (found[:6][calls] == codes[calls]).all()
    parents = [(child, node) for node, pair in enumerate(SIX.children, 6) for child in pair]
    for site in range(codes.shape[1]):
        costs = [
            np.where((np.arange(4) == code) | (code == 4), 0.0, np.inf) for code in codes[:, site]
        ]
        for pair in SIX.children:
            costs.append(sum(np.minimum(costs[each], costs[each].min() + 1) for each in pair))
        changes = sum(found[child, site] != found[node, site] for child, node in parents)
        assert changes == costs[-1].min()


def test_choose_representatives_takes_one_of_each_clone_whatever_their_sizes():
    codes, _ = simulated(1, 5, 30, 2000, 20, 0.02)
    order = np.random.default_rng(1).permutation(150)
    chosen = choose_representatives(((int(row), codes[row]) for row in order), codes.shape[1], 5)
    assert sorted(row // 30 for row in chosen) == [0, 1, 2, 3, 4]


def test_choose_representatives_rows_that_differ_nowhere_are_chosen_once():
    codes = np.zeros((9, 4), dtype=np.uint8)
    assert len(set(choose_representatives(enumerate(codes), 4, 3))) == 3


@settings(max_examples=40)
@given(SIX_ROWS)
def test_sum_over_sites_agrees_with_the_local_bootstrap_and_with_a_tree_of_distances(codes):
    weights = np.random.default_rng(9).poisson(1.0, (66, 50)).astype(float)
    sums = sum_over_sites([(codes, weights)], SIX, 50)
    support = 100 * (sums.gains > 1e-6).all(axis=0).mean(axis=1)
    assert support.tolist() == local_bootstrap(codes, SIX, 50, 9).tolist()


def test_sum_over_sites_lengths_are_those_of_minimum_evolution_on_distances():
    codes, _ = simulated(8, 4, 5, 300, 40, 0.0)
    tree = minimum_evolution(site_distances(codes, 1))
    lengths = sum_over_sites([(codes, np.ones((codes.shape[1], 1)))], tree, 1).lengths()
    assert lengths[:-1] == pytest.approx(tree.lengths[:-1], abs=1e-3)


def test_rearranged_until_nothing_is_gained_finds_the_true_branches():
    codes, truth = simulated(6, 1, 24, 0, 300, 0.0)
    chain = tuple((24 + n - 1 if n else 0, n + 1) for n in range(21))
    tree = Topology(24, (*chain, (44, 22, 23)), np.zeros(46))
    for _ in range(60):
        sums = sum_over_sites([(codes, np.ones((codes.shape[1], 1)))], tree, 1)
        better = rearranged(tree, sums.gains[:, :, 0])
        if better is None:
            break
        tree = better
    below = [frozenset([tip]) for tip in range(24)]
    for pair in tree.children:
        below.append(frozenset().union(*(below[child] for child in pair)))
    assert inner(truth, 24, 3) <= {as_split(tips, 24) for tips in below}


def test_nearest_tips_agree_with_distances_one_by_one():
    tree = Tree("((a:0.1,b:0.2):0.1,((c:0.3,d:0):0.1,(e:0,f:0):0.1):0.2,(g:1,h:0.3):0.1);")
    for candidates in ("fh", "bh", "gdhb"):
        expected = {
            tip: min((tree.get_distance(tip, each), each) for each in candidates)[1]
            for tip in set("abcdefgh") - set(candidates)
        }
        own = {each: each for each in candidates}
        assert nearest_tips(tree, list(candidates)) == {**expected, **own}


# --- rows in a file ----------------------------------------------------------------------------


def test_open_core_rows_reads_any_row_and_any_columns(tmp_path: Path):
    codes = np.array([[0, 1, 4, 3], [2, 2, 2, 2], [4, 4, 0, 1]], dtype=np.uint8)
    names = ("I1 a", "I22 b c", "I3 \u00e9\u4e2d")
    fasta = tmp_path / "core.fasta"
    fasta.write_text(
        "".join(f">{n}\n{decode(row)}\n" for n, row in zip(names, codes, strict=True)), "utf-8"
    )
    with open_core_rows(fasta) as rows:
        assert (rows.taxa, rows.sites) == (("I1", "I22", "I3"), 4)
        assert [rows.row(number).tolist() for number in (2, 0, 1)] == codes[[2, 0, 1]].tolist()
        assert rows.columns([2, 0], 1, 3).tolist() == codes[[2, 0], 1:3].tolist()


@pytest.mark.parametrize("text", ["", ">I1 a\nACG\n>I2 b\nAC\n", ">I1 a\nAC", "AC\nAC\n"])
def test_open_core_rows_names_a_file_that_is_cut(tmp_path: Path, text):
    fasta = tmp_path / "core.fasta"
    fasta.write_text(text)
    wrong = pytest.raises(OnecloneError, match=r"core\.fasta: holds what oneclone does not write")
    with wrong, open_core_rows(fasta):
        pass
