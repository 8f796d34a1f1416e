"""Measure accuracy, time and memory of whole runs on known truth, and print them as tables.

Simulated outbreaks of growing size always; genomes of real size where the data sets lie beside
the repository. The figures stand in docs/validation.md and docs/performance.md.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import ScenarioName, scenario
from oneclone.tables.simulated_folder import write_outbreak
from tests.conftest import SHARED_DATA
from tests.integration.workflow import config, read_json, rows, snakemake

CLOSE_SNPS = 100  # design: a pair is close up to here
SIMULATED = (
    (ScenarioName.POINT_SOURCE, 200_000, 8),
    (ScenarioName.CIRCULATING_CLONE, 200_000, 8),
    (ScenarioName.TWO_CLONES, 200_000, 8),
    (ScenarioName.IMPORT, 200_000, 8),
    (ScenarioName.POINT_SOURCE, 1_000_000, 25),
    (ScenarioName.POINT_SOURCE, 5_000_000, 60),
)
REAL = (
    ("mabs-clinic", "isolates-ab.tsv", "single_clone"),
    ("mabs-clinic", "isolates.tsv", "single_clone"),
    ("mabs-circulating", "isolates.tsv", "indeterminate"),
    ("mabs-import", "isolates.tsv", "single_clone"),
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


@dataclass(frozen=True)
class TruePair:
    """True SNPs of a pair: all (`raw`), mutations alone (`clonal`), and the bases shared."""

    raw: int
    clonal: int
    shared_bp: int


def simulated_cases(folder: Path) -> Iterator[Case]:
    """Simulate outbreaks and give them one by one."""
    for name, genome_bp, contigs in SIMULATED:
        place = folder / f"{name}-{genome_bp}"
        outbreak = simulate(scenario(name, genome_bp), SimulationSettings(1, genome_bp, contigs))
        write_outbreak(place, outbreak)
        yield Case(
            name=f"simulated {name}, {genome_bp / 1e6:g} Mb",
            isolates=place / "isolates.tsv",
            panel=place / "panel",
            truth=place / "truth.json",
            verdict=outbreak.scenario.expected.verdict,
            folder=place / "work",
        )


def real_cases(folder: Path) -> Iterator[Case]:
    """Give the outbreaks of real size that are at hand."""
    for name, table, verdict in REAL:
        if not (SHARED_DATA / name).is_dir():
            print(f"{name}: left out, the data set is not beside the repository", file=sys.stderr)
            continue
        place = SHARED_DATA / name
        label = f"{name}, {table}"
        yield Case(
            label, place / table, place / "panel", place / "truth.json", verdict, folder / "real"
        )


def read_truth(path: Path) -> dict[tuple[str, str], TruePair]:
    """Return the true pairs by ordered names."""
    found = {}
    for pair in read_json(path)["pairs"]:
        one, two = sorted((pair.get("a") or pair["first"], pair.get("b") or pair["second"]))
        found[one, two] = TruePair(pair["raw"], pair["clonal"], pair["shared_bp"])
    return found


def run(case: Case) -> Mapping[str, object]:
    """Run the workflow on a case; return what was measured."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.time()
    started = time.monotonic()
    snakemake(case.folder, *config(case.isolates, case.panel))
    wall = time.monotonic() - started
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    record = read_json(case.folder / "results/provenance/run.json")
    return {
        "set": case.name,
        "called": record["isolates_called"],
        "wall s": f"{wall:.0f}",
        "CPU s": f"{cpu:.0f}",
        "peak MB of a job": f"{peak_mb(case.folder / 'benchmarks', began):.0f}",
    }


def peak_mb(folder: Path, began: float) -> float:
    """Return the greatest resident memory of any job that ran since a time, in MB."""
    peaks = [0.0]
    for path in folder.rglob("*.tsv"):
        if path.stat().st_mtime >= began:
            peaks += [float(row["max_rss"]) for row in rows(path) if row["max_rss"] != "NA"]
    return max(peaks)


def compare(case: Case) -> Mapping[str, object]:
    """Compare the results of a case with its truth."""
    truth = read_truth(case.truth)
    results = case.folder / "results"
    counted = [
        (truth[row["isolate_a"], row["isolate_b"]], row)
        for row in rows(results / "distances/pairs.tsv")
        if row["snps"]
    ]
    raw_false = sum(int(row["snps_raw"]) > true.raw for true, row in counted)
    near = [pair for pair in counted if pair[0].clonal <= CLOSE_SNPS]
    close = [(true, row) for true, row in near if row["filter"] != "not_scanned"]
    missed = [true.clonal - int(row["snps"]) for true, row in close]
    snps = sum(true.clonal for true, _ in close)
    share = min((int(row["callable_bp"]) / true.shared_bp for true, row in close), default=0)
    verdict = read_json(results / "verdict.json")["verdict"]
    return {
        "set": case.name,
        "pairs": len(counted),
        "raw above truth": raw_false,
        "close pairs": len(near),
        "of them scanned": len(close),
        "above truth": sum(each < 0 for each in missed),
        "exact": sum(each == 0 for each in missed),
        "most missed": max(missed, default=0),
        "missed, pooled": f"{sum(missed)} of {snps} ({100 * sum(missed) / max(snps, 1):.1f} %)",
        "least callable": f"{100 * share:.1f} %",
        "verdict": verdict + ("" if verdict == case.verdict else f", not {case.verdict}"),
    }


def table(measured: list[Mapping[str, object]]) -> str:
    """Return what was measured as a Markdown table."""
    header = list(measured[0])
    lines = [header, ["---"] * len(header)]
    lines += [[str(row[name]) for name in header] for row in measured]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Run every case and print what was measured."""
    costs: list[Mapping[str, object]] = []
    accuracy: list[Mapping[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for cases in (simulated_cases, real_cases):
            for case in cases(Path(folder)):
                print(f"running: {case.name}", file=sys.stderr, flush=True)
                costs.append(run(case))
                accuracy.append(compare(case))
    print(f"Cost\n\n{table(costs)}\n\nAccuracy (close: at most {CLOSE_SNPS} true SNPs)\n")
    print(table(accuracy))


if __name__ == "__main__":
    main()
