"""The verdict by its definitions: pairs, clones, background, exclusivity, the set."""

from dataclasses import replace

import pytest

from oneclone.model.isolates import Isolate, Place, Role
from oneclone.model.pairs import FilterOutcome
from oneclone.model.published import KnownClone, PublishedBackground
from oneclone.statements import statements
from oneclone.verdict import judge
from oneclone.wording import sentence
from tests.reliability.trials import case
from tests.unit.evidence_builder import Outbreak, two_patients


def judged(outbreak: Outbreak, **tree):
    evidence = outbreak.evidence(**tree)
    names = {members: f"clone of {members[0]}" for members in evidence.local_trees}
    return judge(evidence, names)


def the_sentence(outbreak: Outbreak, **tree) -> str:
    return sentence(judged(outbreak, **tree), outbreak.evidence(**tree))


def published(judgement) -> dict[tuple[str, str], tuple[str, tuple[str, ...]]]:
    return {(p.first, p.second): (str(p.published), p.reasons) for p in judgement.pairs}


# --- one clone -------------------------------------------------------------------------------


def test_judge_two_linked_patients_set_apart_are_a_single_clone():
    found = judged(two_patients())
    (clone,) = found.clones
    assert (found.verdict, found.exclusive, found.distinct_from_panel) == (
        "single_clone",
        True,
        True,
    )
    assert found.reasons == ("all_patients_linked", "exclusive_clade")
    assert clone.members == ("A1", "B1")
    assert (clone.distances.max_snps, clone.distances.min_callable_bp) == (3, 4_900_000)
    assert (clone.exclusivity.support, clone.exclusivity.support_kind) == (100.0, "ufboot")
    assert (clone.background.isolates, clone.background.patients) == (20, 20)
    assert published(found) == {("A1", "B1"): ("linked", ("within_linked",))}


def test_judge_every_verdict_carries_what_is_always_said():
    assert {
        "assembly_only",
        "background_is_what_was_supplied",
        "genotype_not_susceptibility",
    } <= set(judged(two_patients()).caveats)


@pytest.mark.parametrize(
    ("snps", "verdict"),
    [(9, "single_clone"), (10, "indeterminate"), (11, "indeterminate"), (39, "multiple_clones")],
)
def test_judge_the_linked_threshold_decides_on_the_scaled_count_too(snps, verdict):
    assert judged(two_patients(snps)).verdict == verdict  # 10 SNPs over 98 % scale to 10.2


def test_judge_two_patients_not_linked_are_multiple_clones():
    found = judged(two_patients(39))
    assert found.verdict == "multiple_clones"
    assert [clone.verdict for clone in found.clones] == ["one_patient", "one_patient"]
    assert found.exclusive is None


def test_judge_every_two_patients_need_a_linked_pair():
    outbreak = two_patients().case("C1", "C").snps("A1", "C1", 9).snps("B1", "C1", 12)
    found = judged(outbreak)
    assert found.verdict == "indeterminate"
    assert found.reasons == ("patients_not_all_linked",)
    assert found.clones[0].members == ("A1", "B1", "C1")
    assert found.clones[0].bridges == ("A1",)
    assert "bridge_isolate" in found.caveats


def test_judge_two_isolates_of_a_patient_need_only_one_linked_pair_with_the_other():
    outbreak = two_patients().case("B2", "B").snps("B1", "B2", 8).snps("A1", "B2", 11)
    found = judged(outbreak)
    assert found.verdict == "single_clone"
    assert found.clones[0].distances.max_snps == 11
    assert published(found)["A1", "B2"] == ("indeterminate", ("possible",))


def test_judge_pair_of_patients_above_possible_spoils_the_clone():
    outbreak = two_patients().case("B2", "B").snps("B1", "B2", 8).snps("A1", "B2", 31)
    assert judged(outbreak).reasons == ("pair_above_possible",)


def test_judge_pair_of_patients_not_linked_spoils_the_clone():
    outbreak = two_patients().case("B2", "B").snps("B1", "B2", 8).snps("A1", "B2", 39)
    assert judged(outbreak).reasons == ("pair_not_linked", "pair_above_possible")


def test_judge_far_pair_inside_one_patient_does_not_matter():
    outbreak = (
        two_patients().case("B2", "B").snps("B1", "B2", 35).snps("A1", "B2", 9).snps("A1", "B1", 9)
    )
    assert judged(outbreak).verdict == "single_clone"


