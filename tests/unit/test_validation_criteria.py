"""Whether a verification passes: each defect has to make the criterion fail that is about it."""

from dataclasses import replace

import pytest

from oneclone import __version__
from oneclone.simulation.scenarios import SCENES
from oneclone.validation.accuracy import CLOSE_SNPS
from oneclone.validation.criteria import asked_criteria
from oneclone.validation.findings import Failure, Part, Repeat
from oneclone.validation.shipped_figures import SAME_EVERYWHERE, shipped_figures
from oneclone.validation.truth_set import WHOLE
from tests.unit.findings_builder import SUM, good_findings, not_met, record_of, scored


def test_good_findings_meet_every_criterion():
    record = record_of(good_findings())
    assert not_met(record) == []
    assert (record["passed"], record["criteria_met"]) == (True, len(asked_criteria()))
    by_name = {each["name"]: each for each in record["criteria"]}
    assert by_name["whole_sensitivity"]["measured"].startswith("73 of 74 (98.6 %; 92.7 to ")
    assert by_name["distance_p95"]["measured"] == "0 SNPs; greatest 0; 3 pairs, 3 exact"


def with_run(**changes):
    found = good_findings()
    found.runs[0] = replace(found.runs[0], **changes)
    return found


def with_pair(number, pair):
    scored_pairs = list(good_findings().runs[0].scored)
    scored_pairs[number] = pair
    return with_run(scored=scored_pairs)


def test_false_snp_fails_precision():
    assert not_met(record_of(with_pair(1, scored("a", "c", 21, 20)))) == ["site_precision"]


def test_wrong_distance_fails_error_and_clusters_of_links():
    found = with_pair(0, scored("a", "b", 12, 3))
    failed = not_met(record_of(found))
    assert {"site_precision", "distance_p95", "linked_sensitivity"} <= set(failed)
    assert "linked_specificity" not in failed


def test_distance_below_a_threshold_by_missed_snps_fails_specificity_and_sensitivity():
    failed = not_met(record_of(with_pair(1, scored("a", "c", 10, 20))))
    assert {"site_sensitivity", "whole_sensitivity", "distance_p95", "linked_specificity"} <= set(
        failed
    )
    assert "site_precision" not in failed


def test_table_that_is_not_the_count_fails():
    pair = replace(scored("a", "b", 3, 3), recounted=4)
    assert not_met(record_of(with_pair(0, pair))) == ["table_is_count"]


def test_pair_that_is_missing_fails():
    assert not_met(record_of(with_run(wanted_pairs=4))) == ["range_kept"]


@pytest.mark.parametrize(
    ("counted", "has_enough", "failed"),
    [(True, False, ["range_kept"]), (False, True, ["range_kept"]), (False, False, [])],
)
def test_count_is_given_exactly_when_enough_bases_were_compared(counted, has_enough, failed):
    pair = replace(scored("a", "b", 3, 3), has_enough=has_enough)
    if not counted:
        pair = replace(pair, pair=replace(pair.pair, snps=None, snps_raw=None))
    record = record_of(with_pair(0, pair))
    assert not_met(record) == failed
    assert record["runs"][0]["withheld"] == (not counted)


def test_wrong_cluster_fails():
    (good,) = good_findings().runs[0].clusters
    bad = replace(good, adjusted_rand=0.97)
    assert not_met(record_of(with_run(clusters=[good, bad]))) == ["clusters"]


def test_supported_split_that_is_false_fails():
    tree = replace(good_findings().runs[0].tree, conflicting=(("a", "c"),))
    record = record_of(with_run(tree=tree))
    assert not_met(record) == ["tree_conflicts"]
    assert record["trees"][0]["conflicting"] == [["a", "c"]]


def test_false_single_clone_fails_and_is_named():
    found = good_findings()
    found.scenarios[0] = replace(found.scenarios[0], found="single_clone", departures=("verdict",))
    record = record_of(found)
    assert not_met(record) == [
        "verdicts",
        "false_single_clone",
        "verdict_details",
        "shipped_verdicts",
    ]
    false = next(each for each in record["criteria"] if each["name"] == "false_single_clone")
    assert false["measured"] == "1 of 2 (no-background)"


def test_right_verdict_for_a_wrong_reason_fails_the_details_alone():
    found = good_findings()
    found.scenarios[1] = replace(found.scenarios[1], departures=("reason x is not given",))
    assert not_met(record_of(found)) == ["verdict_details"]


@pytest.mark.parametrize("part", [Part.REPEATABILITY, Part.REPRODUCIBILITY])
def test_changed_byte_in_a_repeated_run_fails(part):
    found = good_findings()
    found.repeats[part] = Repeat(part, "elsewhere", 50.0, 40, ("verdict.json",))
    record = record_of(found)
    assert not_met(record) == [str(part)]
    assert [each["equal"] for each in record["repeats"] if each["name"] == part] == [39]


@pytest.mark.parametrize("part", [Part.REPEATABILITY, Part.REPRODUCIBILITY])
def test_absent_repeated_run_fails(part):
    found = good_findings()
    del found.repeats[part]
    assert not_met(record_of(found)) == [str(part)]


def test_changed_byte_of_truth_set_or_results_fails():
    found = good_findings()
    found.truth_set["point-source/isolates.tsv"] = SUM[::-1]
    assert not_met(record_of(found)) == ["truth_set"]
    assert not_met(record_of(with_run(results={"distances/pairs.tsv": SUM[::-1]}))) == [
        "shipped_results"
    ]


def test_other_tree_bytes_alone_fail_nothing_and_are_told():
    record = record_of(with_run(tree_sha256=SUM[::-1]))
    assert not_met(record) == []
    assert (record["shipped"]["trees_compared"], record["shipped"]["trees_equal"]) == (1, 0)


def test_failed_run_fails_all_that_rests_on_it_and_says_why():
    found = good_findings()
    found.failures.append(Failure(Part.RUNS, "import", "ToolFailed: the run failed"))
    record = record_of(found)
    of_runs = [each.name for each in asked_criteria() if Part.RUNS in each.parts]
    assert not_met(record) == of_runs
    first = record["criteria"][0]
    assert first["measured"] == "not complete: import: ToolFailed: the run failed"
    assert "--keep" in first["remedy"]


def test_nothing_measured_meets_nothing():
    found = good_findings()
    found.runs.clear()
    found.scenarios.clear()
    found.repeats.clear()
    found.truth_set.clear()
    assert not_met(record_of(found)) == [each.name for each in asked_criteria()]


def test_criteria_speak_of_close_pairs_as_they_are_scored():
    texts = [each.definition for each in asked_criteria() if "true SNPs" in each.definition]
    assert sum(f"at most {CLOSE_SNPS} true SNPs" in " ".join(e.split()) for e in texts) >= 4
    assert len({each.name for each in asked_criteria()}) == len(asked_criteria())
    assert all(each.least is not None or each.most is not None for each in asked_criteria())


def test_shipped_figures_are_of_this_version_and_of_every_outbreak():
    shipped = shipped_figures()
    assert shipped.version == __version__
    assert set(shipped.verdicts) == {*WHOLE, *SCENES}
    assert set(shipped.results) == {f"{run}/{name}" for run in WHOLE for name in SAME_EVERYWHERE}
    assert set(shipped.trees) == set(WHOLE)
    right = {name: SCENES[name].expected.verdict for name in SCENES}
    assert {name: shipped.verdicts[name] for name in right} == right
