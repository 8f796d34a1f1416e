"""Rule gather_calls: put the assessments of all isolates into one table."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from pydantic import TypeAdapter

from oneclone.errors import OnecloneError
from oneclone.model.assessment import Assessment
from oneclone.tables.gathered_calls import archive_of, assessment_of, write_assessments
from oneclone.tables.run_plan import read_finished_batch, read_roster


def gather_calls(*, roster: Path, batches: Sequence[Path], calls: Path) -> None:
    """Gather the assessments of a run.

    Parameters
    ----------
    roster
        The rows of the run.
    batches
        What every finished batch that has calls of the run left.
    calls
        Table to write; files of the calls are in the folder of its name without suffix.

    Raises
    ------
    OnecloneError
        If calls are not there that a batch has made.
    """
    made = set(chain.from_iterable(map(read_finished_batch, batches)))
    keys = sorted({entry.calls_key for entry in read_roster(roster)} & made)
    adapter = TypeAdapter(Assessment)
    known: dict[str, Assessment] = {}
    for key in keys:
        path = assessment_of(calls, key)
        if not (path.is_file() and archive_of(calls, key).is_file()):
            raise OnecloneError(f"{path.absolute()}: calls were deleted; run snakemake again")
        known[key] = adapter.validate_json(path.read_bytes())
    write_assessments(calls, known)