# --- recombination ---------------------------------------------------------------------------


def test_judge_filtered_count_that_decides_is_a_reason():
    outbreak = two_patients().snps("A1", "B1", 3, snps_raw=94, filter=FilterOutcome.DECIDES)
    found = judged(outbreak)
    assert found.verdict == "single_clone"
    assert found.reasons[-1] == "filtered_count_decides"
    assert "(94 before recombinant stretches were removed)" in the_sentence(outbreak)


def test_judge_filter_that_may_not_decide_keeps_patients_apart():
    outbreak = two_patients().snps("A1", "B1", 3, snps_raw=94, filter=FilterOutcome.MAY_NOT_DECIDE)
    found = judged(outbreak)
    assert found.verdict == "indeterminate"
    assert published(found)["A1", "B1"][0] == "indeterminate"
    assert len(found.clones) == 2


@case(
    37,
    "a dense block of SNPs that the filter may not judge",
    "no single clone, `filter_may_not_decide`",
)
def test_judge_filter_that_may_not_decide_spoils_a_clone_even_where_raw_agrees():
    outbreak = two_patients().snps("A1", "B1", 3, snps_raw=9, filter=FilterOutcome.MAY_NOT_DECIDE)
    found = judged(outbreak)
    assert found.verdict == "indeterminate"
    assert found.reasons == ("filter_may_not_decide",)


# --- background and exclusivity ----------------------------------------------------------------


def test_judge_background_as_close_as_the_cases_leaves_it_open():
    outbreak = two_patients().context("near", "N").snps("A1", "near", 4).snps("B1", "near", 5)
    found = judged(outbreak)
    assert (found.verdict, found.exclusive) == ("indeterminate", False)
    assert found.reasons == ("background_as_close",)
    assert published(found)["A1", "B1"] == (
        "indeterminate",
        ("within_linked", "background_as_close"),
    )
    assert found.clones[0].background_within_linked[0].name == "near"
    assert "background_within_linked" in found.caveats


@pytest.mark.parametrize(("near", "exclusive"), [(10, False), (11, True)])
def test_judge_gap_ties_with_the_linked_threshold_count_as_close(near, exclusive):
    outbreak = two_patients().context("near", "N").snps("A1", "near", near)
    assert judged(outbreak).exclusive is exclusive


@pytest.mark.parametrize(("near", "exclusive"), [(12, False), (13, True)])
def test_judge_gap_must_exceed_the_greatest_distance_in_the_clone(near, exclusive):
    outbreak = (
        two_patients()
        .case("B2", "B")
        .snps("B1", "B2", 8)
        .snps("A1", "B2", 12)
        .context("near", "N")
        .snps("B2", "near", near)
    )
    assert judged(outbreak).exclusive is exclusive


@case(
    35,
    "a reference strain as near as the cases are to each other",
    "no single clone, `background_as_close` names it",
)
def test_judge_panel_reference_is_background_too():
    outbreak = two_patients().snps("A1", "CLONE-1", 7)
    assert judged(outbreak).reasons == ("background_as_close",)


def test_judge_background_of_another_subspecies_does_not_count_as_background():
    outbreak = two_patients()
    outbreak.subspecies = {name: "a" for name in outbreak.isolates if name.startswith("ctx")}
    found = judged(outbreak)
    assert (found.verdict, found.exclusive) == ("indeterminate", None)
    assert found.reasons == ("no_background",)
    assert published(found)["A1", "B1"] == ("indeterminate", ("within_linked", "no_background"))
    said = the_sentence(outbreak)
    assert "is indeterminate: no background isolate of the subspecies was supplied." in said


def test_judge_context_of_a_case_patient_is_set_aside():
    outbreak = two_patients().context("A-old", "A").snps("A1", "A-old", 2).snps("B1", "A-old", 3)
    found = judged(outbreak)
    assert found.verdict == "single_clone"
    assert found.set_aside == {"A-old": "same_patient"}
    assert "same_patient" in found.caveats
    assert found.clones[0].background.isolates == 20


def test_judge_context_of_a_patient_without_an_isolate_is_set_aside_too():
    outbreak = two_patients().not_assessed("C", "C").context("C-old", "C").snps("A1", "C-old", 2)
    assert judged(outbreak).set_aside == {"C-old": "same_patient"}


