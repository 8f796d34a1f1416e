"""Measure how often random outbreaks get the right verdict, by how much background is sampled."""

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from oneclone.model.isolates import Role
from oneclone.simulation.drafts import Draft, closed, draft
from oneclone.simulation.genomes import Backbone, Genome, evolve, random_backbone
from oneclone.simulation.lineages import PANEL
from oneclone.simulation.model import Clade, Expected, Scenario, ScenarioName
from oneclone.simulation.outbreak import GC_PERCENT, SimulatedOutbreak, SimulationSettings
from oneclone.tables.delimited import write_table
from oneclone.tables.isolate_table import COLUMNS
from oneclone.tables.simulated_folder import write_contigs, write_panel
from oneclone.validation.quick_verdict import quick_verdict
from tests.benchmarks.random_outbreaks import LEVELS, RandomOutbreak, Truth, draw

WANTED = {Truth.CIRCULATING: 200, Truth.POINT_SOURCE: 100}
PROCESSES = 2
BATCH = 20  # outbreaks that are drawn at a time
SEED = 4
GENOME_BP = 60_000
CONTIGS = (3, 8)
REPEATS = 1
LINEAGE_SNPS = 180  # 0.3 % of the genome, from the root of the subspecies to each lineage
UNRELATED = 4  # context isolates of other lineages, always in the context
REFERENCES = ("ABS_TYPE", "DCC2_REF")


@dataclass(frozen=True)
class World:
    """What all outbreaks share: the root, the clone's ancestor, references, other lineages."""

    backbone: Backbone
    ancestor: Genome
    folder: Path

    @property
    def panel(self) -> Path:
        """The panel folder."""
        return self.folder / "panel"


@dataclass(frozen=True)
class Judged:
    """An outbreak with the set verdict at each level of sampling."""

    number: int
    truth: str
    is_close: bool
    is_apart: bool
    verdicts: dict[int, str]
    seconds: float


def measure_outbreaks(folder: Path) -> dict[str, Any]:
    """Judge random outbreaks until there are enough of each kind; return the counts.

    Circulating outbreaks whose cases have no relative as close as they are to each other are
    judged as well, and counted apart.
    """
    judged: list[Judged] = []
    started = time.monotonic()
    with ProcessPoolExecutor(PROCESSES) as pool:
        for truth, wanted in WANTED.items():
            first = 0
            while _counted(judged, truth) < wanted:
                numbers = range(first, first + BATCH)
                judged += pool.map(_judge_in, [(folder, n, truth) for n in numbers])
                first += BATCH
                done = f"{_counted(judged, truth)} of {wanted}"
                print(f"outbreaks, {truth}: {done}", file=sys.stderr, flush=True)
    return {"wall_s": round(time.monotonic() - started), **summary(judged)}


def _counted(judged: Sequence[Judged], truth: Truth) -> int:
    """Return how many outbreaks of a kind count for its number."""
    return sum(
        each.truth == truth and (each.is_close or truth is Truth.POINT_SOURCE) for each in judged
    )


