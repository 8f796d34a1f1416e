"""What is wrong with the files of a clone panel, found without, or with only some, assemblies."""

from collections.abc import Sequence
from pathlib import Path

from oneclone.errors import InputRefused, Problems
from oneclone.phrases import counted
from oneclone.plan_files import (
    HashedFile,
    HashedFiles,
    contig_aliases,
    panel_alias_problems,
    read_panel_loci,
)
from oneclone.tables.annotation import read_annotation
from oneclone.tables.contig_names import Aliases, resolve_contig
from oneclone.tables.delimited import read_table
from oneclone.tables.fetched_table import VERSIONED, absent_problem
from oneclone.tables.loci_table import parse_loci
from oneclone.tables.mask_bed import Contigs, MaskLine, parse_mask, placement_problems
from oneclone.tables.panel_folder import PanelFolder

MASK_FILE, LOCI_FILE, TABLE_FILE = "mask.bed", "loci.tsv", "references.tsv"
NO_ANNOTATION = "leave the cell empty"


def table_problems(folder: Path) -> list[str]:
    """Return what is wrong with mask and loci, wherever they lie, and which paths lead nowhere.

    For a panel of which something else was refused. A table that cannot be read has no rows to
    look at.
    """
    return _file_problems(folder) + region_problems(folder)


def region_problems(folder: Path) -> list[str]:
    """Return what is wrong with the lines of the mask and the rows of the loci."""
    problems = Problems()
    if (mask := folder / MASK_FILE).exists():
        parsed = problems.attempt(parse_mask, mask)
        problems.add(parsed[1] if parsed else ())
    if (loci := folder / LOCI_FILE).exists():
        rows = problems.attempt(parse_loci, loci)
        problems.add(rows.problems if rows else ())
    return list(problems.refusal().problems)


def region_counts(folder: Path) -> tuple[str, ...]:
    """Return in words how many regions and loci the files of a sound panel hold, 0 included."""
    counts: list[str] = []
    if (mask := folder / MASK_FILE).exists():
        counts.append(counted(len(parse_mask(mask)[0]), "mask region"))
    if (loci := folder / LOCI_FILE).exists():
        number = len(parse_loci(loci).rows)
        counts.append(f"{number} marker {'locus' if number == 1 else 'loci'}")
    return tuple(counts)


def check_regions_here(
    panel: PanelFolder, hashed: Sequence[HashedFile], files: HashedFiles
) -> list[str]:
    """Check what lies on the references that are here; return what could not be checked.

    Parameters
    ----------
    panel
        The references that are here.
    hashed
        Their assemblies, in their order.
    files
        Knows their contigs.

    Raises
    ------
    InputRefused
        With every problem of aliases, mask, annotations and loci.
    """
    problems, notes = Problems(), list[str]()
    lengths, aliases = files.contig_lengths, contig_aliases(panel, hashed)
    problems.add(panel_alias_problems(panel, hashed, lengths))
    if (path := panel.path / MASK_FILE).exists() and (parsed := problems.attempt(parse_mask, path)):
        lines, found = parsed
        placed = [line for line in lines if _is_here(line, lengths, aliases)]
        problems.add(found)
        problems.add(placement_problems(path, placed, lengths, aliases))
        notes += _unplaced_note(path, [line for line in lines if line not in placed], len(lines))
    for number, cell in enumerate(panel.annotation_cells):
        if cell:
            row = panel.row_numbers[number]
            where = f"{panel.path / TABLE_FILE} row {row}: annotation '{cell}'"
            contigs, names = lengths[hashed[number].sha256], panel.contig_aliases[number]
            problems.attempt(read_annotation, panel.path / cell, contigs, where, names)
    if panel.panel.species_reference in {ref.name for ref in panel.panel.references}:
        problems.attempt(read_panel_loci, panel, hashed, files)
    elif (path := panel.path / LOCI_FILE).exists() and (loci := problems.attempt(parse_loci, path)):
        problems.add(loci.problems)
        notes.append(
            f"{path.name}: contigs, places inside them and reference alleles of {len(loci.rows)} "
            "rows were not checked; that needs the assembly of the species reference"
        )
    problems.refuse()
    return notes


def _file_problems(folder: Path) -> list[str]:
    """Return which cells of `references.tsv` name no file, and are no accession either."""
    path = folder / TABLE_FILE
    try:
        table = read_table(path, ("assembly",))
    except InputRefused:
        return []
    remedies = {"assembly": "", "annotation": NO_ANNOTATION}
    return [
        f"{path} row {row.number}: {column} '{cell}' "
        f"{absent_problem(cell, folder / cell, otherwise)}"
        for row in table.rows
        for column, otherwise in remedies.items()
        if (cell := row[column].strip())
        and not VERSIONED.fullmatch(cell)
        and not (folder / cell).exists()
    ]


def _is_here(line: MaskLine, lengths: Contigs, aliases: dict[str, Aliases]) -> bool:
    """Tell whether the contig of a masked region is one of an assembly that is here."""
    return any(
        resolve_contig(line.contig, lengths[assembly], aliases.get(assembly, ()))
        for assembly in lengths
    )


def _unplaced_note(path: Path, unplaced: Sequence[MaskLine], regions: int) -> list[str]:
    """Return which contigs of the mask are on no assembly that is here."""
    if not unplaced:
        return []
    names = ", ".join(dict.fromkeys(line.contig for line in unplaced))
    count = f"{len(unplaced)} of {regions} regions"
    where = f"lie on contigs of no assembly that is here ({names})"
    return [f"{path.name}: {count} {where}, and were not checked"]
