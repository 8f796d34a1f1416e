"""The tree of large sets: distances, gaps, agreement with maximum likelihood, support."""

import shutil
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oneclone.core import CoreAlignment
from oneclone.distance_tree import (
    REPLICATES,
    count_sites,
    fill_gaps,
    infer_by_distances,
    is_large,
    minimum_evolution,
    site_distances,
    to_newick,
)
from oneclone.local_bootstrap import Topology, local_bootstrap
from oneclone.model.settings import TreeSettings
from oneclone.phylogeny import infer_tree
from oneclone.trees import find_branch, leaf_sets, read_labelled
from tests.conftest import need

SETTINGS = TreeSettings("auto", 1000, 1000, 1, 100)
SIX = Topology(6, ((0, 1), (6, 2), (3, 4), (7, 8, 5)), np.zeros(10))
CODES = st.lists(st.lists(st.integers(0, 4), min_size=12, max_size=12), min_size=6, max_size=6).map(
    lambda rows: np.array(rows, dtype=np.uint8)
)


def alignment(codes: np.ndarray, constant: int = 25_000) -> CoreAlignment:
    taxa = tuple(f"I{number}" for number in range(len(codes)))
    return CoreAlignment(taxa, np.arange(codes.shape[1]), codes, (constant,) * 4, (0,) * 4)


def coalescent(
    random: np.random.Generator, members: range, snps: float
) -> list[tuple[frozenset[int], int]]:
    """Return the branches of a random tree, each as the tips below it and its SNPs."""
    nodes, height, now = [frozenset([tip]) for tip in members], {}, 0.0
    branches: list[tuple[frozenset[int], float]] = []
    while len(nodes) > 1:
        now += random.exponential(2 / (len(nodes) * (len(nodes) - 1)))
        chosen = [nodes[place] for place in random.choice(len(nodes), 2, replace=False)]
        branches += [(node, now - height.get(node, 0.0)) for node in chosen]
        nodes = [node for node in nodes if node not in chosen] + [chosen[0] | chosen[1]]
        height[nodes[-1]] = now
    total = sum(length for _, length in branches)
    return [(tips, int(random.poisson(snps * length / total))) for tips, length in branches]


def simulated(
    seed: int, groups: int, per_group: int, deep: int, shallow: int, missing: float
) -> tuple[np.ndarray, dict[frozenset[int], int]]:
    """Return the bases of clones within a species, and the SNPs of every branch of their tree."""
    random = np.random.default_rng(seed)
    taxa = groups * per_group
    branches = [
        (frozenset(g * per_group + each for g in tips for each in range(per_group)), snps)
        for tips, snps in coalescent(random, range(groups), deep)
    ]
    for group in range(groups):
        members = range(group * per_group, (group + 1) * per_group)
        branches += coalescent(random, members, shallow)
    columns, truth = [], {}
    for tips, snps in branches:
        truth[tips] = truth.get(tips, 0) + snps
        for _ in range(snps):
            old, new = random.choice(4, 2, replace=False)
            column = np.full(taxa, old, dtype=np.uint8)
            column[list(tips)] = new
            columns.append(column)
    codes = np.array(columns)[random.permutation(len(columns))].T.copy()
    codes[random.random(codes.shape) < missing * random.uniform(0, 2, (taxa, 1))] = 4
    return codes, truth


def splits(newick: str) -> dict[frozenset[str], tuple[str, float]]:
    """Return label and length of each inner branch by its side without the first tip."""
    tree = read_labelled(newick)
    everything = frozenset(tree.get_leaf_names())
    return {
        (everything - below if "I0" in below else below): (node.name, node.dist)
        for node, below in leaf_sets(tree)
        if node.up and 1 < len(below) < len(everything) - 1
    }


def as_split(tips: frozenset[int], taxa: int) -> frozenset[str]:
    side = frozenset(range(taxa)) - tips if 0 in tips else tips
    return frozenset(f"I{tip}" for tip in side)


# --- topology and lengths ----------------------------------------------------------------------


def test_infer_by_distances_agrees_with_maximum_likelihood_on_thirty_isolates():
    codes, truth = simulated(5, 6, 5, 1500, 60, 0.03)
    core = alignment(codes)
    likelihood = splits(infer_tree(core, SETTINGS).newick)
    found = infer_by_distances(core, SETTINGS)
    assert found.distinct == 30
    distances = splits(found.newick)
    wanted = {
        as_split(tips, 30) for tips, snps in truth.items() if snps >= 3 and 1 < len(tips) < 29
    }
    assert len(wanted) > 15
    assert wanted <= set(likelihood)
    assert wanted <= set(distances)
    long_ones = 0
    for split in wanted:
        expected = likelihood[split][1] * core.core_bp
        assert distances[split][1] * core.core_bp == pytest.approx(expected, rel=0.06, abs=1.5)
        long_ones += expected > 50
    assert long_ones >= 3


