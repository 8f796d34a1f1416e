"""Genomes of real size through the whole workflow; skipped where the data sets are absent."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from oneclone.commands.check_panel import check_panel
from oneclone.commands.new_panel import new_panel
from oneclone.errors import InputRefused
from oneclone.model.pairs import ordered
from tests.integration.workflow import config, pairs_by_name, read_json, rows, snakemake

CLOSE_SNPS = 100
DIFFERENT_STRAINS_SNPS = 9000


def true_pairs(truth: dict, results: Path) -> Iterator[tuple[dict, dict[str, str]]]:
    """Give every pair of the truth with its row of the results."""
    counted = pairs_by_name(results)
    for true in truth["pairs"]:
        yield true, counted[min(true["a"], true["b"]), max(true["a"], true["b"])]


def check_close_pairs(truth: dict, results: Path) -> int:
    """Check every close pair against the truth and return how many there are.

    No false difference, at most one beyond 8 % of the SNPs missed, 5 % of all pooled, and 90 %
    of the bases that both assemblies hold compared.
    """
    close = [
        (true, row) for true, row in true_pairs(truth, results) if true["clonal"] <= CLOSE_SNPS
    ]
    missed = 0
    for true, row in close:
        error = true["clonal"] - int(row["snps"])
        assert 0 <= error <= 1 + 0.08 * true["clonal"], f"{true} {row}"
        assert int(row["snps_raw"]) <= true["raw"], f"{true} {row}"
        assert int(row["callable_bp"]) >= 0.9 * true["shared_bp"], f"{true} {row}"
        missed += error
    assert missed <= 0.05 * sum(true["clonal"] for true, _ in close)
    return len(close)


# --- M. abscessus, 34 genomes of 5 Mb ----------------------------------------------------------


@pytest.fixture(scope="module")
def clinic(shared_data, tmp_path_factory) -> tuple[Path, dict, Path]:
    """Return data, results before patient C's isolates arrived, and the working directory."""
    data = shared_data("mabs-clinic")
    work = tmp_path_factory.mktemp("clinic")
    quick = "tree={large_set: 0}"  # no verdict depends on the whole tree, and IQ-TREE takes 30 s
    snakemake(work, *config(data / "isolates-ab.tsv", data / "panel", quick))
    before = read_json(work / "results/verdict.json")
    snakemake(work, *config(data / "isolates.tsv", data / "panel"))
    return data, before, work


@pytest.fixture(scope="module")
def truth(clinic) -> dict:
    return read_json(clinic[0] / "truth.json")


@pytest.fixture(scope="module")
def results(clinic) -> Path:
    return clinic[2] / "results"


def test_clinic_is_a_single_clone_before_and_after_patient_c(clinic, truth, results):
    _, before, _ = clinic
    after = read_json(results / "verdict.json")
    assert before["clones"][0]["members"] == ["PtA-CSF", "PtB-elbow"]
    assert after["clones"][0]["members"] == truth["expected"]["clone_members"]
    for verdict in (before, after):
        assert verdict["verdict"] == "single_clone"
        assert verdict["exclusive"] is True
        assert verdict["distinct_from_panel"] is True
        (clone,) = verdict["clones"]
        assert clone["nearest_background"]["isolate"] == "CTX-near"
        assert clone["support"] >= 95


def test_clinic_verdict_stands_under_other_references_cores_and_cases(clinic, results):
    for verdict, left_out in ((clinic[1], []), (read_json(results / "verdict.json"), None)):
        found = verdict["robustness"]
        decisive = [run for run in found["runs"] if run["decisive"]]
        (clone,) = verdict["clones"]
        expected = clone["members"] if left_out is None else left_out
        assert [run["subject"] for run in decisive] == ["ATCC_19977", "90 %", "100 %", *expected]
        assert {run["verdict"] for run in decisive} == {"single_clone"}
        assert found["changed_by"] == []
        low, high = found["linked_range"]["from"], found["linked_range"]["to"]
        assert clone["max_snps"] <= low <= 10 <= high == 30


def test_clinic_patient_c_costs_one_call_per_isolate_and_reference(results):
    figures = read_json(results / "provenance/run.json")
    assert (figures["isolates_called"], figures["calls_computed"]) == (2, 4)


def test_clinic_call_archives_take_less_than_a_megabyte_per_reference(clinic):
    archives = sorted((clinic[2] / ".oneclone/calls").glob("*.npz"))
    assert len(archives) == 34
    for archive in archives:
        references = len(read_json(archive.with_suffix(".json"))["references"])
        assert archive.stat().st_size <= references * 1_000_000


def test_clinic_no_distance_is_above_the_truth(truth, results):
    for true, row in true_pairs(truth, results):
        assert int(row["snps_raw"]) <= true["raw"], f"{true} {row}"
        if row["filter"] != "not_scanned":
            assert int(row["snps"]) <= true["clonal"], f"{true} {row}"


def test_clinic_case_pairs_are_within_one_snp_of_the_truth(truth, results):
    members = set(truth["expected"]["clone_members"])
    errors = {
        (true["a"], true["b"]): int(row["snps"]) - true["clonal"]
        for true, row in true_pairs(truth, results)
        if {true["a"], true["b"]} <= members
    }
    assert len(errors) == 6
    assert set(errors.values()) <= {-1, 0}


def test_clinic_close_pairs_lose_few_snps_and_compare_most_bases(truth, results):
    assert check_close_pairs(truth, results) == 31


def test_clinic_typing_is_the_truth(truth, results):
    panel_clones = set(read_json(results / "verdict.json")["panel"]["reference_clones"])
    typing = {row["isolate"]: row for row in rows(results / "typing.tsv")}
    assert {name: row["subspecies"] for name, row in typing.items()} == truth["subspecies"]
    for name, clone in truth["clones"].items():
        assert typing[name]["panel_clone"] == (clone if clone in panel_clones else ""), name


