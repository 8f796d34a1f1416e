"""Small simulated outbreaks through every step: verdicts, odd cohorts, invariances."""

import gzip
import io
import json
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from Bio import Phylo
from jsonschema import Draft202012Validator

from oneclone.sequences import decode
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.fasta import read_assembly
from oneclone.tables.schemas import load_schema
from oneclone.tables.simulated_folder import write_outbreak
from tests.documents.reading import quotations
from tests.expectations import check
from tests.integration.workflow import ROOT, pairs_by_name, read_json, rows
from tests.pipeline import Pipeline
from tests.reliability.trials import case

HOSTILE = [
    "$(touch PWNED)",
    "`touch PWNED`; rm -rf x & #",
    "../../escaped",
    "-n",
    "{wildcard} %s {{7*7}} ${HOME}",
    "<img src=x onerror=alert(1)></script>",
    "=cmd|' /C calc'!A0",
    'it\'s "quoted", (a:b);[c]',
    "\u202ereversed \U0001f9a0 e\u0301",
    "NA",
    "001",
    "x" * 300,
]


def make(folder: Path, name: ScenarioName, seed: int = 1, genome_bp: int = 60_000) -> Path:
    settings = SimulationSettings(seed, genome_bp, 4)
    write_outbreak(folder, simulate(scenario(name, genome_bp), settings))
    return folder


@pytest.fixture(scope="module")
def outbreak(tmp_path_factory) -> Path:
    """Return a small point source, to be copied and changed."""
    return make(tmp_path_factory.mktemp("outbreak"), ScenarioName.POINT_SOURCE)


def table_rows(folder: Path, *prefixes: str) -> list[str]:
    lines = (folder / "isolates.tsv").read_text().splitlines()[1:]
    return [line for line in lines if line.startswith(prefixes)]


def write_table(folder: Path, lines: list[str]) -> Path:
    header = (folder / "isolates.tsv").read_text().splitlines()[0]
    path = folder / "mine.tsv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def run(work: Path, folder: Path, table: Path | None = None, *, drawn=False, **config) -> Path:
    """Run all steps; the whole tree comes from distances, which no verdict depends on."""
    config.setdefault("tree", {"large_set": 0})
    pipeline = Pipeline(work, table or folder / "isolates.tsv", folder / "panel", **config)
    results = pipeline.run()
    if drawn:
        pipeline.draw()
        pipeline.export()
    verdict = read_json(results / "verdict.json")
    Draft202012Validator(load_schema("verdict")).validate(verdict)
    Draft202012Validator(load_schema("time")).validate(read_json(results / "time.json"))
    return results


# --- verdicts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "genome_bp"),
    [
        (ScenarioName.POINT_SOURCE, 60_000),
        (ScenarioName.CIRCULATING_CLONE, 60_000),
        (ScenarioName.TWO_CLONES, 60_000),
        (ScenarioName.IMPORT, 200_000),
    ],
)
def test_scenario_verdict_is_the_truth_before_and_after_patient_c(tmp_path: Path, name, genome_bp):
    folder = make(tmp_path / "outbreak", name, seed=11, genome_bp=genome_bp)
    made = scenario(name, genome_bp)
    true = {(p["first"], p["second"]): p for p in read_json(folder / "truth.json")["pairs"]}
    for table, expected in (
        ("isolates.tsv", made.expected),
        ("isolates-later.tsv", made.expected_later),
    ):
        results = run(tmp_path / "work", folder, folder / table)
        verdict = read_json(results / "verdict.json")
        check(verdict, expected)
        check_robustness(verdict)
        if name is ScenarioName.CIRCULATING_CLONE and table == "isolates.tsv":
            told = (ROOT / "docs" / "reading.md").read_text("utf-8")
            assert verdict["sentence"] in quotations(told)
        for pair, row in pairs_by_name(results).items():
            if row["filter"] in {"nothing_removed", "decides"}:
                assert int(row["snps"]) <= true[pair]["clonal"]
        if name is ScenarioName.IMPORT:
            (stretch, *_) = verdict["clones"][0]["removed_stretches"]
            assert stretch["carriers"] == "PtB-elbow"


