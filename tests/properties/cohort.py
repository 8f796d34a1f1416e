"""A small simulated outbreak that whole runs are compared on.

One case has taken up a foreign stretch, so that removed stretches and their carriers are compared
too; patient C has no isolate, and one context isolate is quarantined.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.simulated_folder import write_outbreak
from tests.pipeline import Pipeline

NAMES = (
    "PtA-CSF", "PtB-elbow", "PtC", "CTX-near", "CTX-mid", "CTX-DCC3-1", "CTX-DCC1-1",
    "CTX-DCC2-3",
)  # fmt: skip
CALLED = tuple(name for name in NAMES if name not in {"PtC", "CTX-DCC2-3"})
DISTANCES = ("pairs.tsv", "matrix.tsv", "recombination.tsv")


class Cohort:
    """An outbreak on disk, and the results of all of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        settings = SimulationSettings(5, 60_000, 4)
        write_outbreak(folder, simulate(scenario(ScenarioName.IMPORT, 60_000), settings))
        self.header, *lines = (folder / "isolates.tsv").read_text().splitlines()
        self.line_of = {line.split("\t")[0]: line for line in lines}
        self.work = folder / "work"
        self.results = self.run(self.work, NAMES)

    def table(self, lines: list[str]) -> Path:
        path = self.folder / "mine.tsv"
        path.write_text("\n".join([self.header, *lines]) + "\n", encoding="utf-8")
        return path

    def pipeline(self, work: Path, lines: list[str], **config: str) -> Pipeline:
        return Pipeline(work, self.table(lines), self.folder / "panel", **config)

    def run(self, work: Path, names: Iterable[str], **config: str) -> Path:
        return self.pipeline(work, [self.line_of[name] for name in names], **config).run()

    def with_calls(self, work: Path) -> Path:
        """Return a new working directory that has all calls already, but no results."""
        shutil.copytree(
            self.work / ".oneclone",
            work / ".oneclone",
            symlinks=True,
            ignore=shutil.ignore_patterns("pairs"),  # every pair shall be counted
        )
        return work

    def copy(self, folder: Path) -> "Cohort":
        """Return a copy whose files may be changed; the calls are known to it."""
        shutil.copytree(self.folder, folder, symlinks=True)
        copied = object.__new__(Cohort)
        copied.folder, copied.work = folder, folder / "work"
        copied.header, copied.line_of, copied.results = self.header, self.line_of, self.results
        return copied


def stamps(work: Path) -> dict[str, int]:
    """Return when each file of calls was written."""
    return {path.name: path.stat().st_mtime_ns for path in (work / ".oneclone/calls").iterdir()}


def distances(results: Path) -> dict[str, bytes]:
    """Return the content of the tables of distances."""
    return {name: (results / "distances" / name).read_bytes() for name in DISTANCES}
