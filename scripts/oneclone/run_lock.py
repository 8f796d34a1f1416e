"""One run at a time in a working directory and in a folder of results.

The kernel frees the locks when their holder dies. Beside each lock lies a note: who holds it, and
the id of the run (run_guard.py).
"""

import atexit
import datetime
import getpass
import os
import secrets
import shutil
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from oneclone.errors import OnecloneError
from oneclone.run_guard import RunMark, environment_of, is_held, read_note, write_note
from oneclone.system_errors import naming
from oneclone.tables.atomic import PART_SUFFIX

WAIT_S = 2  # jobs of a run that was killed look at its lock for moments
LOCK, NOTE = "lock", "lock.json"
RESULTS_LOCK, RESULTS_NOTE = "provenance/.lock", "provenance/.lock.json"


class RunIsLocked(OnecloneError):
    """Another run holds the working directory or its results."""


@dataclass(frozen=True)
class RunLock:
    """Locks of a run; keep them: they end with the process, or when they are released."""

    mark: RunMark
    held: tuple[FileLock, ...]

    @property
    def environment(self) -> dict[str, str]:
        """Variables by which jobs know their run."""
        return environment_of(self.mark)

    def release(self) -> None:
        """Free the locks; who held them is no longer told where results are shared."""
        for note in self.mark.notes:
            with suppress(OSError):
                if read_note(Path(note)).get("run") == self.mark.run:
                    write_note(Path(note), {"run": self.mark.run})
        for lock in self.held:
            lock.release()


def lock_run(state: Path, results: Path) -> RunLock:
    """Lock a working directory and its results for this process, and note who holds them.

    What a killed run was about to move into place is removed: its jobs, should they live on, find
    another id from here on, and no file of theirs that was begun before.

    Parameters
    ----------
    state
        The folder `.oneclone` of the working directory.
    results
        The folder of results, possibly a link to one that other working directories share.

    Raises
    ------
    RunIsLocked
        If another process holds one of the locks; the message names it.
    OSError
        If a folder or file cannot be made.
    """
    locks = state / LOCK, results / RESULTS_LOCK
    notes = state / NOTE, results / RESULTS_NOTE
    held = [_acquire(*each) for each in zip(locks, notes, strict=True)]
    mark = RunMark(
        run=secrets.token_hex(16),
        host=socket.gethostname(),
        lock=str(locks[0].absolute()),
        notes=tuple(str(note.absolute()) for note in notes),
    )
    for note in notes:
        write_note(note, _holder(mark))
    lock = RunLock(mark, tuple(held))
    atexit.register(lock.release)
    for folder in (state, results):
        _remove_parts(folder)
    return lock


def _acquire(path: Path, note: Path) -> FileLock:
    """Take a lock, or say who has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, timeout=WAIT_S)
    try:
        with naming(path):
            lock.acquire()
    except Timeout as timeout:
        raise RunIsLocked(
            f"another run is at work in {note.parent.resolve()} ({describe_holder(note)}); "
            "wait for it to end or use another --directory"
        ) from timeout
    return lock


def refuse_while_at_work(state: Path) -> str:
    """Refuse to read a working directory in which a run is at work.

    Parameters
    ----------
    state
        The folder `.oneclone` of the working directory.

    Returns
    -------
    str
        Id of the run that was begun last, empty when it is not known.

    Raises
    ------
    RunIsLocked
        If a run is at work; the message names its process.
    """
    if is_held(state / LOCK):
        raise RunIsLocked(
            f"a run is at work in {state.resolve()} ({describe_holder(state / NOTE)}); repeat the "
            "command when it has ended"
        )
    return str(read_note(state / NOTE).get("run", ""))


def describe_holder(note: Path) -> str:
    """Return who holds a lock, as far as its note tells.

    Examples
    --------
    >>> describe_holder(Path("absent"))
    'holder unknown'
    """
    holder = read_note(note)
    try:
        who = f"user {holder['user']}, process {holder['process']} on {holder['host']}"
        return f"{who}, since {holder['started']}"
    except KeyError:
        return "holder unknown"


def _holder(mark: RunMark) -> dict[str, Any]:
    """Return what is noted of the holder of a lock."""
    started = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return {
        "run": mark.run,
        "user": user_name(),
        "host": mark.host,
        "process": os.getpid(),
        "started": started,
    }


def user_name() -> str:
    """Return the name of the user, or the number where there is no name, as in some containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _remove_parts(folder: Path) -> None:
    """Remove what jobs of an earlier run had not yet moved into place."""
    for path in sorted(folder.resolve().rglob(f".*{PART_SUFFIX}")):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
