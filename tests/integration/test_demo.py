"""The shipped demo outbreak through the whole workflow, as a user runs it."""

import base64
import gzip
import hashlib
import io
import os
import re
import shutil
import stat
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pysam
import pytest
from Bio import Phylo
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from oneclone.cli import app
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.schemas import load_schema
from oneclone.tables.simulated_folder import write_outbreak
from tests.documents.reading import quotations
from tests.finished_demo import demo_run
from tests.integration.workflow import (
    DEMO,
    ROOT,
    config,
    pairs_by_name,
    read_json,
    rows,
    snakemake,
)
from tests.pipeline import contents
from tests.reliability.trials import Part, case, trial

CONTRACT_COLUMNS = {
    "ledger.tsv": "isolate role state reason detail sha256 length_bp contigs n50_bp gc_percent "
    "ambiguous_bp",
    "typing.tsv": "isolate subspecies nearest_reference ani_percent aligned_percent panel_clone "
    "panel_clone_snps panel_clone_rule",
    "markers.tsv": "isolate locus position allele genotype meaning citation",
    "distances/pairs.tsv": "isolate_a isolate_b snps snps_raw callable_bp recombinant_bp "
    "snps_per_mb reference",
    "clusters.tsv": "isolate snp_0 snp_5 snp_10 snp_20 snp_30 snp_38 snp_100 snp_250 clone",
    "verdict_pairs.tsv": "isolate_a isolate_b verdict snps snps_raw callable_bp "
    "nearest_background_snps reason",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """Return the working directory of a run of the demo."""
    return demo_run(tmp_path_factory)


@pytest.fixture(scope="module")
def results(run) -> Path:
    return run / "results"


@pytest.fixture(scope="module")
def truth() -> dict:
    return read_json(DEMO / "truth.json")


@trial(
    Part.PRIVACY,
    "every file and folder that a run makes where the umask is 022, Snakemake's own log too",
    "nobody but its owner can reach it",
)
def test_no_file_of_a_run_can_be_reached_by_others(run):
    made = [path for path in run.iterdir() if path.name not in {"printed.txt", "registry.sqlite"}]
    assert {path.name for path in made} == {
        "results", "logs", "benchmarks", ".oneclone", ".snakemake"
    }  # fmt: skip
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700}
    assert stat.S_IMODE((run / "registry.sqlite").stat().st_mode) == 0o600
    files = [path for path in (run / "results").rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


# --- the shipped files -------------------------------------------------------------------------


def test_demo_files_are_what_the_simulator_makes(tmp_path: Path, truth):
    settings = SimulationSettings(truth["seed"], truth["genome_bp"], 8)
    outbreak = simulate(scenario(ScenarioName(truth["scenario"]), truth["genome_bp"]), settings)
    write_outbreak(tmp_path, outbreak)
    made, shipped = contents(tmp_path), contents(DEMO)
    assert sorted(made) == sorted(shipped)
    for name, content in made.items():
        if name.endswith(".gz"):  # another zlib may pack the same sequence otherwise
            assert gzip.decompress(content) == gzip.decompress(shipped[name]), name
        elif name.endswith("references.tsv"):
            without_sha256 = re.compile(rb"[0-9a-f]{64}")
            assert without_sha256.sub(b"", content) == without_sha256.sub(b"", shipped[name])
        else:
            assert content == shipped[name], name


def test_demo_is_small():
    assert sum(len(content) for content in contents(DEMO).values()) < 3_000_000


# --- the results -------------------------------------------------------------------------------


def test_demo_verdict_is_the_truth(results, truth):
    verdict, expected = read_json(results / "verdict.json"), truth["expected"]
    assert verdict["verdict"] == expected["verdict"] == "single_clone"
    assert verdict["exclusive"] is expected["exclusive"] is True
    assert verdict["distinct_from_panel"] is expected["distinct_from_panel"] is True
    assert [clone["members"] for clone in verdict["clones"]] == expected["clones"]
    assert verdict["not_assessed"] == [{"isolate": "PtC", "patient": "C", "reason": "no_isolate"}]
    (clone,) = verdict["clones"]
    assert clone["nearest_background"]["isolate"] == "CTX-near"
    assert clone["clinic_distance_km"] == pytest.approx(269, abs=0.5)
    assert clone["background"] == {"isolates": 20, "patients": 20, "countries": 6}


def test_demo_end_of_the_run_says_verdict_and_report(run, results):
    printed = (run / "printed.txt").read_text()
    sentence = read_json(results / "verdict.json")["sentence"]
    assert sentence in printed
    assert f"Report: {results / 'report.html'}" in printed
    assert re.search(r"Calling bases: \S+ and \d+ more \(batch 1 of \d+\)", printed)
    assert "30 rows of the isolate table against 7 references" in printed
    assert "36 assemblies to call, 0 known from earlier runs" in printed
    assert "100%) done" in printed


@pytest.mark.parametrize("name", ["README.md", "docs/reading.md"])
def test_demo_documents_quote_its_sentence(results, name):
    quoted = quotations((ROOT / name).read_text("utf-8"))
    assert read_json(results / "verdict.json")["sentence"] in quoted


def test_demo_every_distance_is_right(results, truth):
    pairs = pairs_by_name(results)
    close = missed = 0
    for true in truth["pairs"]:
        row = pairs.get((true["first"], true["second"]))
        if row is None:  # a later isolate, or a quarantined one
            continue
        raw, snps = int(row["snps_raw"]), int(row["snps"])
        assert raw <= true["raw"], f"{true} {row}"
        assert snps <= true["clonal"], f"{true} {row}"
        if true["raw"] <= 100:
            close += true["clonal"]
            missed += true["clonal"] - snps
            assert true["clonal"] - snps <= 1 + 0.08 * true["clonal"], f"{true} {row}"
            assert int(row["callable_bp"]) >= 0.9 * true["shared_bp"], f"{true} {row}"
    assert missed <= 0.05 * close
    assert pairs["PtA-CSF", "PtB-elbow"]["snps"] == "3"


def test_demo_ledger_accounts_for_every_row(results, truth):
    ledger = {row["isolate"]: row for row in rows(results / "ledger.tsv")}
    table = {row["isolate"]: row for row in rows(DEMO / "isolates.tsv")}
    panel = {row["reference"]: row for row in rows(DEMO / "panel" / "references.tsv")}
    assert list(ledger) == sorted({*table, *panel})
    assert all(ledger[name]["role"] == "reference" for name in panel)
    assert all(ledger[name]["sha256"] == panel[name]["sha256"] for name in panel)
    unused = {name: row["reason"] for name, row in ledger.items() if row["state"] != "used"}
    assert unused == {**truth["quarantined"], "PtC": "no_isolate"}
    for name, row in ledger.items():
        if row["state"] == "used" and name in table:
            assembly = (DEMO / table[name]["assembly"]).read_bytes()
            assert row["sha256"] == hashlib.sha256(assembly).hexdigest()
            assert int(row["contigs"]) == truth["contigs"][name]


def test_demo_typing_is_the_simulated_one(results):
    typing = {row["isolate"]: row for row in rows(results / "typing.tsv")}
    kinds = {"DCC1": "abscessus", "DCC2": "abscessus", "bol": "bolletii"}
    for name, row in typing.items():
        lineage = name.split("-")[1]
        assert row["subspecies"] == kinds.get(lineage, "massiliense"), name
        expected = lineage if lineage.startswith("DCC") else ""
        assert row["panel_clone"] == expected, name
        assert row["panel_clone_rule"] == ("nearest" if expected else "none")


@pytest.mark.parametrize("name", CONTRACT_COLUMNS)
def test_demo_tables_have_the_columns_of_the_contract_and_are_sorted(results, name):
    lines = (results / name).read_text(encoding="utf-8").splitlines()
    header = lines[0].split("\t")
    wanted = CONTRACT_COLUMNS[name].split()
    assert [column for column in header if column in wanted] == wanted
    keys = [tuple(line.split("\t")[: 2 if "pairs" in name else 1]) for line in lines[1:]]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_demo_matrix_agrees_with_pairs(results):
    pairs = pairs_by_name(results)
    matrix = {row["isolate"]: row for row in rows(results / "distances/matrix.tsv")}
    for one, row in matrix.items():
        for two in matrix:
            expected = "0" if one == two else pairs[min(one, two), max(one, two)]["snps"]
            assert row[two] == expected


def test_demo_tree_has_every_used_isolate_and_reference_as_a_tip(results):
    used = {row["isolate"] for row in rows(results / "ledger.tsv") if row["state"] == "used"}
    tree = Phylo.read(io.StringIO((results / "tree/core.nwk").read_text()), "newick")
    assert {tip.name for tip in tree.get_terminals()} == used
    assert len(tree.root.clades) == 2
    supports = [node.confidence for node in tree.get_nonterminals() if node.confidence is not None]
    assert len(supports) > len(used) / 2
    cases = tree.common_ancestor("PtA-CSF", "PtB-elbow")
    assert {tip.name for tip in cases.get_terminals()} == {"PtA-CSF", "PtB-elbow"}


def test_demo_core_alignment_is_variable_and_complete(results):
    records = (results / "alignment/core.snps.fasta").read_text().split(">")[1:]
    names = [record.split("\n")[0].split(" ", 1)[1] for record in records]
    sequences = [record.split("\n")[1] for record in records]
    used = {row["isolate"] for row in rows(results / "ledger.tsv") if row["state"] == "used"}
    assert set(names) == used
    assert all(re.fullmatch(r"I[0-9a-f]{10} .+", record.split("\n")[0]) for record in records)
    assert len({len(sequence) for sequence in sequences}) == 1
    assert all(len({*column} - {"N"}) > 1 for column in zip(*sequences, strict=True))


def test_demo_core_size_agrees_between_its_tables_and_the_alignment(results):
    about = read_json(results / "alignment/core.json")
    curve = rows(results / "alignment/core_curve.tsv")
    sizes = [int(row["core_bp"]) for row in curve]
    assert len(curve) == about["taxa"]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[about["min_isolates"] - 1] == about["core_bp"]
    assert about["core_bp"] == about["variable_sites"] + sum(about["constant"])
    left_out = rows(results / "alignment/core_by_isolate.tsv")
    used = {row["isolate"] for row in rows(results / "ledger.tsv") if row["state"] == "used"}
    assert [row["isolate"] for row in left_out] == sorted(used)
    for row in left_out:
        assert int(row["callable_bp"]) <= about["unmasked_bp"]
        assert int(row["core_bp_without"]) - about["core_bp"] == int(row["gain_bp"])
    reference = next(row for row in left_out if row["isolate"] == about["reference"])
    assert reference["missing_core_bp"] == "0"


def test_demo_verdict_follows_its_schema_and_explains_every_code(results):
    verdict = read_json(results / "verdict.json")
    Draft202012Validator(load_schema("verdict")).validate(verdict)
    codes = {*verdict["reasons"], *verdict["caveats"]}
    assert codes <= set(verdict["explanations"])


def test_demo_no_result_holds_a_path_or_a_date(run, results):
    for name, content in contents(results, ["provenance"]).items():
        assert str(run).encode() not in content, name
        assert str(ROOT).encode() not in content, name
        without_scripts = re.sub(rb"<script>.*?</script>", b"", content, flags=re.DOTALL)
        assert not re.search(rb"20[0-9]{2}-[0-9]{2}-[0-9]{2}T", without_scripts), name


def test_demo_provenance_names_what_the_run_did(results):
    run = read_json(results / "provenance/run.json")
    assert run["isolates_called"] == 36
    assert [row["kind"] for row in rows(results / "changes.tsv")] == []
    assert run["pairs_counted"] == len(rows(results / "distances/pairs.tsv"))
    assert run["started"] <= run["finished"]
    for line in (results / "provenance/manifest.sha256").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((results / name).read_bytes()).hexdigest() == digest


def test_demo_figures_show_every_isolate_and_say_how_many(results):
    used = {row["isolate"] for row in rows(results / "ledger.tsv") if row["state"] == "used"}
    folder = results / "figures"
    for name in ("tree", "heatmap", "spanning_tree"):
        drawn = ET.parse(folder / f"{name}.svg").getroot()  # noqa: S314 (our own file)
        shown = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
        assert used <= set(shown), name
        assert any("35 of 35 used isolates" in text for text in shown if text), name
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    captions = (folder / "captions.txt").read_text()
    assert [line for line in captions.splitlines() if re.fullmatch("[a-z_]+", line)] == [
        "tree", "heatmap", "spanning_tree", "closeness",
    ]  # fmt: skip
    assert captions.count("35 of 35") == 3
    assert captions.count("Bryant 2013") == 3


@case(
    46,
    "markup in the investigation's name and Snakemake's own report",
    "no markup of the user's in it",
)
def test_demo_report_of_snakemake_holds_report_and_figures_and_no_markup_of_a_user(
    tmp_path: Path, run
):
    work, report = tmp_path / "work", tmp_path / "report.zip"
    shutil.copytree(run, work, symlinks=True)
    mine = "investigation=</script><b>{{7*7}}"
    snakemake(work, "--report", str(report), "--config", mine)
    with zipfile.ZipFile(report) as opened:
        names = {name.rsplit("/", 1)[-1]: name for name in opened.namelist()}
        page = opened.read("report/report.html").decode()
        assert opened.read(names["tree.svg"]) == (work / "results/figures/tree.svg").read_bytes()
    assert {"verdict.json", "heatmap.svg", "spanning_tree.svg", "closeness.svg"} <= set(names)
    assert {"ledger.tsv", "typing.tsv", "markers.tsv", "clusters.tsv"} <= set(names)
    assert "Minimum spanning tree of the SNP distances" in page
    assert "{{7*7}}" in page
    assert "</script><b>" not in page
    assert str(work) not in page


def test_demo_exports_have_the_used_isolates_and_references_as_tips(results):
    used = {row["isolate"] for row in rows(results / "ledger.tsv") if row["state"] == "used"}
    names = rows(results / "exports/id_map.tsv")
    assert {row["isolate"] for row in names if row["state"] == "used"} == used
    project = read_json(results / "exports/oneclone.microreact")
    blob = project["files"][project["trees"]["tree-1"]["file"]]["blob"]
    of_microreact = base64.b64decode(blob.partition(",")[2]).decode()
    for text in ((results / "exports/itol/tree.nwk").read_text(), of_microreact):
        tree = Phylo.read(io.StringIO(text), "newick")
        assert sorted(tip.name for tip in tree.get_terminals()) == sorted(
            row["microreact"] for row in names if row["state"] == "used"
        )
    auspice = (results / "exports/auspice.json").read_text()
    assert set(re.findall(r'"isolate": {"value": "([^"]+)"}', auspice)) == used


def test_demo_core_sites_are_those_of_the_species_reference_and_of_the_exported_vcf(results):
    sites = rows(results / "alignment/core_sites.tsv")
    about = read_json(results / "alignment/core.json")
    records = (results / "alignment/core.snps.fasta").read_text().split(">")[1:]
    bases = {record.split("\n")[0].split(" ", 1)[1]: record.split("\n")[1] for record in records}
    assert len(sites) == about["variable_sites"]
    own = bases[about["reference"]]
    assert {(site["reference_base"], base) for site, base in zip(sites, own, strict=True)} <= {
        (base, called) for base in "ACGT" for called in (base, "N")
    }
    with pysam.VariantFile(str(results / "exports/core.vcf.gz")) as opened:
        assert [[name, length] for name, length in about["contigs"]] == [
            [each.name, each.length] for each in opened.header.contigs.values()
        ]
        for place, record in enumerate(opened):
            assert (record.chrom, str(record.pos), record.ref) == tuple(sites[place].values())
            called = {name: each.alleles[0] or "N" for name, each in record.samples.items()}
            assert called == {name: each[place] for name, each in bases.items()}
    assert place == len(sites) - 1


# --- again -------------------------------------------------------------------------------------


def test_demo_second_run_has_nothing_to_do(run):
    assert "Nothing to be done" in snakemake(run).stdout


@case(
    56,
    "results edited (size and date kept) and emptied, then the same command",
    "named, made again byte for byte, and nothing else is computed",
)
def test_demo_altered_results_are_made_again(tmp_path: Path, run, results):
    work = tmp_path / "work"
    shutil.copytree(run, work, symlinks=True)
    report, table = work / "results/report.html", work / "results/exports/distances.phy"
    status, content = report.stat(), report.read_bytes()
    report.write_bytes(content.replace(b"single clone", b"no one clone"))
    os.utime(report, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert report.stat().st_size == status.st_size
    table.write_bytes(b"")
    assert CliRunner().invoke(app, ["check", "--directory", str(work)]).exit_code == 1
    printed = snakemake(work).stdout
    altered = ["results/exports/distances.phy", "results/report.html"]
    for name in altered:
        assert f"warning: {name} was altered after a job wrote it; it is made again" in printed
    assert "4 of 4 steps" in printed  # report, exports, provenance, and all of them together
    assert contents(work / "results", ["provenance"]) == contents(results, ["provenance"])
    assert read_json(work / "results/provenance/run.json")["altered"] == altered
    done = CliRunner().invoke(app, ["check", "--directory", str(work)])
    assert done.exit_code == 0, done.output
    assert "Nothing to be done" in snakemake(work).stdout


@case(
    54,
    "working directory and input in paths with blanks, umlauts, quotes, `&` and `$`",
    "the same results, byte for byte",
)
@case(
    59,
    "locale C, another time zone, `PYTHONHASHSEED`, number of threads and order of the rows",
    "the same results, byte for byte",
)
def test_demo_other_folder_order_threads_and_locale_give_the_same_bytes(tmp_path: Path, results):
    folder = tmp_path / "a folder & ümlaut '1' \"2\" $HOME"
    shutil.copytree(DEMO, folder)
    table = folder / "isolates.tsv"
    header, *body = table.read_text().splitlines()
    table.write_text("\n".join([header, *reversed(body)]) + "\n")
    environment = {"LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7"}
    work = tmp_path / "wörk & 'place' \"2\" $PATH"
    options = ("--cores=1", *config(table, folder / "panel"))
    snakemake(work, *options, environment=environment)
    assert contents(work / "results", ["provenance"]) == contents(results, ["provenance"])


def test_demo_patient_c_costs_two_isolates_and_changes_no_old_number(tmp_path: Path, run, truth):
    work = tmp_path / "work"
    shutil.copytree(run, work, symlinks=True)
    before = (work / "results/distances/pairs.tsv").read_text().splitlines()
    (clone,) = read_json(work / "results/verdict.json")["clones"]
    later = [f"isolates={DEMO / 'isolates-later.tsv'}", f"panel={DEMO / 'panel'}"]
    printed = snakemake(work, "--config", *later).stdout
    results = work / "results"
    assert f"recorded as run 2 in {work / 'registry.sqlite'}" in printed
    changes = {(r["kind"], r["subject"], r["after"]) for r in rows(results / "changes.tsv")}
    (unchanged,) = [each for each in changes if each[0] == "distances_unchanged"]
    assert unchanged[1] == f"{len(before) - 1} of {len(before) - 1} pairs"
    new = ("PtC-kneeL", "PtC-kneeR")
    assert changes - {unchanged} == {
        *(("new_isolate", name, "used") for name in new),
        *(("joined", name, clone["name"]) for name in new),
        ("withdrawn", "PtC", ""),
    }
    said = (results / "report.html").read_text()
    assert f"PtC-kneeL and PtC-kneeR joined {clone['name']}." in said
    assert "Nothing to be done" in snakemake(work, "--config", *later).stdout
    figures = read_json(results / "provenance/run.json")
    assert (figures["isolates_called"], figures["calls_computed"]) == (2, 4)
    after = (results / "distances/pairs.tsv").read_text().splitlines()
    assert set(before) <= set(after)
    verdict, expected = read_json(results / "verdict.json"), truth["expected_later"]
    assert verdict["verdict"] == expected["verdict"]
    assert [clone["members"] for clone in verdict["clones"]] == expected["clones"]
    assert verdict["clones"][0]["clinics"] == ["Clinic 1", "Clinic 2", "Clinic 3"]
    assert verdict["clones"][0]["name"] == clone["name"]
    assert "of 3 patients from 3 clinics" in verdict["sentence"]
    assert verdict["not_assessed"] == []


def test_demo_metadata_only_starts_no_sequence_job(tmp_path: Path, run):
    work, mine = tmp_path / "work", tmp_path / "mine"
    shutil.copytree(run, work, symlinks=True)
    shutil.copytree(DEMO, mine)
    table = mine / "isolates.tsv"
    table.write_text(table.read_text().replace("United Kingdom", "France"))
    printed = snakemake(work, *config(table, mine / "panel")).stdout
    assert "Calling bases" not in printed
    assert "Counting SNP distances" not in printed
    assert "Judging pairs" in printed
    for name in ("report.html", "exports/auspice.tsv", "exports/pha4ge_metadata.tsv"):
        assert "France" in (work / "results" / name).read_text(), name
