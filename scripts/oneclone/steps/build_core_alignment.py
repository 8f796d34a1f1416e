"""Rule build_core_alignment: the soft core of all used isolates and references."""

from collections.abc import Sequence
from pathlib import Path

from oneclone.core import build_core
from oneclone.core_size import measure_core, usable_sites
from oneclone.model.settings import CoreSettings
from oneclone.steps.loading import load_references, load_taxa
from oneclone.tables.core_files import write_core, write_core_sites
from oneclone.tables.core_size_files import CoreSummary, write_core_by_isolate, write_core_curve
from oneclone.tables.run_plan import read_plan_panel


def build_core_alignment(
    *,
    roster: Path,
    panel: Path,
    mask: Path,
    prepared: Sequence[Path],
    calls: Path,
    alignment: Path,
    summary: Path,
    sites: Path,
    curve: Path,
    by_isolate: Path,
    settings: CoreSettings,
) -> None:
    """Write the core alignment on the species reference, and how its size depends on whom.

    Parameters
    ----------
    roster, panel, mask
        The run's plan.
    prepared
        Counting references in the order of `panel.counting_assemblies`.
    calls
        The gathered calls of the isolates and references.
    alignment, summary, sites, curve, by_isolate
        Files to write.
    settings
        Core level.
    """
    cohort = read_plan_panel(panel)
    taxa = load_taxa(roster, cohort, calls)
    reference = load_references(cohort, mask, prepared)[cohort.species_assembly]
    calls_of = {taxon.row_id: taxon.calls(cohort.species_assembly) for taxon in taxa}
    names = {taxon.row_id: taxon.name for taxon in taxa}
    level = settings.min_isolates_percent
    core = build_core(list(calls_of), calls_of, reference.sequence, reference.mask, level)
    usable = usable_sites(reference.sequence, reference.mask)
    size = measure_core({row: each.callable for row, each in calls_of.items()}, usable, level)
    about = CoreSummary(
        reference=cohort.species_reference,
        taxa=len(core.taxa),
        min_isolates_percent=level,
        min_isolates=size.min_isolates,
        unmasked_bp=size.usable_bp,
        core_bp=core.core_bp,
        variable_sites=len(core.positions),
        constant=core.constant,
        strict_constant=core.strict_constant,
        contigs=reference.sequence.contigs,
    )
    write_core(alignment, summary, core, names, about)
    write_core_sites(sites, core, reference.sequence)
    write_core_curve(curve, size.curve)
    write_core_by_isolate(by_isolate, size.left_out, names)
