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
from oneclone.errors import Problems
from oneclone.model.panel import Kind, Panel
from oneclone.panel_regions import LOCI_FILE, MASK_FILE, examine_regions
from oneclone.phrases import counted
from oneclone.plan_files import HashedFile, HashedFiles
from oneclone.tables.fasta import Assembly, read_assembly
from oneclone.tables.fetched_table import FOLDER, VERSIONED, read_fetched
from oneclone.tables.hash_cache import HashCache
from oneclone.tables.loci_table import parse_loci
from oneclone.tables.mask_bed import parse_mask
from oneclone.tables.panel_files import PanelFiles, shared_assemblies
from oneclone.tables.panel_folder import PanelFolder, examine_panel

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
    panel, files = examine_panel(folder, problems)
    fetched = problems.attempt(_fetched, folder) or set()
    present = [
        number
        for number, row in enumerate(files.rows)
        if not VERSIONED.fullmatch(row.assembly_cell) or row.assembly_cell in fetched
    ]
    unfetched = _unfetched(files, present)
    command = f"oneclone panel fetch --panel {shlex.quote(str(folder))}"
    notes = [_not_fetched(unfetched, command)] if unfetched else []
    if complete:
        problems.add(f"{files.table}: {note}" for note in notes)
        notes = []
    here = _files_of(files, present)
    with TemporaryDirectory() as temporary, HashCache(Path(temporary) / "inputs.sqlite") as cache:
        hasher = HashedFiles(cache, Path(temporary), command)
        hashed = hasher.of_references(here, problems)
        genomes = hasher.genomes_of(here, hashed)
        problems.add(shared_assemblies(files, genomes))
        regions = examine_regions(here, hashed, hasher, problems)
        if panel is None or len(genomes) < len(here.rows):
            raise problems.refusal()
        compared = PanelFolder(_references_of(panel, present), here)
        assemblies = _assemblies(compared, hashed, hasher)
        if assemblies:
            say(f"Comparing {counted(len(assemblies), 'reference')} with the type strains")
        against, warnings = ani_findings(compared, hashed, assemblies, Path(temporary))
        problems.add(against)
    problems.refuse()
    if distances:
        warnings += distance_warnings(compared.panel, assemblies, say)
    notes += regions.notes
    return PanelFindings(
        panel, tuple(unfetched), tuple(notes), tuple(warnings), _region_counts(folder)
    )


def _fetched(folder: Path) -> set[str]:
    """Return the accessions whose assembly was fetched and is here."""
    place = folder / FOLDER
    records = read_fetched(place)
    return {accession for accession, each in records.items() if (place / each.file).is_file()}


def _unfetched(files: PanelFiles, present: Sequence[int]) -> list[str]:
    """Return the accessions whose assembly is not here, in the order of the table."""
    return [
        row.assembly_cell for number, row in enumerate(files.rows) if number not in set(present)
    ]


def _not_fetched(accessions: Sequence[str], command: str) -> str:
    """Return which assemblies are absent, and what that leaves unchecked."""
    shown = ", ".join(accessions[:SHOWN])
    more = f" and {len(accessions) - SHOWN} more" if len(accessions) > SHOWN else ""
    return (
        f"{counted(len(accessions), 'accession')} not fetched ({shown}{more}), so checksum, "
        f"length, contigs and ANI were not checked there; fetch with `{command}`"
    )


def _files_of(files: PanelFiles, numbers: Sequence[int]) -> PanelFiles:
    """Return the files of some of a panel's references."""
    complete = files.complete and len(numbers) == len(files.rows)
    rows = tuple(files.rows[number] for number in numbers)
    return replace(files, rows=rows, complete=complete)


def _references_of(panel: Panel, numbers: Sequence[int]) -> Panel:
    """Return a panel with some of its references."""
    return replace(panel, references=tuple(panel.references[number] for number in numbers))


def _assemblies(
    panel: PanelFolder, hashed: Sequence[HashedFile], files: HashedFiles
) -> dict[str, Assembly]:
    """Return the assemblies that are here, by name of the reference; each was read before."""
    return {
        row.name: read_assembly(files.link_of(each.sha256), panel.files.max_bases)
        for row, each in zip(panel.files.rows, hashed, strict=True)
    }


def _region_counts(folder: Path) -> tuple[str, ...]:
    """Return in words how many regions and loci the files of a sound panel hold, 0 included."""
    counts: list[str] = []
    if (mask := folder / MASK_FILE).exists():
        counts.append(counted(len(parse_mask(mask)[0]), "mask region"))
    if (loci := folder / LOCI_FILE).exists():
        number = len(parse_loci(loci).rows)
        counts.append(f"{number} marker {'locus' if number == 1 else 'loci'}")
    return tuple(counts)