def check_robustness(verdict: dict) -> None:
    """Every clone of two patients was tried in every way, and no decisive run disagrees."""
    runs = verdict["robustness"]["runs"]
    tried = {clone["name"]: clone for clone in verdict["clones"] if len(clone["patients"]) > 1}
    assert {run["clone"] for run in runs} == set(tried)
    for name, clone in tried.items():
        own = [run for run in runs if run["clone"] == name]
        kinds = [run["run"] for run in own]
        assert kinds.count("species_reference") == kinds.count("raw_counts") == 1
        assert [run["subject"] for run in own if run["run"] == "core_level"] == ["90 %", "100 %"]
        by_kind = {run["run"]: run for run in own}
        assert by_kind["raw_counts"]["max_snps"] == clone["max_snps_raw"]
        assert "split 31-mers differ" in by_kind["alignment_free"]["note"]
        cores = [run for run in own if run["run"] == "core_level"]
        sizes = [int(run["note"].split()[3]) for run in cores if run["made"]]
        assert sizes == sorted(sizes, reverse=True)
        assert len(set(sizes)) == len(sizes) == (2 if clone["verdict"] == "single_clone" else 0)
        left_out = [run["subject"] for run in own if run["run"] == "without_case"]
        patients = [name[:3] for name in clone["members"]]
        assert left_out == [
            name
            for name, patient in zip(clone["members"], patients, strict=True)
            if len(set(patients)) > 2 or patients.count(patient) > 1
        ]
    assert verdict["robustness"]["changed_by"] == []


# --- odd cohorts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "verdict", "reason"),
    [
        (["PtC\t"], "not_assessable", "fewer_than_two_patients"),
        (["PtA"], "not_assessable", "fewer_than_two_patients"),
        (["PtA", "PtB"], "indeterminate", "no_background"),
        (["PtA", "PtB", "CTX-DCC1-1"], "indeterminate", "no_background"),
        (["PtA", "PtB", "CTX-mid"], "single_clone", "exclusive_clade"),
        (["CTX-mid"], "not_assessable", "fewer_than_two_patients"),
    ],
)
@case(
    38,
    "no, one, two or three isolates",
    "a verdict and a report; `fewer_than_two_patients` or `no_background` where nothing can be "
    "concluded",
)
def test_small_cohorts_have_a_verdict_and_a_report(
    tmp_path: Path, outbreak, names, verdict, reason
):
    folder = shutil.copytree(outbreak, tmp_path / "outbreak")
    results = run(tmp_path / "work", folder, write_table(folder, table_rows(folder, *names)))
    found = read_json(results / "verdict.json")
    assert (found["verdict"], reason in found["reasons"]) == (verdict, True)
    assert found["sentence"] in (results / "report.html").read_text()


def without_subspecies(folder: Path) -> None:
    """Turn the panel into one of a single reference without subspecies."""
    table = folder / "panel/references.tsv"
    header, *lines = table.read_text().splitlines()
    (line,) = [line for line in lines if line.startswith("MAS_TYPE")]
    table.write_text(f"{header}\n{line.replace('massiliense', '')}\n")
    panel = folder / "panel/panel.yaml"
    text = panel.read_text().replace("species_reference: ABS_TYPE", "species_reference: MAS_TYPE")
    panel.write_text(text)


def test_panel_of_one_reference_without_subspecies_or_clones(tmp_path: Path, outbreak):
    folder = shutil.copytree(outbreak, tmp_path / "outbreak")
    without_subspecies(folder)
    names = ("PtA", "PtB", "CTX-near", "CTX-mid", "CTX-DCC3")
    results = run(tmp_path / "work", folder, write_table(folder, table_rows(folder, *names)))
    found = read_json(results / "verdict.json")
    assert (found["verdict"], found["distinct_from_panel"]) == ("single_clone", None)
    assert "The panel has no reference clones to compare with." in found["sentence"]
    assert {row["reference"] for row in rows(results / "distances/pairs.tsv")} == {"MAS_TYPE"}
    assert {row["subspecies"] for row in rows(results / "typing.tsv")} == {""}


@case(
    35,
    "a reference strain among the cases",
    "`identical_assembly` names the reference whose genome it is",
)
@case(
    38,
    "isolates that are all identical to the only reference",
    "0 SNPs everywhere, a star as tree, verdict and report",
)
def test_two_cases_and_the_reference_alone_are_all_identical(tmp_path: Path, outbreak):
    """Zero SNPs everywhere: no crash, a star as a tree, and no clone without background."""
    folder = shutil.copytree(outbreak, tmp_path / "outbreak")
    without_subspecies(folder)
    shutil.copy(folder / "panel/asm/MAS_TYPE.fna.gz", folder / "asm/PtA-CSF.fna.gz")
    shutil.copy(folder / "panel/asm/MAS_TYPE.fna.gz", folder / "asm/PtB-elbow.fna.gz")
    table = write_table(folder, table_rows(folder, "PtA", "PtB"))
    results = run(tmp_path / "work", folder, table, drawn=True)
    assert {row["snps"] for row in rows(results / "distances/pairs.tsv")} == {"0"}
    captions = (results / "figures/captions.txt").read_text()
    assert "2 of 2 are dashed" in captions
    assert "References: 1 (0 SNPs)" in captions
    tree = (results / "tree/core.nwk").read_text()
    assert sorted(tree.strip("();\n").replace(":0", "").split(",")) == [
        "'MAS_TYPE'",
        "PtA-CSF",
        "PtB-elbow",
    ]
    ledger = {row["isolate"]: row for row in rows(results / "ledger.tsv")}
    assert ledger["PtA-CSF"]["reason"] == "identical_assembly"
    assert ledger["PtA-CSF"]["detail"] == "the same genome as MAS_TYPE, PtB-elbow"