def test_judge_context_with_the_genome_of_a_case_is_set_aside():
    outbreak = two_patients().context("copy", "X").snps("A1", "copy", 0)
    outbreak.genomes["copy"] = outbreak.genomes["A1"]
    found = judged(outbreak)
    assert found.set_aside == {"copy": "duplicate_of"}
    assert found.verdict == "single_clone"


def test_judge_context_with_a_blank_patient_is_another_patient():
    outbreak = two_patients().context("unknown").snps("A1", "unknown", 3)
    found = judged(outbreak)
    assert found.exclusive is False
    assert found.clones[0].background.patients == 21


def test_judge_source_isolates_are_no_background_but_are_named():
    outbreak = two_patients().source("vial").snps("A1", "vial", 1).snps("B1", "vial", 2)
    found = judged(outbreak)
    assert found.verdict == "single_clone"
    assert [(s.name, s.snps) for s in found.clones[0].sources] == [("vial", 1)]
    assert "source_near" in found.caveats


@pytest.mark.parametrize(("patients", "thin"), [(19, True), (20, False)])
def test_judge_fewer_than_twenty_background_patients_are_thin(patients, thin):
    outbreak = Outbreak().case("A1", "A").case("B1", "B").background(patients).snps("A1", "B1", 3)
    found = judged(outbreak)
    assert ("thin_background" in found.caveats) is thin
    assert f"{patients} background isolates of the subspecies" in the_sentence(outbreak)


def test_judge_background_that_cannot_be_compared_is_a_caveat():
    outbreak = two_patients().context("poor", "Q").snps("A1", "poor", None)
    found = judged(outbreak)
    assert found.verdict == "single_clone"
    assert "background_not_comparable" in found.caveats


@pytest.mark.parametrize(
    ("tree", "exclusive", "reason"),
    [
        ({"is_split": False}, False, "not_a_clade"),
        ({"branch_snps": 0.4}, False, "not_a_clade"),
        ({"branch_snps": 0.5}, True, "exclusive_clade"),
        ({"ufboot": 95.0, "sh_alrt": 10.0}, True, "exclusive_clade"),
        ({"ufboot": 94.9, "sh_alrt": 80.0}, True, "exclusive_clade"),
        ({"ufboot": 94.9, "sh_alrt": 79.9}, False, "clade_not_supported"),
        ({"ufboot": None, "sh_alrt": 85.0}, True, "exclusive_clade"),
    ],
)
def test_judge_split_and_support_decide_exclusivity(tree, exclusive, reason):
    found = judged(two_patients(), **tree)
    assert found.exclusive is exclusive
    assert reason in found.reasons


def test_judge_too_few_snps_for_a_bootstrap_with_a_gap_is_support_low():
    weak = {"ufboot": 63.0, "sh_alrt": 70.0}
    found = judged(two_patients(), clean_snps=2, branch_snps=2.1, **weak)
    assert found.verdict == "single_clone"
    assert "support_low" in found.caveats
    for clean, branch in ((3, 2.1), (0, 20.0)):  # no clean SNP on a long branch: bases are missing
        tree = {"clean_snps": clean, "branch_snps": branch, **weak}
        assert judged(two_patients(), **tree).reasons == ("clade_not_supported",)


def test_judge_too_few_snps_without_a_gap_is_not_supported():
    outbreak = two_patients().context("near", "N").snps("A1", "near", 10)
    found = judged(outbreak, clean_snps=1, ufboot=63.0, sh_alrt=70.0)
    assert found.reasons == ("clade_not_supported", "background_as_close")


def test_judge_support_that_cannot_be_computed_is_a_caveat():
    tree = {"distinct_sequences": 3, "ufboot": None, "sh_alrt": None}
    found = judged(two_patients(), **tree)
    assert found.verdict == "single_clone"
    assert "support_not_computable" in found.caveats
    assert found.clones[0].exclusivity.support is None


# --- panel clones ------------------------------------------------------------------------------


def inside_a_panel_clone(context_patients: int) -> Outbreak:
    outbreak = two_patients().background(context_patients, "c1-")
    members = ["A1", "B1", *(name for name in outbreak.isolates if name.startswith("c1-"))]
    outbreak.clones = dict.fromkeys(members, ("C1", 300, "nearest"))
    return outbreak


