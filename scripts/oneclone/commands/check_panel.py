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
from oneclone.commands.panel_problems import (
    check_regions_here,
    region_counts,
    region_problems,
    table_problems,
)
from oneclone.errors import Problems
from oneclone.model.panel import Kind, Panel
from oneclone.phrases import counted
from oneclone.plan_files import HashedFile, HashedFiles, read_panel_regions
from oneclone.tables.fasta import Assembly, read_assembly
from oneclone.tables.fetched_table import FOLDER, VERSIONED, read_fetched
from oneclone.tables.hash_cache import HashCache
from oneclone.tables.limits import max_bases
from oneclone.tables.panel_folder import PanelFolder, read_panel

SHOWN = 5


@dataclass(frozen=True)
class PanelFindings:
    """A panel without problems: what it holds, what could not be checked, what is doubtful.

    `unfetched` are the accessions of references whose assembly is not here; `regions` says how
    many regions and loci lie on the references.
    """

    panel: Panel
    unfetched: tuple[str, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    regions: tuple[str, ...]

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
            (len(panel.published_background), "published background row"),
        )
        counts = [counted(number, what) for number, what in held if number]
        words = ", ".join([*counts, *self.regions])
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
        problems.add(table_problems(folder))
        raise problems.refusal()
    fetched = problems.attempt(_fetched, folder) or set()
    present = [
        number
        for number, cell in enumerate(panel.assembly_cells)
        if not VERSIONED.fullmatch(cell) or cell in fetched
    ]
    unfetched = _unfetched(panel, present)
    command = f"oneclone panel fetch --panel {shlex.quote(str(folder))}"
    if complete and unfetched:
        problems.add([f"{folder / 'references.tsv'}: {_not_fetched(unfetched, command)}"])
    here = _only(panel, present)
    notes: list[str] = [] if complete or not unfetched else [_not_fetched(unfetched, command)]
    with TemporaryDirectory() as temporary, HashCache(Path(temporary) / "inputs.sqlite") as cache:
        links = Path(temporary) / "assemblies"
        files = HashedFiles(cache, Path(temporary), command)
        hashed = problems.attempt(files.of_references, here)
        if hashed is None:
            problems.add(region_problems(folder))
            raise problems.refusal()
        if unfetched:
            notes += problems.attempt(check_regions_here, here, hashed, files) or []
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
    return PanelFindings(
        panel.panel, tuple(unfetched), tuple(notes), tuple(warnings), region_counts(folder)
    )


def _fetched(folder: Path) -> set[str]:
    """Return the accessions whose assembly was fetched and is here."""
    place = folder / FOLDER
    records = read_fetched(place)
    return {accession for accession, each in records.items() if (place / each.file).is_file()}


def _unfetched(panel: PanelFolder, present: Sequence[int]) -> list[str]:
    """Return the accessions whose assembly is not here, in the order of the table."""
    return [cell for number, cell in enumerate(panel.assembly_cells) if number not in set(present)]


def _not_fetched(accessions: Sequence[str], command: str) -> str:
    """Return which assemblies are absent, and what that leaves unchecked."""
    shown = ", ".join(accessions[:SHOWN])
    more = f" and {len(accessions) - SHOWN} more" if len(accessions) > SHOWN else ""
    return (
        f"{counted(len(accessions), 'accession')} not fetched ({shown}{more}), so checksum, "
        f"length, contigs and ANI were not checked there; fetch with `{command}`"
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


def _assemblies(
    panel: PanelFolder, hashed: Sequence[HashedFile], links: Path
) -> dict[str, Assembly]:
    """Return the assemblies that are here, by name of the reference; each was read before."""
    limit = max_bases(panel.panel.genome_length_bp[1])
    return {
        reference.name: read_assembly(links / each.sha256, limit)
        for reference, each in zip(panel.panel.references, hashed, strict=True)
    }
