"""Rule mask_imports: mask what Gubbins takes for imports in the alignment of the whole tree."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from oneclone.core import build_core
from oneclone.gubbins import (
    ImportedRegion,
    find_imports,
    gubbins_program,
    gubbins_version,
    mask_imports_in,
    whole_genome,
)
from oneclone.model.calls import PreparedReference
from oneclone.model.panel import Panel
from oneclone.model.settings import CoreSettings
from oneclone.sequences import Codes
from oneclone.steps.loading import Taxon, load_references, load_taxa
from oneclone.tables.core_files import write_core
from oneclone.tables.core_size_files import read_core_summary
from oneclone.tables.import_bed import PredictedImport, write_imports
from oneclone.tables.run_plan import read_plan_panel


def mask_imports(
    *,
    roster: Path,
    panel: Path,
    mask: Path,
    prepared: Sequence[Path],
    calls: Path,
    alignment_summary: Path,
    regions: Path,
    alignment: Path,
    summary: Path,
    settings: CoreSettings,
) -> None:
    """Write the predicted imports of each lineage and the core alignment without them.

    Parameters
    ----------
    roster, panel, mask
        The run's plan.
    prepared
        Counting references in the order of `panel.counting_assemblies`.
    calls
        The gathered calls of the isolates and references.
    alignment_summary
        What belongs to the published core alignment.
    regions, alignment, summary
        Files to write; the alignment is that of the whole tree alone.
    settings
        Core level.
    """
    gubbins_program()
    cohort = read_plan_panel(panel)
    taxa = load_taxa(roster, cohort, calls)
    reference = load_references(cohort, mask, prepared)[cohort.species_assembly]
    found: list[ImportedRegion] = []
    named: list[PredictedImport] = []
    names = {taxon.row_id: taxon.name for taxon in taxa}
    for lineage, members in _lineages(taxa, cohort).items():
        predicted = find_imports(_genomes(members, cohort.species_assembly, reference))
        found += predicted
        named += [
            PredictedImport(lineage, each.start, each.end, tuple(names[t] for t in each.taxa))
            for each in predicted
        ]
    write_imports(regions, named, reference.sequence)
    core = build_core(
        [taxon.row_id for taxon in taxa],
        {taxon.row_id: taxon.calls(cohort.species_assembly) for taxon in taxa},
        reference.sequence,
        reference.mask,
        settings.min_isolates_percent,
    )
    masked, bases = mask_imports_in(core, found)
    about = replace(
        read_core_summary(alignment_summary), masked_bases=bases, masked_by=gubbins_version()
    )
    rows = zip(masked.taxa, masked.codes, strict=True)
    write_core(alignment, summary, rows, names, about)


def _lineages(taxa: Sequence[Taxon], panel: Panel) -> dict[str, list[Taxon]]:
    """Return the taxa of each subspecies; a panel without subspecies is one lineage.

    Isolates of ambiguous subspecies belong to none. Taxa are ordered by genome.
    """
    if not panel.type_strains:
        return {panel.organism: list(taxa)}
    kinds = sorted({taxon.subspecies for taxon in taxa} - {""})
    return {kind: [taxon for taxon in taxa if taxon.subspecies == kind] for kind in kinds}


def _genomes(
    members: Sequence[Taxon], assembly: str, reference: PreparedReference
) -> dict[str, Codes]:
    """Return the genome of each taxon on the species reference, by row id."""
    return {
        taxon.row_id: whole_genome(taxon.calls(assembly), reference.sequence, reference.mask)
        for taxon in members
        if assembly in taxon.assessment.references
    }