@pytest.mark.parametrize(("patients", "verdict"), [(19, "indeterminate"), (20, "single_clone")])
def test_judge_inside_a_panel_clone_twenty_patients_of_it_are_needed(patients, verdict):
    found = judged(inside_a_panel_clone(patients))
    assert found.verdict == verdict
    assert ("circulating_clone" in found.reasons) is (verdict == "indeterminate")
    assert found.distinct_from_panel is False
    assert found.clones[0].panel_clone == "C1"


def test_judge_inside_a_panel_clone_the_published_background_is_told():
    outbreak = two_patients()
    known = PublishedBackground("C1", 145, {10: 24.0, 20: 40.0}, {20: 2.9}, "a study", "core genes")
    outbreak.panel = replace(outbreak.panel, published_background={"C1": known})
    for name in ("A1", "B1"):
        outbreak.clones[name] = ("C1", 100, "nearest")
    evidence = outbreak.evidence()
    found = judged(outbreak)
    assert found.clones[0].published_background == known
    closeness = "of 145 published C1 isolates 24 % have one from another country within 10 SNPs"
    said = f"known to circulate: A1 and B1 inside C1 ({closeness} (core genes))."
    assert said in sentence(found, evidence)
    assert any("(a study)" in each for each in statements(found, evidence).certainty)


def test_judge_a_circulating_clone_needs_context_patients_that_could_be_compared():
    outbreak = inside_a_panel_clone(20)
    for name in ("A1", "B1"):
        outbreak.snps(name, "c1-00", None)
    assert "circulating_clone" in judged(outbreak).reasons
    outbreak.snps("B1", "c1-00", 300)
    assert judged(outbreak).verdict == "single_clone"


def test_judge_a_near_reference_that_could_not_be_compared_leaves_both_findings_open():
    outbreak = two_patients().snps("A1", "CLONE-1", None)
    outbreak.clones = {"A1": ("", 9000, "near_not_compared")}
    found = judged(outbreak)
    assert (found.verdict, found.distinct_from_panel) == ("indeterminate", None)
    assert found.reasons == ("reference_not_comparable",)
    said = the_sentence(outbreak)
    assert "reference clone of the panel is not known; too few bases to compare every case" in said


def test_sentence_counts_a_far_reference_without_a_distance_among_those_not_compared():
    outbreak = two_patients().snps("A1", "CLONE-1", None)
    second = replace(outbreak.panel.references[-1], name="CLONE-2", clone="C2")
    outbreak.panel = replace(outbreak.panel, references=(*outbreak.panel.references, second))
    outbreak._add(Isolate("R9", "CLONE-2", Role.REFERENCE, "sha-2"))
    found = judged(outbreak)
    assert (found.distinct_from_panel, found.clones_compared) == (True, ("C2",))
    compared = "the 1 reference clone compared (test panel); too few bases"
    assert f"distinct from {compared} to compare every case with C1." in the_sentence(outbreak)


def test_judge_distinct_from_panel_is_unknown_when_a_case_is_ambiguous():
    outbreak = two_patients()
    outbreak.clones = {"A1": ("", 700, "ambiguous")}
    assert judged(outbreak).distinct_from_panel is None
    outbreak.clones["B1"] = ("C1", 400, "nearest")
    assert judged(outbreak).distinct_from_panel is None
    assert "Of the 1 reference clone compared, known to circulate: B1 inside C1." in the_sentence(
        outbreak
    )


def test_judge_tree_that_disagrees_with_typing_is_a_caveat():
    outbreak = inside_a_panel_clone(20)
    outbreak.placements = {"A1": "C2", "B1": "C1"}
    assert "placement_disagrees" in judged(outbreak).caveats
    outbreak.placements = {"A1": "C1", "B1": "C1"}
    assert "placement_disagrees" not in judged(outbreak).caveats


# --- the set -----------------------------------------------------------------------------------


@case(
    32,
    "several isolates of one patient and no other",
    "`not_assessable`, `fewer_than_two_patients`: one patient proves no link",
)
def test_judge_one_patient_is_not_assessable():
    outbreak = Outbreak().case("A1", "A").case("A2", "A").background().snps("A1", "A2", 1)
    found = judged(outbreak)
    assert (found.verdict, found.reasons) == ("not_assessable", ("fewer_than_two_patients",))
    assert found.clones[0].verdict == "one_patient"
    assert published(found)["A1", "A2"] == ("linked", ("within_linked", "same_patient"))


