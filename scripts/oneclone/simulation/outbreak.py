"""Simulate an outbreak: evolve the genomes of a scenario and assemble them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from oneclone.sequences import Codes
from oneclone.simulation.drafts import CLEAR_BP, Cutting, Draft, closed, draft, true_differences
from oneclone.simulation.genomes import (
    Backbone,
    Genome,
    Import,
    evolve,
    random_backbone,
    share,
    stretch_of,
    take_up,
    without,
)
from oneclone.simulation.model import (
    Clade,
    Flaw,
    PlannedImport,
    Scenario,
    SharedSnps,
)

GC_PERCENT = 64.0  # M. abscessus ATCC 19977: 64.1 % (CU458896.1)
REPEAT_SPACING_BP = 50_000


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
    >>> from oneclone.simulation.model import ScenarioName
    >>> from oneclone.simulation.scenarios import scenario
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
    for name, planned in sorted(scenario.imports.items()):
        imports[name] = _choose_stretch(random, backbone, planned)
        genomes[name] = take_up(genomes[name], genomes[planned.donor], imports[name])
    for shared in scenario.shared:
        genomes.update(_shared(random, backbone, genomes, shared))
    evolved = _Evolved(scenario, backbone, genomes, imports)
    drafts = {name: _assemble(random, name, evolved, settings) for name in genomes}
    named = _named(scenario)
    return SimulatedOutbreak(
        scenario,
        settings,
        backbone,
        {name: genome for name, genome in genomes.items() if name in named},
        {name: each for name, each in drafts.items() if name in named},
        {name: each for name, each in imports.items() if name in named},
    )


@dataclass(frozen=True)
class _Evolved:
    """The genomes of a scenario, before they are assembled."""

    scenario: Scenario
    backbone: Backbone
    genomes: Mapping[str, Genome]
    imports: Mapping[str, Import]


def _complete(scenario: Scenario) -> tuple[str, ...]:
    """Return the leaves whose assemblies are complete."""
    return scenario.complete or tuple(row.reference for row in scenario.panel)


def _descend(
    random: np.random.Generator,
    clade: Clade,
    parent: Genome,
    backbone: Backbone,
    genomes: dict[str, Genome],
) -> None:
    """Evolve a clade and all that descends from it; keep the genomes of the leaves."""
    genome = evolve(random, parent, backbone, clade.snps, clade.span)
    if not clade.children:
        genomes[clade.name] = genome
    for child in clade.children:
        _descend(random, child, genome, backbone, genomes)


def _choose_stretch(
    random: np.random.Generator, backbone: Backbone, planned: PlannedImport
) -> Import:
    """Return a stretch away from repeats and from the ends of the genome."""
    total = len(backbone.bases)
    while True:
        start = int(random.integers(0, total - planned.length_bp))
        end = start + planned.length_bp
        low, high = start - CLEAR_BP, end + CLEAR_BP
        if low >= 0 and high <= total and not backbone.is_repeat[low:high].any():
            return Import(start, end, planned.donor)


def _shared(
    random: np.random.Generator,
    backbone: Backbone,
    genomes: Mapping[str, Genome],
    shared: SharedSnps,
) -> dict[str, Genome]:
    """Return isolates with substitutions that they share though they did not inherit them."""
    places = random.choice(np.flatnonzero(~backbone.is_repeat), size=shared.snps, replace=False)
    return {name: share(genomes[name], np.sort(places)) for name in shared.isolates}


def _named(scenario: Scenario) -> set[str]:
    """Return the leaves of which the tables or the panel name an assembly."""
    rows = (*scenario.rows, *scenario.later)
    return {
        *(row.reference for row in scenario.panel),
        *(row.copy_of or row.isolate for row in rows),
    }


def _assemble(
    random: np.random.Generator,
    name: str,
    outbreak: _Evolved,
    settings: SimulationSettings,
) -> Draft:
    """Return a closed genome for a reference, a draft for an isolate."""
    scenario, genome, backbone = outbreak.scenario, outbreak.genomes[name], outbreak.backbone
    if name in _complete(scenario):
        return closed(genome)
    flaw = scenario.flaws.get(name, Flaw())
    cutting = Cutting(keep=outbreak.imports.get(name))
    added: tuple[Codes, ...] = ()
    if flaw.lost:
        start, end = (round(share * settings.genome_bp) for share in flaw.lost)
        genome = without(genome, start, end)
    if flaw.foreign:
        place = _choose_stretch(random, backbone, PlannedImport(flaw.foreign, flaw.foreign_bp))
        added = (stretch_of(outbreak.genomes[flaw.foreign], place.start, place.end),)
        cutting = replace(cutting, keep=place)
        if flaw.in_place:
            genome = without(genome, place.start, place.end)
            cutting = replace(cutting, cut_at=place.start)
    least, most = max(2, settings.contigs // 2), settings.contigs * 2
    contigs = flaw.contigs or int(random.integers(least, most))
    whole = draft(random, genome, backbone, contigs, cutting)
    return _kept(Draft((*whole.contigs, *added), whole.holds), name, scenario)


def _kept(whole: Draft, name: str, scenario: Scenario) -> Draft:
    """Return what reaches the assembly: all of it, or the first part as one contig."""
    rows = (*scenario.rows, *scenario.later)
    percent = next((row.kept_percent for row in rows if row.isolate == name), 100)
    if percent == 100:
        return whole
    kept = int(percent * sum(map(len, whole.contigs)) / 100)
    return Draft((np.concatenate(whole.contigs)[:kept],), np.zeros_like(whole.holds))
