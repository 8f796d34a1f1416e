"""Cases 1 to 31: every kind of bad file at once in one real run, beside good isolates.

The cases are declared in file_cases.py; here each reads its own row of the results.
"""

import gzip
import html
from dataclasses import dataclass
from pathlib import Path

import pytest

from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.simulated_folder import write_outbreak
from tests.integration.workflow import ROOT, config, pairs_by_name, read_json, rows, snakemake
from tests.pipeline import Pipeline
from tests.reliability.file_cases import CASES, GOOD_FILE, FileCase, numbered
from tests.reliability.trials import case

GENOME_BP = 60_000
GOOD = ("PtA-CSF", "PtB-elbow", "CTX-near", GOOD_FILE)
HOSTILE = {  # names of further isolates, all with one good file
    41: "$(touch PWNED) `touch PWNED`; touch PWNED & 'x' \"y\" *",
    42: "../../PWNED",
    43: "{key} {wildcards.key} %s %(x)s {{7*7}} ${HOME}",
    44: "\u202ereversed \U0001f9a0 e\u0301",
    45: "=HYPERLINK(A1)",
    46: "</script><img src=x onerror=alert(1)>",
}
OF_THE_GENOME = ("snps", "snps_raw", "callable_bp", "recombinant_bp", "reference")
NAMED = "kept as typed in every table by a real run; no command ran, no file appeared"
Pairs = dict[tuple[str, str], dict[str, str]]


@dataclass(frozen=True)
class Run:
    """What a run with the bad files found, and the pairs of one without them."""

    results: Path
    printed: str
    ledger: dict[str, dict[str, str]]
    pairs: Pairs
    undisturbed: Pairs


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    folder = tmp_path_factory.mktemp("bad files") / "outbreak"
    settings = SimulationSettings(1, GENOME_BP, 4)
    write_outbreak(folder, simulate(scenario(ScenarioName.POINT_SOURCE, GENOME_BP), settings))
    header, *lines = (folder / "isolates.tsv").read_text().splitlines()
    good = [line for line in lines if line.startswith(GOOD)]
    table = folder / "mine.tsv"
    table.write_text("\n".join([header, *good]) + "\n")
    alone = Pipeline(folder / "undisturbed", table, folder / "panel")
    alone.call()
    alone.count()
    plain = plain_fasta(folder)
    more = [(name, f"{GOOD_FILE}.fna.gz") for name in HOSTILE.values()]
    for file, each in numbered():
        each.write(folder / "asm" / file, plain)
        more.append((each.name, file))
    blanks = "\t" * (header.count("\t") - 2)
    good += [f"{name}\tasm/{file}\tcontext{blanks}" for name, file in more]
    table.write_text("\n".join([header, *good]) + "\n")
    work = folder / "work"
    done = snakemake(work, *config(table, folder / "panel", "tree={large_set: 0}"))
    ledger = {row["isolate"]: row for row in rows(work / "results/ledger.tsv")}
    return Run(
        work / "results",
        done.stdout,
        ledger,
        pairs_by_name(work / "results"),
        pairs_by_name(alone.results),
    )


def plain_fasta(folder: Path) -> bytes:
    return gzip.decompress((folder / f"asm/{GOOD_FILE}.fna.gz").read_bytes())


def pair_with(run: Run, name: str, other: str) -> dict[str, str]:
    return run.pairs[min(name, other), max(name, other)]


@pytest.mark.parametrize("tried", [each.marked for each in CASES])
def test_bad_file_is_told_in_its_row_of_the_ledger(run: Run, tried: FileCase):
    row = run.ledger[tried.name]
    assert row["state"] == ("used" if tried.used else "quarantined"), row
    assert tried.code in ["", *row["reason"].split(",")]
    assert tried.detail in row["detail"]
    if not tried.used:
        assert row["reason"] == tried.code


@pytest.mark.parametrize("tried", [each.marked for each in CASES if each.same])
def test_odd_writing_of_a_genome_is_that_genome(run: Run, tried: FileCase):
    good = run.ledger[GOOD_FILE]
    row = run.ledger[tried.name]
    assert row["canonical_sha256"] == good["canonical_sha256"]
    assert "identical_assembly" in row["reason"].split(",")
    assert GOOD_FILE in row["detail"]
    assert pair_with(run, tried.name, GOOD_FILE)["snps_raw"] == "0"
    for other in (*GOOD[:3], "MAS_TYPE", "DCC2_REF"):
        mine, plain = pair_with(run, tried.name, other), pair_with(run, GOOD_FILE, other)
        assert [mine[key] for key in OF_THE_GENOME] == [plain[key] for key in OF_THE_GENOME]


@pytest.mark.parametrize(
    "name", ["16 a few IUPAC codes", "17 gaps written - and .", "17 a run of N"]
)
def test_letter_that_is_no_base_is_missing_and_never_a_snp(run: Run, name: str):
    pair = pair_with(run, name, GOOD_FILE)
    whole = pair_with(run, "30 the same bytes under another name", GOOD_FILE)
    assert (pair["snps"], pair["snps_raw"]) == ("0", "0")
    assert 0 < int(whole["callable_bp"]) - int(pair["callable_bp"]) < 300


@case(36, "dozens of bad and odd files in the run", "no number of any other pair changes")
def test_bad_files_change_no_number_of_the_others(run: Run):
    assert len(run.undisturbed) == (len(GOOD) + 7) * (len(GOOD) + 6) / 2
    assert {pair: run.pairs[pair] for pair in run.undisturbed} == run.undisturbed


@case(
    60,
    "dozens of files that fail beside a few good ones",
    "exit status 0: ledger and report name every one, the verdict is that of the good ones",
)
def test_bad_files_stop_nothing_and_take_no_part(run: Run):
    verdict = read_json(run.results / "verdict.json")
    assert verdict["verdict"] == "single_clone"
    assert verdict["sentence"] in run.printed
    out = {each.name for each in CASES if not each.used}
    assert len(run.ledger) == len(GOOD) + 7 + len(CASES) + len(HOSTILE)
    assert not out & {row["isolate"] for row in rows(run.results / "clusters.tsv")}
    assert not out & {name for pair in run.pairs for name in pair}
    report = html.unescape((run.results / "report.html").read_text())
    assert all(name in report for name in out)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(number, marks=case(number, f"`{name}` as a name", NAMED), id=str(number))
        for number, name in HOSTILE.items()
    ],
)
def test_hostile_name_is_a_name_and_nothing_else(run: Run, number: int):
    name = HOSTILE[number]
    assert run.ledger[name]["state"] == "used"
    assert pair_with(run, name, GOOD_FILE)["snps"] == "0"
    assert f"{name}\t" in (run.results / "clusters.tsv").read_text()
    work = run.results.parent
    assert not [path for path in work.parents[1].rglob("*") if "PWNED" in path.name]
    assert name not in "".join(str(path) for path in work.rglob("*"))


def test_codes_of_the_ledger_are_documented(run: Run):
    text = (ROOT / "docs/verdict.md").read_text("utf-8")
    codes = {code for row in run.ledger.values() for code in row["reason"].split(",") if code}
    assert {code for code in codes if f"`{code}`" not in text} == set()
    assert {each.code for each in CASES if each.code} <= codes