@pytest.fixture(scope="module")
def other_scenario(clinic, shared_data, tmp_path_factory):
    """Return a function that runs another scenario of the same world, calls taken over."""

    def run(name: str) -> tuple[dict, Path]:
        data, work = shared_data(name), tmp_path_factory.mktemp(name)
        for part in ("calls", "references", "sketches"):
            shutil.copytree(clinic[2] / ".oneclone" / part, work / ".oneclone" / part)
        snakemake(work, *config(data / "isolates.tsv", data / "panel", "tree={large_set: 0}"))
        return read_json(data / "truth.json"), work / "results"

    return run


def test_circulating_clone_distances_and_verdict(other_scenario):
    truth, results = other_scenario("mabs-circulating")
    assert check_close_pairs(truth, results) == 52
    verdict = read_json(results / "verdict.json")
    assert verdict["verdict"] == "indeterminate"
    assert "background_as_close" in verdict["reasons"]


def test_import_distances_regions_and_verdict(other_scenario):
    truth, results = other_scenario("mabs-import")
    assert check_close_pairs(truth, results) == 31
    verdict = read_json(results / "verdict.json")
    assert verdict["verdict"] == "single_clone"
    assert verdict["reasons"][-1] == "filtered_count_decides"
    (tract,) = truth["imports"]
    counted = pairs_by_name(results)
    others = set(truth["expected"]["clone_members"]) - {tract["isolate"]}
    for other in sorted(others):
        row = counted[ordered(other, tract["isolate"])]
        assert int(row["snps_raw"]) - int(row["snps"]) in range(80, tract["changes"] + 1)
    carriers = {row["carriers"] for row in rows(results / "distances/recombination.tsv")}
    assert tract["isolate"] in carriers


# --- Listeria monocytogenes, real drafts -------------------------------------------------------


PANEL_KEYS = {
    "genome_length_bp": [2_700_000, 3_300_000],
    "thresholds": {"linked": 20, "possible": 50, "unlinked": 100, "citation": "made for this test"},
    "ani": {"species_percent": 92.0, "subspecies_percent": 97.0, "citation": "made for this test"},
    "clone_max_snps": 500,
    "substitution_rate": {
        "per_site_per_year": 2e-7, "low": 1e-7, "high": 4e-7, "citation": "made for this test"
    },
}  # fmt: skip
LINEAGES = ("lineage II", "lineage I")
CLOSE_PAIRS = {("L01", "L02"), ("L03", "L04"), ("L05", "L06")}


def fill_in(panel: Path) -> None:
    """Do what the README of a new panel asks a person to do."""
    keys = yaml.safe_load((panel / "panel.yaml").read_text())
    (panel / "panel.yaml").write_text(yaml.safe_dump({**keys, **PANEL_KEYS}))
    started = rows(panel / "references.tsv")
    lines = ["\t".join(started[0])]
    for row, lineage in zip(started, LINEAGES, strict=True):
        row |= {"subspecies": lineage, "kind": "type_strain", "citation": "made for this test"}
        lines.append("\t".join(row.values()))
    (panel / "references.tsv").write_text("\n".join(lines) + "\n")


@pytest.fixture(scope="module")
def listeria(shared_data, tmp_path_factory) -> Path:
    """Return the results of ten drafts on a panel started from one reference of each lineage."""
    folder = tmp_path_factory.mktemp("listeria")
    drafts = shared_data("listeria-ringtrial10")
    panel = folder / "panel"
    curated = "listeria-polishing/ATCC_BAA-679_Listeria_monocytogenes.reference.fna.gz"
    given = [
        drafts.parent / curated,
        drafts.parent / "listeria-cfsan/CFSAN023463.HGAP.draft.fna.gz",
    ]
    for path in given:
        shared_data(path.parent.name)
    new_panel(panel, "Listeria monocytogenes", list(map(str, given)))
    with pytest.raises(InputRefused, match="17 problems"):
        check_panel(panel)
    fill_in(panel)
    assert check_panel(panel).warnings == ()
    table = ["isolate\tassembly\trole\tpatient"]
    for path in sorted(drafts.glob("*.fna.gz")):
        name = path.name.removesuffix(".fna.gz")[-3:]
        role = "case" if name <= "L06" else "context"
        table.append(f"{name}\t{path}\t{role}\tpatient {name}")
    (folder / "isolates.tsv").write_text("\n".join(table) + "\n")
    snakemake(folder / "work", *config(folder / "isolates.tsv", panel))
    return folder / "work/results"


def test_listeria_three_pairs_are_close_and_all_others_are_not(listeria):
    isolates = {row["isolate"] for row in rows(listeria / "typing.tsv")}
    assert len(isolates) == 10
    for pair, row in pairs_by_name(listeria).items():
        if pair in CLOSE_PAIRS:
            assert int(row["snps_raw"]) <= 3, pair  # nucmer: 5-12, all but 0, 1, 3 at contig ends
            assert int(row["callable_bp"]) > 2_700_000
        elif set(pair) <= isolates:
            assert int(row["snps"]) > DIFFERENT_STRAINS_SNPS, pair


def test_listeria_cases_are_three_clones_apart(listeria):
    verdict = read_json(listeria / "verdict.json")
    assert verdict["verdict"] == "multiple_clones"
    assert {tuple(clone["members"]) for clone in verdict["clones"]} == CLOSE_PAIRS
    judged = {tuple(clone["members"]): clone for clone in verdict["clones"]}
    # L01 and L02 alone have background of their lineage, of other sequence types.
    assert judged["L01", "L02"]["verdict"] == "single_clone"
    assert judged["L03", "L04"]["reasons"] == ["no_background"]
