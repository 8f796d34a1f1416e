"""Command panel check: is a clone panel sound? Everything that a run would ask of it, and more.

Beyond a run it compares the references with each other: whether each is of the species and of the
subspecies it is declared to be and, on demand, whether references of different clones are too
close to tell an isolate's clone.
"""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from oneclone.commands.compare_references import ani_findings, distance_warnings
from oneclone.errors import InputRefused, Problems
from oneclone.model.panel import Kind, Panel
from oneclone.phrases import counted
from oneclone.plan_files import (
    HashedFile,
    HashedFiles,
    contig_aliases,
    read_panel_loci,
    read_panel_regions,
)
from oneclone.tables.annotation import read_annotation
from oneclone.tables.contig_names import resolve_contig
from oneclone.tables.delimited import read_table
from oneclone.tables.fasta import Assembly, read_assembly
from oneclone.tables.fetched_table import FOLDER, read_fetched
from oneclone.tables.hash_cache import HashCache
from oneclone.tables.isolate_table import ACCESSION
from oneclone.tables.limits import max_bases
from oneclone.tables.mask_bed import parse_mask, placement_problems
from oneclone.tables.panel_folder import REFERENCE_COLUMNS, PanelFolder, read_panel

SHOWN = 5


@dataclass(frozen=True)
class PanelFindings:
    """A panel without problems: what it holds, what could not be checked, what is doubtful.

    `unfetched` are the accessions of references whose assembly is not here.
    """

    panel: Panel
    unfetched: tuple[str, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return what to tell the user."""
        panel = self.panel
        strains = sum(reference.kind is Kind.TYPE_STRAIN for reference in panel.references)
        sound = "is sound as far as it could be checked" if self.unfetched else "is sound"
        held = (
            (len(panel.references), "reference"),
            (strains, "type strain"),
            (len(panel.clones), "reference clone"),
            (len(panel.known_clones_not_compared), "further described clone"),
            (len(panel.published_background), "row of published closeness"),
        )
        words = ", ".join(counted(number, what) for number, what in held if number)
        return [
            f"panel {panel.name} version {panel.version} {sound}: {words}",
            *(f"warning: {each}" for each in self.warnings),
            *(f"note: {each}" for each in self.notes),
        ]


def check_panel(
    folder: Path,
    *,
    complete: bool = False,
    distances: bool = False,
    say: Callable[[str], object] = lambda _: None,
) -> PanelFindings:
    """Check a clone panel completely.

    Parameters
    ----------
    folder
        The panel.
    complete
        Whether a reference that was not fetched is a problem, not a note.
    distances
        Whether to count the SNPs between references of different clones.
    say
        Is told what is being done.

    Raises
    ------
    InputRefused
        With every problem found.
    """
    problems = Problems()
    panel = problems.attempt(read_panel, folder)
    if panel is None:
        problems.add(_file_problems(folder))
        problems.add(_mask_problems(folder))
        raise problems.refusal()
    fetched = problems.attempt(_fetched, folder) or set()
    present = [
        number
        for number, cell in enumerate(panel.assembly_cells)
        if not ACCESSION.fullmatch(cell) or cell in fetched
    ]
    unfetched = _unfetched(panel, present)
    if complete and unfetched:
        problems.add([f"{folder / 'references.tsv'}: {_not_fetched(unfetched)}"])
    here = _only(panel, present)
    notes: list[str] = [] if complete or not unfetched else [_not_fetched(unfetched)]
    with TemporaryDirectory() as temporary, HashCache(Path(temporary) / "inputs.sqlite") as cache:
        links = Path(temporary) / "assemblies"
        command = f"oneclone panel fetch --panel {shlex.quote(str(folder.absolute()))}"
        files = HashedFiles(cache, Path(temporary), command)
        hashed = problems.attempt(files.of_references, here)
        if hashed is None:
            problems.add(_mask_problems(folder))
            raise problems.refusal()
        if unfetched:
            notes += problems.attempt(_check_regions, here, hashed, files) or []
        else:
            problems.attempt(read_panel_regions, panel, hashed, files)
        assemblies = _assemblies(here, hashed, links)
        if assemblies:
            say(f"Comparing {counted(len(assemblies), 'reference')} with the type strains")
        against, warnings = ani_findings(here, hashed, assemblies, Path(temporary))
        problems.add(against)
    problems.refuse()
    if distances:
        warnings += distance_warnings(here, assemblies, say)
    return PanelFindings(panel.panel, tuple(unfetched), tuple(notes), tuple(warnings))


def _fetched(folder: Path) -> set[str]:
    """Return the accessions whose assembly was fetched and is here."""
    place = folder / FOLDER
    records = read_fetched(place)
    return {accession for accession, each in records.items() if (place / each.file).is_file()}


def _unfetched(panel: PanelFolder, present: Sequence[int]) -> list[str]:
    """Return the accessions whose assembly is not here, in the order of the table."""
    return [cell for number, cell in enumerate(panel.assembly_cells) if number not in set(present)]


def _not_fetched(accessions: Sequence[str]) -> str:
    """Return which assemblies are absent, and what that leaves unchecked."""
    shown = ", ".join(accessions[:SHOWN])
    more = f" and {len(accessions) - SHOWN} more" if len(accessions) > SHOWN else ""
    return (
        f"{counted(len(accessions), 'accession')} not fetched ({shown}{more}), so checksum, "
        "length, contigs and ANI were not checked there; fetch with `oneclone panel fetch`"
    )


def _only(panel: PanelFolder, numbers: Sequence[int]) -> PanelFolder:
    """Return a panel with some of its references."""
    return replace(
        panel,
        panel=replace(
            panel.panel, references=tuple(panel.panel.references[number] for number in numbers)
        ),
        assembly_cells=tuple(panel.assembly_cells[number] for number in numbers),
        annotation_cells=tuple(panel.annotation_cells[number] for number in numbers),
        contig_aliases=tuple(panel.contig_aliases[number] for number in numbers),
        declared_sha256=tuple(panel.declared_sha256[number] for number in numbers),
        row_numbers=tuple(panel.row_numbers[number] for number in numbers),
    )


def _file_problems(folder: Path) -> list[str]:
    """Return which paths of `references.tsv` lead nowhere, for a panel that was refused.

    Accessions are no paths. A table that cannot be read has no rows to look at.
    """
    path = folder / "references.tsv"
    try:
        table = read_table(path, REFERENCE_COLUMNS)
    except InputRefused:
        return []
    return [
        f"{path} row {row.number}: {column} '{cell}' does not exist "
        f"(looked for {(folder / cell).absolute()}); correct the path"
        for row in table.rows
        for column in ("assembly", "annotation")
        if (cell := row[column].strip())
        and not ACCESSION.fullmatch(cell)
        and not (folder / cell).exists()
    ]


def _mask_problems(folder: Path) -> list[str]:
    """Return what is wrong with the lines of the mask, wherever they lie."""
    path = folder / "mask.bed"
    if not path.exists():
        return []
    try:
        return parse_mask(path)[1]
    except InputRefused as refused:
        return list(refused.problems)


def _check_regions(
    panel: PanelFolder, hashed: Sequence[HashedFile], files: HashedFiles
) -> list[str]:
    """Check what lies on the references that are here; return what could not be checked."""
    problems, notes = Problems(), list[str]()
    table, path = panel.path / "references.tsv", panel.path / "mask.bed"
    lengths, aliases = files.contig_lengths, contig_aliases(panel, hashed)
    if path.exists():
        lines, found = parse_mask(path)
        placed = [
            line
            for line in lines
            if any(
                resolve_contig(line.contig, lengths[assembly], aliases.get(assembly, ()))
                for assembly in lengths
            )
        ]
        problems.add(found)
        problems.add(placement_problems(path, placed, lengths, aliases))
        if unplaced := len(lines) - len(placed):
            notes.append(
                f"{path.name}: {unplaced} of {len(lines)} regions lie on contigs of no assembly "
                "that is here, and were not checked"
            )
    for number, cell in enumerate(panel.annotation_cells):
        if cell:
            where = f"{table} row {panel.row_numbers[number]}: annotation '{cell}'"
            contigs, names = lengths[hashed[number].sha256], panel.contig_aliases[number]
            problems.attempt(read_annotation, panel.path / cell, contigs, where, names)
    if panel.panel.species_reference in {ref.name for ref in panel.panel.references}:
        problems.attempt(read_panel_loci, panel, hashed, files)
    elif (panel.path / "loci.tsv").exists():
        notes.append("loci.tsv was not checked; that needs the assembly of the species reference")
    problems.refuse()
    return notes


def _assemblies(
    panel: PanelFolder, hashed: Sequence[HashedFile], links: Path
) -> dict[str, Assembly]:
    """Return the assemblies that are here, by name of the reference; each was read before."""
    limit = max_bases(panel.panel.genome_length_bp[1])
    return {
        reference.name: read_assembly(links / each.sha256, limit)
        for reference, each in zip(panel.panel.references, hashed, strict=True)
    }
