"""`screen.tsv`: what became of every candidate of a screen, nearest first."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from oneclone.model.screening import Candidate, ScreenRow, ScreenState
from oneclone.tables.delimited import distinct_column, read_table, write_table
from oneclone.tables.read_back import read_back

COLUMNS = (
    "rank",
    "isolate",
    "clone",
    "nearest_member",
    "snps",
    "snps_raw",
    "callable_bp",
    "max_snps_to_clone",
    "members_compared",
    "members",
    "ani_percent",
    "aligned_percent",
    "subspecies",
    "state",
    "reason",
    "detail",
    "sha256",
    "already_in_run",
)
MARK = "\t".join(COLUMNS[:3])  # what every such table begins with


def write_screen(
    path: Path,
    rows: Sequence[ScreenRow],
    candidates: Mapping[str, Candidate],
    metadata_columns: Sequence[str],
) -> None:
    """Write the table; rows with a count of SNPs are numbered.

    Parameters
    ----------
    path
        File to write.
    rows
        In the order of the table.
    candidates
        By name.
    metadata_columns
        Columns of their own table, appended. One that bears the name of a column of this table
        gets the prefix `candidate_`, twice where another column is called so.
    """
    titles = [
        distinct_column(each, COLUMNS.__contains__, metadata_columns, "candidate_{}")
        for each in metadata_columns
    ]
    counted = 0
    lines: list[list[object]] = []
    for row in rows:
        counted += row.snps is not None
        metadata = candidates[row.isolate].metadata
        cells: dict[str, object] = {
            **{column: getattr(row, column) for column in COLUMNS if hasattr(row, column)},
            "rank": counted if row.snps is not None else "",
            "ani_percent": _percent(row.ani_percent, 4),
            "aligned_percent": _percent(row.aligned_percent, 1),
            "sha256": row.sketched.sha256,
        }
        lines.append(
            [cells[column] for column in COLUMNS]
            + [metadata.get(column, "") for column in metadata_columns]
        )
    write_table(path, [*COLUMNS, *titles], lines)


@read_back
def read_screened(path: Path) -> dict[str, str]:
    """Return the sha256 of every candidate of a screen by name, empty for an unreadable one."""
    return {
        row["isolate"]: "" if row["state"] == ScreenState.UNREADABLE else row["sha256"]
        for row in read_table(path, COLUMNS).rows
    }


def _percent(value: float | None, digits: int) -> str:
    """Return a share with a fixed number of digits, empty when there is none."""
    return "" if value is None else f"{value:.{digits}f}"
