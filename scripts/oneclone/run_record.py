"""What a run did: how much was computed, when, and what it says in the end.

Written by the main process, outside the job graph, because no result may depend on it.
"""

import datetime
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oneclone.altered_files import altered_files, remove_altered
from oneclone.errors import OnecloneError
from oneclone.plan import STATE_FOLDER, RunPlan
from oneclone.plan_history import record_finished
from oneclone.run_provenance import has_inputs_of, reopen_unfinished, write_run_provenance
from oneclone.system_errors import explanation
from oneclone.tables.gathered_calls import read_assessments
from oneclone.tables.hash_cache import HashCache
from oneclone.tables.json_files import read_json
from oneclone.tables.manifest import RESULTS_MANIFEST, changed_results
from oneclone.tables.read_back import read_back
from oneclone.written_files import written_files

FAILED_PAGE = "failed.html"  # in the results: what is said of a run that did not finish
CALL_FILES = ("json", "npz")
MOST_NAMED = 10  # altered results; `provenance/run.json` names all
PROGRESS = "Calling and counting"  # lines of a screen's log that say nothing when it is done


@dataclass(frozen=True)
class RunRecord:
    """The state of a working directory when a run began.

    `missing` are the calls keys whose files were not there yet, or not as they were written;
    `written` is the sha256 of what earlier jobs wrote, by name; `altered` what was found changed or
    gone of it.
    """

    plan: RunPlan
    calls: Path
    started: datetime.datetime
    missing: frozenset[str]
    written: Mapping[str, str] = field(default_factory=dict[str, str])
    altered: list[str] = field(default_factory=list[str])

    @classmethod
    def begin(cls, plan: RunPlan, calls: Path) -> "RunRecord":
        """Take down what is there before any job runs."""
        working = calls.parent.parent
        written = written_files(working)
        with HashCache(working / STATE_FOLDER / "inputs.sqlite") as cache:
            altered = sorted(altered_files(working, written, cache))
        unsound = {Path(name).stem for name in altered if (working / name).parent == calls}
        missing = frozenset(
            key
            for key in plan.assembly_of
            if key in unsound or not all((calls / f"{key}.{end}").is_file() for end in CALL_FILES)
        )
        return cls(plan, calls, datetime.datetime.now(datetime.UTC), missing, written, altered)

    def find_altered(self, needed: Collection[str], *, remove: bool) -> Iterator[str]:
        """Say what was altered since earlier jobs wrote it, or is gone and needed, one line each.

        Parameters
        ----------
        needed
            Names of what the run delivers; what else is gone may be so by intention.
        remove
            Whether it is removed, so that jobs make it again.
        """
        working = self.calls.parent.parent
        gone = {name for name in needed if name in self.written and not (working / name).exists()}
        self.altered[:] = sorted({*self.altered, *gone})
        follows = "it is made again" if remove else "a run makes it again"
        for name in self.altered[:MOST_NAMED]:
            yield f"oneclone: warning: {name} was altered after a job wrote it; {follows}"
        if (more := len(self.altered) - MOST_NAMED) > 0:
            yield f"oneclone: warning: so were {more} more; {follows}"
        if remove:
            for name in self.altered:
                remove_altered(working / name)
            reopen_unfinished(working / "results")

    def introduction(self) -> Iterator[str]:
        """Say what the run consists of, one line each."""
        panel = self.plan.panel
        rows = Counter(entry.is_reference for entry in self.plan.roster)
        yield (
            f"oneclone: {rows[False]} rows of the isolate table against {rows[True]} references "
            f"of the panel {panel.name}, version {panel.version}"
        )
        known = len(self.plan.assembly_of) - len(self.missing)
        yield f"oneclone: {len(self.missing)} assemblies to call, {known} known from earlier runs"
        for warning in self.plan.warnings:
            yield f"oneclone: warning: {warning}"

    def conclude(self, results: Path) -> Iterator[str]:
        """Write what `provenance/` holds of the run; say the verdict and where the report is.

        A run that was told to stop earlier (`snakemake --until`) has neither; the verdict of an
        earlier run is not said again as if it were its own.
        """
        if not self._is_complete(results):
            yield "oneclone: the run was told to stop before the verdict; there is no new report"
            return
        try:
            write_run_provenance(self.plan, self.calls.parent.parent, self._figures())
        except OSError as error:
            said = explanation(error) or str(error)
            yield f"oneclone: warning: the results are complete, but not their record: {said}"
        yield from self._recorded()
        if self.altered:
            named = ", ".join(self.altered[:MOST_NAMED])
            more = ", ..." if len(self.altered) > MOST_NAMED else ""
            yield f"oneclone: altered before this run, made again by it: {named}{more}"
        yield from closing_words(results)
        yield from self._screened(results)

    def _screened(self, results: Path) -> Iterator[str]:
        """Say what a screen found, when this run made one (target `screen`)."""
        table, log = results / "screen.tsv", results.parent / "logs" / "screen_candidates.log"
        if table.is_file() and table.stat().st_mtime >= self.started.timestamp() and log.is_file():
            yield ""
            lines = log.read_text("utf-8").splitlines()
            yield from (line for line in lines if not line.startswith(PROGRESS))
            yield f"Screen: {table.resolve()}"

    def _recorded(self) -> Iterator[str]:
        """Take the run into the registry, its last step, and say what a user should know of it."""
        registry, working = self.plan.settings.registry, self.calls.parent.parent
        if not registry:
            return
        try:
            number = record_finished(registry, working)
        except OnecloneError as problem:
            yield f"oneclone: warning: the results are complete, but not in the registry: {problem}"
            return
        if number is not None:
            yield f"oneclone: recorded as run {number} in {(working / registry).resolve()}"

    def _is_complete(self, results: Path) -> bool:
        """Tell whether the results are those of this run: its settings, inputs, panel, content."""
        provenance, report = results / "provenance", results / "report.html"
        manifest = results / RESULTS_MANIFEST
        if not (manifest.is_file() and report.is_file()):
            return False
        panel = self.calls.parent / "plan" / "panel.json"
        return (
            read_json(provenance / "settings.json") == _as_json(self.plan.shown_settings)
            and has_inputs_of(self.plan, results)
            and panel.stat().st_mtime_ns <= report.stat().st_mtime_ns
            and not changed_results(manifest, results)
        )

    def _figures(self) -> dict[str, Any]:
        """Return how much this run computed."""
        gathered = read_assessments(self.calls.with_suffix(".json")) if self.missing else {}
        made = [gathered[key] for key in sorted(self.missing)]
        pairs = self.calls.parent / "distances" / "counted.json"
        is_new = pairs.is_file() and pairs.stat().st_mtime >= self.started.timestamp()
        return {
            "started": self.started.isoformat(timespec="seconds"),
            "finished": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "isolates_called": len(made),
            "calls_computed": sum(len(assessment.references) for assessment in made),
            "pairs_counted": read_json(pairs)["counted"] if is_new else 0,
            "altered": self.altered,
        }


def closing_words(results: Path) -> Iterator[str]:
    """Say the verdict of a run and where its report is."""
    yield ""
    yield _sentence(results / "verdict.json")
    yield ""
    yield f"Report: {(results / 'report.html').resolve()}"


@read_back
def _sentence(verdict: Path) -> str:
    """Return the sentence of a verdict."""
    return str(read_json(verdict)["sentence"])


def _as_json(settings: Mapping[str, Any]) -> Any:  # noqa: ANN401 (any data that JSON can hold)
    """Return settings as they are read back from JSON."""
    return json.loads(json.dumps(settings))
