"""`distances/`: SNP distances of pairs, their matrix, and the stretches removed from them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oneclone.model.calls import ReferenceSequence
from oneclone.model.pairs import Pair, RemovedRegion, Stretch
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


@dataclass(frozen=True)
class LocatedStretch:
    """A removed stretch of a pair; `start` is 0-based on `contig`, as in BED."""

    pair: Pair
    stretch: Stretch
    contig: str
    start: int


@dataclass(frozen=True)
class RemovedStretch:
    """A removed stretch of two isolates by name; `start` and `end` as in BED on `contig`."""

    first: str
    second: str
    reference: str
    contig: str
    start: int
    end: int
    snps: int
    callable_bp: int
    log10_p: float
    carriers: tuple[str, ...]
    suspicions: tuple[str, ...]


def located(
    pair: Pair, stretches: Iterable[Stretch], reference: ReferenceSequence
) -> list[LocatedStretch]:
    """Return the removed stretches of a pair with their places on the reference's contigs."""
    return [LocatedStretch(pair, each, *reference.locate(each.start)) for each in stretches]


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


def write_stretches(path: Path, stretches: Iterable[RemovedStretch]) -> None:
    """Write removed stretches as they come: contig and 0-based half-open places, as in BED."""
    rows = (
        (
            *(each.first, each.second, each.reference, each.contig, each.start, each.end),
            *(each.snps, each.callable_bp, f"{each.log10_p:.1f}"),
            *("; ".join(each.carriers), ",".join(each.suspicions)),
        )
        for each in stretches
    )
    write_table(path, STRETCH_COLUMNS, rows)


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


def _cells(pair: Pair) -> Sequence[object]:
    """Return the cells of a pair."""
    if pair.snps is None:
        nothing = [None] * (len(COLUMNS) - 5)
        return (pair.first, pair.second, None, None, pair.callable_bp, *nothing)
    per_mb = pair.snps_per_mb
    return (
        pair.first,
        pair.second,
        pair.snps,
        pair.snps_raw,
        pair.callable_bp,
        pair.recombinant_bp,
        None if per_mb is None else f"{per_mb:.4f}",
        pair.reference,
        pair.reference_bp,
        pair.filter,
        pair.filter_reason,
        pair.first_indels,
        pair.second_indels,
        "; ".join(pair.suspects),
    )