def summary(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return the verdicts of each group at each level as counts."""
    groups = {
        "circulating": [e for e in judged if e.truth == Truth.CIRCULATING and e.is_close],
        "chance": [e for e in judged if e.truth == Truth.CIRCULATING and not e.is_close],
        "source_apart": [e for e in judged if e.truth == Truth.POINT_SOURCE and e.is_apart],
        "source_near": [e for e in judged if e.truth == Truth.POINT_SOURCE and not e.is_apart],
    }
    return {
        "seconds": round(sum(each.seconds for each in judged)),
        "groups": {
            name: {
                str(level): dict(sorted(Counter(each.verdicts[level] for each in group).items()))
                for level in LEVELS
            }
            for name, group in groups.items()
        },
        "false_at_100": [
            e.number for e in groups["circulating"] if e.verdicts[100] == "single_clone"
        ],
    }


def _judge_in(task: tuple[Path, int, Truth]) -> Judged:
    """Judge one outbreak in a working directory of this process."""
    folder, number, truth = task
    return judge_outbreak(world(folder / f"process-{os.getpid()}"), draw(number, truth))


@cache
def world(folder: Path) -> World:
    """Write references and isolates of other lineages; return the world."""
    random = np.random.default_rng(SEED)
    backbone = random_backbone(random, GENOME_BP, GC_PERCENT, REPEATS)
    root = Genome(backbone.bases, backbone.bases)
    genomes = {
        name: evolve(random, root, backbone, LINEAGE_SNPS)
        for name in (*REFERENCES, *unrelated(), "ancestor")
    }
    panel = tuple(row for row in PANEL if row.reference in REFERENCES)
    nothing = Expected("", (), None, None)
    scenario = Scenario(
        ScenarioName.CIRCULATING_CLONE, Clade("", 0), (), (), panel, nothing, nothing
    )
    drafts = {name: closed(genomes[name]) for name in REFERENCES}
    settings = SimulationSettings(SEED, GENOME_BP, max(CONTIGS))
    write_panel(
        folder / "panel", SimulatedOutbreak(scenario, settings, backbone, genomes, drafts, {})
    )
    for name in unrelated():
        made = draft(random, genomes[name], backbone, max(CONTIGS))
        write_contigs(folder / f"{name}.fna", made.contigs)
    return World(backbone, genomes["ancestor"], folder)


def unrelated() -> tuple[str, ...]:
    """Return the names of the context isolates of other lineages."""
    return tuple(f"other-{number}" for number in range(UNRELATED))


def judge_outbreak(
    within: World, outbreak: RandomOutbreak, levels: Sequence[int] = LEVELS
) -> Judged:
    """Return the verdict on an outbreak at each level of sampling.

    Parameters
    ----------
    within
        The world; its folder keeps the calls of references and other lineages.
    outbreak
        What is judged.
    levels
        Per cent of the related isolates in the context.
    """
    started = time.process_time()
    place = within.folder / "outbreak"
    for name, made in _assembled(within, outbreak):
        write_contigs(place / f"{name}.fna", made.contigs)
    verdicts: dict[int, str] = {}
    known: dict[tuple[str, ...], str] = {}
    for level in levels:
        context = outbreak.related(level)
        if context not in known:
            table = _write_table(place, outbreak, context)
            found = quick_verdict(within.folder / "work", table, within.panel)
            known[context] = found.verdict["verdict"]
        verdicts[level] = known[context]
    shutil.rmtree(place)
    return Judged(
        outbreak.number,
        outbreak.truth,
        outbreak.has_close_relatives,
        outbreak.nearest_snps > max(10, outbreak.widest_snps),
        verdicts,
        time.process_time() - started,
    )


def _assembled(within: World, outbreak: RandomOutbreak) -> Iterator[tuple[str, Draft]]:
    """Evolve the isolates of an outbreak and give their draft assemblies."""
    random = np.random.default_rng([SEED, outbreak.number, list(Truth).index(outbreak.truth)])
    for name, genome in _evolved(random, within.ancestor, within.backbone, outbreak.tree):
        contigs = int(random.integers(*CONTIGS, endpoint=True))
        yield name, draft(random, genome, within.backbone, contigs)


def _evolved(
    random: np.random.Generator, parent: Genome, backbone: Backbone, clade: Clade
) -> Iterator[tuple[str, Genome]]:
    """Give the genomes of the leaves of a clade."""
    genome = evolve(random, parent, backbone, clade.snps)
    if not clade.children:
        yield clade.name, genome
    for child in clade.children:
        yield from _evolved(random, genome, backbone, child)


def _write_table(place: Path, outbreak: RandomOutbreak, context: Sequence[str]) -> Path:
    """Write the isolate table of one level; each isolate is of a patient of its own."""
    rows = [
        *((name, place / f"{name}.fna", Role.CASE, f"Clinic {name}") for name in outbreak.cases),
        *((name, place / f"{name}.fna", Role.CONTEXT, "") for name in context),
        *((name, place.parent / f"{name}.fna", Role.CONTEXT, "") for name in unrelated()),
    ]
    blank = ("",) * (len(COLUMNS) - 5)
    table = place / "isolates.tsv"
    cells = [
        (name, str(path), role, f"P-{name}", clinic, *blank) for name, path, role, clinic in rows
    ]
    write_table(table, COLUMNS, cells)
    return table
