"""The metrics of a verification, with values worked out by hand."""

import numpy as np
import pytest

from oneclone.commands.verify_installation import shuffled
from oneclone.model.isolates import Role
from oneclone.simulation.drafts import Draft, true_sites
from oneclone.simulation.genomes import Backbone, Genome
from oneclone.simulation.model import Clade, Expected, ExpectedPair, Row
from oneclone.tables.simulated_folder import write_isolates
from oneclone.validation.expectations import departures
from oneclone.validation.genealogies import InferredTree, compare_trees
from oneclone.validation.partitions import adjusted_rand, adjusted_wallace, true_clusters
from oneclone.validation.scored_pairs import count_sites
from oneclone.validation.shares import Share
from oneclone.validation.thresholds import distance_error, threshold_curve
from tests.unit.findings_builder import scored


def test_count_sites_tells_false_from_missed():
    true = np.zeros(10, dtype=bool)
    true[[2, 5, 7]] = True
    assert count_sites(np.array([2, 3, 7, 9]), true) == (2, 2, 1)


def test_true_sites_leave_out_repeats_lost_bases_and_imports_of_the_clonal_truth():
    bases = np.zeros(6, dtype=np.uint8)
    other = bases.copy()
    other[:5] = 1  # differs everywhere but at the last position
    clonal = other.copy()
    clonal[1] = 0  # position 1 differs by an import
    repeat = np.array([0, 0, 1, 0, 0, 0], dtype=bool)
    holds = np.array([1, 1, 1, 0, 1, 1], dtype=bool)  # position 3 is wrong in one assembly
    one = (Genome(bases, bases), Draft((), np.ones(6, dtype=bool)))
    two = (Genome(other, clonal), Draft((), holds))
    sites = true_sites(one, two, Backbone(bases, repeat))
    assert np.flatnonzero(sites.raw).tolist() == [0, 1, 4]
    assert np.flatnonzero(sites.clonal).tolist() == [0, 4]
    assert np.flatnonzero(sites.shared).tolist() == [0, 1, 4, 5]


def test_distance_error_by_hand():
    found = distance_error([2, 5, 9, 14], [3, 5, 7, 14])  # errors -1, 0, 2, 0
    assert (found.pairs, found.exact, found.above) == (4, 2, 1)
    assert (found.median, found.most_above, found.most_below) == (0.0, 2, 1)
    assert found.p95_absolute == pytest.approx(1.85)  # of 0, 0, 1, 2: at place 0.95 x 3 = 2.85
    # true 3 5 7 14, mean 7.25; counted 2 5 9 14, mean 7.5: (23.375+5.625-0.375+43.875)/68.75
    assert found.slope == pytest.approx(72.5 / 68.75)


def test_threshold_curve_has_a_share_for_every_threshold():
    pairs = [
        scored("a", "b", 9, 9),
        scored("a", "c", 10, 10, in_genome=11),
        scored("b", "c", 40, 40, in_genome=42),
    ]
    judged, shown = (threshold_curve(pairs, compared=where) for where in (True, False))
    assert [each.snps for each in judged] == list(range(61))
    assert judged[8].sensitivity == Share(0, 0)
    assert judged[10].sensitivity == Share(2, 2)
    assert judged[10].specificity == Share(1, 1)
    assert (shown[10].sensitivity, shown[10].specificity) == (Share(1, 1), Share(1, 2))
    assert shown[41].specificity == Share(0, 1)


def test_adjusted_indices_of_partitions_by_hand():
    one = dict(zip("abcde", (1, 1, 1, 2, 2), strict=True))
    two = dict(zip("abcde", (1, 1, 2, 2, 2), strict=True))
    # pairs together: 4 in either, 2 in both, of 10; expected 1.6
    assert adjusted_rand(one, two) == pytest.approx((2 - 1.6) / (4 - 1.6))
    assert adjusted_wallace(one, two) == pytest.approx((2 / 4 - 0.4) / 0.6)
    alone = dict(zip("abcde", range(5), strict=True))
    assert adjusted_rand(alone, alone) == 1.0
    assert adjusted_rand(one, alone) == 0.0
    assert adjusted_wallace(alone, one) is None
    assert adjusted_wallace(one, alone) == 0.0


def test_true_clusters_link_over_true_distances_in_the_bases_compared():
    pairs = [
        scored("a", "b", 99, 5, in_genome=50),
        scored("b", "c", 0, 6),
        scored("a", "reference", 0, 0),
        scored("c", "reference", 0, 0),
    ]
    labels = true_clusters(["a", "b", "c"], pairs, 5)
    assert (labels["a"] == labels["b"], labels["b"] == labels["c"]) == (True, False)


