"""Simulated outbreaks with known truth: verdict, clones, reasons, caveats and words of each.

What is right stands with the scenario (`oneclone.simulation`), derived from the contract. All
scenarios of the small scene take their isolates from one tree, so one working directory holds the
calls of all.
"""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from oneclone.simulation.model import ALWAYS_SAID, ScenarioName
from oneclone.simulation.scenarios import SCENES, scenario
from oneclone.tables.schemas import load_schema
from oneclone.validation.truth_set import SCENE_SETTINGS, WrittenOutbreak, judge, write_scene
from oneclone.validation.verdict_run import VerdictRun
from tests.documents.reading import ROOT, quotations
from tests.expectations import check
from tests.reliability.trials import case

CASES = {  # those of the sixty cases that a scenario is an example of
    ScenarioName.OTHER_SUBSPECIES: (27, "a case of another subspecies"),
    ScenarioName.FOREIGN_CONTIG: (28, "a foreign contig in the assembly of a case"),
    ScenarioName.FOREIGN_CONTIG_IN_PLACE: (28, "a foreign contig in place of a case's own bases"),
    ScenarioName.LOW_COVERAGE: (29, "two cases that share too few bases"),
    ScenarioName.REDUCED_COVERAGE: (29, "two cases that share just enough bases"),
    ScenarioName.IDENTICAL_CASES: (30, "the assembly of one patient under another's name"),
    ScenarioName.ONE_PATIENT: (32, "three isolates of one patient"),
    ScenarioName.BRIDGE_WITHIN_PATIENT: (32, "two isolates of one patient as ends of a chain"),
    ScenarioName.SOURCE_ISOLATES: (35, "isolates of water and devices beside the cases"),
    ScenarioName.IMPORT_DECIDES: (37, "a dense block of SNPs that the filter may remove"),
    ScenarioName.IMPORT_TOO_LARGE: (37, "a block of SNPs too large for the filter to judge"),
    ScenarioName.NO_ASSEMBLY: (40, "no assembly of any case"),
}
QUOTED = ("other-subspecies", "panel-clone-thin", "low-coverage")  # in docs/reading.md


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> WrittenOutbreak:
    """Return a folder with every assembly that a scenario of the small scene names."""
    written = write_scene(tmp_path_factory.mktemp("scene"))
    VerdictRun(work_of(written), written.isolates, written.panel).call()
    return written


def work_of(scene: WrittenOutbreak) -> Path:
    return scene.folder / "work"


def marked(name: ScenarioName):
    """Return a scenario under the marker of its case; the outcome is what the test expects."""
    if name not in CASES:
        return pytest.param(name, id=name)
    expected = scenario(name, SCENE_SETTINGS.genome_bp).expected
    codes = (
        *expected.reasons,
        *(caveat for caveat in expected.caveats if caveat not in ALWAYS_SAID),
        *(reason for pair in expected.pairs for reason in pair.reasons),
    )
    told = ", ".join(f"`{code}`" for code in dict.fromkeys([expected.verdict, *codes]))
    return pytest.param(name, marks=case(*CASES[name], f"verdict {told}"), id=name)


@pytest.mark.parametrize("name", [marked(name) for name in SCENES])
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
