"""`mixtures.tsv`: the figures by which assemblies of mixed cultures are told."""

from collections.abc import Iterable
from pathlib import Path

from oneclone import mixtures
from oneclone.model.mixtures import MixtureFigures, MixtureSign
from oneclone.tables.delimited import read_table, write_table
from oneclone.tables.read_back import read_back

COLUMNS = (
    "isolate",
    "signs",
    "length_bp",
    "length_percent",
    "duplicated_bp",
    "single_copy_bp",
    "duplicated_percent",
    "two_base_bp",
    "two_base_per_mb",
    "between_a",
    "between_b",
    "like_a",
    "like_b",
    "like_neither",
    "mixed_windows",
    "windows",
    "changes_of_side",
    "detail",
)


def write_mixtures(path: Path, rows: Iterable[MixtureFigures]) -> None:
    """Write the figures of every used isolate, sorted by name."""
    write_table(path, COLUMNS, map(_cells, sorted(rows, key=lambda row: row.name)))


@read_back
def read_mixture_signs(path: Path) -> dict[str, tuple[tuple[MixtureSign, ...], str]]:
    """Read signs and detail of the isolates that show any, by name."""
    return {
        row["isolate"]: (tuple(map(MixtureSign, row["signs"].split(","))), row["detail"])
        for row in read_table(path, COLUMNS).rows
        if row["signs"]
    }


def _cells(row: MixtureFigures) -> dict[str, object]:
    """Return the cells of one isolate."""
    cells: dict[str, object] = {
        "isolate": row.name,
        "signs": ",".join(mixtures.signs(row)),
        "length_bp": row.length_bp,
        "length_percent": f"{mixtures.length_percent(row):.2f}",
        "duplicated_bp": row.duplicated_bp,
        "single_copy_bp": row.single_copy_bp,
        "duplicated_percent": f"{mixtures.duplicated_percent(row):.2f}",
        "two_base_bp": row.two_base_bp,
        "two_base_per_mb": f"{mixtures.two_base_per_mb(row):.2f}",
        "detail": mixtures.sentence(row),
    }
    if mosaic := row.mosaic:
        cells |= {
            "between_a": mosaic.first,
            "between_b": mosaic.second,
            "like_a": mosaic.like_first,
            "like_b": mosaic.like_second,
            "like_neither": mosaic.own,
            "mixed_windows": mosaic.mixed_windows,
            "windows": mosaic.windows,
            "changes_of_side": mosaic.changes,
        }
    return cells
