"""One run at a time in a working directory: a lock that the kernel frees when its holder dies."""

import datetime
import json
import os
import socket
from pathlib import Path

from filelock import FileLock, Timeout

from oneclone.errors import OnecloneError
from oneclone.tables.atomic import write_text


class RunIsLocked(OnecloneError):
    """Another run holds the working directory."""


def lock_run(folder: Path) -> FileLock:
    """Lock a working directory for this process and note who holds it.

    Parameters
    ----------
    folder
        The folder `.oneclone` of the working directory.

    Returns
    -------
    FileLock
        Keep it: the lock ends with the process, or when it is released.

    Raises
    ------
    RunIsLocked
        If another process holds the lock; the message names it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock", timeout=0)
    holder = folder / "lock.json"
    try:
        lock.acquire()
    except Timeout as timeout:
        raise RunIsLocked(
            f"another run is at work in {folder.parent.resolve()} ({_read_holder(holder)}); "
            "wait for it to end or use another --directory"
        ) from timeout
    started = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    me = {"host": socket.gethostname(), "process": os.getpid(), "started": started}
    write_text(holder, json.dumps(me) + "\n")
    return lock


def _read_holder(path: Path) -> str:
    """Return who holds the lock, as far as is known."""
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "holder unknown"
    return f"process {holder['process']} on {holder['host']}, since {holder['started']}"