@case(
    27,
    "another species, and half a genome, among good isolates",
    "quarantined, `wrong_species` and `too_short`; the verdict on the others stands",
)
def test_assembly_of_another_species_and_half_a_genome_are_quarantined(tmp_path: Path, outbreak):
    folder = shutil.copytree(outbreak, tmp_path / "outbreak")
    foreign = simulate(
        scenario(ScenarioName.POINT_SOURCE, 60_000), SimulationSettings(99, 60_000, 4)
    )
    contigs = [decode(contig) for contig in foreign.drafts["PtA-CSF"].contigs]
    (folder / "asm/CTX-mid.fna.gz").write_text(
        "".join(f">c{i}\n{c}\n" for i, c in enumerate(contigs))
    )
    names = ("PtA", "PtB", "CTX-near", "CTX-mid", "CTX-DCC2-3", "CTX-DCC3")
    results = run(tmp_path / "work", folder, write_table(folder, table_rows(folder, *names)))
    ledger = {row["isolate"]: row for row in rows(results / "ledger.tsv")}
    assert (ledger["CTX-mid"]["state"], ledger["CTX-mid"]["reason"]) == (
        "quarantined",
        "wrong_species",
    )
    assert "no panel reference is similar enough" in ledger["CTX-mid"]["detail"]
    assert ledger["CTX-DCC2-3"]["reason"] == "too_short"
    assert "the species has at least 48000" in ledger["CTX-DCC2-3"]["detail"]
    assert read_json(results / "verdict.json")["verdict"] == "single_clone"


@case(
    29,
    "a case with too few comparable bases",
    "quarantined, `too_ambiguous`; where the settings let it in, the pair is "
    "`not_assessable` (`below_callable_floor`) with its bases and no SNP count",
)
def test_case_with_half_of_its_bases_ambiguous_is_not_assessed(tmp_path: Path, outbreak):
    folder = shutil.copytree(outbreak, tmp_path / "outbreak")
    path = folder / "asm/PtB-elbow.fna.gz"
    contigs = read_assembly(path, 10**6).contigs
    path.write_text(
        "".join(f">{i}\n{'N' * 9000 + c.decode()[9000:]}\n" for i, c in enumerate(contigs))
    )
    table = write_table(folder, table_rows(folder, "PtA", "PtB", "CTX-mid"))
    results = run(tmp_path / "work", folder, table)
    found = read_json(results / "verdict.json")
    assert found["verdict"] == "not_assessable"
    assert found["not_assessed"] == [
        {"isolate": "PtB-elbow", "patient": "B", "reason": "too_ambiguous"}
    ]
    lenient = run(tmp_path / "lenient", folder, table, calling={"max_ambiguous_percent": 100})
    (pair,) = rows(lenient / "verdict_pairs.tsv")
    assert (pair["verdict"], pair["reason"]) == ("not_assessable", "below_callable_floor")
    assert (pair["snps"], int(pair["callable_bp"]) > 0) == ("", True)


# --- markers and mixtures ----------------------------------------------------------------------


