"""What a panel says of places on its references: mask, annotations, marker loci.

Each file is checked as far as the assemblies go that could be read, so that one missing assembly
hides no mistake that another one shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from oneclone.errors import AssemblyRejected, Problems
from oneclone.model.loci import Locus
from oneclone.model.regions import Annotation
from oneclone.model.run_plan import Mask
from oneclone.plan_files import HashedFile, HashedFiles
from oneclone.tables.annotation import read_annotation
from oneclone.tables.contig_names import Aliases, alias_problems, resolve_contig
from oneclone.tables.fasta import read_assembly
from oneclone.tables.fetched_table import absent_problem
from oneclone.tables.loci_table import parse_loci, read_loci
from oneclone.tables.mask_bed import MaskLine, parse_mask, placement_problems, read_mask_bed
from oneclone.tables.panel_files import PanelFiles, ReferenceRow
from oneclone.tables.paths import is_there

MASK_FILE, LOCI_FILE = "mask.bed", "loci.tsv"
NO_ANNOTATION = "leave the cell empty"


@dataclass(frozen=True)
class PanelRegions:
    """What lies on the references, by the sha256 of their assemblies.

    A reference without annotation is absent from `annotations`. `loci` lie on the species
    reference. `notes` say what could not be checked, because an assembly is not here.
    """

    mask: Mask
    annotations: Mapping[str, Annotation]
    loci: tuple[Locus, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Known:
    """The panel and its references whose assembly could be read, with their sha256."""

    files: PanelFiles
    references: tuple[tuple[ReferenceRow, str], ...]
    hashed: HashedFiles

    @property
    def lengths(self) -> dict[str, dict[str, int]]:
        """Contigs with their lengths."""
        return {sha256: self.hashed.genomes[sha256].lengths for _, sha256 in self.references}

    @property
    def aliases(self) -> dict[str, Aliases]:
        """Other names of the contigs."""
        return {sha256: row.contig_aliases for row, sha256 in self.references}

    @property
    def are_all(self) -> bool:
        """Whether no reference of the panel is missing here."""
        return self.files.complete and len(self.references) == len(self.files.rows)


def examine_regions(
    panel: PanelFiles, references: Sequence[HashedFile], files: HashedFiles, problems: Problems
) -> PanelRegions:
    """Return the panel's mask, annotations and marker loci, empty when it has none.

    Parameters
    ----------
    panel
        What the panel says of its files.
    references
        Hashed assemblies of its references, in their order.
    files
        Knows what is in them.
    problems
        Receives every problem of aliases, mask, annotations and loci. With any, what is returned
        is not whole.
    """
    pairs = zip(panel.rows, references, strict=True)
    here = tuple((row, each.sha256) for row, each in pairs if each.sha256 in files.genomes)
    known = _Known(panel, here, files)
    problems.add(
        f"{panel.table} row {row.number}: {problem}"
        for row, sha256 in here
        for problem in alias_problems(known.lengths[sha256], row.contig_aliases)
    )
    mask, unplaced = _mask(known, problems)
    annotations = _annotations(known, problems)
    loci, unchecked = _loci(known, problems)
    return PanelRegions(mask, annotations, loci, (*unplaced, *unchecked))


def _mask(known: _Known, problems: Problems) -> tuple[Mask, list[str]]:
    """Return the mask, and which contigs of it are on no assembly that is here."""
    path, lengths, aliases = known.files.path / MASK_FILE, known.lengths, known.aliases
    if not is_there(path):
        return {}, []
    if known.are_all:
        return problems.attempt(read_mask_bed, path, lengths, aliases) or {}, []
    lines, found = problems.attempt(parse_mask, path) or ([], [])
    placed = [line for line in lines if _is_here(line, known)]
    problems.add(found)
    problems.add(placement_problems(path, placed, lengths, aliases))
    unplaced = [line for line in lines if line not in placed]
    if not unplaced:
        return {}, []
    names = ", ".join(dict.fromkeys(line.contig for line in unplaced))
    count = f"{len(unplaced)} of {len(lines)} regions"
    where = f"lie on contigs of no assembly that is here ({names})"
    return {}, [f"{path.name}: {count} {where}, and were not checked"]


def _is_here(line: MaskLine, known: _Known) -> bool:
    """Tell whether the contig of a masked region is one of an assembly that is here."""
    return any(
        resolve_contig(line.contig, lengths, known.aliases[sha256])
        for sha256, lengths in known.lengths.items()
    )


def _annotations(known: _Known, problems: Problems) -> dict[str, Annotation]:
    """Return the genes of each reference that has an annotation and is here."""
    found: dict[str, Annotation] = {}
    sha256_of = {row.number: sha256 for row, sha256 in known.references}
    for row in known.files.rows:
        cell, sha256 = row.annotation_cell, sha256_of.get(row.number)
        path = known.files.path / cell
        where = f"{known.files.table} row {row.number}: annotation '{cell}'"
        if cell and sha256:
            names = known.lengths[sha256]
            genes = problems.attempt(read_annotation, path, names, where, row.contig_aliases)
            found.setdefault(sha256, genes or {})
        elif cell and not is_there(path):
            problems.add([f"{where} {absent_problem(cell, path, NO_ANNOTATION)}"])
    return found


def _loci(known: _Known, problems: Problems) -> tuple[tuple[Locus, ...], list[str]]:
    """Return the marker loci, and what of them could not be checked."""
    path, species = known.files.path / LOCI_FILE, known.files.species_reference
    if not is_there(path):
        return (), []
    for row, sha256 in known.references:
        if row.name == species:
            resolve = partial(resolve_contig, aliases=row.contig_aliases)
            try:
                assembly = read_assembly(known.hashed.link_of(sha256), known.files.max_bases)
            except AssemblyRejected as rejected:  # the cache knew it from wider bounds
                where = f"{known.files.table} row {row.number}: assembly '{row.assembly_cell}'"
                problems.add([f"{where}: {rejected.detail}"])
                break
            return problems.attempt(read_loci, path, assembly, resolve) or (), []
    parsed = problems.attempt(parse_loci, path)
    problems.add(parsed.problems if parsed else ())
    rows = len(parsed.rows) if parsed else 0
    note = (
        f"{path.name}: contigs, places inside them and reference alleles of {rows} rows were not "
        "checked; that needs the assembly of the species reference"
    )
    return (), [note]
