"""Clones judged again: what the runs change, what they must not, and how it is told."""

from dataclasses import replace

import pytest

from oneclone.linked_range import linked_range
from oneclone.local_tree import found_by_search
from oneclone.model.evidence import LocalTree
from oneclone.model.isolates import Role
from oneclone.model.pairs import FilterOutcome
from oneclone.model.panel import Thresholds
from oneclone.model.robustness import Robustness, RobustnessRun, RunKind, RunVerdict
from oneclone.robustness import (
    counted_run,
    judge_again,
    not_made,
    raw_run,
    removable_background,
    removable_members,
    tree_decides,
    with_pairs,
    with_robustness,
    without_background,
    without_case,
)
from oneclone.statements import statements
from oneclone.tables.robustness_table import (
    read_robustness,
    write_no_robustness,
    write_robustness,
)
from oneclone.verdict import judge
from oneclone.wording import sentence
from tests.unit.evidence_builder import Outbreak, pair, two_patients


def judged(evidence):
    return judge(evidence, names(evidence))


def names(evidence):
    return {members: f"clone of {members[0]}" for members in evidence.local_trees}


def three_patients() -> Outbreak:
    return two_patients().case("C1", "C").all_snps("A1 B1 C1", 3)


def run(**changes) -> RobustnessRun:
    made = RobustnessRun(
        clone="clone of A1",
        kind=RunKind.WITHOUT_CASE,
        subject="C1",
        base=RunVerdict.SINGLE_CLONE,
        verdict=RunVerdict.SINGLE_CLONE,
        max_snps=3,
        nearest_background="ctx00",
        nearest_background_snps=203,
        support=100.0,
    )
    return replace(made, **changes)


# --- single runs -----------------------------------------------------------------------------


def test_judge_again_counted_otherwise_follows_the_new_counts():
    evidence = two_patients().evidence()
    (clone,) = judged(evidence).clones
    tree = evidence.local_trees[clone.members]
    other = with_pairs(evidence, {("A1", "B1"): pair("A1", "B1", 12)})
    found = judge_again(other, clone, clone.members, tree)
    assert (found.verdict, found.distances.max_snps) == ("indeterminate", 12)
    assert found.reasons == ("patients_not_all_linked",)
    assert evidence.pair("A1", "B1").snps == 3


def test_raw_run_puts_the_removed_snps_back():
    outbreak = two_patients()
    outbreak.snps("A1", "B1", 3, snps_raw=95, filter=FilterOutcome.DECIDES, recombinant_bp=3000)
    evidence = outbreak.evidence()
    (clone,) = judged(evidence).clones
    found = raw_run(evidence, clone)
    assert (clone.verdict, found.verdict, found.max_snps) == ("single_clone", "indeterminate", 95)
    assert (found.is_changed, found.is_decisive) == (True, False)


def test_removable_members_are_those_without_whom_two_patients_stay():
    pairs = two_patients().case("B2", "B").all_snps("A1 B1 B2", 2).evidence()
    (clone,) = judged(pairs).clones
    assert removable_members(pairs, clone) == ("B1", "B2")
    triple = three_patients().evidence()
    (clone,) = judged(triple).clones
    assert removable_members(triple, clone) == ("A1", "B1", "C1")


def test_without_case_a_link_that_hangs_on_one_isolate_falls():
    """A1-B1 are linked, A1-B2 are not: without B1 nothing links the patients."""
    evidence = two_patients().case("B2", "B").snps("B1", "B2", 9).snps("A1", "B2", 12).evidence()
    (clone,) = judged(evidence).clones
    assert clone.verdict == "single_clone"
    tree = evidence.local_trees[clone.members]
    by_name = {name: without_case(evidence, clone, name, tree) for name in ("B1", "B2")}
    assert by_name["B1"].verdict == "indeterminate"
    assert by_name["B1"].reasons[0] == "patients_not_all_linked"
    assert (by_name["B2"].verdict, by_name["B2"].max_snps) == ("single_clone", 3)


def test_without_case_its_patient_stays_a_case_patient():
    """Context isolates of a case patient never become background, whoever is left out."""
    outbreak = three_patients().context("old", "C").snps("old", "A1", 1)
    evidence = outbreak.evidence()
    (clone,) = judged(evidence).clones
    found = without_case(evidence, clone, "C1", evidence.local_trees[clone.members])
    assert (found.verdict, found.nearest_background) != ("single_clone", "old")
    assert found.verdict == "single_clone"


def test_without_background_names_the_isolate_on_which_the_verdict_hangs():
    outbreak = two_patients().context("close", "P9", country="x").snps("close", "A1", 4)
    evidence = outbreak.evidence()
    (clone,) = judged(evidence).clones
    assert clone.verdict == "indeterminate"
    assert (clone.background_as_close.isolates, clone.background_as_close.countries) == (1, 1)
    tree = evidence.local_trees[clone.members]
    runs = tuple(
        without_background(evidence, clone, name, tree) for name in ("close", "ctx00", "ctx01")
    )
    assert [each.verdict for each in runs] == ["single_clone", "indeterminate", "indeterminate"]
    assert Robustness(runs, 3, 10).hangs_on(clone.name) == ("close",)


