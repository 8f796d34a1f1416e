"""`typing.tsv`: subspecies, nearest reference and panel clone of every used isolate."""

from collections.abc import Iterable
from pathlib import Path

from oneclone.model.evidence import Typing
from oneclone.tables.delimited import read_table, write_table
from oneclone.tables.read_back import read_back

COLUMNS = (
    "isolate",
    "subspecies",
    "nearest_reference",
    "ani_percent",
    "aligned_percent",
    "panel_clone",
    "panel_clone_snps",
    "panel_clone_rule",
    "subspecies_rule",
)


def write_typing(path: Path, rows: Iterable[Typing]) -> None:
    """Write the typing table, sorted by name; percentages with two decimals."""
    write_table(
        path,
        COLUMNS,
        [
            (
                row.name,
                row.subspecies,
                row.nearest_reference,
                f"{row.ani_percent:.2f}",
                f"{row.aligned_percent:.2f}",
                row.panel_clone,
                row.panel_clone_snps,
                row.panel_clone_rule,
                row.subspecies_rule,
            )
            for row in sorted(rows, key=lambda row: row.name)
        ],
    )


@read_back
def read_typing(path: Path) -> dict[str, Typing]:
    """Read the typing table by name."""
    return {
        row["isolate"]: Typing(
            name=row["isolate"],
            subspecies=row["subspecies"],
            nearest_reference=row["nearest_reference"],
            ani_percent=float(row["ani_percent"]),
            aligned_percent=float(row["aligned_percent"]),
            panel_clone=row["panel_clone"],
            panel_clone_snps=int(row["panel_clone_snps"]) if row["panel_clone_snps"] else None,
            panel_clone_rule=row["panel_clone_rule"],
            subspecies_rule=row["subspecies_rule"],
        )
        for row in read_table(path, COLUMNS).rows
    }
