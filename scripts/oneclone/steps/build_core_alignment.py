"""Rule build_core_alignment: the soft core of all used isolates and references."""

from collections.abc import Sequence
from pathlib import Path

from oneclone.core_sites import bases_at, find_core_sites
from oneclone.core_size import CoreGauge, usable_sites
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

    The calls are read three times, one taxon after the other, and none is kept: for the sites,
    for the bases there, and for what each taxon means for the size.

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
    species = cohort.species_assembly
    taxa = load_taxa(roster, cohort, calls)
    reference = load_references(cohort, mask, prepared)[species]
    names = {taxon.row_id: taxon.name for taxon in taxa}
    level = settings.min_isolates_percent
    read = (taxon.base_calls(species) for taxon in taxa)
    core = find_core_sites(read, reference.sequence, reference.mask, level)
    usable = usable_sites(reference.sequence, reference.mask)
    gauge = CoreGauge(core.depth, core.taxa, usable, level)
    about = CoreSummary(
        reference=cohort.species_reference,
        taxa=core.taxa,
        min_isolates_percent=level,
        min_isolates=gauge.min_isolates,
        unmasked_bp=gauge.usable_bp,
        core_bp=core.core_bp,
        variable_sites=len(core.positions),
        constant=core.constant,
        strict_constant=core.strict_constant,
        contigs=reference.sequence.contigs,
    )
    there = reference.sequence.codes[core.positions]
    rows = (
        (taxon.row_id, bases_at(core.positions, taxon.base_calls(species), there)) for taxon in taxa
    )
    write_core(alignment, summary, rows, names, about)
    write_core_sites(sites, core.positions, reference.sequence)
    write_core_curve(curve, gauge.curve())
    left_out = [gauge.left_out(taxon.row_id, taxon.base_calls(species).callable) for taxon in taxa]
    write_core_by_isolate(by_isolate, left_out, names)
