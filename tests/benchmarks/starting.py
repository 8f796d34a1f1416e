"""Measure what Snakemake takes before any work is done, by the number of isolates.

    python -m tests.benchmarks.starting               measure, and keep the figures

Three moments: a dry run, a first run until its first job, and a run with nothing left to do. For
the last, files without content stand for those of a finished run: Snakemake looks at none.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from oneclone.call_batches import FINISHED, plan_batches
from oneclone.plan import prepare_run
from oneclone.run_record import CALL_FILES
from oneclone.tables.json_files import read_json, write_json
from oneclone.tables.run_plan import write_finished_batch
from oneclone.written_files import note_written
from tests.benchmarks.measuring import Cost, growth_exponent, run_measured
from tests.benchmarks.run import MEASUREMENTS
from tests.integration.workflow import ROOT, config
from tests.large_outbreak import write_large_outbreak

ISOLATES = (100, 1_000, 5_000)
GENOME_BP = 30_000
PLACES = 2
FIRST_JOB = "Job "
TICKS = os.sysconf("SC_CLK_TCK")


def measure_starting(folder: Path, isolates: Sequence[int] = ISOLATES) -> dict[str, Any]:
    """Measure starts with growing numbers of isolates."""
    rows = [_measure(folder / str(number), number) for number in isolates]
    return {
        "measured": rows,
        "exponents": {name: _exponent(rows, name) for name in rows[0]["cpu_s"]},
    }


def _exponent(rows: Sequence[dict[str, Any]], name: str) -> float | None:
    """Return how CPU seconds grow with the isolates: b of cost = a x isolates^b."""
    return growth_exponent([row["isolates"] for row in rows], [row["cpu_s"][name] for row in rows])


def _measure(folder: Path, isolates: int) -> dict[str, Any]:
    """Measure the three moments for one number of isolates."""
    print(f"starting: {isolates} isolates", file=sys.stderr, flush=True)
    table = write_large_outbreak(folder, isolates, isolates, GENOME_BP)
    work = folder / "work"
    work.mkdir()
    options = ["--directory", str(work), *config(table, folder / "panel")]
    _snakemake(*options, "-n", "-q", "all")  # hashes every assembly, as the first run ever does
    costs = {
        "dry run": _snakemake(*options, "-n", "-q", "all"),
        "until the first job": _until_first_job(options),
    }
    _pretend_finished(work, table, options)
    costs["nothing to do"] = _snakemake(*options)
    return {
        "isolates": isolates,
        "cpu_s": {name: round(cost.cpu_s, 2) for name, cost in costs.items()},
        "peak_mb": {name: round(cost.peak_mb, 1) for name, cost in costs.items()},
    }


def _command(options: Sequence[str]) -> list[str]:
    """Return the command of a run."""
    return [sys.executable, "-m", "snakemake", "--cores", str(PLACES), *options]


def _snakemake(*options: str) -> Cost:
    """Return what a run takes that starts no job."""
    environment = {"PYTHONPATH": str(ROOT / "scripts")}
    _, cost = run_measured(_command(options), ROOT, environment=environment)
    return cost


def _until_first_job(options: Sequence[str]) -> Cost:
    """Return what a first run has taken when it names its first job; it is ended then."""
    started = os.times().elapsed
    run = subprocess.Popen(
        _command(options),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "scripts")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert run.stdout is not None
    next(line for line in run.stdout if line.startswith(FIRST_JOB))
    process = Path("/proc") / str(run.pid)
    times = (process / "stat").read_text().rpartition(")")[2].split()
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    return Cost(
        os.times().elapsed - started,
        (int(times[11]) + int(times[12])) / TICKS,
        int(status["VmHWM"].split()[0]) * 1024 / 1e6,
    )


def _pretend_finished(work: Path, table: Path, options: Sequence[str]) -> None:
    """Make all files of a finished run, and let Snakemake take them as made by its jobs."""
    os.chdir(work)
    settings = {"isolates": str(table), "panel": str(table.parent / "panel"), "registry": ""}
    plan = prepare_run(settings, work, ROOT)
    for key in plan.assembly_of:
        files = [Path(f".oneclone/calls/{key}.{end}") for end in CALL_FILES]
        for path in files:
            path.parent.mkdir(exist_ok=True)
            path.write_text("{}")
        note_written(f"logs/call_isolates/{key}", files)
    batches = plan_batches(plan, work, set(plan.assembly_of), (), PLACES)
    for name, keys in batches.waiting.items():
        write_finished_batch(work / FINISHED / f"{name}.json", keys)
    environment = {"PYTHONPATH": str(ROOT / "scripts")}
    summary, _ = run_measured(_command([*options, "--summary"]), ROOT, environment=environment)
    for line in summary.splitlines()[1:]:
        path = work / line.split("\t")[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text("{}")
    (work / "results/provenance/provenance.sha256").touch()
    _snakemake(*options, "--touch")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        found = measure_starting(Path(temporary))
    write_json(MEASUREMENTS, {**read_json(MEASUREMENTS), "starting": found})
