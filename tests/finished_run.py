"""A finished run in a working directory, its results mere words, for what is checked afterwards."""

from pathlib import Path

import pytest

from oneclone.plan import prepare_run
from oneclone.run_provenance import OF_JOB
from oneclone.run_record import RunRecord
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.steps.write_provenance import write_provenance
from oneclone.tables.json_files import write_json
from oneclone.tables.simulated_folder import write_outbreak
from oneclone.written_files import note_written

WORKFLOW = Path(__file__).resolve().parents[1]
RESULTS = ("results/typing.tsv", "results/distances/pairs.tsv", "results/report.html")
CALLS = ".oneclone/calls/KEY.npz"
OF_LAST_JOB = tuple(f"results/provenance/{name}" for name in OF_JOB)


def write_finished_run(work: Path) -> Path:
    """Fill a working directory as a run does, its input below `given`, and return it."""
    settings = SimulationSettings(1, 20_000, 2)
    given = work / "given"
    write_outbreak(given, simulate(scenario(ScenarioName.POINT_SOURCE, 20_000), settings))
    (given / "panel/mask.bed").write_text("")
    plan = prepare_run({"isolates": "given/isolates.tsv", "panel": "given/panel"}, work, WORKFLOW)
    record = RunRecord.begin(plan, work / ".oneclone/calls")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(work)
        for name in (*RESULTS, CALLS):
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(f"content of {name}\n")
            note_written(f"logs/{Path(name).stem}.log", [Path(name)])
        write_json(Path("results/verdict.json"), {"sentence": "They are one.", "verdict": "x"})
        note_written("logs/judge.log", [Path("results/verdict.json")])
        provenance = Path("results/provenance")
        write_provenance(
            roster=Path(".oneclone/plan/roster.json"),
            results=[*map(Path, RESULTS), Path("results/verdict.json")],
            used_settings=provenance / "settings.json",
            used_versions=provenance / "versions.json",
            inputs=provenance / "inputs.tsv",
            manifest=provenance / "manifest.sha256",
            settings=plan.shown_settings,
            versions={"snakemake": "9.27.1", "numpy": "2.4.6"},
        )
        note_written("logs/write_provenance.log", map(Path, OF_LAST_JOB))
        for key in plan.assembly_of:
            write_json(Path(f".oneclone/calls/{key}.json"), {})
            Path(f".oneclone/calls/{key}.npz").touch()
        write_json(Path(".oneclone/calls.json"), {})
        list(RunRecord(plan, record.calls, record.started, frozenset()).conclude(Path("results")))
    return work
