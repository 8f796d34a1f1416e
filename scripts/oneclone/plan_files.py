"""Hash the assemblies of a run and keep a link to each under its sha256.

Jobs read `.oneclone/assemblies/<sha256>`: no path that a user chose reaches a rule, a renamed
or moved file changes nothing, and a replaced one has another name, whatever its date.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from stat import S_ISREG

from oneclone.errors import AssemblyRejected, InputRefused, Problems
from oneclone.fetched_files import FetchedFiles
from oneclone.model.loci import Locus
from oneclone.model.panel import Reference
from oneclone.model.regions import Annotation
from oneclone.model.run_plan import Mask
from oneclone.tables.annotation import read_annotation
from oneclone.tables.contig_names import Aliases, alias_problems, resolve_contig
from oneclone.tables.fasta import read_assembly
from oneclone.tables.fetched_table import absent_problem
from oneclone.tables.hash_cache import HashCache
from oneclone.tables.isolate_table import ACCESSION, IsolateRow
from oneclone.tables.limits import max_bases
from oneclone.tables.loci_table import read_loci
from oneclone.tables.mask_bed import read_mask_bed
from oneclone.tables.panel_folder import PanelFolder

NO_ISOLATE = "leave the cell empty for a patient without an isolate"


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
    state
        Folder of the run's state; the links lie below it.
    fetch_command
        Command that fetches the assemblies which the tables name by accession.
    """

    def __init__(self, cache: HashCache, state: Path, fetch_command: str) -> None:
        self._cache = cache
        self._links = state / "assemblies"
        self._fetch_command = fetch_command
        self._linked: set[str] = set()
        self.contig_lengths: dict[str, dict[str, int]] = {}

    def of_isolates(self, table: Path, rows: Sequence[IsolateRow]) -> list[HashedFile]:
        """Return the hashed assembly of each row.

        A file that is there but cannot be read quarantines its isolate.

        Raises
        ------
        InputRefused
            With every row whose file does not exist, or whose accession was not fetched.
        """
        fetched = FetchedFiles(table, self._fetch_command)
        problems: list[str] = []
        found: list[HashedFile] = []
        for row in rows:
            cell = row.assembly_cell
            path = self._path(fetched, table, cell, row.number)
            if not cell:
                found.append(HashedFile("", "no_isolate", "the row names no assembly"))
            elif path is None:
                continue
            elif not os.path.lexists(path):
                where = f"{table} row {row.number}: assembly '{cell}'"
                problems.append(f"{where} {absent_problem(cell, path, NO_ISOLATE)}")
            else:
                found.append(self._checked(fetched, path, cell, row.number))
        problems += fetched.problems
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
        fetched = FetchedFiles(table, self._fetch_command)
        problems: list[str] = []
        found: list[HashedFile] = []
        for number, reference in enumerate(panel.panel.references):
            cell, row = panel.assembly_cells[number], panel.row_numbers[number]
            where = f"{table} row {row}: assembly '{cell}'"
            path = self._path(fetched, table, cell, row)
            if path is None:
                continue
            if not path.exists():
                problems.append(f"{where} {absent_problem(cell, path)}")
                continue
            hashed = self._checked(fetched, path, cell, row)
            found.append(hashed)
            objection = self._objection(reference, hashed, path, panel, number)
            if objection:
                problems.append(f"{where}: {objection}")
        problems += fetched.problems
        if problems:
            raise InputRefused(problems)
        return found

    def _path(self, fetched: FetchedFiles, table: Path, cell: str, row: int) -> Path | None:
        """Return the file that a cell stands for, `None` for an accession that is not here."""
        is_accession = ACCESSION.fullmatch(cell) is not None
        return fetched.path_of(row, cell) if is_accession else table.parent / cell

    def _checked(self, fetched: FetchedFiles, path: Path, cell: str, row: int) -> HashedFile:
        """Return the hash of a file that exists; a fetched one must be what was fetched."""
        hashed = self._hashed(path)
        if ACCESSION.fullmatch(cell):
            fetched.check(row, cell, hashed.sha256)
        return hashed

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


def contig_aliases(panel: PanelFolder, references: Sequence[HashedFile]) -> dict[str, Aliases]:
    """Return the other names of the references' contigs, by the sha256 of their assemblies."""
    pairs = zip(references, panel.contig_aliases, strict=True)
    return {hashed.sha256: names for hashed, names in pairs if names}


def panel_alias_problems(
    panel: PanelFolder,
    references: Sequence[HashedFile],
    lengths: Mapping[str, Mapping[str, int]],
) -> list[str]:
    """Return which declared aliases name no contig of their reference's assembly, or two."""
    return [
        f"{panel.path / 'references.tsv'} row {panel.row_numbers[number]}: {problem}"
        for number, names in enumerate(panel.contig_aliases)
        for problem in alias_problems(lengths[references[number].sha256], names)
    ]


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
    table = panel.path / "references.tsv"
    lengths = files.contig_lengths
    aliases = contig_aliases(panel, references)
    problems.add(panel_alias_problems(panel, references, lengths))
    mask = problems.attempt(read_mask_bed, bed, lengths, aliases) if bed.exists() else {}
    annotations: dict[str, Annotation] = {}
    for number, cell in enumerate(panel.annotation_cells):
        if cell:
            where = f"{table} row {panel.row_numbers[number]}: annotation '{cell}'"
            sha256 = references[number].sha256
            path, names = table.parent / cell, panel.contig_aliases[number]
            genes = problems.attempt(read_annotation, path, lengths[sha256], where, names)
            annotations.setdefault(sha256, genes or {})
    loci = problems.attempt(read_panel_loci, panel, references, files)
    problems.refuse()
    return PanelRegions(mask or {}, annotations, loci or ())


def read_panel_loci(
    panel: PanelFolder, references: Sequence[HashedFile], files: HashedFiles
) -> tuple[Locus, ...]:
    """Return the marker loci of a panel, none when it has no `loci.tsv`.

    Raises
    ------
    InputRefused
        With every problem of the table.
    """
    table = panel.path / "loci.tsv"
    if not table.exists():
        return ()
    names = [each.name for each in panel.panel.references]
    number = names.index(panel.panel.species_reference)
    assembly = files.link_of(references[number].sha256)
    resolve = partial(resolve_contig, aliases=panel.contig_aliases[number])
    limit = max_bases(panel.panel.genome_length_bp[1])
    return read_loci(table, read_assembly(assembly, limit), resolve)