def test_without_background_leaves_out_a_genome_under_all_its_names():
    outbreak = two_patients()
    for name in ("close", "twin"):
        outbreak.context(name, f"P-{name}").snps(name, "A1", 4)
    outbreak.genomes["twin"] = outbreak.genomes["close"]
    evidence = outbreak.evidence()
    (clone,) = judged(evidence).clones
    tree = replace(evidence.local_trees[clone.members], tips=("close", "ctx00", "twin"))
    assert removable_background(evidence, tree) == ("close", "ctx00")
    assert without_background(evidence, clone, "close", tree).verdict == "single_clone"


def test_counted_run_with_too_few_bases_is_not_assessable():
    evidence = two_patients().evidence()
    (clone,) = judged(evidence).clones
    tree = evidence.local_trees[clone.members]
    lost = {("A1", "B1"): pair("A1", "B1", None)}
    found = counted_run(evidence, clone, lost, tree, RunKind.SPECIES_REFERENCE)
    assert (found.verdict, found.is_changed) == ("not_assessable", False)
    far = {("A1", "B1"): pair("A1", "B1", 40)}
    found = counted_run(evidence, clone, far, tree, RunKind.SPECIES_REFERENCE)
    assert (found.verdict, found.is_changed, found.max_snps) == ("indeterminate", True, 40)


def test_not_made_run_counts_as_no_agreement():
    evidence = three_patients().evidence()
    before = judged(evidence)
    run_ = not_made(before.clones[0], RunKind.CORE_LEVEL, "90 %", "no tree would change it")
    assert (run_.is_made, run_.is_changed) == (False, False)
    said = statements(with_robustness(before, Robustness((run_,), 3, 30)), evidence)
    assert not any("further analys" in each for each in said.certainty)


def test_removable_background_are_context_isolates_and_no_references():
    evidence = two_patients().evidence()
    tree = replace(next(iter(evidence.local_trees.values())), tips=("CLONE-1", "ctx00", "ctx01"))
    assert removable_background(evidence, tree) == ("ctx00", "ctx01")
    odd = replace(tree, not_called=("ctx02",))
    assert removable_background(evidence, odd) == ("ctx00", "ctx01", "ctx02")
    assert evidence.isolates["CLONE-1"].role is Role.REFERENCE


@pytest.mark.parametrize(("near", "decides"), [(203, True), (4, False)])
def test_tree_decides_only_where_the_gap_holds(near, decides):
    evidence = two_patients().snps("ctx00", "A1", near).evidence(is_split=False)
    (clone,) = judged(evidence).clones
    assert tree_decides(evidence, clone, evidence.local_trees[clone.members]) is decides


def test_counted_run_a_lost_pair_silences_no_other_one():
    outbreak = two_patients().case("B2", "B").all_snps("A1 B1 B2", 2)
    evidence = outbreak.evidence()
    (clone,) = judged(evidence).clones
    tree = evidence.local_trees[clone.members]
    counts = {names: pair(*names, 50) for names in (("A1", "B1"), ("A1", "B2"))}
    lost = {("B1", "B2"): pair("B1", "B2", None)}
    run_ = counted_run(evidence, clone, counts | lost, tree, RunKind.SPECIES_REFERENCE)
    assert (run_.verdict, run_.is_changed) == ("indeterminate", True)
    assert run_.note == "1 pair of members keeps its count, too few bases here"


def test_counted_run_a_lost_pair_is_no_evidence_against_a_link():
    """A1-B2 cannot be compared anyhow; where A1-B1 cannot either, nothing is left to say."""
    outbreak = two_patients().case("B2", "B").all_snps("A1 B1 B2", 2).snps("A1", "B2", None)
    evidence = outbreak.evidence()
    (clone,) = judged(evidence).clones
    assert clone.verdict == "single_clone"
    tree = evidence.local_trees[clone.members]
    lost = {("A1", "B1"): pair("A1", "B1", None)}
    run_ = counted_run(evidence, clone, lost, tree, RunKind.SPECIES_REFERENCE)
    assert (run_.verdict, run_.is_changed) == ("not_assessable", False)


# --- trees without a tip -----------------------------------------------------------------------


def test_tree_without_the_tip_inside_the_clade_has_a_branch_again():
    """A background tip among the members hides their branch; without it the branch is there."""
    tree = LocalTree(
        members=("A", "B", "C"),
        tips=("x", "y", "z"),
        reference="ref",
        core_bp=1000,
        variable_sites=50,
        masked_bp=0,
        clean_snps=0,
        support_kind="sh_alrt",
        searched_newick="(((Ia:0.001,Ix:0.001)70:0.002,Ib:0.001)99:0.02,Iy:0.01,Iz:0.01);",
        identical=(("Ia",), ("Ib", "Ic"), ("Ix",), ("Iy",), ("Iz",)),
    )
    members = ["Ia", "Ib", "Ic"]
    assert found_by_search(tree, members).is_split is False
    without = found_by_search(tree, members, ["Ix"])
    assert (without.is_split, without.sh_alrt, without.branch_snps) == (True, 99.0, 20.0)
    fewer = found_by_search(tree, ["Ib", "Ic"], ["Ia"])
    assert (fewer.is_split, fewer.branch_snps) == (True, 1.0)


