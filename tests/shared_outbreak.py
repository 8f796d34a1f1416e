"""Two outbreaks of the small scene, shared as a bundle, and isolates of another laboratory.

The isolates of the other laboratory are chosen for what can happen to a pair: an import that the
filter removes, one it may not decide on, foreign contigs, another subspecies, too few bases, the
very assembly of a member.
"""

import gzip
from dataclasses import dataclass, replace
from pathlib import Path

from oneclone.simulation.model import Row, ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import SCENES
from oneclone.tables.atomic import write_text
from oneclone.tables.simulated_folder import write_isolates, write_outbreak
from tests.integration.workflow import pairs_by_name
from tests.quick_verdict import QuickRun

GENOME_BP = 60_000
OURS = ScenarioName.TWO_OUTBREAKS
THEIRS = {
    "PtT-1": ScenarioName.IMPORT_DECIDES,
    "PtU-1": ScenarioName.IMPORT_TOO_LARGE,
    "PtZ-1": ScenarioName.FOREIGN_CONTIG_IN_PLACE,
    "PtE-1": ScenarioName.OTHER_SUBSPECIES,
    "PtM-1": ScenarioName.POSSIBLE_PAIR,
    "PtP-1": ScenarioName.LOW_COVERAGE,
    "PtCopy": ScenarioName.IDENTICAL_CASES,
}


@dataclass(frozen=True)
class SharedOutbreak:
    """A finished run without the isolates of the other laboratory, and all pairs with them.

    `files` are the assemblies of the other laboratory by the names they have in `pairs`.
    """

    work: Path
    files: dict[str, Path]
    pairs: dict[tuple[str, str], dict[str, str]]


def share_outbreak(folder: Path) -> SharedOutbreak:
    """Run both: everything as one laboratory would, and then our isolates alone."""
    ours = SCENES[OURS].rows
    theirs = [row for name, scene in THEIRS.items() for row in rows_of(scene, name)]
    scenario = SCENES[OURS].scenario(GENOME_BP)
    settings = SimulationSettings(seed=2, genome_bp=GENOME_BP, contigs=4)
    write_outbreak(folder, simulate(replace(scenario, rows=(*ours, *theirs)), settings))
    write_isolates(folder / "ours.tsv", ours)
    work = folder / "work"
    together = QuickRun(work, folder / "isolates.tsv", folder / "panel")
    together.call()
    results = folder / "together"
    together.count_pairs(results / "distances", results / "stretches.tsv")
    pairs = pairs_by_name(results)
    finish(QuickRun(work, folder / "ours.tsv", folder / "panel"))
    away = folder / "away"
    away.mkdir()
    for name in THEIRS:  # elsewhere, unpacked and under another name
        plain = gzip.decompress((folder / "asm" / f"{name}.fna.gz").read_bytes())
        (away / f"our {name}.fa").write_bytes(plain)
    return SharedOutbreak(work, {name: away / f"our {name}.fa" for name in THEIRS}, pairs)


def rows_of(scene: ScenarioName, name: str) -> list[Row]:
    return [row for row in SCENES[scene].rows if row.isolate == name]


def finish(run: QuickRun) -> None:
    """Count distances and write provenance; words stand for what is only copied."""
    results = run.results
    run.call()
    run.count()
    for name in ("tree/core.nwk", "verdict.json", "verdict_pairs.tsv"):
        write_text(results / name, f"{name}\n")
    run.write_provenance()
