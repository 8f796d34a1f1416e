"""Command export-calls: the calls of a run as VCF and BED, for programs that read those.

What is exported is what pairs were counted on: the mask is applied. So the number of records at
which two samples have different genotypes, missing ones left out, is their `snps_raw`, and the
overlap of their callable intervals is their `callable_bp`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from oneclone.choices import chosen
from oneclone.commands.finished_run import (
    load_finished_run,
    refuse_unfinished,
    require_no_run_since,
)
from oneclone.distances import without_mask
from oneclone.model.calls import PreparedReference
from oneclone.steps.loading import Taxon, load_references, load_taxa
from oneclone.tables.delimited import write_table
from oneclone.tables.variant_files import write_bed, write_vcf

COLUMNS = ("reference", "isolate", "vcf", "callable_bed", "callable_bp")


def export_calls(
    working: Path, folder: Path, isolates: Sequence[str] = (), references: Sequence[str] = ()
) -> int:
    """Write the calls of a finished run, one folder per counting reference; return how many.

    Parameters
    ----------
    working
        Working directory of the run.
    folder
        Where to write. `files.tsv` says which file is whose: names of isolates and references
        are in tables and VCF headers, never in file names.
    isolates
        Names to export; none = every used isolate and reference.
    references
        Names of counting references; none = all.

    Raises
    ------
    OnecloneError
        If there is no finished run, if another one is at work or was begun since, or if its calls
        are gone or those of another version.
    InputRefused
        If a name is unknown.
    """
    run = load_finished_run(working)
    refuse_unfinished(run, ["distances/pairs.tsv"])
    panel = run.plan.panel
    taxa = load_taxa(run.roster, panel, run.calls)
    known = load_references(panel, run.mask, run.prepared)
    wanted = chosen("isolate", isolates, [taxon.name for taxon in taxa])
    by_name = {panel.name_of(assembly): assembly for assembly in known}
    rows: list[tuple[object, ...]] = []
    for name in sorted(chosen("reference", references, list(by_name))):
        assembly = by_name[name]
        called = [
            taxon
            for taxon in sorted(taxa, key=lambda taxon: taxon.name)
            if taxon.name in wanted and assembly in taxon.assessment.references
        ]
        place = next(each.row_id for each in panel.references if each.name == name)
        exported = _export_on(assembly, known[assembly], called, folder / place)
        rows += [
            (name, isolate, f"{place}/variants.vcf.gz", bed, size)
            for isolate, bed, size in exported
        ]
    require_no_run_since(run)
    write_table(folder / "files.tsv", COLUMNS, rows)
    return len(rows)


def _export_on(
    assembly: str, reference: PreparedReference, taxa: Sequence[Taxon], folder: Path
) -> Iterator[tuple[str, str, int]]:
    """Write the calls of some taxa on one reference; give name, BED file and bases of each."""
    calls = {
        taxon.name: without_mask(
            taxon.calls(assembly), reference.mask, reference.sequence.length_bp
        )
        for taxon in taxa
    }
    write_vcf(folder / "variants.vcf.gz", calls, reference.sequence)
    write_bed(folder / "masked.bed", reference.mask, reference.sequence)
    for taxon in taxa:
        called = calls[taxon.name].callable
        bed = folder / "callable" / f"{taxon.row_id}.bed"
        write_bed(bed, called, reference.sequence)
        yield taxon.name, str(bed.relative_to(folder.parent)), called.total_bp