@case(
    28,
    "a second strain's contigs and two-base codes in an assembly",
    "used, flagged `duplicated_core` or `two_base_codes`; caveat `possible_mixture` names the case",
)
def test_markers_and_signs_of_mixtures_reach_table_ledger_verdict_and_report(
    tmp_path: Path, outbreak
):
    folder = shutil.copytree(outbreak, tmp_path / "outbreak")
    reference = read_assembly(folder / "panel/asm/ABS_TYPE.fna.gz", 10**6)
    base = reference.contigs[0][29_999:30_000].decode()
    header = "locus gene kind contig start end strand reference_allele variants reference_meaning"
    header += " variant_meaning truncated_meaning label citation note"
    cells = ["a site", "g", "site", reference.names[0], "30000", "30000", "+", base]
    cells += [
        "AC".replace(base, "")[:1],
        "as the reference",
        "changed",
        "",
        "",
        "a study",
        "",
    ]
    lines = ["\t".join(header.split()), "\t".join(cells)]
    (folder / "panel/loci.tsv").write_text("\n".join(lines) + "\n")
    case, context = folder / "asm/PtB-elbow.fna.gz", folder / "asm/CTX-mid.fna.gz"
    contigs = [contig.decode() for contig in read_assembly(case, 10**6).contigs]
    contigs[0] = f"{contigs[0][:2000]}RYR{contigs[0][2003:]}"
    case.write_text("".join(f">{i}\n{c}\n" for i, c in enumerate(contigs)))
    other = read_assembly(folder / "asm/CTX-DCC3-1.fna.gz", 10**6).contigs
    both = [*read_assembly(context, 10**6).contigs, max(other, key=len)[:5000]]
    context.write_text("".join(f">{i}\n{c.decode()}\n" for i, c in enumerate(both)))
    names = ("PtA", "PtB", "CTX-near", "CTX-mid", "CTX-DCC3-2")
    results = run(tmp_path / "work", folder, write_table(folder, table_rows(folder, *names)))
    markers = rows(results / "markers.tsv")
    used = [row["isolate"] for row in rows(results / "typing.tsv")]
    assert [(row["isolate"], row["locus"], row["position"]) for row in markers] == [
        (name, "a site", "30000") for name in sorted(used)
    ]
    assert {row["genotype"] for row in markers} <= {"reference", "variant", "not_covered"}
    ledger = {row["isolate"]: row for row in rows(results / "ledger.tsv")}
    assert ledger["PtB-elbow"]["reason"] == "two_base_codes"
    assert "3 codes for two or three bases in" in ledger["PtB-elbow"]["detail"]
    assert "duplicated_core" in ledger["CTX-mid"]["reason"]
    assert ledger["CTX-mid"]["state"] == ledger["PtB-elbow"]["state"] == "used"
    assert ledger["PtA-CSF"]["reason"] == ""
    verdict = read_json(results / "verdict.json")
    Draft202012Validator(load_schema("verdict")).validate(verdict)
    assert verdict["verdict"] == "single_clone"
    assert "possible_mixture" in verdict["caveats"]
    (mixture,) = verdict["suspected_mixtures"]
    assert (mixture["isolate"], mixture["signs"]) == ("PtB-elbow", ["two_base_codes"])
    html = (results / "report.html").read_text()
    assert "may be a mixed or contaminated culture" in html
    assert "A genotype is not a susceptibility test." in html
    assert ">a site<" in html


# --- names -------------------------------------------------------------------------------------


@case(
    46,
    "names with markup in report and figures",
    "text in the report, no element that is not the report's own",
)
@case(
    44,
    "names with a right-to-left override, emoji and combining marks",
    "kept as typed in every result",
)
@case(43, "names with wildcards, format strings and templates", "kept as typed in every result")
@case(
    42,
    "names that are paths, and one of 300 letters",
    "kept as typed in every result; no file outside the results",
)
@case(
    41,
    "names with shell commands, quotes, a leading - and other signs of a shell",
    "kept as typed in every result; no command ran, no file appeared",
)
def test_hostile_names_are_kept_as_typed_and_inert(tmp_path: Path, outbreak):
    folder = shutil.copytree(outbreak, tmp_path / "outbreak")
    lines = table_rows(folder, "PtA", "PtB", "CTX-near", "CTX-mid", "CTX-DCC3", "CTX-mas")
    renamed = [
        "\t".join([name, *line.split("\t")[1:4], name, *line.split("\t")[5:]])
        for name, line in zip(HOSTILE, lines, strict=False)
    ]
    assert len(renamed) == 12
    results = run(tmp_path / "work", folder, write_table(folder, renamed), drawn=True)
    used = {row["isolate"] for row in rows(results / "ledger.tsv") if row["role"] != "reference"}
    assert used == set(HOSTILE)
    assert {row["isolate"] for row in rows(results / "clusters.tsv")} == set(HOSTILE)
    verdict = read_json(results / "verdict.json")
    assert set(verdict["clones"][0]["members"]) == set(HOSTILE[:2])
    tree = Phylo.read(io.StringIO((results / "tree/core.nwk").read_text()), "newick")
    assert set(HOSTILE) <= {tip.name for tip in tree.get_terminals()}
    html = (results / "report.html").read_text()
    page = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)  # those of the report itself
    assert "<img" not in page
    data = {f'<script type="application/json" id="{name}">' for name in ("data", "atlas")}
    assert set(re.findall(r"<script[^>]*>", page)) <= data
    for path in (results / "figures").glob("*.svg"):
        kinds = {element.tag.split("}")[1] for element in ET.parse(path).iter()}  # noqa: S314 (ours)
        assert kinds <= {"svg", "title", "g", "rect", "line", "path", "circle", "polygon", "text"}
    for path in (tmp_path, Path.cwd(), tmp_path.parent):
        assert not (path / "PWNED").exists()
    assert not list(tmp_path.parent.rglob("*escaped*"))


