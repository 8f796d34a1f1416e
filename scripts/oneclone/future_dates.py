"""Dates of a run's files that lie in the future, because the clock was ahead when it wrote them.

Snakemake goes by dates: what a run writes after the clock was put right would count as older than
results that it should renew.
"""

import os
import time
from collections.abc import Iterable
from pathlib import Path

STEP_NS = 1_000_000  # a clock behind a network file system is not finer


def correct_future_dates(folders: Iterable[Path]) -> int:
    """Date the files below some folders that lie in the future now, in the order they had.

    Links are left alone: they lead to files of the user.

    Parameters
    ----------
    folders
        Folders of a run.

    Returns
    -------
    int
        Number of files.
    """
    now = time.time_ns()
    dates = {
        path: path.stat().st_mtime_ns
        for folder in folders
        for path in folder.resolve().rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    future = {path: date for path, date in dates.items() if date > now}
    newest_first = sorted(set(future.values()), reverse=True)
    steps = {date: number for number, date in enumerate(newest_first)}
    for path, date in future.items():
        corrected = now - steps[date] * STEP_NS
        os.utime(path, ns=(corrected, corrected))
    return len(future)
