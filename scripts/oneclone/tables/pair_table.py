"""`distances/`: SNP distances of pairs, their matrix, and the stretches removed from them."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oneclone.model.pairs import Pair, RemovedRegion
from oneclone.model.regions import Removal
from oneclone.tables.delimited import read_table, write_table
from oneclone.tables.read_back import read_back

COLUMNS = (
    "isolate_a",
    "isolate_b",
    "snps",
    "snps_raw",
    "callable_bp",
    "recombinant_bp",
    "snps_per_mb",
    "reference",
    "reference_bp",
    "filter",
    "filter_reason",
    "short_indels_a",
    "short_indels_b",
    "suspected_errors",
)
NAMES_APART = "; "
MARK = "\t".join(COLUMNS[:3])  # what every such table begins with
STRETCH_COLUMNS = (
    "isolate_a",
    "isolate_b",
    "reference",
    "contig",
    "start",
    "end",
    "snps",
    "callable_bp",
    "log10_p",
    "carriers",
    "suspicions",
)


def write_pairs(path: Path, pairs: Iterable[Pair]) -> None:
    """Write pairs, which come sorted by names, as they come.

    Below the callable floor a row has names and callable_bp alone.
    """
    write_table(path, COLUMNS, map(_cells, pairs))


def pair_lines(pairs: Iterable[Pair]) -> Iterator[str]:
    """Give the table of pairs line by line, header first, as `write_pairs` writes it."""
    yield "\t".join(COLUMNS)
    for pair in pairs:
        yield "\t".join("" if cell is None else str(cell) for cell in _cells(pair))


def write_matrix(path: Path, names: Sequence[str], distances: NDArray[np.int32]) -> None:
    """Write the square matrix of `snps`; a negative distance, below the floor, is left empty.

    Parameters
    ----------
    path
        File to write.
    names
        Names in the order of the matrix, sorted.
    distances
        Shape (names, names).
    """
    write_table(
        path,
        ("isolate", *names),
        (
            (name, *(None if snps < 0 else snps for snps in row.tolist()))
            for name, row in zip(names, distances, strict=True)
        ),
    )


def write_stretches(path: Path, stretches: Iterable[Removal]) -> None:
    """Write removed stretches as they come: contig and 0-based half-open places, as in BED."""
    write_table(path, STRETCH_COLUMNS, map(stretch_cells, stretches))


def stretch_cells(stretch: Removal) -> tuple[object, ...]:
    """Return the cells of a removed stretch."""
    return (
        *(stretch.first, stretch.second, stretch.reference),
        *(stretch.contig, stretch.start, stretch.end),
        *(stretch.snps, stretch.callable_bp, f"{stretch.log10_p:.1f}"),
        *(NAMES_APART.join(stretch.carriers), ",".join(stretch.suspicions)),
    )


@read_back
def read_stretches(path: Path) -> tuple[RemovedRegion, ...]:
    """Read the removed stretches of all pairs."""
    return tuple(
        RemovedRegion(
            first=row["isolate_a"],
            second=row["isolate_b"],
            reference=row["reference"],
            contig=row["contig"],
            start=int(row["start"]),
            end=int(row["end"]),
            snps=int(row["snps"]),
            carriers=row["carriers"],
            suspicions=row["suspicions"],
        )
        for row in read_table(path, STRETCH_COLUMNS).rows
    )


def pair_cells(pair: Pair) -> tuple[object, ...]:
    """Return the values of a pair; below the callable floor it has names and callable_bp alone."""
    if pair.snps is None:
        nothing = [None] * (len(COLUMNS) - 5)
        return (pair.first, pair.second, None, None, pair.callable_bp, *nothing)
    return (
        *(pair.first, pair.second, pair.snps, pair.snps_raw, pair.callable_bp),
        *(pair.recombinant_bp, pair.snps_per_mb, pair.reference, pair.reference_bp),
        *(pair.filter.value, pair.filter_reason, pair.first_indels, pair.second_indels),
        NAMES_APART.join(pair.suspects),
    )


def per_mb_text(per_mb: float | None) -> str | None:
    """Return SNPs per million bases as tables have them; `None` where they are not known."""
    return None if per_mb is None else f"{per_mb:.4f}"


def _cells(pair: Pair) -> Sequence[object]:
    """Return the cells of a pair as text has them."""
    cells = dict(zip(COLUMNS, pair_cells(pair), strict=True))
    return [*{**cells, "snps_per_mb": per_mb_text(pair.snps_per_mb)}.values()]