def test_judge_no_case_assembly_is_not_assessable():
    outbreak = Outbreak().not_assessed("A", "A").not_assessed("B", "B", "too_short").background()
    found = judged(outbreak)
    assert found.verdict == "not_assessable"
    assert [(row.name, row.reason) for row in found.not_assessed] == [
        ("A", "no_isolate"),
        ("B", "too_short"),
    ]
    assert the_sentence(outbreak) == (
        "No genomic conclusion: fewer than two patients have an assessed isolate. Not assessed: "
        "A (patient A, no isolate) and B (patient B, quarantined: too_short)."
    )


def test_judge_pairs_below_the_floor_are_not_assessable():
    found = judged(two_patients().snps("A1", "B1", None))
    assert (found.verdict, found.reasons) == ("not_assessable", ("no_pair_assessable",))


def test_judge_two_clones_apart_are_multiple_clones_each_with_its_verdict():
    outbreak = two_patients().case("C1", "C").case("D1", "D").snps("C1", "D1", 2)
    found = judged(outbreak)
    assert (found.verdict, found.exclusive) == ("multiple_clones", None)
    assert [clone.verdict for clone in found.clones] == ["single_clone", "single_clone"]
    assert "The case isolates form 2 clones that are not linked" in the_sentence(outbreak)


def test_judge_two_clones_not_clearly_apart_are_indeterminate():
    outbreak = two_patients().case("C1", "C").snps("A1", "C1", 25).snps("B1", "C1", 39)
    found = judged(outbreak)
    assert (found.verdict, found.reasons) == ("indeterminate", ("several_clones_not_apart",))


def test_judge_case_of_another_subspecies_is_another_clone():
    outbreak = two_patients().case("C1", "C")
    outbreak.subspecies["C1"] = "a"
    found = judged(outbreak)
    assert found.verdict == "multiple_clones"
    assert published(found)["A1", "C1"] == ("not_linked", ("different_subspecies",))


# --- cautions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("snps", "one", "two", "caveat"),
    [
        (2, {"laboratory": "L"}, {"laboratory": "L"}, "possible_contamination"),
        (2, {"sequencing_run": "r"}, {"sequencing_run": "r"}, "possible_contamination"),
        (2, {"extraction_batch": "e"}, {"extraction_batch": "e"}, "possible_contamination"),
        (2, {"laboratory": "L"}, {}, "contamination_not_excluded"),
        (0, {}, {}, "contamination_not_excluded"),
        (3, {"laboratory": "L"}, {"laboratory": "L"}, None),
        (
            1,
            {"laboratory": "L", "sequencing_run": "r", "extraction_batch": "e"},
            {"laboratory": "M", "sequencing_run": "s", "extraction_batch": "f"},
            None,
        ),
    ],
)
@case(
    34,
    "0-2 SNPs between patients that share laboratory, run or batch",
    "caveat `possible_contamination`; `contamination_not_excluded` where that is not known",
)
def test_judge_contamination_caution(snps, one, two, caveat):
    outbreak = (
        Outbreak().case("A1", "A", **one).case("B1", "B", **two).background().snps("A1", "B1", snps)
    )
    found = set(judged(outbreak).caveats) & {"possible_contamination", "contamination_not_excluded"}
    assert found == ({caveat} if caveat else set())


@pytest.mark.parametrize("name", ["aaa", "zzz"])
def test_judge_no_figure_hangs_on_the_name_of_a_genome_that_stands_twice(name):
    outbreak = inside_a_panel_clone(20).context(name, "P-c1-1")
    outbreak.genomes[name] = outbreak.genomes["c1-00"]
    outbreak.clones[name] = ("C1", 300, "nearest")
    assert judged(outbreak).verdict == "single_clone"


@pytest.mark.parametrize("other", ["context", "source"])
def test_judge_contamination_caution_of_a_case_and_what_it_is_compared_with(other):
    handled = {"laboratory": "L", "sequencing_run": "r", "extraction_batch": "e"}
    apart = {"laboratory": "M", "sequencing_run": "s", "extraction_batch": "f"}
    outbreak = Outbreak().case("A1", "A", **handled).case("B1", "B", **apart).background()
    outbreak.snps("A1", "B1", 5)
    if other == "context":
        outbreak.context("near", "N", laboratory="L").snps("A1", "near", 1)
    else:
        outbreak.source("near").snps("A1", "near", 1)
        outbreak.isolates["near"] = replace(outbreak.isolates["near"], laboratory="L")
    found = judged(outbreak)
    (together,) = found.clones[0].handled_together
    assert (together.first, together.second, together.shared) == ("A1", "near", ("a laboratory",))
    assert "possible_contamination" in found.caveats
    said = "Isolates with 0-2 SNPs share a laboratory: check for contamination (A1 with near)."
    assert said in the_sentence(outbreak)


