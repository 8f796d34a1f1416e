"""Measure every joint step on simulated populations of growing size.

Calls are written directly (`population`), so that what is measured is what a run does after its
calls: each step in a process of its own, with what it took and what it wrote.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from oneclone.simulation.population_model import PopulationSettings
from tests.benchmarks.measuring import Cost, ProgramFailed, run_measured
from tests.benchmarks.memory import watched_memory
from tests.benchmarks.population_folder import PopulationFolder, settings_of_run
from tests.benchmarks.scale_steps import STEPS, JointStep
from tests.integration.workflow import ROOT

SIZES = (100, 300, 1_000)  # 3 000 and 10 000 are asked for by `--sizes`
GATHER, COUNT = "gather_calls", "count_pairs"
ONE_MORE = "count_pairs, one isolate more"
MEGABYTE = 1e6


def measure_scale(
    folder: Path,
    sizes: Sequence[int] = SIZES,
    steps: Sequence[str] = (),
    settings: PopulationSettings | None = None,
) -> list[dict[str, Any]]:
    """Measure the joint steps at growing numbers of isolates.

    Parameters
    ----------
    folder
        Where to work; what lies there is gone on with.
    sizes
        Numbers of isolates.
    steps
        Steps to measure, all without any; those before them must have run in `folder`.
    settings
        Of the population.
    """
    return [
        _measure(folder / f"{size}-isolates", size, steps, settings or PopulationSettings())
        for size in sizes
    ]


def merge_scale(
    before: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return what was measured before, with sizes and steps that were measured again replaced.

    Examples
    --------
    >>> one = {"isolates": 100, "steps": {"a": 1, "b": 2}, "failed": {"c": "full"}}
    >>> two = {"isolates": 100, "steps": {"b": 3, "c": 4}, "failed": {}}
    >>> merge_scale([one], [two])
    [{'isolates': 100, 'steps': {'a': 1, 'b': 3, 'c': 4}, 'failed': {}}]
    """
    merged = {each["isolates"]: dict(each) for each in before}
    for each in found:
        earlier = merged.get(each["isolates"], {"steps": {}, "failed": {}})
        steps = {**earlier["steps"], **each["steps"]}
        failed = {
            name: why
            for name, why in {**earlier["failed"], **each["failed"]}.items()
            if name not in each["steps"]
        }
        kept = {name: cost for name, cost in steps.items() if name not in failed}
        merged[each["isolates"]] = {**earlier, **each, "steps": kept, "failed": failed}
    return [merged[size] for size in sorted(merged)]


def _measure(
    working: Path, isolates: int, steps: Sequence[str], settings: PopulationSettings
) -> dict[str, Any]:
    """Measure the joint steps on one population.

    Its last isolate comes when all the others are counted.
    """
    found: dict[str, dict[str, float]] = {}
    failed: dict[str, str] = {}
    wanted = [step for step in STEPS if not steps or step.name in steps]
    cost = _write(working, isolates - 1, settings)
    for step in wanted:
        if step.name in (GATHER, COUNT):
            _note(step.name, working, step, found, failed)
    cost += _write(working, isolates, settings)
    for step in wanted:
        name = ONE_MORE if step.name == COUNT else step.name
        _note(name, working, step, found, failed)
    return {
        "isolates": isolates,
        "genome_bp": settings.genome_bp,
        **_described(working),
        "population": asdict(cost),
        "steps": found,
        "failed": failed,
    }


def _write(working: Path, isolates: int, settings: PopulationSettings) -> Cost:
    """Write a population, in a process of its own; what is there already stays."""
    _say(f"writing {isolates} isolates")
    options = {
        "--isolates": isolates,
        "--genome-bp": settings.genome_bp,
        "--clone-snps": settings.clone_snps,
        "--background-snps": settings.background_snps,
        "--seed": settings.seed,
    }
    given = [str(each) for option in options.items() for each in option]
    return _run("population", [str(working), *given])


def _note(
    name: str,
    working: Path,
    step: JointStep,
    found: dict[str, dict[str, float]],
    failed: dict[str, str],
) -> None:
    """Measure a step; one that fails leaves the others to be measured."""
    _say(f"running {name}")
    try:
        cost = _run("scale_steps", [str(working), step.name])
    except ProgramFailed as problem:
        failed[name] = str(problem).strip().splitlines()[-1]
        _say(f"{name} failed: {failed[name]}")
        return
    sizes = [path.stat().st_size for path in step.written(working)]
    found[name] = {**asdict(cost), "written_mb": sum(sizes) / MEGABYTE}


def _run(module: str, arguments: Sequence[str]) -> Cost:
    """Run a module of the benchmark in a process of its own.

    Its peak is that of the largest process or, when it is greater, of all of them together.
    """
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    environment = {"PYTHONPATH": str(ROOT / "scripts")}
    with watched_memory() as watch:
        cost = run_measured(command, ROOT, one_core=False, environment=environment)[1]
    return replace(cost, peak_mb=max(cost.peak_mb, watch.peak_mb))


def _described(working: Path) -> dict[str, float]:
    """Return how many genomes there are, and the size of their archives in MB."""
    archives = PopulationFolder(working, settings_of_run()).calls(".npz")
    sizes = [path.stat().st_size / MEGABYTE for path in archives]
    return {
        "genomes": len(sizes),
        "mean_archive_mb": sum(sizes) / len(sizes),
        "largest_archive_mb": max(sizes),
    }


def _say(words: str) -> None:
    """Print what is being done."""
    print(words, file=sys.stderr, flush=True)