def test_both_engines_have_the_same_supported_branches_on_thirty_isolates():
    need(shutil.which("iqtree2") or shutil.which("iqtree3"), "IQ-TREE is not installed")
    codes, _ = simulated(7, 6, 5, 1500, 60, 0.0)
    core = alignment(codes, constant=5000)
    found = {
        engine: splits(infer_tree(core, replace(SETTINGS, engine=engine)).newick)
        for engine in ("iqtree", "piqtree")
    }
    least = {"iqtree": 80, "piqtree": 95}  # SH-aLRT; UFBoot
    supported = {
        engine: {split for split, (label, _) in tree.items() if float(label) >= least[engine]}
        for engine, tree in found.items()
    }
    assert min(map(len, supported.values())) > 12
    assert supported["iqtree"] <= set(found["piqtree"])
    assert supported["piqtree"] <= set(found["iqtree"])


def test_infer_by_distances_missing_bases_far_from_a_clone_do_not_part_its_members():
    """Of a clone 3000 SNPs away, each member lacks other sites; the clone's own tree stays."""
    codes, truth = simulated(2, 10, 8, 6000, 60, 0.03)
    found = splits(infer_by_distances(alignment(codes), SETTINGS).newick)
    wanted = {
        as_split(tips, 80) for tips, snps in truth.items() if snps >= 3 and 1 < len(tips) < 79
    }
    assert len(wanted) > 40
    assert wanted <= set(found)
    true = {as_split(tips, 80) for tips, snps in truth.items() if snps}
    supported = {split for split, (label, _) in found.items() if float(label) >= 95}
    assert supported <= true
    strong = {as_split(t, 80) for t, snps in truth.items() if snps >= 6 and 1 < len(t) < 79}
    assert strong <= supported


def test_infer_by_distances_is_repeatable_and_says_what_it_is():
    core = alignment(simulated(3, 4, 4, 300, 40, 0.02)[0])
    small = TreeSettings("auto", 1000, 1000, 1, 3)
    one, two = (infer_by_distances(core, small) for _ in range(2))
    assert one == two
    assert one.support_kind == "local_bootstrap"
    assert one.engine.startswith("scikit-bio ")
    assert "balanced minimum evolution" in one.engine
    assert one.reason == "16 isolates and references are more than the 3 of tree.large_set"
    assert one.model == "differences per core site"
    lengths = [node.dist for node in read_labelled(one.newick).traverse()]
    assert min(lengths) >= 0


def test_infer_by_distances_identical_isolates_are_one_tip():
    codes = simulated(4, 4, 3, 200, 30, 0.0)[0]
    found = infer_by_distances(alignment(np.concatenate([codes, codes[:2]])), SETTINGS)
    assert {"I0", "I12"} in [set(group) for group in found.identical]
    assert len(read_labelled(found.newick)) == found.distinct == 12


def test_infer_by_distances_fewer_than_four_sequences_give_the_small_tree():
    core = alignment(np.array([[0, 0], [0, 1], [0, 1], [1, 1]], dtype=np.uint8))
    assert infer_by_distances(core, SETTINGS) == infer_tree(core, SETTINGS)


def test_infer_by_distances_branch_lengths_are_snps_per_core_site():
    blocks = {(0, 1): 40, (0, 1, 2): 25, (3, 4): 30, (0,): 7, (4,): 3, (5,): 12}
    columns = [
        [int(taxon in tips) for taxon in range(6)] for tips, n in blocks.items() for _ in range(n)
    ]
    core = alignment(np.array(columns, dtype=np.uint8).T)
    tree = read_labelled(infer_by_distances(core, SETTINGS).newick)
    for tips, snps in blocks.items():
        branch = find_branch(tree, [f"I{tip}" for tip in tips])
        assert branch.length * core.core_bp == pytest.approx(snps)


def test_is_large_only_beyond_the_setting():
    core = alignment(np.zeros((4, 1), dtype=np.uint8))
    assert not is_large(core, TreeSettings("auto", 1000, 1000, 1, 4))
    assert is_large(core, TreeSettings("auto", 1000, 1000, 1, 3))


# --- distances ---------------------------------------------------------------------------------


@settings(max_examples=100)
@given(CODES)
def test_count_sites_agrees_with_a_slow_count(codes):
    compared, differing = count_sites(codes)
    for one, two in combinations(range(6), 2):
        both = [(a, b) for a, b in zip(codes[one], codes[two], strict=True) if a < 4 and b < 4]
        assert compared[one, two] == compared[two, one] == len(both)
        assert differing[one, two] == sum(a != b for a, b in both)


