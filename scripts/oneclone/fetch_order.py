"""Which assemblies panel, isolate table and candidates name by accession, and where they belong."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from oneclone.assembly_folder import AssemblyFolder, StatedChecksum
from oneclone.errors import Problems
from oneclone.tables.candidate_list import read_candidates
from oneclone.tables.fetched_table import VERSIONED, accession_problem
from oneclone.tables.isolate_table import ACCESSION, read_isolate_table
from oneclone.tables.limits import LONGEST_WITHOUT_PANEL_BP, max_bases
from oneclone.tables.panel_folder import PanelFolder, read_panel
from oneclone.tables.paths import is_there


@dataclass(frozen=True)
class Wanted:
    """An accession that tables of one folder name, with the checksums that they state for it."""

    accession: str
    folder: AssemblyFolder
    stated: tuple[StatedChecksum, ...]


@dataclass(frozen=True)
class Order:
    """What is to be fetched, sorted by accession, and the greatest size of one FASTA in bytes."""

    wanted: tuple[Wanted, ...]
    max_bytes: int


@dataclass(frozen=True)
class _Named:
    """An assembly cell of a table and the sha256 beside it, empty when there is none."""

    table: Path
    row: int
    cell: str
    sha256: str = ""

    @property
    def where(self) -> str:
        """Table and row in words."""
        return f"{self.table} row {self.row}"


def read_order(panel: Path | None, isolates: Path | None, candidates: Path | None = None) -> Order:
    """Return which assemblies a panel, an isolate table and candidates name by accession.

    Parameters
    ----------
    panel
        Folder of the panel, `None` = none.
    isolates
        The isolate table, `None` = none.
    candidates
        Table or list of the candidates of a screen, `None` = none.

    Raises
    ------
    InputRefused
        With every problem of the tables, accessions without a version among them.
    """
    problems = Problems()
    today = datetime.datetime.now(datetime.UTC).date()
    read = problems.attempt(read_panel, panel) if panel else None
    rows = problems.attempt(read_isolate_table, isolates, today) if isolates else None
    named = _named_by_panel(read) if read else []
    if isolates:
        named += [_Named(isolates, row.number, row.assembly_cell) for row in rows or ()]
    listed = problems.attempt(read_candidates, candidates) if candidates else None
    if candidates and listed and not listed.is_folder:
        named += [
            _Named(candidates, row.number, row["assembly"].strip()) for row in listed.table.rows
        ]
    problems.add(
        f"{each.where}: assembly '{each.cell}' {problem}"
        for each in named
        if (problem := accession_problem(each.cell))
        and (ACCESSION.fullmatch(each.cell) or not is_there(each.table.parent / each.cell))
    )
    wanted = problems.attempt(_wanted, named)
    problems.refuse()
    longest = read.panel.genome_length_bp[1] if read else LONGEST_WITHOUT_PANEL_BP
    return Order(wanted or (), max_bases(longest))


def _named_by_panel(panel: PanelFolder) -> list[_Named]:
    """Return the assembly cells of a panel's references."""
    files = panel.files
    return [
        _Named(files.table, row.number, row.assembly_cell, row.declared_sha256)
        for row in files.rows
    ]


def _wanted(named: Iterable[_Named]) -> tuple[Wanted, ...]:
    """Return the accessions among cells, each once per folder of tables."""
    folders: dict[Path, AssemblyFolder] = {}
    stated: dict[tuple[str, Path], list[StatedChecksum]] = {}
    for each in named:
        if VERSIONED.fullmatch(each.cell):
            place = each.table.parent.resolve()
            if place not in folders:
                folders[place] = AssemblyFolder(each.table.parent)
            found = stated.setdefault((each.cell, place), [])
            found += [StatedChecksum(each.where, each.sha256)] if each.sha256 else []
    return tuple(
        Wanted(accession, folders[place], tuple(found))
        for (accession, place), found in sorted(stated.items(), key=lambda item: item[0])
    )
