"""Measure whole runs of the workflow on known truth: cost, distances, verdict."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from oneclone.simulation.model import Scenario, ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.simulated_folder import write_outbreak
from oneclone.validation.accuracy import Counted, Pair, Truth, close_pairs, score
from tests.benchmarks.datasets import read_truth
from tests.benchmarks.measuring import run_measured
from tests.conftest import SHARED_DATA
from tests.integration.workflow import ROOT, config, read_json, rows

CORES = 2
SIMULATED = (
    (ScenarioName.POINT_SOURCE, 200_000, 8),
    (ScenarioName.CIRCULATING_CLONE, 200_000, 8),
    (ScenarioName.TWO_CLONES, 200_000, 8),
    (ScenarioName.IMPORT, 200_000, 8),
    (ScenarioName.POINT_SOURCE, 1_000_000, 25),
    (ScenarioName.POINT_SOURCE, 5_000_000, 60),
)
REAL = (
    ("mabs-clinic", "isolates-ab.tsv", "single_clone", "semi-real outbreak, before patient C"),
    ("mabs-clinic", "isolates.tsv", "single_clone", "the same, patient C's two isolates added"),
    (
        "mabs-circulating",
        "isolates.tsv",
        "indeterminate",
        "semi-real, cases in a circulating clone",
    ),
    ("mabs-import", "isolates.tsv", "single_clone", "semi-real, import in one case"),
)


@dataclass(frozen=True)
class Case:
    """A run to measure; cases with the same `folder` keep each other's calls."""

    name: str
    isolates: Path
    panel: Path
    truth: Path
    verdict: str
    folder: Path


def measure_simulated(folder: Path) -> list[dict[str, Any]]:
    """Measure simulated outbreaks of growing size."""
    return [_measure(case) for case in simulated_cases(folder)]


def measure_real(folder: Path) -> dict[str, Any]:
    """Measure the outbreaks of real size that are at hand; name those that are not."""
    absent = sorted({name for name, *_ in REAL if not (SHARED_DATA / name).is_dir()})
    return {"measured": [_measure(case) for case in real_cases(folder)], "absent": absent}


def simulated_case(made: Scenario, settings: SimulationSettings, place: Path, name: str) -> Case:
    """Simulate an outbreak into a folder and return its run."""
    write_outbreak(place, simulate(made, settings))
    return Case(
        name=name,
        isolates=place / "isolates.tsv",
        panel=place / "panel",
        truth=place / "truth.json",
        verdict=made.expected.verdict,
        folder=place / "work",
    )


def simulated_cases(folder: Path) -> Iterator[Case]:
    """Simulate outbreaks and give them one by one."""
    for name, genome_bp, contigs in SIMULATED:
        yield simulated_case(
            scenario(name, genome_bp),
            SimulationSettings(1, genome_bp, contigs),
            folder / f"{name}-{genome_bp}",
            f"simulated {name.replace('-', ' ')}, {genome_bp / 1e6:g} Mb",
        )


def real_cases(folder: Path) -> Iterator[Case]:
    """Give the outbreaks of real size that are at hand, in one folder of calls."""
    for name, table, verdict, title in REAL:
        place = SHARED_DATA / name
        if place.is_dir():
            truth = place / "truth.json"
            yield Case(title, place / table, place / "panel", truth, verdict, folder / "work")


def _measure(case: Case) -> dict[str, Any]:
    """Run a case and compare its results with the truth."""
    print(f"running: {case.name}", file=sys.stderr, flush=True)
    return {**run(case), **compare(case)}


