"""`time.json`: what dates and SNPs say about the age of each clone."""

from collections.abc import Iterable
from pathlib import Path

from oneclone.model.timing import CAVEAT, NOTE, CloneTime, TimeReport
from oneclone.tables.json_files import read_record, write_record
from oneclone.tables.read_back import read_back

SCHEMA_VERSION = "1.0"


def write_time(path: Path, clones: Iterable[CloneTime]) -> None:
    """Write the clones in the order of the verdict, with the words that are always said."""
    write_record(path, TimeReport(SCHEMA_VERSION, NOTE, CAVEAT, tuple(clones)), TimeReport)


@read_back
def read_time(path: Path) -> TimeReport:
    """Read what `write_time` wrote."""
    return read_record(path, TimeReport)
