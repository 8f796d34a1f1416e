"""Measure how the cost of a whole run grows with the number of isolates."""

import sys
from pathlib import Path
from typing import Any

from oneclone.model.isolates import Role
from oneclone.simulation.model import Clade, Expected, PanelRow, Row, Scenario, ScenarioName
from oneclone.simulation.outbreak import SimulationSettings
from tests.benchmarks.whole_runs import compare, run, simulated_case

CONTEXT = (12, 25, 50, 100)
GENOME_BP = 500_000
CONTIGS = 15
SUBSPECIES_SNPS = 8_000  # 1.6 % of the genome, from the root of the species
LINEAGE_SNPS = 1_000
LINEAGE_ISOLATES = 5
REFERENCES = ("ABS_TYPE", "MAS_TYPE")


def measure_growth(folder: Path) -> list[dict[str, Any]]:
    """Measure runs with growing numbers of context isolates."""
    found = []
    for context in CONTEXT:
        print(f"running: {context} context isolates", file=sys.stderr, flush=True)
        case = simulated_case(
            crowd(context),
            SimulationSettings(1, GENOME_BP, CONTIGS),
            folder / f"crowd-{context}",
            f"{context} context isolates",
        )
        found.append({"context": context, **run(case), **compare(case)})
    return found


def crowd(context: int) -> Scenario:
    """Return two cases of one source among a number of context isolates.

    The isolates lie in lineages of five, 1 000 substitutions from each other.
    """
    names = [f"CTX-{number:03}" for number in range(1, context + 1)]
    lineages = [
        Clade(
            f"lineage {start}",
            LINEAGE_SNPS,
            tuple(
                Clade(name, 20 + 10 * place)
                for place, name in enumerate(names[start : start + LINEAGE_ISOLATES])
            ),
        )
        for start in range(0, context, LINEAGE_ISOLATES)
    ]
    cases = Clade("source", LINEAGE_SNPS, (Clade("PtA", 1), Clade("PtB", 2)))
    massiliense = (Clade("MAS_TYPE", LINEAGE_SNPS), cases, *lineages)
    tree = Clade(
        "species",
        0,
        (
            Clade("ABS_TYPE", SUBSPECIES_SNPS),
            Clade("massiliense", SUBSPECIES_SNPS, massiliense),
        ),
    )
    expected = Expected("single_clone", (("PtA", "PtB"),), True, True)
    return Scenario(
        name=ScenarioName.POINT_SOURCE,
        tree=tree,
        rows=(
            *(
                Row(f"Pt{patient}", Role.CASE, patient, clinic, "Mexico", "2023", f"run-{patient}")
                for patient, clinic in (("A", "Clinic 1"), ("B", "Clinic 2"))
            ),
            *(Row(name, Role.CONTEXT, f"P-{name}", country="USA") for name in names),
        ),
        later=(),
        panel=tuple(
            PanelRow(name, kind, "", is_type_strain=True)
            for name, kind in zip(REFERENCES, ("abscessus", "massiliense"), strict=True)
        ),
        expected=expected,
        expected_later=expected,
    )
