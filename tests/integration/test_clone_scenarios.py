"""Simulated outbreaks with known truth: verdict, clones, reasons, caveats and words of each.

What is right stands with the scenario (`oneclone.simulation`), derived from the contract. All
scenarios of the small scene take their isolates from one tree, so one working directory holds the
calls of all.
"""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from oneclone.simulation.model import ScenarioName
from oneclone.simulation.scenarios import SCENES, scenario
from oneclone.tables.schemas import load_schema
from oneclone.validation.truth_set import SCENE_SETTINGS, WrittenOutbreak, judge, write_scene
from oneclone.validation.verdict_run import VerdictRun
from tests.documents.reading import ROOT, quotations
from tests.expectations import check

QUOTED = ("other-subspecies", "panel-clone-thin", "low-coverage")  # in docs/reading.md


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> WrittenOutbreak:
    """Return a folder with every assembly that a scenario of the small scene names."""
    written = write_scene(tmp_path_factory.mktemp("scene"))
    VerdictRun(work_of(written), written.isolates, written.panel).call()
    return written


def work_of(scene: WrittenOutbreak) -> Path:
    return scene.folder / "work"


@pytest.mark.parametrize("name", list(SCENES))
def test_scene_verdict_is_the_truth(scene, name: ScenarioName):
    made = scenario(name, SCENE_SETTINGS.genome_bp)
    found = judge(scene, work_of(scene), made)
    Draft202012Validator(load_schema("verdict")).validate(found.verdict)
    check(found.verdict, made.expected)
    if name in QUOTED:
        told = (ROOT / "docs" / "reading.md").read_text("utf-8")
        assert found.verdict["sentence"] in quotations(told)
    for true in scene.outbreak.true_pairs():
        row = found.pairs.get((true.first, true.second))
        if row and row["filter"] == "nothing_removed":
            assert int(row["snps_raw"]) <= true.raw
