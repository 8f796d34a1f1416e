"""The gathered calls of a run: one table of all assessments, beside the folder of the calls.

Reading one file takes a step a moment, reading one for each of thousands of isolates does not.
The archives stay by themselves, in the folder that has the name of the table without its suffix.
"""

from collections.abc import Mapping
from pathlib import Path

from oneclone.model.assessment import Assessment
from oneclone.tables.json_files import read_record, write_record

Assessments = dict[str, Assessment]


def write_assessments(path: Path, assessments: Mapping[str, Assessment]) -> None:
    """Write the assessments of a run, by calls key."""
    write_record(path, dict(assessments), Assessments)


def read_assessments(path: Path) -> Assessments:
    """Read the assessments of a run by calls key."""
    return read_record(path, Assessments)


def archive_of(path: Path, key: str) -> Path:
    """Return the archive with a calls key, by the path of the table.

    Examples
    --------
    >>> str(archive_of(Path(".oneclone/calls.json"), "7f-3a"))
    '.oneclone/calls/7f-3a.npz'
    """
    return path.with_suffix("") / f"{key}.npz"


def assessment_of(path: Path, key: str) -> Path:
    """Return the file of the assessment with a calls key, by the path of the table.

    Examples
    --------
    >>> str(assessment_of(Path(".oneclone/calls.json"), "7f-3a"))
    '.oneclone/calls/7f-3a.json'
    """
    return archive_of(path, key).with_suffix(".json")
