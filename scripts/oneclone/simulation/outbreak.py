"""Simulate an outbreak: evolve the genomes of a scenario and assemble them."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from oneclone.simulation.drafts import Draft, closed, draft, true_differences
from oneclone.simulation.genomes import (
    Backbone,
    Genome,
    Import,
    evolve,
    random_backbone,
    take_up,
)
from oneclone.simulation.scenarios import Clade, Row, Scenario

GC_PERCENT = 64.0  # M. abscessus ATCC 19977: 64.1 % (CU458896.1)
REPEAT_SPACING_BP = 50_000
IMPORT_BP = 3000


@dataclass(frozen=True)
class SimulationSettings:
    """Size of what is simulated; `contigs` is the mean number of contigs of a draft."""

    seed: int = 1
    genome_bp: int = 200_000
    contigs: int = 8


@dataclass(frozen=True)
class TruePair:
    """True differences of two assemblies, where both hold the base, outside repeats."""

    first: str
    second: str
    raw: int
    clonal: int
    shared_bp: int


@dataclass(frozen=True)
class SimulatedOutbreak:
    """Assemblies of a scenario, panel references included, and what is true of them."""

    scenario: Scenario
    settings: SimulationSettings
    backbone: Backbone
    genomes: Mapping[str, Genome]
    drafts: Mapping[str, Draft]
    imports: Mapping[str, Import]

    def true_pairs(self) -> list[TruePair]:
        """Return the true differences of every pair, by names in code point order."""
        return [
            TruePair(
                one,
                two,
                *true_differences(
                    (self.genomes[one], self.drafts[one]),
                    (self.genomes[two], self.drafts[two]),
                    self.backbone,
                ),
            )
            for one, two in combinations(sorted(self.drafts), 2)
        ]


def simulate(scenario: Scenario, settings: SimulationSettings) -> SimulatedOutbreak:
    """Simulate the genomes and assemblies of a scenario; equal settings give equal results.

    Parameters
    ----------
    scenario
        Tree, rows and panel.
    settings
        Seed, genome length and contigs.

    Examples
    --------
    >>> from oneclone.simulation.scenarios import ScenarioName, scenario
    >>> small = SimulationSettings(genome_bp=60_000)
    >>> outbreak = simulate(scenario(ScenarioName.POINT_SOURCE, 60_000), small)
    >>> pairs = {(pair.first, pair.second): pair.raw for pair in outbreak.true_pairs()}
    >>> pairs["PtA-CSF", "PtB-elbow"] <= 3
    True
    """
    random = np.random.default_rng(settings.seed)
    backbone = random_backbone(
        random, settings.genome_bp, GC_PERCENT, settings.genome_bp // REPEAT_SPACING_BP
    )
    genomes: dict[str, Genome] = {}
    root = Genome(backbone.bases, backbone.bases)
    _descend(random, scenario.tree, root, backbone, genomes)
    imports: dict[str, Import] = {}
    for name, donor in sorted(scenario.imports.items()):
        imports[name] = _choose_stretch(random, backbone, donor)
        genomes[name] = take_up(genomes[name], genomes[donor], imports[name])
    rows = {row.isolate: row for row in (*scenario.rows, *scenario.later)}
    drafts = {
        name: _assemble(random, genome, backbone, rows.get(name), settings)
        for name, genome in genomes.items()
    }
    return SimulatedOutbreak(scenario, settings, backbone, genomes, drafts, imports)


def _descend(
    random: np.random.Generator,
    clade: Clade,
    parent: Genome,
    backbone: Backbone,
    genomes: dict[str, Genome],
) -> None:
    """Evolve a clade and all that descends from it; keep the genomes of the leaves."""
    genome = evolve(random, parent, backbone, clade.snps)
    if not clade.children:
        genomes[clade.name] = genome
    for child in clade.children:
        _descend(random, child, genome, backbone, genomes)


def _choose_stretch(random: np.random.Generator, backbone: Backbone, donor: str) -> Import:
    """Return a stretch without a repeat."""
    while True:
        start = int(random.integers(0, len(backbone.bases) - IMPORT_BP))
        if not backbone.is_repeat[start : start + IMPORT_BP].any():
            return Import(start, start + IMPORT_BP, donor)


def _assemble(
    random: np.random.Generator,
    genome: Genome,
    backbone: Backbone,
    row: Row | None,
    settings: SimulationSettings,
) -> Draft:
    """Return a closed genome for a reference, a draft for an isolate."""
    if row is None:
        return closed(genome)
    least, most = max(2, settings.contigs // 2), settings.contigs * 2
    whole = draft(random, genome, backbone, int(random.integers(least, most)))
    if row.kept_percent == 100:
        return whole
    kept = int(row.kept_percent * sum(map(len, whole.contigs)) / 100)
    return Draft((np.concatenate(whole.contigs)[:kept],), np.zeros_like(whole.holds))
