"""Hash the assemblies of a run and keep a link to each under its sha256.

Jobs read `.oneclone/assemblies/<sha256>`: no path that a user chose reaches a rule, a renamed
or moved file changes nothing, and a replaced one has another name, whatever its date.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from oneclone.errors import AssemblyRejected, Problems
from oneclone.fetched_files import FetchedFiles
from oneclone.registry.decisions import Withdrawn
from oneclone.tables.delimited import Table
from oneclone.tables.fetched_table import absent_problem
from oneclone.tables.hash_cache import Genome, HashCache
from oneclone.tables.isolate_table import ACCESSION
from oneclone.tables.limits import LONGEST_WITHOUT_PANEL_BP, max_bases
from oneclone.tables.panel_files import PanelFiles, ReferenceRow
from oneclone.tables.paths import is_there
from oneclone.tables.plain_text import control_characters

MAX_BASES = max_bases(LONGEST_WITHOUT_PANEL_BP)
NO_ISOLATE = "leave the cell empty for a patient without an isolate"


@dataclass(frozen=True)
class HashedFile:
    """Sha256 of an assembly, empty when there is none; `problem` is a ledger code.

    `name` is its path from the folder of its table, as typed there; an accession's is that of
    the fetched file.
    """

    sha256: str
    problem: str = ""
    detail: str = ""
    name: str = ""


NO_FILE = HashedFile("")


def _quarantined(isolate: HashedFile, withdrawn: Withdrawn) -> HashedFile:
    """Return the hashed assembly of a withdrawn genome: it takes no part in the run."""
    detail = (
        f"withdrawn in the registry as '{withdrawn.isolate}': {withdrawn.reason}; "
        "`oneclone registry restore` takes it back"
    )
    return replace(isolate, problem="withdrawn", detail=detail)


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

    Attributes
    ----------
    genomes
        What is in the references that could be read, by the sha256 of their files.
    """

    def __init__(self, cache: HashCache, state: Path, fetch_command: str) -> None:
        self._cache = cache
        self._links = state / "assemblies"
        self._fetch_command = fetch_command
        self._linked: set[str] = set()
        self.genomes: dict[str, Genome] = {}

    def of_isolates(self, table: Table, problems: Problems) -> list[HashedFile]:
        """Return the hashed assembly of each row of an isolate table, right or not.

        A file that is there but cannot be read quarantines its isolate.

        Parameters
        ----------
        table
            The isolate table.
        problems
            Receives every row whose file does not exist, or whose accession was not fetched.
        """
        fetched = FetchedFiles(table.path, self._fetch_command)
        found: list[HashedFile] = []
        for row in table.rows:
            cell = row["assembly"].strip()
            path = self._path(fetched, table.path, cell, row.number)
            hashed = NO_FILE
            if not cell:
                hashed = HashedFile("", "no_isolate", "the row names no assembly")
            elif control_characters(cell):
                pass  # refused as such; its path shall reach neither file system nor screen
            elif path and not os.path.lexists(path):
                where = f"{table.path} row {row.number}: assembly '{cell}'"
                problems.add([f"{where} {absent_problem(cell, path, NO_ISOLATE)}"])
            elif path:
                hashed = self._checked(fetched, path, cell, row.number)
            found.append(hashed)
        problems.add(fetched.problems)
        return found

    def without_withdrawn(
        self, isolates: Sequence[HashedFile], withdrawn: Sequence[Withdrawn]
    ) -> list[HashedFile]:
        """Return isolates with those quarantined whose genome the registry has withdrawn.

        A file that was packed or wrapped anew is read to know its genome, when there is any
        withdrawn one at all.

        Parameters
        ----------
        isolates
            Hashed assemblies of the rows.
        withdrawn
            Withdrawn genomes.
        """
        by_genome = {each.genome: each for each in withdrawn}
        by_file = {sha256: each for each in withdrawn for sha256 in each.files}
        found: list[HashedFile] = []
        for isolate in isolates:
            match = by_file.get(isolate.sha256)
            if by_genome and isolate.sha256 and not match:
                match = by_genome.get(self._genome_of(isolate.sha256))
            found.append(isolate if match is None else _quarantined(isolate, match))
        return found

    def _genome_of(self, sha256: str) -> str:
        """Return the canonical sha256 of a file that was hashed, empty when it is no assembly."""
        try:
            return self._cache.genome(self.link_of(sha256), sha256, MAX_BASES).canonical_sha256
        except AssemblyRejected:
            return ""

    def of_references(self, panel: PanelFiles, problems: Problems) -> list[HashedFile]:
        """Return the hashed assembly of each panel reference, and keep what is in it.

        Parameters
        ----------
        panel
            The references.
        problems
            Receives every reference whose file is missing, is not an assembly of the species'
            length or has another sha256 than the panel states: a panel must be whole.
        """
        fetched = FetchedFiles(panel.table, self._fetch_command)
        found: list[HashedFile] = []
        for row in panel.rows:
            cell = row.assembly_cell
            where = f"{panel.table} row {row.number}: assembly '{cell}'"
            path = self._path(fetched, panel.table, cell, row.number)
            hashed = NO_FILE
            if cell and path and not is_there(path):
                problems.add([f"{where} {absent_problem(cell, path)}"])
            elif cell and path:
                hashed = self._checked(fetched, path, cell, row.number)
                objections = self._objections(panel, row, hashed, path)
                problems.add(f"{where}: {objection}" for objection in objections)
            found.append(hashed)
        problems.add(fetched.problems)
        return found

    def _path(self, fetched: FetchedFiles, table: Path, cell: str, row: int) -> Path | None:
        """Return the file that a cell stands for, `None` for an accession that is not here."""
        is_accession = ACCESSION.fullmatch(cell) is not None
        return fetched.path_of(row, cell) if is_accession else table.parent / cell

    def _checked(self, fetched: FetchedFiles, path: Path, cell: str, row: int) -> HashedFile:
        """Return the hash of a file that exists; a fetched one must be what was fetched."""
        hashed = self._hashed(path)
        if not ACCESSION.fullmatch(cell):
            return replace(hashed, name=cell)
        fetched.check(row, cell, hashed.sha256)
        return replace(hashed, name=str(Path(path.parent.name, path.name)))

    def genomes_of(self, panel: PanelFiles, references: Sequence[HashedFile]) -> dict[int, str]:
        """Return the canonical sha256 of the references that could be read, by number of the row.

        Parameters
        ----------
        panel
            The references.
        references
            Their hashed assemblies, in their order.
        """
        return {
            row.number: self.genomes[each.sha256].canonical_sha256
            for row, each in zip(panel.rows, references, strict=True)
            if each.sha256 in self.genomes
        }

    def link_of(self, sha256: str) -> Path:
        """Return the link to an assembly that was hashed."""
        return self._links / sha256

    def _objections(
        self, panel: PanelFiles, row: ReferenceRow, hashed: HashedFile, path: Path
    ) -> Iterator[str]:
        """Give why a reference cannot be used, and keep its genome where there is one."""
        if hashed.problem:
            yield hashed.detail
            return
        if row.declared_sha256 and row.declared_sha256 != hashed.sha256:
            yield f"its sha256 is {hashed.sha256}, the panel states {row.declared_sha256}"
        try:
            genome = self._cache.genome(path, hashed.sha256, panel.max_bases)
        except AssemblyRejected as error:
            yield error.detail
            return
        self.genomes[hashed.sha256] = genome
        total = sum(genome.lengths.values())
        if panel.genome_length_bp:
            low, high = panel.genome_length_bp
            if not low <= total <= high:
                yield f"'{row.name}' has {total} bases, outside the panel's {low} to {high}"

    def _hashed(self, path: Path) -> HashedFile:
        """Return the hash of a file that exists, or why it cannot be read."""
        try:
            sha256 = self._cache.sha256(path)
        except AssemblyRejected as error:
            return HashedFile("", error.code, error.detail)
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
