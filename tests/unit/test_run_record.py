"""What a run says at its end: its own verdict, never that of an earlier run."""

import os
from pathlib import Path

import pytest

from oneclone.plan import prepare_run
from oneclone.run_record import RunRecord
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import ScenarioName, scenario
from oneclone.tables.json_files import write_json
from oneclone.tables.simulated_folder import write_outbreak

WORKFLOW = Path(__file__).resolve().parents[2]
STOPPED = ["oneclone: the run was told to stop before the verdict; there is no new report"]


@pytest.fixture
def record(tmp_path: Path) -> RunRecord:
    """Return the record of a run that has written all that the record looks at."""
    settings = SimulationSettings(1, 20_000, 2)
    write_outbreak(tmp_path, simulate(scenario(ScenarioName.POINT_SOURCE, 20_000), settings))
    plan = prepare_run({"isolates": "isolates.tsv", "panel": "panel"}, tmp_path, WORKFLOW)
    calls, results = tmp_path / ".oneclone/calls", tmp_path / "results"
    calls.mkdir()
    for key in plan.assembly_of:
        (calls / f"{key}.json").touch()
    (results / "distances").mkdir(parents=True)
    (results / "distances/pairs.tsv").write_text("header\na\nb\n")
    write_json(results / "verdict.json", {"sentence": "They are one."})
    (results / "report.html").touch()
    return RunRecord.begin(plan, calls)


def test_conclude_whole_run_says_the_verdict_and_writes_its_figures(tmp_path: Path, record):
    results = tmp_path / "results"
    report = f"Report: {results / 'report.html'}"
    assert list(record.conclude(results)) == ["", "They are one.", "", report]
    assert (results / "provenance/run.json").exists()


@pytest.mark.parametrize("gone", ["results/report.html", "results/distances/pairs.tsv", "call"])
def test_conclude_run_that_stopped_early_says_so(tmp_path: Path, record, gone):
    path = next((tmp_path / ".oneclone/calls").iterdir()) if gone == "call" else tmp_path / gone
    path.unlink()
    assert list(record.conclude(tmp_path / "results")) == STOPPED
    assert not (tmp_path / "results/provenance").exists()


@pytest.mark.parametrize("newer", ["pairs", "call"])
def test_conclude_verdict_of_an_earlier_run_is_not_said_again(tmp_path: Path, record, newer):
    results = tmp_path / "results"
    call = next((tmp_path / ".oneclone/calls").iterdir())
    path = results / "distances/pairs.tsv" if newer == "pairs" else call
    later = (results / "report.html").stat().st_mtime_ns + 10**9
    os.utime(path, ns=(later, later))
    assert list(record.conclude(results)) == STOPPED