def test_judge_background_that_no_case_can_be_compared_with_is_none():
    outbreak = Outbreak().case("A1", "A").case("B1", "B").background(5).snps("A1", "B1", 3)
    for number in range(5):
        for name in ("A1", "B1"):
            outbreak.snps(name, f"ctx{number:02}", None)
    found = judged(outbreak)
    (clone,) = found.clones
    assert (found.verdict, found.exclusive) == ("indeterminate", None)
    assert found.reasons == ("no_background",)
    assert (clone.background.isolates, clone.background_not_comparable) == (0, 5)
    assert "background_not_comparable" in clone.caveats
    assert "no background isolate of the subspecies could be compared" in the_sentence(outbreak)


def test_judge_background_compared_in_part_says_how_many_were_not():
    outbreak = two_patients()
    outbreak.snps("A1", "ctx00", None).snps("B1", "ctx00", None)
    assert "(19 patients, 3 countries); 1 more could not be compared" in the_sentence(outbreak)


def test_judge_cases_of_ambiguous_subspecies_have_no_background_of_a_subspecies():
    outbreak = two_patients()
    outbreak.subspecies = {"A1": "", "B1": ""}
    assert judged(outbreak).reasons == ("no_background",)
    outbreak.subspecies |= {f"ctx{number:02}": "" for number in range(20)}
    assert judged(outbreak).verdict == "single_clone"


@pytest.mark.parametrize("names", [("A1", "B1"), ("B1", "A1")])
def test_judge_members_of_two_panel_clones_need_twenty_patients_of_each(names):
    outbreak = two_patients()
    outbreak.clones = {names[0]: ("C1", 100, "tie"), names[1]: ("C2", 100, "tie")}
    outbreak.clones |= {f"ctx{number:02}": ("C1", 100, "nearest") for number in range(20)}
    found = judged(outbreak)
    assert found.reasons == ("circulating_clone",)
    assert found.clones[0].panel_clone == "C1, C2"


def test_judge_pair_below_the_floor_in_a_clone_is_said_and_counts_for_no_figure():
    outbreak = two_patients().case("B2", "B").snps("B1", "B2", 2)
    outbreak.snps("A1", "B2", None, callable_bp=3_000_000)
    found = judged(outbreak)
    assert found.clones[0].distances.not_compared == 1
    assert (
        "over at least 4.90 Mb compared (98 % of the reference; 1 pair could not be compared)"
        in (the_sentence(outbreak))
    )


def test_sentence_gives_the_closest_pair_across_clones():
    said = the_sentence(two_patients(32))
    assert "Closest across clones: A1 and B1, 32 SNPs over 4.90 Mb." in said
    assert "a pair across them is neither linked nor clearly apart" in said


def test_sentence_names_context_that_copies_a_case():
    outbreak = two_patients().context("copy", "P-copy")
    outbreak.genomes["copy"] = outbreak.genomes["A1"]
    assert "with exactly the assembly of a case, set aside: copy." in the_sentence(outbreak)


@case(30, "one background genome under two names", "counts as one")
def test_judge_background_assembly_under_two_names_counts_once():
    outbreak = two_patients().context("twin", "P-twin", country="elsewhere")
    outbreak.genomes["twin"] = outbreak.genomes["ctx00"]
    (clone,) = judged(outbreak).clones
    assert (clone.background.isolates, clone.background.patients) == (20, 20)


@case(
    32,
    "several isolates of one patient beside another patient",
    "their distances are shown as those within the patient",
)
def test_judge_serial_isolates_show_the_diversity_within_a_patient():
    outbreak = two_patients().case("A2", "A").snps("A1", "A2", 7, snps_raw=9).snps("A2", "B1", 5)
    found = judged(outbreak)
    (within,) = found.within_patients
    assert (within.patient, within.isolates) == ("A", ("A1", "A2"))
    assert (within.max_snps, within.max_snps_raw, within.clones) == (7, 9, ("clone of A1",))
    assert "patient_in_several_clones" not in found.caveats


