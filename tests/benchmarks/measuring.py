"""Run a program and measure what it costs: wall time, CPU time, peak memory."""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LAUNCHER = Path(__file__).with_name("launcher.py")
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)


class ProgramFailed(Exception):
    """A measured program ended with an error."""


@dataclass(frozen=True)
class Cost:
    """What one or more programs took.

    Wall and CPU seconds (user and system, children included) add up; the peak is the greatest
    resident memory of any one process, in MB of 1 000 000 bytes.
    """

    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_mb: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        """Return the cost of running both one after the other.

        Examples
        --------
        >>> Cost(1, 2, 30) + Cost(10, 20, 10)
        Cost(wall_s=11, cpu_s=22, peak_mb=30)
        """
        return Cost(
            self.wall_s + other.wall_s,
            self.cpu_s + other.cpu_s,
            max(self.peak_mb, other.peak_mb),
        )


def run_measured(
    command: Sequence[str | Path],
    folder: Path,
    *,
    one_core: bool = True,
    environment: Mapping[str, str] | None = None,
) -> tuple[str, Cost]:
    """Run a program in a folder; return what it printed and its cost.

    Parameters
    ----------
    command
        Program and arguments.
    folder
        Working directory.
    one_core
        Tell numeric libraries to use one thread; `bound_to` binds to one core.
    environment
        Variables to set beside those of this process.

    Raises
    ------
    ProgramFailed
        If the program ends with another status than 0; the message has the end of its output.
    """
    variables = {**os.environ, **(ONE_THREAD if one_core else {}), **(environment or {})}
    with tempfile.TemporaryDirectory() as place:
        report = Path(place) / "report"
        launch = [sys.executable, "-I", "-S", LAUNCHER, report, *command]
        done = subprocess.run(
            [str(each) for each in launch],
            cwd=folder,
            env=variables,
            capture_output=True,
            check=False,
        )
        printed = done.stdout.decode("utf-8", "replace")
        if done.returncode:
            why = (printed + done.stderr.decode("utf-8", "replace"))[-3000:]
            raise ProgramFailed(f"{shlex.join(map(str, command))}: {why}")
        wall, cpu, peak_kb = map(float, report.read_text("ascii").split())
    return printed, Cost(wall, cpu, peak_kb * 1024 / 1e6)


def ratio(ours: float, theirs: float) -> float:
    """Return how many times as much as ours theirs is.

    Examples
    --------
    >>> ratio(2.0, 5.0)
    2.5
    """
    return theirs / ours if ours else float("nan")


def growth_exponent(sizes: Sequence[float], costs: Sequence[float]) -> float | None:
    """Return b of cost = a x size^b, by least squares of the logarithms; None below two sizes.

    Examples
    --------
    >>> growth_exponent([1, 10, 100], [2, 200, 20_000])
    2.0
    """
    if len(set(sizes)) < 2 or min(costs) <= 0:
        return None
    slope, _ = np.polyfit(np.log(sizes), np.log(costs), 1)
    return round(float(slope), 6)


@contextmanager
def bound_to(core: int) -> Generator[None]:
    """Bind this thread, and the programs that it starts, to one core (Linux)."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