def test_count_sites_more_sites_than_are_counted_at_once():
    codes = np.zeros((2, 20_000), dtype=np.uint8)
    codes[1, 8000:8400] = 1
    codes[0, 8390:] = 4
    compared, differing = count_sites(codes)
    assert (compared[0, 1], differing[0, 1]) == (8390, 390)


@settings(max_examples=100)
@given(CODES)
def test_fill_gaps_keeps_every_call_and_takes_the_nearest_other(codes):
    nearness = np.abs(np.arange(6)[:, None] - np.arange(6)[None]).astype(float)
    filled = fill_gaps(codes, nearness)
    for row, site in np.ndindex(codes.shape):
        near = sorted(range(6), key=lambda other: (abs(other - row), other))
        known = [codes[other, site] for other in near if codes[other, site] < 4]
        assert filled[row, site] == (known[0] if known else 4)


def test_site_distances_isolates_without_a_common_site_are_the_least_near():
    """The first two share no site, so the gaps of both are filled from the third."""
    codes = np.array([[0, 0, 4, 4], [4, 4, 1, 1], [0, 2, 1, 2]], dtype=np.uint8)
    assert (site_distances(codes, 4) * 4).tolist() == [[0, 2, 1], [2, 0, 1], [1, 1, 0]]


# --- support -----------------------------------------------------------------------------------


@settings(max_examples=60)
@given(CODES)
def test_local_bootstrap_agrees_with_a_slow_one(codes):
    """Shares of bases by recursion, one site after the other."""
    below = {6: (0, 1), 7: (6, 2), 8: (3, 4)}
    around = {
        6: ("0", "1", "2", "^7"),
        7: ("6", "2", "8", "5"),
        8: ("3", "4", "7", "5"),
    }

    def mass(node: int, site: int) -> np.ndarray:
        if node in below:
            return sum(mass(child, site) for child in below[node]) / 2
        return np.eye(5)[codes[node, site]][:4]

    def share(name: str, site: int) -> np.ndarray | None:
        """`^7` is all that is not below node 7: node 8 and tip 5."""
        found = (mass(8, site) + mass(5, site)) / 2 if name == "^7" else mass(int(name), site)
        return found / found.sum() if found.sum() else None

    weights = np.random.default_rng(9).poisson(1.0, (12, 50))
    expected = []
    for node in (6, 7, 8):
        gains = np.zeros((2, 12))
        for site in range(12):
            a, b, c, d = (share(name, site) for name in around[node])
            if any(each is None for each in (a, b, c, d)):
                continue
            gains[0, site] = a @ b + c @ d - a @ c - b @ d
            gains[1, site] = a @ b + c @ d - a @ d - b @ c
        expected.append(100 * ((gains @ weights) > 1e-6).all(axis=0).mean())
    assert local_bootstrap(codes, SIX, 50, 9).tolist() == pytest.approx(expected, abs=2.01)


@pytest.mark.parametrize("snps", [1, 2, 3, 6])
def test_local_bootstrap_clean_snps_give_the_support_of_theory(snps):
    codes = np.zeros((6, 300), dtype=np.uint8)
    codes[:2, 280 : 280 + snps] = 1
    support = local_bootstrap(codes, SIX, REPLICATES, 1)
    assert support[0] == pytest.approx(100 * (1 - np.exp(-snps)), abs=3.5)
    assert support[1:].tolist() == [0, 0]


def test_local_bootstrap_conflicting_sites_halve_the_support():
    codes = np.zeros((6, 80), dtype=np.uint8)
    codes[:2, :40] = 1  # 0 and 1 against the rest
    codes[np.ix_([0, 2], range(40, 80))] = 1  # 0 and 2 against the rest
    assert 35 < local_bootstrap(codes, SIX, REPLICATES, 1)[0] < 65


def test_local_bootstrap_site_that_a_side_lacks_says_nothing():
    codes = np.zeros((6, 20), dtype=np.uint8)
    codes[:2] = 1
    codes[2] = 4
    assert local_bootstrap(codes, SIX, REPLICATES, 1)[0] == 0


def test_minimum_evolution_thousand_tips_in_a_chain_need_no_recursion():
    tips = 1000
    place = np.arange(tips, dtype=float)
    distances = np.abs(place[:, None] - place[None]) + 2 * (1 - np.eye(tips))
    tree = minimum_evolution(distances)
    newick = to_newick(tree, [f"t{tip}" for tip in range(tips)], np.zeros(tips - 3))
    assert newick.count(",") == tips - 1
    assert newick.count("(") == newick.count(")") == tips - 2
