"""Command verify: measure on known truth whether this installation works, and write a record."""

import hashlib
import random
import shutil
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from oneclone.errors import InputRefused
from oneclone.tables.atomic import write_text
from oneclone.tables.json_files import json_text
from oneclone.tables.paths import can_be_filled
from oneclone.validation.findings import Failure, Findings, Part, Repeat, differing
from oneclone.validation.measured_run import measure_run, result_sums
from oneclone.validation.page import render_record
from oneclone.validation.record import Circumstances, make_record
from oneclone.validation.shipped_figures import shipped_figures
from oneclone.validation.truth_set import (
    WHOLE,
    WrittenOutbreak,
    checksums,
    judge_scene,
    write_scene,
    write_whole,
)
from oneclone.workflow_run import run_workflow, working_folder

JSON_NAME, HTML_NAME = "validation.json", "validation.html"
OTHER_FOLDER = "zweiter Lauf für die Prüfung"  # a blank and umlauts
OTHER_ENVIRONMENT = {
    "LC_ALL": "C",
    "LANG": "C",
    "TZ": "<+14>-14",
    "PYTHONHASHSEED": "4711",
}
SHUFFLE_SEED = 7

Say = Callable[[str], None]


@dataclass(frozen=True)
class VerifyRequest:
    """Where the record goes, how many cores to use, and what the record says of the laboratory.

    `keep` is a folder for the working files, `None` to throw them away.
    """

    out: Path
    cores: int
    laboratory: str = ""
    operator: str = ""
    keep: Path | None = None


def verify_installation(request: VerifyRequest, say: Say) -> bool:
    """Measure everything, write the record, and return whether all criteria are met.

    Parameters
    ----------
    request
        What is asked for.
    say
        Is told what is being done.

    Raises
    ------
    InputRefused
        If a folder cannot be used.
    """
    _refuse_folders(request)
    started = datetime.now(UTC)
    request.out.mkdir(parents=True, exist_ok=True)
    with working_folder(request.keep) as work:
        found = measure(work, request.cores, say)
    circumstances = Circumstances(
        started, datetime.now(UTC), request.cores, request.laboratory, request.operator
    )
    record = make_record(found, shipped_figures(), circumstances)
    text = json_text(record)
    write_text(request.out / JSON_NAME, text)
    page = render_record(record, hashlib.sha256(text.encode()).hexdigest())
    write_text(request.out / HTML_NAME, page)
    return record["passed"]


def measure(work: Path, cores: int, say: Say) -> Findings:
    """Make the truth set and measure every part; a part that fails does not stop the others.

    Parameters
    ----------
    work
        Folder for all working files.
    cores
        Processor cores to use.
    say
        Is told what is being done.
    """
    found = Findings()
    verification = _Verification(work, cores, say, found)
    with verification.attempt(Part.TRUTH_SET, "simulation"):
        outbreaks, scene = verification.write_truth_set()
        for written in outbreaks:
            verification.run_whole(written)
        verification.repeat(outbreaks[0])
        verification.judge_and_reproduce(scene, outbreaks[0])
    if found.failed(Part.TRUTH_SET):
        others = (part for part in Part if part is not Part.TRUTH_SET)
        found.failures += [Failure(part, "truth set", "was not made") for part in others]
    return found


