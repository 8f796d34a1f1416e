"""Rule call_markers: genotype of every used isolate at the panel's marker loci."""

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from oneclone.markers import call_markers as call
from oneclone.model.loci import Marker
from oneclone.model.settings import CallingSettings
from oneclone.steps.loading import load_taxa
from oneclone.tables.linked_assembly import read_linked_contigs
from oneclone.tables.marker_table import write_markers
from oneclone.tables.reference_file import read_reference
from oneclone.tables.run_plan import read_plan_loci, read_plan_panel


def call_markers(
    *,
    roster: Path,
    panel: Path,
    loci: Path,
    prepared: Sequence[Path],
    calls: Path,
    assemblies: Path,
    markers: Path,
    settings: CallingSettings,
) -> None:
    """Write the genotype of every used isolate at every locus, called before any mask.

    Parameters
    ----------
    roster, panel, loci
        The run's plan.
    prepared
        Counting references in the order of `panel.counting_assemblies`.
    calls
        The gathered calls of the isolates and references.
    assemblies
        Folder of their assemblies, named by sha256; one is read only when a gene has an insertion.
    markers
        File to write; of a panel without loci it holds the header.
    settings
        How the bases were called.
    """
    cohort = read_plan_panel(panel)
    wanted = read_plan_loci(loci)
    species = cohort.species_assembly
    place = cohort.counting_assemblies.index(species)
    reference, _ = read_reference(prepared[place])
    isolates = [
        taxon
        for taxon in load_taxa(roster, cohort, calls)
        if wanted and not taxon.entry.is_reference
    ]
    longest = cohort.genome_length_bp[1]
    rows: list[tuple[str, Marker]] = []
    for taxon in isolates:
        link = assemblies / taxon.assessment.assembly
        contigs = cache(partial(read_linked_contigs, link, longest))
        called = call(wanted, taxon.calls(species), reference, settings, contigs)
        rows += [(taxon.name, marker) for marker in called]
    write_markers(markers, rows)