GENEALOGY = Clade(
    "",
    0,
    (
        Clade("", 2, (Clade("a", 1), Clade("b", 1), Clade("c", 1))),
        Clade("", 0, (Clade("d", 1), Clade("e", 1))),  # no mutation, so no split
        Clade("", 3, (Clade("f", 1), Clade("g", 1))),
    ),
)


@pytest.mark.parametrize(
    ("newick", "kind", "found", "resolving", "conflicting"),
    [
        ("((a:1,b:1,c:1)99:1,(f:1,g:1)96:1,d:1,e:1);", "ufboot", 2, 0, ()),
        ("((a:1,b:1,c:1)94:1,(f:1,g:1)96:1,d:1,e:1);", "ufboot", 1, 0, ()),
        ("((a:1,b:1,c:1)94:1,(f:1,g:1)96:1,d:1,e:1);", "sh_alrt", 2, 0, ()),
        ("(((a:1,b:1)99:1,c:1)99:1,(f:1,g:1)96:1,(d:1,e:1)99:1);", "ufboot", 2, 2, ()),
        ("((a:1,b:1,f:1)99:1,c:1,g:1,d:1,e:1);", "ufboot", 0, 0, (("a", "b", "f"),)),
        ("((a:1,b:1,f:1)60:1,c:1,g:1,d:1,e:1);", "ufboot", 0, 0, ()),
    ],
)
def test_supported_splits_are_found_resolve_or_conflict(
    newick, kind, found, resolving, conflicting
):
    names = {letter: letter for letter in "abcdefg"}
    agreed = compare_trees("one", InferredTree(newick, kind, names), GENEALOGY)
    assert (agreed.true, agreed.found, agreed.resolving) == (2, found, resolving)
    assert agreed.conflicting == conflicting
    apart = agreed.supported + agreed.true - 2 * agreed.found
    assert agreed.robinson_foulds == pytest.approx(
        apart / (agreed.supported + agreed.true), abs=1e-6
    )


VERDICT = {
    "verdict": "single_clone",
    "clones": [{"members": ["a", "b"], "verdict": "single_clone"}],
    "exclusive": True,
    "distinct_from_panel": True,
    "reasons": ["r"],
    "caveats": ["c", "d"],
    "sentence": "one clone",
    "pairs": [{"isolate_a": "a", "isolate_b": "b", "verdict": "linked", "reason": "x,y"}],
}
EXPECTED = Expected(
    "single_clone",
    (("a", "b"),),
    exclusive=True,
    distinct_from_panel=True,
    clone_verdicts=("single_clone",),
    reasons=("r",),
    caveats=("c",),
    pairs=(ExpectedPair("a", "b", "linked", ("x",)),),
    words=("one clone",),
    unsaid=("two",),
)


@pytest.mark.parametrize(
    ("change", "departure"),
    [
        ({}, None),
        ({"verdict": "indeterminate"}, "verdict: indeterminate, not single_clone"),
        ({"exclusive": None}, "exclusive: None, not True"),
        ({"reasons": ["r", "s"]}, "reasons: r, s, not r"),
        ({"caveats": []}, "caveat c is not given"),
        ({"sentence": "one clone, not two"}, "the sentence says 'two'"),
        ({"sentence": "a clone"}, "the sentence lacks 'one clone'"),
        ({"pairs": []}, "pair a, b is missing"),
        (
            {"pairs": [{**VERDICT["pairs"][0], "reason": "y"}]},
            "pair a, b: linked (y), not linked (x)",
        ),
    ],
)
def test_departures_name_what_is_not_right(change, departure):
    assert departures({**VERDICT, **change}, EXPECTED) == ([departure] if departure else [])


def test_plain_assemblies_are_named_as_they_are_written(tmp_path):
    write_isolates(tmp_path / "t.tsv", [Row("a", Role.CONTEXT, "P")], ".fna")
    assert "\tasm/a.fna\t" in (tmp_path / "t.tsv").read_text()


def test_shuffled_rows_are_all_there_in_another_order():
    table = "isolate\n" + "".join(f"{number}\n" for number in range(30))
    again = shuffled(table)
    assert again != table
    assert sorted(again.splitlines()) == sorted(table.splitlines())
    assert again.splitlines()[0] == "isolate"
