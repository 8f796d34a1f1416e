"""The leak test of a release: no value of the laboratory is in any byte that is given away."""

import ast
import functools
import os
import re
import socket
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from oneclone.commands.finished_run import FinishedRun
from oneclone.commands.release_run import panel_folder
from oneclone.errors import OnecloneError
from oneclone.leak_forms import plain, texts_of
from oneclone.leak_search import LeakSearch, Value, split_values
from oneclone.model.assessment import Assessment
from oneclone.model.isolates import METADATA, Isolate
from oneclone.phrases import counted, printable
from oneclone.pseudonymised import Pseudonymised
from oneclone.reporting.look import template_folder
from oneclone.run_lock import user_name
from oneclone.shipped import shipped_file
from oneclone.tables.cluster_table import read_clones
from oneclone.tables.fasta import assembly_name
from oneclone.tables.json_files import read_record

PLAIN_COLUMNS = tuple(each for each in METADATA if each not in {"latitude", "longitude"})
CHECKSUM_DIGITS = 12  # no result shows fewer digits of a checksum
PANEL_PLAN = ("panel.json", "loci.json", "genes.json", "mask.json")
LABEL = re.compile("(ISO|PAT)-[0-9A-Z]+|(Clinic|Laboratory|Run|Batch) [A-Z]{1,3}")
DETAIL_PARTS = re.compile("[:;']")  # of the sentence that holds the reason of a withdrawal
WITHOUT_RESULTS = {"simulation", "commands"}  # they write no results of a run
SHOWN = 5


@dataclass(frozen=True)
class Released:
    """The isolate table of a release, and the folder of its results."""

    table: Pseudonymised
    results: Path


@dataclass(frozen=True)
class LeakTest:
    """What is looked for in a release, and why what is not looked for is not."""

    tested: tuple[Value, ...]
    untested: dict[Value, str]


def plan_leak_test(
    run: FinishedRun,
    isolates: Collection[Isolate],
    release: Released,
    accepted: Collection[str],
) -> LeakTest:
    """Return the values that must not be in a release.

    Parameters
    ----------
    run
        The run.
    isolates
        Rows of its isolate table.
    release
        The release.
    accepted
        Values that the user accepts in the release.
    """
    values = {value for value in _values(run, isolates) if value.text.strip()}
    stays = {value for value in values if release.table.stays(value.kind, value.text)}
    tested, untested = split_values(values - stays, _public(run, release), accepted)
    untested |= dict.fromkeys(stays, "shown in the release as it is")
    return LeakTest(tuple(tested), untested)


def refuse_leaks(test: LeakTest, folder: Path) -> int:
    """Look for every value in every file of a folder, its name too; return how many files.

    Parameters
    ----------
    test
        The values.
    folder
        What is to be given away.

    Raises
    ------
    OnecloneError
        With the first values that were found, and where.
    """
    search = LeakSearch(test.tested)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found = [
        f"{path.relative_to(folder)}: {value.kind} '{printable(value.text)}' in "
        f"'{printable(around)}'"
        for path in files
        for value, around in search.found_in(_texts(path, folder)).items()
    ]
    if found:
        raise OnecloneError(
            f"{counted(len(found), 'value')} of the laboratory would be given away, so nothing was "
            "written; report it as a defect or, where it is there by chance, accept the value by "
            "--accept:\n" + "\n".join(found[:SHOWN])
        )
    return len(files)


def _texts(path: Path, folder: Path) -> Iterator[str]:
    """Give the texts of a file and of its name."""
    yield from texts_of(str(path.relative_to(folder)).encode())
    yield from texts_of(path.read_bytes())


def _values(run: FinishedRun, isolates: Iterable[Isolate]) -> Iterator[Value]:
    """Give every value of the laboratory that the run knows."""
    for isolate in isolates:
        yield Value("isolate", isolate.name)
        for column in PLAIN_COLUMNS:
            yield Value(column, getattr(isolate, column))
        for column, cell in isolate.extra.items():
            yield Value("column", column)
            yield Value(f"column {column}", cell)
        if isolate.place:
            yield Value("latitude", str(isolate.place.latitude))
            yield Value("longitude", str(isolate.place.longitude))
    yield Value("investigation", run.plan.settings.investigation)
    yield from (Value("clone", name) for name in read_clones(run.results / "clusters.tsv").values())
    yield from _of_files(run)
    yield from _of_machine(run)


def _of_files(run: FinishedRun) -> Iterator[Value]:
    """Give names, paths and checksums of the assemblies of isolates, and reasons of withdrawals."""
    of_panel = {reference.assembly for reference in run.plan.panel.references}
    public = {
        read_record(path, Assessment).canonical_sha256
        for path in run.assessments
        if run.plan.assembly_of[path.stem] in of_panel
    }
    for entry in run.plan.roster:
        if entry.is_reference or not entry.assembly:
            continue
        yield from (Value("detail", part) for part in DETAIL_PARTS.split(entry.detail))
        if entry.assembly not in of_panel:
            path = Path(os.path.realpath(run.state / "assemblies" / entry.assembly))
            yield Value("file", path.name)
            yield Value("file", assembly_name(path))
            yield Value("folder", str(path.parent))
            yield Value("sha256", entry.assembly[:CHECKSUM_DIGITS])
        if entry.calls_key:
            found = read_record(run.state / "calls" / f"{entry.calls_key}.json", Assessment)
            genome = found.canonical_sha256
            yield Value("sha256", "" if genome in public else genome[:CHECKSUM_DIGITS])


def _of_machine(run: FinishedRun) -> Iterator[Value]:
    """Give who ran it, and where."""
    yield Value("user", user_name())
    yield Value("host", socket.gethostname())
    yield Value("folder", str(Path.home()))
    yield Value("folder", str(run.working.resolve()))
    yield Value("folder", str(panel_folder(run)))


@functools.cache
def _words() -> str:
    """Return every text of the code that can come into a result: no comment, no docstring."""
    package = Path(__file__).resolve().parents[1]
    found: list[str] = []
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] not in WITHOUT_RESULTS:
            nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
            # A text that stands alone, as a docstring does, goes nowhere.
            alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
            found += [
                node.value
                for node in nodes
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in alone
            ]
    return plain("\n".join(found))


def _public(run: FinishedRun, release: Released) -> Iterator[str]:
    """Give texts that tell nothing of the laboratory but occur in releases.

    They are the panel, the code with all its words, the look of the report, the labels of the
    release itself, and when it was made.
    """
    schemas = shipped_file("schemas", "config.schema.yaml").parent
    files = [run.state / "plan" / name for name in PANEL_PLAN]
    files += [*template_folder().rglob("*"), *schemas.glob("*.yaml")]
    for path in files:
        if path.is_file():
            yield plain(path.read_text("utf-8"))
    yield _words()
    for name in ("versions.json", "run.json"):
        yield plain((release.results / "provenance" / name).read_text("utf-8"))
    # Labels by their form alone: what a defect had left in a row would be looked for.
    cells = (cell for row in release.table.rows for cell in row.cells.values())
    yield from (plain(cell) for cell in cells if LABEL.fullmatch(cell))
    yield from map(plain, release.table.notes)