# --- the range of the linked threshold ----------------------------------------------------------


def test_linked_range_ends_where_the_clone_falls_apart_or_the_gap_closes():
    evidence = two_patients(7).snps("ctx00", "A1", 25).evidence()
    # 7 SNPs over 4.9 of 5 Mb scale to 7.14: at 7 the pair is open; at 25 the gap is a tie
    assert linked_range(evidence, names(evidence)) == (8, 24)


def test_linked_range_is_that_of_the_decisive_runs_too():
    """Without A2 the patients are linked only from their 14 SNPs on."""
    outbreak = two_patients(14).case("A2", "A").all_snps("A1 A2", 7).snps("A2", "B1", 7)
    outbreak.panel = replace(outbreak.panel, thresholds=Thresholds(20, 30, 38, "a study"))
    evidence = outbreak.evidence()
    (clone,) = judged(evidence).clones
    assert linked_range(evidence, names(evidence)) == (8, 30)
    tree = evidence.local_trees[clone.members]
    runs = [without_case(evidence, clone, name, tree) for name in ("A1", "A2")]
    assert [run.linked_range for run in runs] == [(8, 30), (15, 30)]
    assert linked_range(evidence, names(evidence), runs) == (15, 30)


def test_linked_range_goes_no_further_than_possible():
    evidence = two_patients(0).evidence()
    assert linked_range(evidence, names(evidence)) == (0, 30)


# --- what follows ------------------------------------------------------------------------------


def test_with_robustness_a_decisive_run_makes_clone_and_set_indeterminate():
    evidence = three_patients().evidence()
    runs = (run(verdict=RunVerdict.INDETERMINATE), run(subject="B1"))
    found = with_robustness(judged(evidence), Robustness(runs, 3, 30))
    (clone,) = found.clones
    assert (found.verdict, clone.verdict) == ("indeterminate", "indeterminate")
    assert found.reasons == clone.reasons == ("not_robust",)
    assert (
        "They would be a single clone, but the verdict is indeterminate without case isolate C1."
        in sentence(found, evidence)
    )
    said = statements(found, evidence)
    assert "The verdict is the same in 1 of 2 further analyses that could overturn it" in " ".join(
        said.certainty
    )
    assert "The verdict is another without case isolate C1." in said.certainty


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": RunKind.RAW_COUNTS, "subject": "", "verdict": RunVerdict.INDETERMINATE},
        {"verdict": RunVerdict.NOT_ASSESSABLE},
        {"kind": RunKind.WITHOUT_BACKGROUND, "verdict": RunVerdict.INDETERMINATE},
    ],
)
def test_with_robustness_other_runs_change_no_verdict(changes):
    evidence = three_patients().evidence()
    before = judged(evidence)
    robustness = Robustness((run(**changes),), 3, 30)
    found = with_robustness(before, robustness)
    assert found == replace(before, robustness=robustness)
    assert found.verdict == "single_clone"


def test_with_robustness_of_two_clones_the_set_is_open_when_one_is_not_robust():
    outbreak = Outbreak().background().all_snps("A1 B1", 3).all_snps("C1 D1", 3)
    for name in ("A1", "B1", "C1", "D1"):
        outbreak.case(name, name[0])
    evidence = outbreak.evidence()
    before = judged(evidence)
    runs = (run(clone="clone of C1", verdict=RunVerdict.INDETERMINATE),)
    found = with_robustness(before, Robustness(runs, 3, 30))
    assert (before.verdict, found.verdict) == ("multiple_clones", "indeterminate")
    assert [clone.verdict for clone in found.clones] == ["single_clone", "indeterminate"]
    assert found.reasons == ("not_robust", "several_clones_apart")


def test_with_robustness_not_assessed_is_a_caveat():
    found = with_robustness(judged(two_patients().evidence()), None)
    assert found.caveats[-1] == "robustness_not_assessed"
    assert found.verdict == "single_clone"


def test_robustness_table_reads_what_it_wrote(tmp_path):
    runs = (
        run(),
        run(kind=RunKind.SPECIES_REFERENCE, subject="R", verdict=RunVerdict.NOT_ASSESSABLE,
            max_snps=None, nearest_background="", nearest_background_snps=None, support=None,
            reasons=("a", "b"), note="too few bases"),
    )  # fmt: skip
    found = Robustness(runs, 2, 17)
    write_robustness(tmp_path / "r.tsv", found)
    assert read_robustness(tmp_path / "r.tsv") == found
    write_no_robustness(tmp_path / "none.tsv")
    assert read_robustness(tmp_path / "none.tsv") is None
