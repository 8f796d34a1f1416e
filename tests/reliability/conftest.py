"""A small run of the workflow that tests of faults copy and spoil."""

import shutil
from pathlib import Path

import pytest

from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.simulated_folder import write_outbreak
from tests.integration.workflow import config, snakemake
from tests.reliability.small_run import SmallRun
from tests.shared_once import shared_once

GENOME_BP = 60_000


def _make(folder: Path) -> None:
    settings = SimulationSettings(1, GENOME_BP, 4)
    write_outbreak(folder, simulate(scenario(ScenarioName.THIN_BACKGROUND, GENOME_BP), settings))
    snakemake(folder / "work", *config(folder / "isolates.tsv", folder / "panel"))


@pytest.fixture
def small_run(tmp_path_factory, tmp_path: Path) -> SmallRun:
    """Return a finished run of its own to each test: a copy, with the inputs of all."""
    made = shared_once(tmp_path_factory, "small-run", _make)
    work = shutil.copytree(made / "work", tmp_path / "work", symlinks=True)
    return SmallRun(work, made / "isolates.tsv", made / "panel")
