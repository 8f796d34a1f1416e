"""Refuse a run that cannot write or has clearly no room, before it computes for hours.

The figures are what runs were seen to write at least, so a run that passes may still fill a disk:
the alignment grows with the differences, which nobody knows yet. Then the job that cannot write
says so, and the next run goes on where it stopped.
"""

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from oneclone.errors import InputRefused
from oneclone.plan import STATE_FOLDER, RunPlan
from oneclone.private_files import FOLDERS
from oneclone.system_errors import explanation
from oneclone.tables.atomic import PART_SUFFIX

TRIED_BYTES = 4096  # a block: an empty file may be made on a full disk too
# Written for 36 assemblies and 3 counting references of 5 Mb (and, in brackets, of 0.2 Mb).
CALLS_BYTES_PER_BASE = 0.04  # 0.041 (0.10) for each assembly
REFERENCE_BYTES_PER_BASE = 3.8  # 3.8 (4.4) for each counting reference: index, bases, repeats
PAIR_BYTES = 200  # 220: its rows in the tables of pairs, their exports and the store
PAIRS_OF_ISOLATES = 2000  # beyond them not every pair is written
RESULTS_BYTES = 4_000_000  # 5.7 million (5.0): report, figures, exports
MB = 1_000_000


def refuse_unwritable(working: Path) -> None:
    """Refuse a run that cannot write where it has to.

    Snakemake and libraries write there too, and have no words for what is wrong.

    Parameters
    ----------
    working
        Working directory; what is not there yet in it will be made.

    Raises
    ------
    InputRefused
        With every folder that takes no file, and what to do.
    """
    folders = [working / name for name in ("", *FOLDERS) if (working / name).exists()]
    problems: list[str] = []
    for folder in (*folders, Path(tempfile.gettempdir())):
        try:
            with tempfile.NamedTemporaryFile(
                buffering=0, suffix=PART_SUFFIX, prefix=".", dir=folder
            ) as tried:
                tried.write(bytes(TRIED_BYTES))
        except OSError as error:
            error.filename = str(folder.absolute())
            problems.append(explanation(error) or f"{error.filename}: {error.strerror}")
    if problems:
        raise InputRefused(problems)


@dataclass(frozen=True)
class Need:
    """Bytes that a run writes at least in a folder, and what they are."""

    folder: Path
    size: int
    what: str


def refuse_full_disk(plan: RunPlan, missing: Collection[str], working: Path) -> None:
    """Refuse a run that cannot end for lack of space.

    Parameters
    ----------
    plan
        The run.
    missing
        Calls keys whose files are not there yet; without any nothing is estimated.
    working
        Working directory.

    Raises
    ------
    InputRefused
        With what is needed and what is free, for every disk that is too small.
    """
    if not missing:
        return
    by_disk: dict[int, list[Need]] = {}
    for need in needs(plan, len(missing), working):
        by_disk.setdefault(os.stat(need.folder).st_dev, []).append(need)  # noqa: PTH116
    short = [said for each in by_disk.values() if (said := _shortage(each))]
    if short:
        raise InputRefused(short)


def needs(plan: RunPlan, calls: int, working: Path) -> Iterator[Need]:
    """Give what a run writes at least.

    Parameters
    ----------
    plan
        The run.
    calls
        Number of assemblies to call.
    working
        Working directory.
    """
    shortest_bp = plan.panel.genome_length_bp[0]
    state, results = working / STATE_FOLDER, working / "results"
    size = int(calls * shortest_bp * CALLS_BYTES_PER_BASE)
    yield Need(state, size, f"{calls} assemblies to call")
    keys = plan.reference_key_of.values()
    new = sum(not (state / "references" / f"{key}.npz").is_file() for key in keys)
    if new:
        size = int(new * shortest_bp * REFERENCE_BYTES_PER_BASE)
        yield Need(state, size, f"{new} references to index")
        temporary = Path(tempfile.gettempdir())
        yield Need(temporary, shortest_bp, "a reference as text, for a moment")
    if not (results / "report.html").is_file():
        isolates = min(len(plan.assembly_of), PAIRS_OF_ISOLATES)
        size = RESULTS_BYTES + isolates * (isolates - 1) // 2 * PAIR_BYTES
        yield Need(results, size, "results")


def _shortage(of_disk: list[Need]) -> str:
    """Return what one disk has too little room for, empty when there is enough."""
    free = shutil.disk_usage(of_disk[0].folder).free
    wanted = sum(need.size for need in of_disk)
    if free >= wanted:
        return ""
    parts = [f"{need.what} ({need.size / MB:.1f} MB)" for need in of_disk]
    return (
        f"{of_disk[0].folder.resolve()}: {free / MB:.1f} MB are free, and the run writes at least "
        f"{wanted / MB:.1f} MB there: {', '.join(parts)}; free some space or use another place"
    )
