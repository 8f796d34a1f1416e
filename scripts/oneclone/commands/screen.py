"""Command screen: look for further cases of the clones of a finished run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from oneclone.commands.finished_run import (
    FinishedRun,
    load_finished_run,
    refuse_unfinished,
    require_files,
)
from oneclone.content_keys import KEY_DIGITS, calls_digest
from oneclone.errors import OnecloneError
from oneclone.plan import STATE_FOLDER
from oneclone.steps.screen_candidates import ScreenStepSettings, screen_candidates
from oneclone.tables.atomic import refuse_foreign
from oneclone.tables.screen_table import MARK

DATABASE = STATE_FOLDER / "screen"
CLUSTERS = "clusters.tsv"


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
        If there is no finished run, its files are gone or those of another version or run.
    InputRefused
        If candidates cannot be had, a clone is unknown, or the table would replace another file.
    """
    refuse_foreign(request.out, MARK, "the table of a screen")
    run = load_finished_run(working)
    plan = run.plan
    indexes = [path.with_suffix(".mmi") for path in run.prepared]
    require_files(run.markers, *run.sketches, *indexes)
    refuse_unfinished(run, [CLUSTERS])
    _refuse_other_version(run)
    settings = ScreenStepSettings(
        candidates=str(request.candidates),
        database=str(request.database or working / DATABASE),
        max_snps=request.max_snps,
        calling=plan.settings.calling,
        recombination=plan.settings.recombination,
        clones=tuple(request.clones),
    )
    return screen_candidates(
        roster=run.roster,
        panel=run.panel,
        mask=run.mask,
        clusters=run.results / CLUSTERS,
        markers=run.markers,
        sketches=run.sketches,
        indexes=indexes,
        prepared=run.prepared,
        calls=run.calls,
        screen_table=request.out,
        settings=settings,
        threads=request.cores,
        say=say,
    )


def _refuse_other_version(run: FinishedRun) -> None:
    """Refuse a run whose calls are not those that this version would make."""
    now = calls_digest(run.plan.settings, run.plan.panel)[:KEY_DIGITS]
    if any(not key.endswith(f"-{now}") for key in run.plan.assembly_of):
        raise OnecloneError(
            f"{run.working.resolve()}: the run was made by another version of oneclone, or its "
            "plan is that of a run that did not finish; run snakemake again, then screen"
        )
