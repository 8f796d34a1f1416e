"""Rule measure_coverage: what of references and assemblies could be compared."""

from collections.abc import Sequence
from pathlib import Path

from oneclone.coverage import coverage
from oneclone.steps.loading import load_references, load_taxa
from oneclone.tables.coverage_table import write_coverage
from oneclone.tables.run_plan import read_plan_panel


def measure_coverage(
    *,
    roster: Path,
    panel: Path,
    mask: Path,
    prepared: Sequence[Path],
    calls: Path,
    coverage_table: Path,
) -> None:
    """Write how much of each counting reference and of each assembly was compared.

    Parameters
    ----------
    roster, panel, mask
        The run's plan.
    prepared
        Counting references in the order of `panel.counting_assemblies`.
    calls
        The gathered calls of the isolates and references.
    coverage_table
        File to write.
    """
    cohort = read_plan_panel(panel)
    taxa = load_taxa(roster, cohort, calls)
    references = load_references(cohort, mask, prepared)
    write_coverage(
        coverage_table,
        [
            (
                taxon.name,
                cohort.name_of(assembly),
                coverage(taxon.calls(assembly), references[assembly]),
            )
            for taxon in taxa
            for assembly in taxon.assessment.references
        ],
    )
