"""Part the calls of a run into batches, each of which is one job.

To start a job takes as long as to call an isolate. A finished batch leaves a file with the keys of
its calls and is no job any more: a later run makes new batches of what no finished one has. So the
job graph grows with the batches alone, and nothing depends on how calls were parted.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from oneclone.digests import settings_digest
from oneclone.model.run_plan import CallBatches
from oneclone.plan import STATE_FOLDER, RunPlan
from oneclone.tables.atomic import write_text_if_changed
from oneclone.tables.read_back import read_back
from oneclone.tables.run_plan import batches_text, read_batches, read_finished_batch

PLANNED = STATE_FOLDER / "plan/batches.json"
FINISHED = STATE_FOLDER / "batches"
# The start of a job takes as long as one or two calls: a small share of the most, and worth it of
# the least where there is a free core.
LEAST_ISOLATES, MOST_ISOLATES = 5, 50
JOBS_PER_PLACE = 3  # so that the others do not wait long for the last job
NAME_DIGITS = 16


def plan_batches(
    plan: RunPlan, working: Path, missing: Collection[str], altered: Collection[str], places: int
) -> CallBatches:
    """Part the calls of a run into batches, and write them with the plan.

    Parameters
    ----------
    plan
        The run.
    working
        Working directory.
    missing
        Calls keys whose files are not there, or not as they were written.
    altered
        Names of files in the working directory that are not as they were written.
    places
        Number of jobs that can run at once.
    """
    finished = {path.stem: keys for path, keys in _finished(working, altered)}
    has = {name for name, keys in finished.items() if not plan.assembly_of.keys().isdisjoint(keys)}
    known = {key for name in has for key in finished[name]}.difference(missing)
    # What an interrupted run has called, or a screen, is there, but in no finished batch.
    wanted = [key for key in plan.shown_name_of if key not in known]
    size = batch_size(len(wanted), places)
    parts = [tuple(wanted[start : start + size]) for start in range(0, len(wanted), size)]
    # With what was finished in its name a batch never has that of an earlier one of equal keys.
    waiting = {
        settings_digest([keys, sorted(finished), sorted(altered)])[:NAME_DIGITS]: keys
        for keys in parts
    }
    batches = CallBatches(tuple(sorted(has)), waiting)
    write_text_if_changed(working / PLANNED, batches_text(batches))
    return batches


def load_batches(working: Path) -> CallBatches:
    """Return the batches that the main process has planned."""
    return read_back(read_batches)(working / PLANNED)


def batch_size(isolates: int, places: int) -> int:
    """Return how many isolates a batch has.

    Parameters
    ----------
    isolates
        Number of isolates to call.
    places
        Number of jobs that can run at once.

    Examples
    --------
    >>> [batch_size(isolates, 2) for isolates in (0, 3, 36, 10_000)]
    [1, 2, 6, 50]
    >>> [batch_size(isolates, 100) for isolates in (36, 300, 10_000)]
    [1, 3, 34]
    """
    shared = -(-isolates // (JOBS_PER_PLACE * places))
    at_once = -(-isolates // places)
    return max(1, min(MOST_ISOLATES, at_once, max(LEAST_ISOLATES, shared)))


def batch_label(plan: RunPlan, batches: CallBatches, name: str) -> str:
    """Return the first isolate of a batch and how many follow, for progress messages."""
    keys = batches.waiting[name]
    first = plan.shown_name_of[keys[0]]
    place = f"(batch {[*batches.waiting].index(name) + 1} of {len(batches.waiting)})"
    return f"{first} and {len(keys) - 1} more {place}" if len(keys) > 1 else f"{first} {place}"


def _finished(working: Path, altered: Collection[str]) -> Iterator[tuple[Path, Sequence[str]]]:
    """Give the files that finished batches have left, with the calls keys in them."""
    for path in (working / FINISHED).glob("*.json"):
        if str(path.relative_to(working)) not in altered:
            yield path, read_back(read_finished_batch)(path)
