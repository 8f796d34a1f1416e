"""Command pseudonymise: a finished run as a release that may leave the laboratory."""

import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from oneclone.commands.finished_run import FinishedRun, load_finished_run, refuse_unfinished
from oneclone.commands.leak_test import LeakTest, Released, plan_leak_test, refuse_leaks
from oneclone.commands.release_checks import clone_names, refuse_other_findings
from oneclone.commands.release_run import prepare_release
from oneclone.errors import InputRefused
from oneclone.model.isolates import Role
from oneclone.pseudonymised import Coarseness, Pseudonymised, pseudonymised
from oneclone.run_lock import RESULTS_LOCK, RESULTS_NOTE
from oneclone.tables.atomic import refuse_foreign, replacing, write_text
from oneclone.tables.clone_bundle import is_zip
from oneclone.tables.paths import can_be_filled
from oneclone.tables.release_files import MARK, MapRow, read_or_make_key, write_map
from oneclone.tables.run_plan import read_isolates
from oneclone.tables.zip_files import add_file, open_zip
from oneclone.workflow_run import run_workflow, working_folder

NOTES = "RELEASE.txt"
FIRST_LINE = "Release of oneclone: a run under pseudonyms. What was done to it:\n"
USED_RESULTS = (
    *("clusters.tsv", "distances/pairs.tsv", "ledger.tsv", "verdict.json", "verdict_pairs.tsv"),
)
TESTED = "looked for and not found"
RunWorkflow = Callable[[Path, Mapping[str, Any], int, Callable[[str], None]], object]


@dataclass(frozen=True)
class ReleaseRequest:
    """What is released, where to, and how.

    `out` becomes a folder, or a zip when its name ends so; `work`, when given, keeps the working
    directory of the release.
    """

    directory: Path
    out: Path
    key: Path
    coarseness: Coarseness
    cores: int = 1
    work: Path | None = None
    accepted: tuple[str, ...] = ()

    @property
    def map(self) -> Path:
        """The map of the release, beside the key."""
        return self.key.with_name(f"{self.key.name}.{self.out.name}.tsv")


@dataclass(frozen=True)
class Release:
    """What was published: notes, number of files, and what the leak test did not look for."""

    notes: tuple[str, ...]
    files: int
    test: LeakTest


def pseudonymise(
    request: ReleaseRequest, say: Callable[[str], None], run: RunWorkflow = run_workflow
) -> Release:
    """Run a finished run again under pseudonyms, compare, look for leaks, and publish.

    Parameters
    ----------
    request
        What is released, where to, and how.
    say
        Receives a line for each finished step.
    run
        Runs the workflow in a working directory.

    Raises
    ------
    OnecloneError
        If there is no finished run; or the release says something else than the run, or would
        give a value of the laboratory away: then nothing is published.
    InputRefused
        If the key is not safe, or the release would replace something else.
    """
    _refuse_places(request)
    original = load_finished_run(request.directory)
    refuse_unfinished(original, USED_RESULTS)
    if original.plan.settings.privacy.mode != "internal":
        raise InputRefused([f"{request.directory.resolve()}: is the run of a release already"])
    isolates = [
        isolate
        for isolate in read_isolates(original.state / "plan" / "isolates.json").values()
        if isolate.role is not Role.REFERENCE
    ]
    secret = read_or_make_key(request.key)
    table = pseudonymised(isolates, secret, request.coarseness)
    with working_folder(request.work) as working, TemporaryDirectory() as staged:
        release = prepare_release(original, table, secret, working)
        run(working, release.config, request.cores, say)
        refuse_other_findings(original.results, working / "results", table.name_of)
        test = plan_leak_test(
            original, isolates, Released(table, working / "results"), request.accepted
        )
        content = _staged(Path(staged), working / "results", table)
        files = refuse_leaks(test, content)
        write_map(request.map, _map_rows(original, table, working / "results", test))
        _publish(content, request.out)
    return Release(table.notes, files, test)


def _refuse_places(request: ReleaseRequest) -> None:
    """Refuse to replace what is no release, and a key or a map that would be given away."""
    problems: list[str] = []
    out = request.out.resolve()
    if request.out.exists() and not _is_release(request.out):
        problems.append(
            f"{out}: is there already and is not a release of oneclone; name another place"
        )
    if request.key.resolve().is_relative_to(out):
        problems.append(f"{request.key.resolve()}: the key would lie in the release; keep it apart")
    if out.is_relative_to(request.directory.resolve() / "results"):
        problems.append(f"{out}: lies in the results of the run; name another place")
    if request.work and not can_be_filled(request.work):
        problems.append(f"{request.work.resolve()}: is not empty; name an empty or absent folder")
    if problems:
        raise InputRefused(problems)
    refuse_foreign(request.map, MARK, "the map of a release")


def _is_release(out: Path) -> bool:
    """Return whether a folder or file is a release, or an empty folder."""
    if out.is_dir():
        notes = out / NOTES
        named = notes.is_file() and notes.read_text("utf-8", errors="replace")
        return not any(out.iterdir()) or bool(named and named.startswith(FIRST_LINE))
    if not is_zip(out):
        return False
    with open_zip(out) as opened:
        return NOTES in opened.names and opened.text(NOTES).startswith(FIRST_LINE)


def _staged(folder: Path, results: Path, table: Pseudonymised) -> Path:
    """Put what is published into a folder: the results, and what was done to them."""
    content = folder / "release"
    # Who ran it, and on which machine, stands beside the lock of the results.
    locks = shutil.ignore_patterns(*(Path(each).name for each in (RESULTS_LOCK, RESULTS_NOTE)))
    shutil.copytree(results, content / "results", ignore=locks)
    write_text(content / NOTES, FIRST_LINE + "".join(f"- {note}\n" for note in table.notes))
    return content


def _publish(content: Path, out: Path) -> None:
    """Publish a folder, as a folder or a zip; an earlier release goes when the new one is whole."""
    if out.suffix == ".zip":
        files = sorted(path for path in content.rglob("*") if path.is_file())
        with replacing(out) as temporary, zipfile.ZipFile(temporary, "w") as opened:
            for path in files:
                add_file(opened, str(path.relative_to(content)), path)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as beside:
        new, old = Path(beside) / "new", Path(beside) / "old"
        shutil.copytree(content, new)
        if out.exists():
            out.rename(old)
        new.rename(out)


def _map_rows(
    original: FinishedRun, table: Pseudonymised, results: Path, test: LeakTest
) -> Iterator[MapRow]:
    """Give what stands for what in the release, and every value that was looked for or not."""
    told = {(value.kind, value.text): reason for value, reason in test.untested.items()}
    stands: dict[tuple[str, str], str] = {}
    for row in table.rows:
        for column, cell in row.cells.items():
            name = row.isolate.name if column == "isolate" else str(getattr(row.isolate, column))
            stands[column, name] = cell
    internal = clone_names(original.results, table.name_of)
    for members, name in clone_names(results, {}).items():
        stands["clone", internal[members]] = name
    tested = {(value.kind, value.text) for value in test.tested}
    for kind, text in {*stands, *told, *tested} - {(kind, "") for kind, _ in stands}:
        if kind != "role":
            reason = told.get((kind, text))
            verdict = f"not looked for: {reason}" if reason else TESTED
            yield MapRow(kind, stands.get((kind, text), ""), text, verdict)
