"""`distances/coverage.tsv`: how much of reference and assembly each isolate was called on."""

from collections.abc import Iterable
from pathlib import Path

from oneclone.coverage import Coverage
from oneclone.tables.delimited import write_table

COLUMNS = (
    "isolate",
    "reference",
    "callable_bp",
    "unmasked_bp",
    "callable_percent",
    "unplaced_bp",
    "assembly_bp",
    "unplaced_percent",
)


def write_coverage(path: Path, rows: Iterable[tuple[str, str, Coverage]]) -> None:
    """Write name, reference and coverage, sorted by both names."""
    write_table(
        path,
        COLUMNS,
        [
            (
                name,
                reference,
                found.callable_bp,
                found.unmasked_bp,
                f"{found.callable_percent:.2f}",
                found.unplaced_bp,
                found.assembly_bp,
                f"{found.unplaced_percent:.2f}",
            )
            for name, reference, found in sorted(rows, key=lambda row: row[:2])
        ],
    )
