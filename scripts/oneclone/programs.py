"""Run an external program on one thread; fail with the end of what it printed."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from oneclone.errors import ToolFailed

LOG_TAIL = 20


def run_program(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> str:
    """Run a program in a folder and return what it printed.

    Parameters
    ----------
    command
        Program and arguments; no shell sees them.
    folder
        Where it runs.
    environment
        Variables beside those of this process.

    Raises
    ------
    ToolFailed
        If the program ends with another status than 0.

    Examples
    --------
    >>> run_program(["echo", "done"], Path.cwd()).strip()
    'done'
    """
    done = subprocess.run(  # noqa: S603 (fixed programs with row ids and numbers as arguments)
        command,
        cwd=folder,
        env={**os.environ, **(environment or {}), "OMP_NUM_THREADS": "1", "LC_ALL": "C"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise ToolFailed(
            f"{Path(command[0]).name} ended with status {done.returncode}: "
            f"{last_lines(done.stdout)}"
        )
    return done.stdout


def last_lines(text: str) -> str:
    """Return the last lines of a program's output."""
    return "\n".join(text.strip().splitlines()[-LOG_TAIL:])
