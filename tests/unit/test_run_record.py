"""What a run says at its end: its own verdict, never that of an earlier run."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from oneclone.plan import prepare_run
from oneclone.run_record import CALL_FILES, RunRecord
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.steps.write_provenance import write_provenance
from oneclone.tables.json_files import write_json
from oneclone.tables.simulated_folder import write_outbreak

WORKFLOW = Path(__file__).resolve().parents[2]
STOPPED = ["oneclone: the run was told to stop before the verdict; there is no new report"]

LISTED = ("report.html", "distances/pairs.tsv")


@pytest.fixture
def record(tmp_path: Path) -> RunRecord:
    """Return the record of a run that has written all that the record looks at."""
    settings = SimulationSettings(1, 20_000, 2)
    write_outbreak(tmp_path, simulate(scenario(ScenarioName.POINT_SOURCE, 20_000), settings))
    plan = prepare_run({"isolates": "isolates.tsv", "panel": "panel"}, tmp_path, WORKFLOW)
    calls, results = tmp_path / ".oneclone/calls", tmp_path / "results"
    calls.mkdir()
    for key in plan.assembly_of:
        for end in CALL_FILES:
            (calls / f"{key}.{end}").touch()
    (results / "distances").mkdir(parents=True)
    (results / "distances/pairs.tsv").write_text("header\na\nb\n")
    write_json(tmp_path / ".oneclone/distances/counted.json", {"counted": 1, "known": 1})
    write_json(results / "verdict.json", {"sentence": "They are one."})
    (results / "report.html").touch()
    provenance(tmp_path, plan.shown_settings)
    return RunRecord.begin(plan, calls)


def provenance(folder: Path, settings) -> None:
    """Write provenance as the last rule of a run does."""
    results = folder / "results"
    write_provenance(
        roster=folder / ".oneclone/plan/roster.json",
        results=[results / name for name in LISTED],
        used_settings=results / "provenance/settings.json",
        used_versions=results / "provenance/versions.json",
        inputs=results / "provenance/inputs.tsv",
        manifest=results / "provenance/manifest.sha256",
        settings=settings,
        versions={},
    )


def test_conclude_whole_run_says_the_verdict_and_writes_its_figures(tmp_path: Path, record):
    results = tmp_path / "results"
    report = f"Report: {results / 'report.html'}"
    assert list(record.conclude(results)) == ["", "They are one.", "", report]
    assert (results / "provenance/run.json").exists()


def test_conclude_time_stamps_of_results_say_nothing(tmp_path: Path, record):
    pairs = tmp_path / "results/distances/pairs.tsv"
    later = pairs.stat().st_mtime_ns + 10**10
    os.utime(pairs, ns=(later, later))
    assert next(line for line in record.conclude(tmp_path / "results") if line) == "They are one."


@pytest.mark.parametrize("gone", [*LISTED, "provenance/manifest.sha256"])
def test_conclude_run_that_stopped_early_says_so(tmp_path: Path, record, gone):
    (tmp_path / "results" / gone).unlink()
    assert list(record.conclude(tmp_path / "results")) == STOPPED
    assert not (tmp_path / "results/provenance/run.json").exists()


@pytest.mark.parametrize("change", ["result", "settings", "row", "panel"])
def test_conclude_verdict_of_an_earlier_run_is_not_said_again(tmp_path: Path, record, change):
    results = tmp_path / "results"
    if change == "result":
        (results / "distances/pairs.tsv").write_text("header\na\n")
    if change == "settings":
        provenance(tmp_path, {**record.plan.shown_settings, "investigation": "another"})
    if change == "row":
        record = replace(record, plan=replace(record.plan, roster=record.plan.roster[1:]))
    if change == "panel":
        panel = tmp_path / ".oneclone/plan/panel.json"
        later = (results / "report.html").stat().st_mtime_ns + 10**9
        os.utime(panel, ns=(later, later))
    assert list(record.conclude(results)) == STOPPED


def test_conclude_screen_of_this_run_is_said_and_an_earlier_one_is_not(tmp_path: Path, record):
    results, logs = tmp_path / "results", tmp_path / "logs"
    logs.mkdir()
    (logs / "screen_candidates.log").write_text("Calling and counting: 1 of 1\n1 of 9 is near.\n")
    (results / "screen.tsv").touch()
    assert list(record.conclude(results))[-2:] == [
        "1 of 9 is near.",
        f"Screen: {results / 'screen.tsv'}",
    ]
    os.utime(results / "screen.tsv", (1, 1))
    assert "1 of 9 is near." not in list(record.conclude(results))
