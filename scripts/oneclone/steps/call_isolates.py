"""Rule call_isolates: check and call the assemblies of a batch, one after the other."""

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from oneclone.errors import OnecloneError
from oneclone.model.settings import CallingSettings
from oneclone.phrases import counted, printable
from oneclone.run_guard import RunIsOver
from oneclone.steps.isolate_calls import IsolateCaller
from oneclone.tables.run_plan import read_batches, read_roster, write_finished_batch
from oneclone.written_files import forget_written, is_as_written, note_written

AT_WORK = "Calling bases: "  # begins the line of a log that names the isolate at work


class CallsFailed(OnecloneError):
    """Some assemblies of a batch could not be worked on; the others are called."""


def call_isolates(
    *,
    roster: Path,
    batches: Path,
    panel: Path,
    markers: Path,
    sketches: Sequence[Path],
    indexes: Sequence[Path],
    prepared: Sequence[Path],
    done: Path,
    settings: CallingSettings,
) -> None:
    """Call the assemblies of a batch; those that an interrupted run has called stay as they are.

    What is called is in place at once, and stays when the job fails or is killed.

    Parameters
    ----------
    roster
        The rows of the run; `.oneclone/plan/roster.json`, in whose working directory the files of
        calls are written.
    batches
        The batches of the run's plan.
    panel
        The panel of the run's plan.
    markers, sketches
        Sketches of the panel's references, all in one folder.
    indexes, prepared
        Counting references in the order of `panel.counting_assemblies`.
    done
        File to write when all are called; it has the name of the batch.
    settings
        How bases are called.

    Raises
    ------
    CallsFailed
        If an assembly could not be worked on; each is named with the reason.
    """
    state = roster.parents[1]
    keys = read_batches(batches).waiting[done.stem]
    rows = {entry.calls_key: entry for entry in reversed(read_roster(roster))}
    caller = IsolateCaller(
        panel=panel,
        markers=markers,
        sketches=sketches,
        indexes=indexes,
        prepared=prepared,
        settings=settings,
    )
    failed: list[str] = []
    for number, key in enumerate(keys, start=1):
        name = printable(rows[key].name)
        sys.stdout.write(f"{AT_WORK}{name} ({number} of {len(keys)})\n")
        sys.stdout.flush()
        try:
            _call(caller, state, key, rows[key].assembly)
        except (OSError, RunIsOver):  # no room, or no run: the others would fail too
            raise
        except Exception as error:
            failed.append(f"{name}: {_in_words(error)}")
    if failed:
        said = (
            f"{counted(len(failed), 'assembly', 'assemblies')} of {len(keys)} could not be called"
        )
        raise CallsFailed("\n".join([f"{said}; the others are done", *failed]))
    write_finished_batch(done, keys)


def _call(caller: IsolateCaller, state: Path, key: str, assembly: str) -> None:
    """Call an assembly, unless that was done and is as it was left, and note what was written."""
    assessment, calls = (state / "calls" / f"{key}.{suffix}" for suffix in ("json", "npz"))
    job = f"logs/call_isolates/{key}"
    if not (assessment.is_file() and calls.is_file() and is_as_written(job)):
        forget_written(job)
        caller.call(state / "assemblies" / assembly, assessment=assessment, calls=calls)
    note_written(job, [assessment, calls])


def _in_words(error: Exception) -> str:
    """Return an error that can be mended as its message; write the traceback of a defect."""
    if isinstance(error, OnecloneError):
        return str(error)
    traceback.print_exception(error)
    return f"a defect of oneclone ({type(error).__name__}: {error}); please report it with this log"