def test_judge_isolates_of_a_patient_in_two_clones_are_a_caveat():
    found = judged(two_patients().case("A2", "A"))
    assert found.within_patients[0].clones == ("clone of A1", "clone of A2")
    assert "patient_in_several_clones" in found.caveats


@case(30, "two cases with one genome", "caveat `identical_assemblies`, named in the sentence")
def test_judge_identical_assemblies_under_two_names_are_flagged():
    outbreak = two_patients(0)
    outbreak.genomes["B1"] = outbreak.genomes["A1"]
    assert "identical_assemblies" in judged(outbreak).caveats


def test_judge_case_that_may_be_a_mixture_is_named_and_the_verdict_stays():
    outbreak = two_patients()
    outbreak.reasons["A1"] = ("identical_assembly", "duplicated_core", "two_base_codes")
    outbreak.reasons["ctx00"] = ("longer_than_expected",)
    found = judged(outbreak)
    assert found.verdict == "single_clone"
    assert "possible_mixture" in found.caveats
    assert [(m.name, m.signs) for m in found.mixtures] == [
        ("A1", ("duplicated_core", "two_base_codes"))
    ]
    assert "possible_mixture" not in judged(two_patients()).caveats


@pytest.mark.parametrize(("indels", "suspected"), [(13, True), (12, False), (9, False)])
def test_judge_more_short_indels_than_snps_are_suspected_assembly_errors(indels, suspected):
    plain = two_patients(12)
    found = judged(two_patients().snps("A1", "B1", 12, first_indels=indels, second_indels=0))
    code = "assembly_errors_suspected"
    assert (code in found.caveats) is suspected
    assert (code in published(found)["A1", "B1"][1]) is suspected
    expected = [("A1", "B1", indels, 12)] if suspected else []
    assert [(s.name, s.partner, s.short_indels, s.snps_raw) for s in found.suspected] == expected
    assert found.verdict == judged(plain).verdict


@case(
    49,
    "cases whose clinic is not known",
    "caveat `clinic_unknown`; two unknown clinics are not one clinic",
)
def test_judge_unknown_clinic_is_a_caveat_and_is_not_counted():
    outbreak = two_patients().case("C1", "C", clinic="").all_snps("A1 B1 C1", 3)
    found = judged(outbreak)
    assert "clinic_unknown" in found.caveats
    assert found.clones[0].clinics == ("Clinic A", "Clinic B")
    assert "from 2 clinics 269 km (167 mi) apart (a clinic is unknown)" in the_sentence(outbreak)


def test_judge_clinic_without_a_place_is_told_beside_the_distance_of_the_others():
    outbreak = two_patients().case("C1", "C").all_snps("A1 B1 C1", 3)
    assert judged(outbreak).clones[0].clinics_located == 2
    said = "from 3 clinics up to 269 km (167 mi) apart (2 of 3 clinics located)"
    assert said in the_sentence(outbreak)


# --- words -------------------------------------------------------------------------------------


def test_sentence_distance_of_a_place_whose_clinic_is_unknown_is_not_that_of_clinics():
    outbreak = two_patients()
    outbreak.isolates["B1"] = replace(outbreak.isolates["B1"], clinic="")
    places = "from 1 clinic (a clinic is unknown), in places 269 km (167 mi) apart"
    assert places in the_sentence(outbreak)


def test_sentence_of_several_clones_gives_each_and_a_thin_background():
    outbreak = Outbreak().case("A1", "A").case("B1", "B").background(3).snps("A1", "B1", 50)
    found = the_sentence(outbreak)
    assert "Clones: A1, of one patient; B1, of one patient." in found
    assert "compared with 3 background isolates of the subspecies (3 patients" in found
    outbreak.snps("A1", "B1", None)
    found = the_sentence(outbreak)
    assert found.startswith("No genomic conclusion")
    assert "Clones: A1, of one patient; B1, of one patient." in found


def test_judge_near_background_that_is_not_in_the_local_tree_is_a_caveat():
    outbreak = two_patients().context("odd", "O").snps("A1", "odd", 4)
    outbreak.subspecies["odd"] = ""
    evidence = outbreak.evidence(not_called=("odd",))
    found = judged(outbreak, not_called=("odd",))
    assert "background_not_in_tree" in found.caveats
    (clone,) = found.clones
    assert (clone.background_as_close.isolates, clone.others_as_close) == (0, 1)
    certainty = statements(found, evidence).certainty
    assert "1 context isolate of another or an ambiguous subspecies lies" in " ".join(certainty)


