"""`changes.tsv`: what changed since the previous run of the investigation."""

from collections.abc import Iterable
from pathlib import Path

from oneclone.model.history import Change, ChangeKind
from oneclone.tables.delimited import read_table, write_table
from oneclone.tables.read_back import read_back

COLUMNS = ("kind", "subject", "before", "after", "partner", "reason")


def write_changes(path: Path, changes: Iterable[Change]) -> None:
    """Write the table, in the order given."""
    rows = [(c.kind, c.subject, c.before, c.after, c.partner, c.reason) for c in changes]
    write_table(path, COLUMNS, rows)


@read_back
def read_changes(path: Path) -> tuple[Change, ...]:
    """Read the table."""
    return tuple(
        Change(ChangeKind(row["kind"]), *(row[column] for column in COLUMNS[1:]))
        for row in read_table(path, COLUMNS).rows
    )
