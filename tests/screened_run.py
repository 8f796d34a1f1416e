"""A small finished run and candidates with known truth, for tests of the screen."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oneclone.model.isolates import Role
from oneclone.simulation.drafts import closed, draft
from oneclone.simulation.genomes import evolve
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulatedOutbreak, SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.simulated_folder import write_contigs, write_isolates, write_outbreak
from tests.pipeline import Pipeline

MEMBERS = ("PtA-CSF", "PtB-elbow")
KEPT = ("CTX-near", "CTX-mas-1")


@dataclass(frozen=True)
class ScreenedRun:
    """A finished run of the point source outbreak."""

    folder: Path
    outbreak: SimulatedOutbreak
    pipeline: Pipeline

    @property
    def working(self) -> Path:
        return self.folder / "work"

    @property
    def isolates(self) -> Path:
        return self.folder / "lab" / "isolates.tsv"

    def plant(self, path: Path, parent: str, snps: int, contigs: int, seed: int) -> None:
        """Write a descendant of an isolate or reference that differs from it by some SNPs."""
        random = np.random.default_rng(seed)
        backbone = self.outbreak.backbone
        genome = evolve(random, self.outbreak.genomes[parent], backbone, snps)
        whole = draft(random, genome, backbone, contigs) if contigs > 1 else closed(genome)
        write_contigs(path, whole.contigs)


def finished_run(folder: Path, genome_bp: int, seed: int = 1) -> ScreenedRun:
    """Simulate an outbreak and run what the screen needs of a run: calls, pairs, clusters."""
    settings = SimulationSettings(seed=seed, genome_bp=genome_bp)
    outbreak = simulate(scenario(ScenarioName.POINT_SOURCE, genome_bp), settings)
    write_outbreak(folder / "lab", outbreak)
    # What is screened needs no background; fewer rows are called sooner.
    kept = [row for row in outbreak.scenario.rows if row.role is Role.CASE or row.isolate in KEPT]
    write_isolates(folder / "lab" / "isolates.tsv", kept)
    pipeline = Pipeline(folder / "work", folder / "lab" / "isolates.tsv", folder / "lab" / "panel")
    pipeline.call()
    pipeline.count()
    pipeline.write_provenance()
    return ScreenedRun(folder, outbreak, pipeline)