def test_sentence_single_clone_says_numbers_limits_and_who_is_missing():
    outbreak = two_patients().not_assessed("PtC", "C").context("near", "N").snps("A1", "near", 190)
    assert the_sentence(outbreak) == (
        "Isolates A1 and B1, of 2 patients from 2 clinics 269 km (167 mi) apart, are a single "
        "clone: 3 SNPs between them over 4.90 Mb compared (98 % of the "
        "reference), set apart from 21 "
        "background isolates of the subspecies (21 patients, 3 countries), nearest near at 190 "
        "SNPs. They are distinct from the 1 reference clone compared (test panel). This is "
        "consistent with a common source; it does not by itself establish one. Not assessed: PtC "
        "(patient C, no isolate)."
    )


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("C1",), "(test panel)."),
        (("C2", "C1"), "(test panel); 1 further described clone was not compared."),
        (("C2", "C3"), "(test panel); 2 further described clones were not compared."),
    ],
)
def test_sentence_counts_the_described_clones_that_were_not_compared(names, expected):
    outbreak = two_patients()
    described = [
        KnownClone(name, "m", (), (), None, None, None, name == "C1", "a study", "")
        for name in names
    ]
    outbreak.panel = replace(outbreak.panel, known_clones=tuple(described))
    assert f"distinct from the 1 reference clone compared {expected}" in the_sentence(outbreak)


def test_sentence_indeterminate_gives_the_reason_and_leaves_it_to_epidemiology():
    outbreak = two_patients().context("near", "N").snps("A1", "near", 4)
    found = the_sentence(outbreak)
    assert "are closely related: 3 SNPs between them over 4.90 Mb" in found
    assert "is indeterminate: background isolates are as close as the cases" in found
    assert found.endswith("Epidemiology has to decide. Background within 10 SNPs: near (4 SNPs).")


def test_sentence_names_near_sources_nearest_first_and_bridges():
    outbreak = two_patients().case("C1", "C").snps("A1", "C1", 3).snps("B1", "C1", 20)
    outbreak.source("vial").snps("A1", "vial", 1).source("water").snps("B1", "water", 0)
    outbreak.source("far").snps("A1", "far", 31)
    found = the_sentence(outbreak)
    assert "Source isolates within 30 SNPs: water (0 SNPs) and vial (1 SNP)." in found
    assert "Without A1 the clone would fall apart." in found
    assert "at most 20 SNPs between any two over at least 4.90 Mb compared" in found


def test_sentence_names_identical_assemblies_and_what_the_laboratory_shares():
    outbreak = two_patients(0)
    outbreak.genomes["B1"] = outbreak.genomes["A1"]
    for name in ("A1", "B1"):
        isolate = outbreak.isolates[name]
        outbreak.isolates[name] = replace(isolate, sequencing_run="run 7", laboratory="Lab 1")
    found = judged(outbreak)
    said = sentence(found, outbreak.evidence())
    assert "Exactly the same assembly: A1 and B1; check that it is no mix-up." in said
    together = "share a laboratory or a sequencing run: check for contamination (A1 with B1)."
    assert f"Isolates with 0-2 SNPs {together}" in said
    codes = ("within_linked", "identical_assemblies", "possible_contamination")
    assert published(found)["A1", "B1"] == ("linked", codes)


def test_sentence_never_says_that_a_source_is_proven():
    for outbreak in (two_patients(), two_patients(20), two_patients(50)):
        words = the_sentence(outbreak).lower()
        assert "proven" not in words
        assert "circulating clone" not in words.replace("not a circulating", "")


def test_sentence_same_clinic_twice_has_no_distance():
    outbreak = (
        Outbreak()
        .case("A1", "A", clinic="Clinic 1", place=Place(10, 10))
        .case("B1", "B", clinic="Clinic 1", place=Place(10, 10))
        .background()
        .snps("A1", "B1", 1)
    )
    assert "of 2 patients from 1 clinic, are a single clone" in the_sentence(outbreak)
    assert "clone: 1 SNP between them over" in the_sentence(outbreak)