def test_large_set_has_a_tree_from_distances_and_the_same_verdict(tmp_path: Path, outbreak):
    folder = shutil.copytree(outbreak, tmp_path / "outbreak")
    table = write_table(folder, table_rows(folder, "PtA", "PtB", "CTX-near", "CTX-mid", "CTX-mas"))
    abouts, tips, verdicts = [], [], []
    for config in (
        {"tree": {"large_set": 100}},
        {"tree": {"large_set": 0}},
    ):  # the second run finds all calls made
        results = run(tmp_path / "work", folder, table, **config)
        abouts.append(read_json(results / "tree/core.json"))
        tree = Phylo.read(io.StringIO((results / "tree/core.nwk").read_text()), "newick")
        tips.append({tip.name for tip in tree.get_terminals()})
        verdicts.append(read_json(results / "verdict.json"))
        del verdicts[-1]["settings"], verdicts[-1]["versions"]
    assert all(node.branch_length >= 0 for node in tree.find_clades() if node.branch_length)
    assert "IQ-TREE binary is on the path" in abouts[0]["engine_reason"]
    assert abouts[1]["engine"].startswith("scikit-bio ")
    assert abouts[1]["support_kind"] == "local_bootstrap"
    count = abouts[1]["taxa"]
    because = f"{count} isolates and references are more than the 0 of tree.large_set"
    assert abouts[1]["engine_reason"] == because
    assert tips[0] == tips[1]
    assert len(tips[0]) == count
    assert verdicts[0] == verdicts[1]
    html = (results / "report.html").read_text()
    assert f"this engine because {because}" in html
    assert "support: local bootstrap" in html


# --- invariances -------------------------------------------------------------------------------


def test_masked_regions_of_the_panel_count_for_no_isolate(tmp_path: Path, outbreak):
    folder = shutil.copytree(outbreak, tmp_path / "outbreak")
    table = write_table(folder, table_rows(folder, "PtA", "PtB", "CTX-near"))
    open_run = run(tmp_path / "open", folder, table)
    names = {name: f"{name}_chromosome" for name in ("ABS_TYPE", "MAS_TYPE", "BOL_TYPE")}
    for name, contig in names.items():
        path = folder / f"panel/asm/{name}.fna.gz"
        path.write_bytes(
            gzip.decompress(path.read_bytes()).replace(b">contig1", f">{contig}".encode())
        )
    header, *lines = (folder / "panel/references.tsv").read_text().splitlines()
    lines = ["\t".join([*line.split("\t")[:2], "", *line.split("\t")[3:]]) for line in lines]
    (folder / "panel/references.tsv").write_text("\n".join([header, *lines]) + "\n")
    (folder / "panel/mask.bed").write_text("MAS_TYPE_chromosome\t10000\t16000\n")
    masked_run = run(tmp_path / "masked", folder, table)
    pair = ("CTX-near", "PtA-CSF")
    one, two = (pairs_by_name(results)[pair] for results in (open_run, masked_run))
    assert 4000 < int(one["callable_bp"]) - int(two["callable_bp"]) <= 6000
    assert int(one["snps"]) >= int(two["snps"])
    across = ("DCC2_REF", "PtA-CSF")  # counted on the species reference, which has no mask
    assert (
        pairs_by_name(open_run)[across]["callable_bp"]
        == pairs_by_name(masked_run)[across]["callable_bp"]
    )


@case(
    57,
    "other thresholds in the configuration",
    "another verdict, with the thresholds and where they come from",
)
def test_thresholds_of_the_configuration_change_the_verdict_and_are_shown(tmp_path: Path, outbreak):
    folder = shutil.copytree(outbreak, tmp_path / "outbreak")
    table = write_table(folder, table_rows(folder, "PtA", "PtB", "CTX-near", "CTX-mid"))
    results = run(tmp_path / "work", folder, table, thresholds={"linked": 1})
    verdict = read_json(results / "verdict.json")
    assert verdict["verdict"] == "indeterminate"
    assert json.dumps(verdict["settings"]["thresholds"]).startswith('{"linked": 1, "possible": 30')
    assert verdict["settings"]["thresholds"]["citation"].startswith("configuration of this run")