@dataclass(frozen=True)
class _Verification:
    """The measuring of all parts in one folder."""

    work: Path
    cores: int
    say: Say
    found: Findings

    @contextmanager
    def attempt(self, part: Part, what: str) -> Generator[None]:
        """Keep the reason when something fails: the record has to be written all the same."""
        try:
            yield
        except Exception as error:  # whatever it is, the installation does not do what it should
            message = f"{type(error).__name__}: {error}"
            self.found.failures.append(Failure(part, what, message))
            self.say(f"{what}: FAILED: {message}")

    def write_truth_set(self) -> tuple[list[WrittenOutbreak], WrittenOutbreak]:
        """Simulate all outbreaks and note the sha256 of their files."""
        self.say("truth set: simulating")
        place = self.work / "truth"
        outbreaks = [write_whole(place / name, name) for name in WHOLE]
        scene = write_scene(place / "scenarios")
        self.found.truth_set.update(checksums(place))
        return outbreaks, scene

    def run_whole(self, written: WrittenOutbreak) -> None:
        """Run the workflow on an outbreak and measure the results."""
        name = str(written.outbreak.scenario.name)
        with self.attempt(Part.RUNS, name):
            seconds = self._run(written.isolates, written.panel, self._folder(name))
            self.found.runs.append(measure_run(written, self._folder(name), self.cores, seconds))

    def repeat(self, written: WrittenOutbreak) -> None:
        """Make a run again from nothing in the same folder."""
        folder = self._folder(str(written.outbreak.scenario.name))
        with self.attempt(Part.REPEATABILITY, "second run"):
            first = result_sums(folder / "results")
            shutil.rmtree(folder)
            seconds = self._run(written.isolates, written.panel, folder)
            again = result_sums(folder / "results")
            self._note(Part.REPEATABILITY, "same folder, from nothing", seconds, (first, again))

    def judge_and_reproduce(self, scene: WrittenOutbreak, written: WrittenOutbreak) -> None:
        """Judge the scenarios here while the run in other circumstances has a core to itself."""
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(self.reproduce, written)
            if self.cores == 1:
                other.result()
            with self.attempt(Part.SCENARIOS, "scenarios"):
                judged = judge_scene(scene, self.work / "scenarios", self.say)
                self.found.scenarios.extend(judged)
            other.result()

    def reproduce(self, written: WrittenOutbreak) -> None:
        """Make a run in other circumstances: folder, cores, order of rows, locale, hash seed."""
        first = self._folder(str(written.outbreak.scenario.name))
        with self.attempt(Part.REPRODUCIBILITY, "run in other circumstances"):
            place = self.work / OTHER_FOLDER
            shutil.copytree(written.folder, place / "truth")
            table = place / "truth" / written.isolates.name
            write_text(table, shuffled(table.read_text("utf-8")))
            seconds = self._run(
                table, place / "truth" / written.panel.name, place / "run", 1, OTHER_ENVIRONMENT
            )
            sums = (result_sums(first / "results"), result_sums(place / "run" / "results"))
            conditions = (
                f"folder '{OTHER_FOLDER}', 1 core instead of {self.cores}, rows shuffled, "
                + ", ".join(f"{name}={value}" for name, value in OTHER_ENVIRONMENT.items())
            )
            self._note(Part.REPRODUCIBILITY, conditions, seconds, sums)

    def _folder(self, name: str) -> Path:
        """Return the working directory of a run."""
        return self.work / "runs" / name

    def _run(
        self,
        isolates: Path,
        panel: Path,
        working: Path,
        cores: int | None = None,
        environment: dict[str, str] | None = None,
    ) -> float:
        """Run the workflow; return the seconds that it took."""
        started = time.monotonic()
        working.mkdir(parents=True)
        config = {"isolates": str(isolates), "panel": str(panel), "registry": ""}
        self.say(f"run: {working.relative_to(self.work)}")
        run_workflow(working, config, cores or self.cores, _silent, environment)
        return time.monotonic() - started

    def _note(
        self,
        part: Part,
        conditions: str,
        seconds: float,
        sums: tuple[dict[str, str], dict[str, str]],
    ) -> None:
        """Note how a repeated run compares with the first."""
        first, again = sums
        self.found.repeats[part] = Repeat(
            part,
            conditions,
            round(seconds, 1),
            len({*first, *again}),
            differing(first, again),
        )


def shuffled(table: str) -> str:
    r"""Return a table with its rows in another order, the same one each time.

    Examples
    --------
    >>> shuffled("isolate\na\nb\nc\nd\n")
    'isolate\nd\nb\na\nc\n'
    """
    header, *rows = table.splitlines()
    random.Random(SHUFFLE_SEED).shuffle(rows)  # noqa: S311 (an order, no secret)
    return "\n".join([header, *rows]) + "\n"


def _silent(_: str) -> None:
    """Say nothing: four runs of 60 steps are too much to read."""


def _refuse_folders(request: VerifyRequest) -> None:
    """Refuse folders that cannot be used, before anything is measured.

    Raises
    ------
    InputRefused
        If the record would lie in a file, or the folder to keep is not empty.
    """
    wrong: list[str] = []
    if request.out.exists() and not request.out.is_dir():
        wrong.append(f"{request.out.absolute()}: is a file; name a folder for the record")
    keep = request.keep
    if keep and not can_be_filled(keep):
        wrong.append(
            f"{keep.absolute()}: --keep needs a folder that is absent or empty; name another one"
        )
    if wrong:
        raise InputRefused(wrong)
