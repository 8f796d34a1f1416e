"""The finished run in a working directory, for commands that read what it left there."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from oneclone.ani import MARKERS_FILE, SKETCH_SUFFIX
from oneclone.errors import OnecloneError
from oneclone.plan import STATE_FOLDER, RunPlan, load_run
from oneclone.run_lock import refuse_while_at_work
from oneclone.run_provenance import has_inputs_of
from oneclone.tables.json_files import read_json
from oneclone.tables.manifest import RESULTS_MANIFEST, changed_results
from oneclone.tables.read_back import read_back


@dataclass(frozen=True)
class FinishedRun:
    """Plan and files of a run; what each list names was there when the run was loaded.

    `begun` is the id of the run that was begun last.
    """

    plan: RunPlan
    working: Path
    begun: str = ""

    @property
    def state(self) -> Path:
        """Folder of the run's state."""
        return self.working / STATE_FOLDER

    @property
    def results(self) -> Path:
        """Folder of the results."""
        return self.working / "results"

    @property
    def roster(self) -> Path:
        """Rows of the run."""
        return self.state / "plan" / "roster.json"

    @property
    def panel(self) -> Path:
        """The panel."""
        return self.state / "plan" / "panel.json"

    @property
    def mask(self) -> Path:
        """The panel's mask."""
        return self.state / "plan" / "mask.json"

    @property
    def prepared(self) -> tuple[Path, ...]:
        """Counting references in the order of `panel.counting_assemblies`."""
        keys = self.plan.reference_key_of.values()
        return tuple(self.state / "references" / f"{key}.npz" for key in keys)

    @property
    def markers(self) -> Path:
        """What finds sketches that are near."""
        return self._sketch_folder / MARKERS_FILE

    @property
    def sketches(self) -> tuple[Path, ...]:
        """Sketches of the panel's references, sorted."""
        assemblies = sorted({reference.assembly for reference in self.plan.panel.references})
        return tuple(self._sketch_folder / f"{each}{SKETCH_SUFFIX}" for each in assemblies)

    @property
    def _sketch_folder(self) -> Path:
        """Where the panel's sketches lie."""
        return self.state / "sketches" / self.plan.panel_key

    @property
    def calls(self) -> Path:
        """The gathered calls."""
        return self.state / "calls.json"

    @property
    def archives(self) -> tuple[Path, ...]:
        """Calls of each assembly."""
        return tuple(self.state / "calls" / f"{key}.npz" for key in self.plan.assembly_of)

    @property
    def assessments(self) -> tuple[Path, ...]:
        """Assessment of each assembly."""
        return tuple(path.with_suffix(".json") for path in self.archives)


def load_finished_run(working: Path) -> FinishedRun:
    """Return the run whose results lie in a working directory.

    Raises
    ------
    OnecloneError
        If there is no finished run, or its calls are gone or those of another version, or a run
        is at work there.
    """
    begun = refuse_while_at_work(working / STATE_FOLDER)
    settings = working / "results" / "provenance" / "settings.json"
    if not settings.is_file():
        raise OnecloneError(
            f"{working.resolve()}: no finished run here ({settings} is missing); run snakemake "
            "first, or give its working directory"
        )
    kept = read_back(read_json)(settings)
    if not isinstance(kept, dict):
        raise OnecloneError(f"{settings.resolve()}: holds no settings; run snakemake again")
    plan = load_run({**kept, "isolates": "-", "panel": "-"}, working)
    run = FinishedRun(plan, working, begun)
    require_files(*run.prepared, run.calls, *run.archives, *run.assessments)
    return run


def require_no_run_since(run: FinishedRun) -> None:
    """Fail when a run was begun after this one was loaded: what was read may be of both.

    Raises
    ------
    OnecloneError
        If one was begun.
    """
    if refuse_while_at_work(run.state) != run.begun:
        raise OnecloneError(
            f"{run.working.resolve()}: a run was begun here meanwhile; repeat the command"
        )


def require_files(*paths: Path) -> None:
    """Fail when a file of a finished run is not there.

    Raises
    ------
    OnecloneError
        If one is missing.
    """
    for path in paths:
        if not path.is_file():
            raise OnecloneError(
                f"{path.resolve()} is missing; run snakemake again, then repeat the command"
            )


def refuse_unfinished(run: FinishedRun, results: Collection[str]) -> None:
    """Refuse results that are not all of one run, or not of the run that was planned last.

    Parameters
    ----------
    run
        The run.
    results
        Names of the results that are used.

    Raises
    ------
    OnecloneError
        With the first file that is of another run.
    """
    provenance = run.results / "provenance"
    manifest, inputs = run.results / RESULTS_MANIFEST, provenance / "inputs.tsv"
    require_files(manifest, inputs)
    changed = sorted({*results} & {*changed_results(manifest, run.results)})
    if not has_inputs_of(run.plan, run.results):
        changed.append("provenance/inputs.tsv")
    # The plan keeps its time when its content is the same; other settings change the roster's keys.
    planned = max(path.stat().st_mtime_ns for path in (run.roster, run.panel, run.mask))
    if planned > manifest.stat().st_mtime_ns:
        changed.append(str(RESULTS_MANIFEST))
    if changed:
        raise OnecloneError(
            f"{(run.results / changed[0]).resolve()} is not of the run that was begun last; run "
            "snakemake to its end, then repeat the command"
        )
