"""`ledger.tsv`: one row for every row of the isolate table and every panel reference."""

from collections.abc import Iterable
from pathlib import Path

from oneclone.model.evidence import LedgerEntry
from oneclone.model.isolates import Role, State
from oneclone.sequences import AssemblyStatistics
from oneclone.tables.delimited import read_table, write_table
from oneclone.tables.read_back import read_back

COLUMNS = (
    "isolate",
    "role",
    "state",
    "reason",
    "detail",
    "sha256",
    "length_bp",
    "contigs",
    "n50_bp",
    "gc_percent",
    "ambiguous_bp",
    "canonical_sha256",
)
HASHES = ("sha256", "canonical_sha256")  # what nobody reads in a report or a workbook


def write_ledger(path: Path, rows: Iterable[tuple[LedgerEntry, AssemblyStatistics | None]]) -> None:
    """Write the ledger, sorted by name."""
    ordered = sorted(rows, key=lambda row: row[0].name)
    write_table(path, COLUMNS, [_cells(entry, statistics) for entry, statistics in ordered])


@read_back
def read_ledger(path: Path) -> dict[str, LedgerEntry]:
    """Read the ledger by name."""
    return {
        row["isolate"]: LedgerEntry(
            name=row["isolate"],
            role=Role(row["role"]),
            state=State(row["state"]),
            reasons=tuple(row["reason"].split(",")) if row["reason"] else (),
            detail=row["detail"],
            sha256=row["sha256"],
            canonical_sha256=row["canonical_sha256"],
        )
        for row in read_table(path, COLUMNS).rows
    }


def _cells(entry: LedgerEntry, statistics: AssemblyStatistics | None) -> dict[str, object]:
    """Return the cells of one row."""
    cells: dict[str, object] = {
        "isolate": entry.name,
        "role": entry.role,
        "state": entry.state,
        "reason": ",".join(entry.reasons),
        "detail": entry.detail,
        "sha256": entry.sha256,
        "canonical_sha256": entry.canonical_sha256,
    }
    if statistics:
        cells |= {
            "length_bp": statistics.length_bp,
            "contigs": statistics.contigs,
            "n50_bp": statistics.n50_bp,
            "gc_percent": f"{statistics.gc_percent:.2f}",
            "ambiguous_bp": statistics.ambiguous_bp,
        }
    return cells
