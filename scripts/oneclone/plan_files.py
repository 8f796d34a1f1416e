"""Hash the assemblies of a run and keep a link to each under its sha256.

Jobs read `.oneclone/assemblies/<sha256>`: no path that a user chose reaches a rule, a renamed
or moved file changes nothing, and a replaced one has another name, whatever its date.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from oneclone.errors import AssemblyRejected, InputRefused, Problems
from oneclone.model.loci import Locus
from oneclone.model.panel import Reference
from oneclone.model.regions import Annotation
from oneclone.model.run_plan import Mask
from oneclone.tables.annotation import read_annotation
from oneclone.tables.fasta import read_assembly
from oneclone.tables.hash_cache import HashCache
from oneclone.tables.isolate_table import ACCESSION, IsolateRow
from oneclone.tables.limits import max_bases
from oneclone.tables.loci_table import read_loci
from oneclone.tables.mask_bed import read_mask_bed
from oneclone.tables.panel_folder import PanelFolder


@dataclass(frozen=True)
class HashedFile:
    """Sha256 of an assembly, empty when there is none; `problem` is a ledger code."""

    sha256: str
    problem: str = ""
    detail: str = ""


@dataclass(frozen=True)
class PanelRegions:
    """What a panel says of places on its references, by the sha256 of their assemblies.

    A reference without annotation is absent from `annotations`. `loci` lie on the species
    reference.
    """

    mask: Mask
    annotations: Mapping[str, Annotation]
    loci: tuple[Locus, ...] = ()


class HashedFiles:
    """Hash assemblies and link them.

    Parameters
    ----------
    cache
        Hashes of files seen before.
    links
        Folder of the links.
    """

    def __init__(self, cache: HashCache, links: Path) -> None:
        self._cache = cache
        self._links = links
        self._linked: set[str] = set()
        self.contig_lengths: dict[str, dict[str, int]] = {}

    def of_isolates(self, table: Path, rows: Sequence[IsolateRow]) -> list[HashedFile]:
        """Return the hashed assembly of each row.

        A file that is there but cannot be read quarantines its isolate.

        Raises
        ------
        InputRefused
            With every row whose file does not exist.
        """
        problems: list[str] = []
        found: list[HashedFile] = []
        for row in rows:
            path = table.parent / row.assembly_cell
            where = f"{table} row {row.number}: assembly '{row.assembly_cell}'"
            if not row.assembly_cell:
                found.append(HashedFile("", "no_isolate", "the row names no assembly"))
            elif not os.path.lexists(path):
                problems.append(f"{where} {_absent(row.assembly_cell, path)}")
            else:
                found.append(self._hashed(path))
        if problems:
            raise InputRefused(problems)
        return found

    def of_references(self, panel: PanelFolder) -> list[HashedFile]:
        """Return the hashed assembly of each panel reference.

        Raises
        ------
        InputRefused
            With every reference whose file is missing, is not an assembly of the species' length
            or has another sha256 than the panel states: a panel must be whole.
        """
        table = panel.path / "references.tsv"
        problems: list[str] = []
        found: list[HashedFile] = []
        for number, reference in enumerate(panel.panel.references):
            cell = panel.assembly_cells[number]
            where = f"{table} row {panel.row_numbers[number]}: assembly '{cell}'"
            path = table.parent / cell
            if not path.exists():
                problems.append(f"{where} {_absent(cell, path)}")
                continue
            hashed = self._hashed(path)
            found.append(hashed)
            objection = self._objection(reference, hashed, path, panel, number)
            if objection:
                problems.append(f"{where}: {objection}")
        if problems:
            raise InputRefused(problems)
        return found

    def link_of(self, sha256: str) -> Path:
        """Return the link to an assembly that was hashed."""
        return self._links / sha256

    def _objection(
        self,
        reference: Reference,
        hashed: HashedFile,
        path: Path,
        panel: PanelFolder,
        number: int,
    ) -> str:
        """Return why a reference cannot be used, empty when it can; keep its contigs' lengths."""
        declared = panel.declared_sha256[number]
        low, high = panel.panel.genome_length_bp
        if hashed.problem:
            return hashed.detail
        if declared and declared != hashed.sha256:
            return f"its sha256 is {hashed.sha256}, the panel states {declared}"
        try:
            lengths = self._cache.contig_lengths(path, hashed.sha256, max_bases(high))
        except AssemblyRejected as error:
            return error.detail
        self.contig_lengths[hashed.sha256] = lengths
        total = sum(lengths.values())
        if not low <= total <= high:
            return f"'{reference.name}' has {total} bases, outside the panel's {low} to {high}"
        return ""

    def _hashed(self, path: Path) -> HashedFile:
        """Return the hash of a file that exists, or why it cannot be read."""
        try:
            if not S_ISREG(path.stat().st_mode):
                return HashedFile("", "not_a_file", "a folder, pipe or device, not a file")
            sha256 = self._cache.sha256(path.resolve())
        except AssemblyRejected as error:
            return HashedFile("", error.code, error.detail)
        except OSError as error:
            return HashedFile("", "unreadable_file", f"cannot be read: {error.strerror}")
        self._link(sha256, path.resolve())
        return HashedFile(sha256)

    def _link(self, sha256: str, target: Path) -> None:
        """Point the link of a sha256 to a file, the first of several with equal content.

        A link of an earlier run is renewed: the file behind it may have other content by now.
        """
        if sha256 in self._linked:
            return
        self._linked.add(sha256)
        self._links.mkdir(parents=True, exist_ok=True)
        link = self._links / sha256
        if link.is_symlink() and link.readlink() == target:
            return
        link.unlink(missing_ok=True)
        link.symlink_to(target)


