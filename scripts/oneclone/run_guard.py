"""Keep the jobs of a run that is over from writing anything, and end them.

When Snakemake alone is killed, its jobs live on. The main process therefore leaves an id that
nobody can guess in the folders that it has locked, and tells it to its jobs through the
environment. A job begins, and moves a file into place, only while the id is still there, and ends
soon after the main process on its machine. On another machine it goes by the id alone: there it
ends when the next run begins, and a disturbance of the network file system does not end it. A
command that is no job of a run has no id and is not checked.
"""

import contextlib
import errno
import fcntl
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Generator, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from oneclone.errors import OnecloneError
from oneclone.private_files import FILE_MODE
from oneclone.system_errors import naming

VARIABLE = "ONECLONE_RUN"
NOTE_BYTES = 1024
WATCH_S = 1.0
KNOWS_NO_LOCKS = {errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTTY, errno.EINVAL}
OVER = "the run that started this job is over; the job ends and writes nothing"


class RunIsOver(OnecloneError):
    """The run that started this job is over, or another one has begun since."""


@dataclass(frozen=True)
class RunMark:
    """What a job knows of its run: the id, where it is noted, and who holds which lock."""

    run: str
    host: str
    lock: str
    notes: tuple[str, ...]


def environment_of(mark: RunMark) -> dict[str, str]:
    """Return the variables that tell the jobs of a run which run is theirs.

    Examples
    --------
    >>> environment_of(RunMark("7f", "node1", "/w/.oneclone/lock", ("/w/.oneclone/lock.json",)))
    {'ONECLONE_RUN': '{"run": "7f", ... "notes": ["/w/.oneclone/lock.json"]}'}
    """
    return {VARIABLE: json.dumps(asdict(mark))}


def own_run() -> RunMark | None:
    """Return the run that this process is a job of, `None` for a command by itself."""
    text = os.environ.get(VARIABLE)
    if not text:
        return None
    mark = json.loads(text)
    return RunMark(mark["run"], mark["host"], mark["lock"], tuple(mark["notes"]))


def refuse_when_over() -> None:
    """Refuse to go on when this is a job of a run that is over.

    Raises
    ------
    RunIsOver
        If the id of another run, or none, is noted where the run of this job noted its own.
    OSError
        If a note is there and cannot be read, so that nobody knows.
    """
    mark = own_run()
    if mark and not _is_noted(mark):
        raise RunIsOver(OVER)


@contextlib.contextmanager
def ended_with_its_run() -> Generator[None]:
    """End this process, and the programs it started, when its run is over during the block.

    On the machine of the main process its lock tells: the kernel frees it, however the process
    ended, and no other process can come by it unseen, as by a number of a process. A job that
    sees the lock free from the start cannot see the main process, and goes by the id alone, as on
    other machines.
    """
    mark = own_run()
    if mark is None:
        yield
        return
    done, sees_lock = threading.Event(), False
    with contextlib.suppress(OSError):
        sees_lock = mark.host == socket.gethostname() and is_held(Path(mark.lock))

    def watch() -> None:
        while not done.wait(WATCH_S):
            # What cannot be asked now is asked again: too many open files, a file server away.
            with contextlib.suppress(OSError):
                if not _is_noted(mark) or (sees_lock and not is_held(Path(mark.lock))):
                    _end()

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        done.set()


def is_held(lock: Path) -> bool:
    """Tell whether a process is seen to hold a lock file; on some file systems none ever is.

    Raises
    ------
    OSError
        If the file is there and cannot be opened, or its file system cannot tell now.
    """
    try:
        opened = os.open(lock, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError as error:
        if error.errno in KNOWS_NO_LOCKS:
            return False
        raise
    finally:
        os.close(opened)
    return False


def write_note(path: Path, note: Mapping[str, Any]) -> None:
    """Write a note in place, in one piece.

    A file that is replaced may be seen late on other machines; one that is written is seen when it
    is opened next.
    """
    text = json.dumps(note).encode().ljust(NOTE_BYTES - 1) + b"\n"
    opened = os.open(path, os.O_WRONLY | os.O_CREAT, FILE_MODE)
    try:
        with naming(path):
            os.pwrite(opened, text, 0)
    finally:
        os.close(opened)


def read_note(path: Path) -> dict[str, Any]:
    """Return a note; nothing when there is none that can be read."""
    try:
        return _parsed_note(path)
    except OSError:
        return {}


def _parsed_note(path: Path) -> dict[str, Any]:
    """Return a note; nothing when there is none, or something else in its place.

    Raises
    ------
    OSError
        If it is there and cannot be read.
    """
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, TypeError, ValueError):
        return {}


def _is_noted(mark: RunMark) -> bool:
    """Tell whether the id of a run still is where the run noted it."""
    return all(_parsed_note(Path(note)).get("run") == mark.run for note in mark.notes)


def _end() -> None:
    """End this process at once, and before it the programs that it started."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{RunIsOver.__name__}: {OVER}\n")
        sys.stderr.flush()
    for process in list(_descendants(os.getpid())):
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)
    os._exit(1)


def _descendants(process: int) -> Iterator[int]:
    """Give the processes that a process started, and those they started, where the kernel tells."""
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text().split()):
                yield child
                yield from _descendants(child)
