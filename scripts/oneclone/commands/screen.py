"""Command screen: look for further cases of the clones of a finished run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from oneclone.commands.finished_run import finished_run
from oneclone.errors import OnecloneError
from oneclone.plan import KEY_DIGITS, STATE_FOLDER, RunPlan
from oneclone.plan import _calls_digest as calls_digest  # pyright: ignore[reportPrivateUsage]
from oneclone.steps.screen_candidates import ScreenStepSettings, screen_candidates

DATABASE = STATE_FOLDER / "screen"


@dataclass(frozen=True)
class ScreenRequest:
    """What is screened, for which clones (none: all), and where sketches and table belong.

    `database` is `None` for the folder of the run.
    """

    candidates: Path
    max_snps: int
    clones: Sequence[str] = ()
    database: Path | None = None
    out: Path = Path("screen.tsv")
    cores: int = 1


def screen(working: Path, request: ScreenRequest, say: Callable[[str], object]) -> str:
    """Screen candidates for the clones of a finished run; write the table, return it in words.

    Parameters
    ----------
    working
        Working directory of the run.
    request
        What is asked for.
    say
        Is told what is being done.

    Raises
    ------
    OnecloneError
        If there is no finished run, its files are gone or those of another version.
    InputRefused
        If candidates cannot be had, or a clone is unknown.
    """
    run = finished_run(working)
    state = working / STATE_FOLDER
    plan = state / "plan"
    prepared = [state / "references" / f"{key}.npz" for key in run.reference_key_of.values()]
    calls = [state / "calls" / f"{key}.npz" for key in run.assembly_of]
    sketches = state / "sketches" / run.panel_key
    references = sorted({reference.assembly for reference in run.panel.references})
    files = {
        "indexes": [path.with_suffix(".mmi") for path in prepared],
        "prepared": prepared,
        "assessments": [path.with_suffix(".json") for path in calls],
        "calls": calls,
        "sketches": [sketches / f"{assembly}.sketch" for assembly in references],
    }
    clusters, markers = working / "results" / "clusters.tsv", sketches / "markers.bin"
    _refuse_missing([clusters, markers, *(path for paths in files.values() for path in paths)])
    _refuse_other_version(run, working)
    settings = ScreenStepSettings(
        candidates=str(request.candidates),
        database=str(request.database or working / DATABASE),
        max_snps=request.max_snps,
        calling=run.settings.calling,
        recombination=run.settings.recombination,
        clones=tuple(request.clones),
    )
    return screen_candidates(
        roster=plan / "roster.json",
        panel=plan / "panel.json",
        mask=plan / "mask.json",
        clusters=clusters,
        markers=markers,
        **files,
        screen_table=request.out,
        settings=settings,
        threads=request.cores,
        say=say,
    )


def _refuse_missing(paths: Sequence[Path]) -> None:
    """Refuse a run of which a file is gone, or has another name in this version."""
    for path in paths:
        if not path.is_file():
            raise OnecloneError(f"{path.resolve()} is missing; run snakemake again, then screen")


def _refuse_other_version(run: RunPlan, working: Path) -> None:
    """Refuse a run whose calls are not those that this version would make."""
    now = calls_digest(run.settings, run.panel)[:KEY_DIGITS]
    if any(not key.endswith(f"-{now}") for key in run.assembly_of):
        raise OnecloneError(
            f"{working.resolve()}: the run was made by another version of oneclone, or its plan is "
            "that of a run that did not finish; run snakemake again, then screen"
        )
