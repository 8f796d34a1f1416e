"""Show how much of references and case assemblies could be compared."""

from collections.abc import Collection

from oneclone.reporting.content import ShownRow, ShownTable
from oneclone.tables.delimited import Table

COLUMNS = (
    "Isolate",
    "Reference",
    "Callable",
    "Of the reference",
    "No place on it",
    "Of the assembly",
)
KILOBASE = 1000


def coverage_table(coverage: Table, cases: Collection[str]) -> ShownTable:
    """Return the coverage of the case isolates, on each reference that counts pairs of theirs.

    Parameters
    ----------
    coverage
        `distances/coverage.tsv`.
    cases
        Names of the used case isolates.
    """
    rows = [
        ShownRow(
            (
                row["isolate"],
                row["reference"],
                f"{int(row['callable_bp']) / KILOBASE:,.0f} kb",
                f"{row['callable_percent']} %",
                f"{int(row['unplaced_bp']) / KILOBASE:,.1f} kb",
                f"{row['unplaced_percent']} %",
            )
        )
        for row in coverage.rows
        if row["isolate"] in cases
    ]
    return ShownTable(COLUMNS, tuple(rows), frozenset(COLUMNS[2:]))