def read_panel_regions(
    panel: PanelFolder, references: Sequence[HashedFile], files: HashedFiles
) -> PanelRegions:
    """Return the panel's mask, annotations and marker loci, empty when it has none.

    Parameters
    ----------
    panel
        The panel as read.
    references
        Hashed assemblies of its references, in their order.
    files
        Knows the contigs of the references.

    Raises
    ------
    InputRefused
        With every problem of the mask, the annotations and the loci.
    """
    problems = Problems()
    bed = panel.path / "mask.bed"
    lengths = files.contig_lengths
    mask = problems.attempt(read_mask_bed, bed, lengths) if bed.exists() else {}
    table = panel.path / "references.tsv"
    annotations: dict[str, Annotation] = {}
    for number, cell in enumerate(panel.annotation_cells):
        if cell:
            where = f"{table} row {panel.row_numbers[number]}: annotation '{cell}'"
            sha256 = references[number].sha256
            genes = problems.attempt(read_annotation, table.parent / cell, lengths[sha256], where)
            annotations.setdefault(sha256, genes or {})
    loci = problems.attempt(_read_panel_loci, panel, references, files)
    problems.refuse()
    return PanelRegions(mask or {}, annotations, loci or ())


def _read_panel_loci(
    panel: PanelFolder, hashed: Sequence[HashedFile], files: HashedFiles
) -> tuple[Locus, ...]:
    """Return the marker loci of a panel, none when it has no `loci.tsv`."""
    table = panel.path / "loci.tsv"
    if not table.exists():
        return ()
    names = [each.name for each in panel.panel.references]
    sha256 = hashed[names.index(panel.panel.species_reference)].sha256
    limit = max_bases(panel.panel.genome_length_bp[1])
    return read_loci(table, read_assembly(files.link_of(sha256), limit))


def _absent(cell: str, path: Path) -> str:
    """Return what to say of a file that does not exist."""
    if ACCESSION.fullmatch(cell):
        return (
            "is an accession, and this version of oneclone does not download: fetch the assembly "
            "(for instance with NCBI Datasets) and write the path of its FASTA file here"
        )
    return (
        f"does not exist (looked for {path.absolute()}); correct the path, or leave the cell "
        "empty for a patient without an isolate"
    )
