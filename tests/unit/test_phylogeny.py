"""Tree inference with both engines, from one taxon to many."""

import shutil

import numpy as np
import pytest

from oneclone.core import CoreAlignment
from oneclone.errors import ToolFailed
from oneclone.local_tree import count_clean_snps, members_branch, supports
from oneclone.model.settings import TreeSettings
from oneclone.phylogeny import infer_tree
from oneclone.tree_engine import BINARIES, engine_version, iqtree_binary
from oneclone.trees import find_branch, leaf_sets, read_labelled, read_supported
from tests.conftest import need

HAS_IQTREE = any(shutil.which(name) for name in BINARIES)


@pytest.fixture(params=["iqtree", "piqtree"])
def engine(request) -> TreeSettings:
    if request.param == "iqtree":
        need(HAS_IQTREE, "IQ-TREE is not installed (Debian package iqtree)")
    return TreeSettings(request.param, 1000, 1000, 1, 100)


def core(codes, constant: int = 10_000) -> CoreAlignment:
    codes = np.array(codes, dtype=np.uint8)
    taxa = tuple(f"I{number}" for number in range(len(codes)))
    counts = (constant,) * 4
    return CoreAlignment(taxa, np.arange(codes.shape[1]), codes, counts, counts)


def alignment_of(splits: dict[str, int], taxa: int = 8) -> CoreAlignment:
    """Return an alignment in which each split of taxa has some SNPs."""
    columns = [
        [int(str(taxon) in members) for taxon in range(taxa)]
        for members, snps in splits.items()
        for _ in range(snps)
    ]
    return core(np.array(columns).T)


SPLITS = {"01": 40, "23": 40, "0123": 60, "45": 40, "67": 40, **{str(i): 5 for i in range(8)}}


def split(tips, everything) -> frozenset[frozenset[str]]:
    """Return a split as its two sides, whichever of them is given."""
    return frozenset({frozenset(tips), frozenset(everything) - frozenset(tips)})


def found_splits(newick: str) -> set[frozenset[frozenset[str]]]:
    tree = read_labelled(newick)
    everything = frozenset(tree.get_leaf_names())
    return {
        split(below, everything)
        for node, below in leaf_sets(tree)
        if node.up and 1 < len(below) < len(everything) - 1
    }


def test_infer_tree_finds_the_splits_with_full_support(engine):
    found = infer_tree(alignment_of(SPLITS), engine)
    taxa = [f"I{number}" for number in range(8)]
    groups = ("01", "23", "45", "67", "0123")
    wanted = {split([f"I{tip}" for tip in group], taxa) for group in groups}
    assert found_splits(found.newick) == wanted
    for node in read_supported(found.newick).traverse():
        if node.up and not node.is_leaf():
            assert node.support > 95


def test_infer_tree_branch_lengths_are_per_core_site_with_both_engines(engine):
    alignment = alignment_of(SPLITS)
    tree = read_labelled(infer_tree(alignment, engine).newick)
    for tips, snps in ((["I0", "I1"], 40), (["I0", "I1", "I2", "I3"], 60), (["I4"], 5)):
        length = find_branch(tree, tips).length
        assert length * alignment.core_bp == pytest.approx(snps, rel=0.03)


def test_infer_tree_same_seed_gives_the_same_tree(engine):
    one, two = (infer_tree(alignment_of(SPLITS), engine).newick for _ in range(2))
    assert one == two


@pytest.mark.parametrize(
    ("codes", "snps"),
    [
        ([[]], {}),
        ([[], [], []], {}),
        ([[0, 1], [0, 1]], {}),
        ([[0, 1], [2, 1]], {("I0", "I1"): 1}),
        ([[0, 1], [0, 1], [2, 1]], {("I0", "I2"): 1}),
        (
            [[0, 0, 0], [1, 0, 0], [0, 1, 1]],
            {("I0", "I1"): 1, ("I0", "I2"): 2, ("I1", "I2"): 3},
        ),
    ],
)
def test_infer_tree_one_to_three_distinct_sequences_give_a_distance_tree(engine, codes, snps):
    alignment = core(codes)
    found = infer_tree(alignment, engine)
    tree = read_labelled(found.newick)
    for (one, two), expected in snps.items():
        distance = tree.get_distance(one, two) * alignment.core_bp
        assert distance == pytest.approx(expected, abs=0.01)
    assert len(tree) == found.distinct == max(1, len({name for pair in snps for name in pair}))
    assert (found.support_kind, found.engine) == ("none", "distances")
    assert {taxon for group in found.identical for taxon in group} == set(alignment.taxa)


def test_infer_tree_identical_isolates_stand_for_each_other(engine):
    codes = alignment_of(SPLITS).codes[[0, 0, 1, 2, 3, 4, 5, 6, 7, 0]]
    found = infer_tree(core(codes), engine)
    assert ("I0", "I1", "I9") in found.identical
    assert found.distinct == 8
    assert sorted(read_labelled(found.newick).get_leaf_names()) == [
        "I0", "I2", "I3", "I4", "I5", "I6", "I7", "I8",
    ]  # fmt: skip


def test_infer_tree_twins_give_the_branch_of_identical_isolates_a_support(engine):
    alignment = alignment_of({**SPLITS, "0": 0, "1": 0})
    assert len({row.tobytes() for row in alignment.codes}) == 7
    found = infer_tree(alignment, engine, twins=True)
    branch = members_branch(found.newick, found.identical, ["I0", "I1"])
    (label,) = branch.labels
    ufboot, sh_alrt = supports(label, found.support_kind)
    assert (ufboot or sh_alrt) > 95
    assert branch.length * alignment.core_bp == pytest.approx(40, rel=0.03)


def test_infer_tree_thorough_search_has_the_ultrafast_bootstrap(engine):
    found = infer_tree(alignment_of(SPLITS), engine, thorough=True)
    label = find_branch(read_labelled(found.newick), ["I4", "I5"]).labels[0]
    ufboot, _ = supports(label, found.support_kind)
    assert ufboot >= 95


def test_infer_tree_missing_bases_do_not_part_isolates(engine):
    codes = alignment_of(SPLITS).codes.copy()
    codes[0, :20] = 4
    found = infer_tree(core(codes), engine)
    taxa = [f"I{number}" for number in range(8)]
    assert split(["I0", "I1"], taxa) in found_splits(found.newick)


def test_iqtree_binary_missing_is_an_error_with_a_remedy(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(ToolFailed, match="install IQ-TREE .Debian package iqtree."):
        iqtree_binary(TreeSettings("iqtree", 1000, 1000, 1, 100))
    assert iqtree_binary(TreeSettings("auto", 1000, 1000, 1, 100)) is None
    assert engine_version(TreeSettings("auto", 1000, 1000, 1, 100)) == "piqtree 0.7.0"


def test_members_branch_background_identical_with_a_member_is_no_clade(engine):
    codes = alignment_of(SPLITS).codes[[0, 0, 1, 2, 3, 4, 5, 6, 7]]
    found = infer_tree(core(codes), engine, twins=True)
    branch = members_branch(found.newick, found.identical, ["I0"])
    assert branch is None or branch.length * 40_000 < 0.5


def test_count_clean_snps_site_shared_with_background_is_not_clean():
    codes = [[1, 1, 0, 4], [1, 1, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1], [4, 0, 0, 1]]
    alignment = core(codes)
    assert count_clean_snps(alignment, ["I0", "I1"]) == 1
