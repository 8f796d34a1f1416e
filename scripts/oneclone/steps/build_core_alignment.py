"""Rule build_core_alignment: the soft core of all used isolates and references."""

from collections.abc import Sequence
from pathlib import Path

from oneclone.core import build_core
from oneclone.model.settings import CoreSettings
from oneclone.steps.loading import load_references, load_taxa
from oneclone.tables.core_files import CoreSummary, write_core
from oneclone.tables.run_plan import read_plan_panel


def build_core_alignment(
    *,
    roster: Path,
    panel: Path,
    mask: Path,
    prepared: Sequence[Path],
    assessments: Sequence[Path],
    calls: Sequence[Path],
    alignment: Path,
    summary: Path,
    settings: CoreSettings,
) -> None:
    """Write the core alignment on the species reference.

    Parameters
    ----------
    roster, panel, mask
        The run's plan.
    prepared
        Counting references in the order of `panel.counting_assemblies`.
    assessments, calls
        Files of the isolates and references.
    alignment, summary
        Files to write.
    settings
        Core level.
    """
    cohort = read_plan_panel(panel)
    taxa = load_taxa(roster, cohort, assessments, calls)
    reference = load_references(cohort, mask, prepared)[cohort.species_assembly]
    core = build_core(
        [taxon.row_id for taxon in taxa],
        {taxon.row_id: taxon.calls(cohort.species_assembly) for taxon in taxa},
        reference.sequence,
        reference.mask,
        settings.min_isolates_percent,
    )
    about = CoreSummary(
        reference=cohort.species_reference,
        taxa=len(core.taxa),
        min_isolates_percent=settings.min_isolates_percent,
        core_bp=core.core_bp,
        variable_sites=len(core.positions),
        constant=core.constant,
        strict_constant=core.strict_constant,
    )
    write_core(alignment, summary, core, {taxon.row_id: taxon.name for taxon in taxa}, about)
