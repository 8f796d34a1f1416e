"""What the registry tells a run at its start, and what it takes from the run in the end.

The registry is no file of the job graph: the main process alone opens it. A job writes the record
of the run; the main process takes it into the registry when the run is done, or, when it was
killed just before, at the start of the next one.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from oneclone.digests import package_digest, settings_digest
from oneclone.errors import InputRefused, OnecloneError
from oneclone.model.history import History
from oneclone.plan import STATE_FOLDER, RunPlan
from oneclone.registry.database import one_state, open_registry
from oneclone.registry.past import (
    RunKey,
    previous_number,
    read_decisions,
    read_distances,
    read_history,
)
from oneclone.registry.recording import record_run
from oneclone.tables.atomic import write_text_if_changed
from oneclone.tables.checksum import file_sha256
from oneclone.tables.history_files import COLUMNS, history_text, read_run_record
from oneclone.tables.manifest import RESULTS_MANIFEST, changed_results

PLAN_FILES = ("roster", "isolates", "panel", "mask", "genes", "loci")
RECORD, DISTANCES = Path("record/run.json"), Path("record/distances.tsv")
NO_DISTANCES = "\t".join(COLUMNS) + "\n"


def prepare_history(plan: RunPlan, working: Path, versions: Mapping[str, str]) -> str:
    """Write what is known of earlier runs, and return the identity of this one.

    A finished run that the registry did not take any more, its process being killed, is taken
    first. Files of equal content keep their time stamps.

    Parameters
    ----------
    plan
        The run.
    working
        Working directory.
    versions
        Versions of software that enter the results.

    Raises
    ------
    InputRefused
        If the registry cannot be used.
    """
    folder = working / STATE_FOLDER / "plan"
    try:
        history, distances, identity = _read(plan, working, folder, versions)
    except OnecloneError as problem:
        raise InputRefused([str(problem)]) from problem
    write_text_if_changed(folder / "history.json", history_text(history))
    write_text_if_changed(folder / "earlier_distances.tsv", distances or NO_DISTANCES)
    write_text_if_changed(folder / "identity", identity)
    return identity


def load_identity(working: Path) -> str:
    """Return the identity of the run that the main process has planned."""
    return (working / STATE_FOLDER / "plan/identity").read_text("utf-8")


def record_finished(registry: str, working: Path) -> int | None:
    """Take the finished run of a working directory into the registry and return its number.

    Nothing is taken twice; `None` when there is nothing to be taken into this registry.

    Parameters
    ----------
    registry
        Path as the configuration gives it, empty for none.
    working
        Working directory.

    Raises
    ------
    OnecloneError
        If the record cannot be read, or the registry does not take it.
    """
    state = working / STATE_FOLDER
    record, distances = state / RECORD, state / DISTANCES
    if not (registry and record.is_file() and distances.is_file()):
        return None
    found = read_run_record(record)
    if found.registry != registry or file_sha256(distances) != found.distances_sha256:
        return None  # of another registry; or killed between its two files, to be written again
    with open_registry(working / registry, make=True) as database:
        return record_run(database, found, distances.read_text("utf-8"))


def _read(
    plan: RunPlan, working: Path, folder: Path, versions: Mapping[str, str]
) -> tuple[History, str | None, str]:
    """Return what is known of earlier runs, the distances of the previous one, and the identity."""
    registry, investigation = plan.settings.registry, plan.settings.investigation
    content = [
        {name: file_sha256(folder / f"{name}.json") for name in PLAN_FILES},
        plan.shown_settings,
        dict(versions),
        package_digest(),
    ]
    if not registry:
        return History(), None, settings_digest(content)
    _record_left_over(registry, working)
    if not (working / registry).exists():
        return History(), None, settings_digest([*content, {}])
    with open_registry(working / registry) as database, one_state(database):
        decisions = read_decisions(database, investigation, plan.panel.name)
        identity = settings_digest([*content, decisions])
        key = RunKey(investigation, plan.panel.name, identity)
        number = previous_number(database, key)
        distances = None if number is None else read_distances(database, number)
        return read_history(database, key), distances, identity


def _record_left_over(registry: str, working: Path) -> None:
    """Take a run that was killed when its results were complete, but not yet recorded.

    One that cannot be taken is of no consequence: the run that begins compares itself with what
    is in the registry.
    """
    results = working / "results"
    manifest = results / RESULTS_MANIFEST
    if not manifest.is_file() or changed_results(manifest, results):
        return
    with suppress(OnecloneError):
        record_finished(registry, working)
