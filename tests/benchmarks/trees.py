"""Measure the tree steps: our search by IQ-TREE, by piqtree, and a plain run of IQ-TREE."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings
from oneclone.simulation.scenarios import scenario
from tests.benchmarks.measuring import run_measured
from tests.benchmarks.whole_runs import Case, real_cases, run, simulated_case
from tests.integration.workflow import read_json

GENOME_BP = 1_000_000
ENGINES = ("iqtree", "piqtree")
BINARIES = ("iqtree2", "iqtree")


def measure_trees(folder: Path) -> dict[str, Any]:
    """Measure tree inference on a simulated and, where it is at hand, a semi-real outbreak.

    `plain_iqtree` is a user's usual run on the same core alignment: GTR+G and 1 000 ultrafast
    bootstrap replicates, one thread.
    """
    binary = next((found for name in BINARIES if (found := shutil.which(name))), None)
    engines = ENGINES if binary else ENGINES[1:]
    return {
        "measured": [_measure(case, engines, binary) for case in _cases(folder)],
        "iqtree_absent": binary is None,
    }


def _cases(folder: Path) -> Iterator[Case]:
    """Give the runs whose trees are measured, where the parts before left their calls."""
    yield simulated_case(
        scenario(ScenarioName.POINT_SOURCE, GENOME_BP),
        SimulationSettings(1, GENOME_BP, 25),
        folder.parent / "simulated" / f"{ScenarioName.POINT_SOURCE}-{GENOME_BP}",
        "simulated point source, 1 Mb",
    )
    semi_real = {case.isolates.parent.name: case for case in real_cases(folder.parent / "real")}
    if "mabs-clinic" in semi_real:
        yield semi_real["mabs-clinic"]


def _measure(case: Case, engines: tuple[str, ...], binary: str | None) -> dict[str, Any]:
    """Run the workflow once with each engine, in a folder where the calls stay known."""
    print(f"trees: {case.name}", file=sys.stderr, flush=True)
    by_engine = {}
    for engine in engines:
        steps = run(case, f"tree={{engine: {engine}}}")["steps"]
        summary = read_json(case.folder / "results/tree/core.json")
        verdict = read_json(case.folder / "results/verdict.json")["verdict"]
        by_engine[engine] = {
            "whole_tree": steps["infer_core_tree"],
            "local_trees": steps["infer_local_trees"],
            "taxa": summary["taxa"],
            "variable_sites": summary["variable_sites"],
            "verdict": verdict,
        }
    record: dict[str, Any] = {"name": case.name, "engines": by_engine, "plain_iqtree": None}
    if binary:
        alignment = case.folder / "results/alignment/core.snps.fasta"
        options = ["-m", "GTR+G", "-B", "1000", "-T", "1", "--seed", "1", "--prefix", "plain"]
        place = case.folder / "plain_iqtree"
        place.mkdir()
        _, cost = run_measured([binary, "-s", alignment, *options], place)
        record["plain_iqtree"] = {"wall_s": cost.wall_s, "peak_mb": cost.peak_mb}
    return record
