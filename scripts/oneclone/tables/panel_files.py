"""What a panel says of its files, whatever else is wrong with it.

A wrong key or a bad row must not hide a missing file or a wrong checksum, so files are looked at
with this alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from oneclone.tables.contig_names import Aliases, read_aliases
from oneclone.tables.delimited import Row, Table, rows_text
from oneclone.tables.isolate_table import ACCESSION
from oneclone.tables.limits import LONGEST_WITHOUT_PANEL_BP, max_bases

SHA256 = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True)
class ReferenceRow:
    """A row of `references.tsv`, cells trimmed; aliases and sha256 that are none are left out."""

    number: int
    name: str
    clone: str
    assembly_cell: str
    annotation_cell: str
    contig_aliases: Aliases
    declared_sha256: str


@dataclass(frozen=True)
class PanelFiles:
    """The rows that could be read, and what of panel.yaml it takes to look at their files.

    `complete` tells whether these are all references of the panel. `genome_length_bp` is `None`
    and `species_reference` empty where panel.yaml has none that could be read.
    """

    path: Path
    rows: tuple[ReferenceRow, ...] = ()
    complete: bool = False
    genome_length_bp: tuple[int, int] | None = None
    species_reference: str = ""

    @property
    def table(self) -> Path:
        """Path of `references.tsv`."""
        return self.path / "references.tsv"

    @property
    def max_bases(self) -> int:
        """Number of bases beyond which reading a reference stops."""
        lengths = self.genome_length_bp
        return max_bases(lengths[1] if lengths else LONGEST_WITHOUT_PANEL_BP)


def panel_files(
    folder: Path, data: Mapping[str, Any], table: Table | None, *, complete: bool
) -> PanelFiles:
    """Return what a panel says of its files.

    Parameters
    ----------
    folder
        Of the panel.
    data
        Keys of panel.yaml, possibly not those of the schema.
    table
        `references.tsv`, `None` when it could not be read.
    complete
        Whether all its rows could be read.

    Examples
    --------
    >>> row = Row(2, {"reference": "A", "assembly": " a.fna ", "contig_aliases": "no alias"})
    >>> table = Table(Path("references.tsv"), (), (row,))
    >>> files = panel_files(Path(), {"genome_length_bp": [9, "x"]}, table, complete=True)
    >>> files.rows[0].assembly_cell, files.rows[0].contig_aliases, files.genome_length_bp
    ('a.fna', (), None)
    """
    species = data.get("species_reference")
    return PanelFiles(
        path=folder,
        rows=tuple(_reference_row(row) for row in table.rows) if table else (),
        complete=complete,
        genome_length_bp=_lengths(data.get("genome_length_bp")),
        species_reference=species if isinstance(species, str) else "",
    )


def shared_assemblies(files: PanelFiles, genomes: Mapping[int, str]) -> list[str]:
    """Return which references are one assembly: it would count twice, or stand for two clones.

    A type strain that stands for a clone too may have a row for each.

    Parameters
    ----------
    files
        The panel.
    genomes
        Sha256 of the canonical sequence by number of the row, where it is known.

    Examples
    --------
    >>> one, two = (
    ...     ReferenceRow(number, name, clone, cell, "", (), "")
    ...     for number, name, clone, cell in (
    ...         (2, "A", "DCC1", "GCF_000069185.1"), (3, "B", "DCC2", "GCA_000069185.1"))
    ... )
    >>> shared_assemblies(PanelFiles(Path(), (one, two)), {})[0].partition(":")[2]
    " references 'A' (clone 'DCC1') and 'B' (clone 'DCC2') are one assembly, which cannot stand for
    two clones; correct a cell or drop a row"
    """
    rows_of: dict[str, list[ReferenceRow]] = {}
    for row in files.rows:
        for identity in _identities(row, genomes.get(row.number, "")):
            rows_of.setdefault(identity, []).append(row)
    return [
        f"{files.table} {rows_text(row.number for row in rows)}: references {_in_words(rows)}"
        for rows in dict.fromkeys(tuple(rows) for rows in rows_of.values())
        if len(rows) > 1 and not _is_strain_and_clone(rows)
    ]


def _is_strain_and_clone(rows: tuple[ReferenceRow, ...]) -> bool:
    """Return whether an assembly stands for one clone and for one reference without a clone."""
    return len(rows) == 2 and sum(bool(row.clone) for row in rows) == 1


def _in_words(rows: tuple[ReferenceRow, ...]) -> str:
    """Return the names of references that are one assembly, and what to do about it."""
    names = [
        f"'{row.name}' (clone '{row.clone}')" if row.clone else f"'{row.name}'" for row in rows
    ]
    if len({row.clone for row in rows} - {""}) > 1:
        remedy = ", which cannot stand for two clones; correct a cell or drop a row"
    else:
        remedy = ", which would count twice; correct a cell or drop a row"
    return f"{' and '.join(names)} are one assembly{remedy}"


def _identities(row: ReferenceRow, genome: str) -> set[str]:
    """Return what tells that two references are one assembly.

    The GenBank and the RefSeq copy of an assembly share the number of their accessions. A
    declared sha256 counts only where no file was read: else it may be the checksum that is wrong.
    """
    cell = row.assembly_cell
    named = cell.partition("_")[2].partition(".")[0] if ACCESSION.fullmatch(cell) else cell
    return {named, genome or row.declared_sha256} - {""}


def _reference_row(row: Row) -> ReferenceRow:
    """Return a row of the table; what is wrong with its cells is said elsewhere."""
    try:
        aliases = read_aliases(row["contig_aliases"])
    except ValueError:
        aliases = ()
    sha256 = row["sha256"].strip()
    return ReferenceRow(
        number=row.number,
        name=row["reference"],
        clone=row["clone"].strip(),
        assembly_cell=row["assembly"].strip(),
        annotation_cell=row["annotation"].strip(),
        contig_aliases=aliases,
        declared_sha256=sha256.lower() if SHA256.fullmatch(sha256) else "",
    )


def _lengths(value: object) -> tuple[int, int] | None:
    """Return the bounds of the genome length when they are two whole numbers that ascend."""
    items = cast("list[object]", value) if isinstance(value, list) else []
    bounds = [int(each) for each in items if isinstance(each, int | float) and each % 1 == 0]
    return (
        (bounds[0], bounds[1])
        if len(items) == len(bounds) == 2 and bounds == sorted(bounds)
        else None
    )