def run(case: Case, *more: str) -> dict[str, Any]:
    """Run the workflow on a case; return its size and cost."""
    before = {path: path.stat().st_mtime_ns for path in _job_files(case.folder)}
    case.folder.mkdir(parents=True, exist_ok=True)
    options = ["--directory", case.folder, "--cores", str(CORES)]
    _, cost = run_measured(
        [sys.executable, "-m", "snakemake", *options, *config(case.isolates, case.panel, *more)],
        ROOT,
        one_core=False,
        environment={"PYTHONPATH": str(ROOT / "scripts")},
    )
    record = read_json(case.folder / "results/provenance/run.json")
    jobs = [p for p in _job_files(case.folder) if before.get(p) != p.stat().st_mtime_ns]
    ledger = rows(case.folder / "results/ledger.tsv")
    return {
        "name": case.name,
        "genomes": sum(row["state"] == "used" for row in ledger),
        "called": record["isolates_called"],
        "wall_s": cost.wall_s,
        "cpu_s": cost.cpu_s,
        "peak_mb": cost.peak_mb,
        "steps": _steps(case.folder, jobs),
    }


def _job_files(folder: Path) -> list[Path]:
    """Return Snakemake's benchmark files of a working directory."""
    return sorted((folder / "benchmarks").rglob("*.tsv"))


def _jobs(folder: Path, files: list[Path]) -> Iterator[dict[str, Any]]:
    """Give rule, seconds and peak memory of each job."""
    for path in files:
        rule = path.relative_to(folder / "benchmarks").parts[0].removesuffix(".tsv")
        for row in rows(path):
            memory = 0.0 if row["max_rss"] in {"NA", "-"} else float(row["max_rss"])
            # Snakemake gives MB of 2^20 bytes
            yield {"rule": rule, "wall_s": float(row["s"]), "peak_mb": memory * 2**20 / 1e6}


def _steps(folder: Path, files: list[Path]) -> dict[str, dict[str, float]]:
    """Return jobs, wall seconds and peak memory of each rule."""
    found: dict[str, dict[str, float]] = {}
    for job in _jobs(folder, files):
        step = found.setdefault(job["rule"], {"jobs": 0, "wall_s": 0.0, "peak_mb": 0.0})
        step["jobs"] += 1
        step["wall_s"] += job["wall_s"]
        step["peak_mb"] = max(step["peak_mb"], job["peak_mb"])
    return found


def compare(case: Case) -> dict[str, Any]:
    """Compare the results of a case with its truth."""
    truth = read_truth(case.truth)
    results = case.folder / "results"
    counted = {
        (row["isolate_a"], row["isolate_b"]): row
        for row in rows(results / "distances/pairs.tsv")
        if row["snps"]
    }
    all_true = {pair: truth[pair] for pair in counted}
    close = close_pairs(all_true)
    scanned = {pair: true for pair, true in close.items() if _is_scanned(counted[pair])}
    raw = score(_distances(counted, "snps_raw"), all_true)
    filtered = score(_distances(counted, "snps"), scanned, clonal=True)
    return {
        "pairs": len(counted),
        "raw": asdict(raw),
        "close": len(close),
        "filtered": asdict(filtered),
        "verdict": read_json(results / "verdict.json")["verdict"],
        "expected": case.verdict,
        "case_pairs": _case_pairs(results, all_true, counted),
    }


def _is_scanned(row: Mapping[str, str]) -> bool:
    """Return whether the recombination filter looked at a pair."""
    return row["filter"] != "not_scanned"


def _distances(found: Mapping[Pair, Mapping[str, str]], column: str) -> dict[Pair, Counted]:
    """Return a column of the pair table with the bases compared."""
    return {pair: Counted(int(row[column]), int(row["callable_bp"])) for pair, row in found.items()}


def _case_pairs(
    results: Path, truth: Mapping[Pair, Truth], counted: Mapping[Pair, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """Return the distances between case isolates beside their truth."""
    return [
        {
            "pair": list(pair),
            "true_raw": truth[pair].raw,
            "true_clonal": truth[pair].clonal,
            "snps_raw": int(counted[pair]["snps_raw"]),
            "snps": int(counted[pair]["snps"]),
            "callable_bp": int(counted[pair]["callable_bp"]),
        }
        for row in rows(results / "verdict_pairs.tsv")
        if (pair := (row["isolate_a"], row["isolate_b"])) in counted
    ]
