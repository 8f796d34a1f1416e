"""Simulated outbreaks with known truth: verdict, clones, reasons, caveats and words of each.

What is right stands with the scenario (`oneclone.simulation`), derived from the contract. All
scenarios of the small scene take their isolates from one tree, so one working directory holds the
calls of all.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from oneclone.simulation.model import Role, Row, Scenario, ScenarioName
from oneclone.simulation.outbreak import SimulatedOutbreak, SimulationSettings, simulate
from oneclone.simulation.scenarios import SCENES, scenario
from oneclone.tables.schemas import load_schema
from oneclone.tables.simulated_folder import write_isolates, write_outbreak, write_panel
from oneclone.validation.verdict_run import Outcome, quick_verdict
from tests.documents.reading import ROOT, quotations
from tests.expectations import check
from tests.quick_verdict import QuickRun

GENOME_BP = 60_000
SETTINGS = SimulationSettings(seed=2, genome_bp=GENOME_BP, contigs=4)
QUOTED = ("other-subspecies", "panel-clone-thin", "low-coverage")  # in docs/reading.md


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> tuple[Path, SimulatedOutbreak]:
    """Return a folder with every assembly that a scenario of the small scene names."""
    every = [SCENES[name].scenario(GENOME_BP) for name in SCENES]
    rows = {row.isolate: row for each in every for row in each.rows if has_assembly(row)}
    outbreak = simulate(replace(every[0], rows=tuple(rows.values())), SETTINGS)
    folder = tmp_path_factory.mktemp("scene")
    write_outbreak(folder, outbreak)
    QuickRun(folder / "work", folder / "isolates.tsv", folder / "panel").call()
    return folder, outbreak


def has_assembly(row: Row) -> bool:
    return row.role is not Role.CASE or bool(row.sequencing_run)


def run(scene: tuple[Path, SimulatedOutbreak], made: Scenario) -> Outcome:
    folder, outbreak = scene
    table = folder / f"{made.name}.tsv"
    write_isolates(table, made.rows)
    panel = folder / "panel"
    if made.panel != outbreak.scenario.panel:
        panel = folder / f"panel-of-{made.name}"
        write_panel(panel, replace(outbreak, scenario=made))
    found = quick_verdict(folder / "work", table, panel)
    Draft202012Validator(load_schema("verdict")).validate(found.verdict)
    return found


@pytest.mark.parametrize("name", list(SCENES))
def test_scene_verdict_is_the_truth(scene, name: ScenarioName):
    made = scenario(name, GENOME_BP)
    found = run(scene, made)
    check(found.verdict, made.expected)
    if name in QUOTED:
        told = (ROOT / "docs" / "reading.md").read_text("utf-8")
        assert found.verdict["sentence"] in quotations(told)
    for true in scene[1].true_pairs():
        row = found.pairs.get((true.first, true.second))
        if row and row["filter"] == "nothing_removed":
            assert int(row["snps_raw"]) <= true.raw
