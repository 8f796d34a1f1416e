"""SNP distances as other programs read them: square, one row for each pair, PHYLIP."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from oneclone.exports.exported_run import ExportedRun
from oneclone.exports.names import PLAIN_TEXT, labels
from oneclone.exports.text import table_text
from oneclone.model.pairs import Pair
from oneclone.reporting.selection import choose_shown

MAX_SQUARE = 2000  # isolates of a square matrix: 4 million cells
NOT_COMPARED = "nan"  # what R, pandas and NumPy read as a missing number
LONG_COLUMNS = (
    "isolate_a",
    "role_a",
    "isolate_b",
    "role_b",
    "snps",
    "snps_raw",
    "callable_bp",
    "callable_percent",
)


def square_matrix(run: ExportedRun) -> str:
    """Return the square matrix as scikit-bio reads it: the first cell of the header is empty."""
    names = _square_names(run)
    rows = zip(names, _snps(run, names), strict=True)
    return table_text(("", *names), ((name, *_cells(row)) for name, row in rows))


def long_table(run: ExportedRun) -> str:
    """Return one row for each pair, by names, with the roles of both."""
    rows = (
        (one, run.rows[one].role, two, run.rows[two].role, *_numbers(pair))
        for (one, two), pair in sorted(run.compared_pairs.items())
    )
    return table_text(LONG_COLUMNS, rows)


def phylip_matrix(run: ExportedRun) -> str:
    """Return the square matrix in relaxed PHYLIP, which knows no missing distance.

    Isolates are left out until every two of the others were compared (`complete_names`).
    """
    names = complete_names(run, _square_names(run))
    label = labels(PLAIN_TEXT, run.all_rows)
    rows = zip(names, _snps(run, names), strict=True)
    lines = (f"{label[name]} {' '.join(_cells(row))}\n" for name, row in rows)
    return f"{len(names)}\n{''.join(lines)}"


def complete_names(run: ExportedRun, names: Sequence[str]) -> list[str]:
    """Return names of which every two were compared.

    The name with most gaps is left out first, ties go by name.
    """
    gaps: dict[str, set[str]] = {
        name: {names[other] for other in np.flatnonzero(row < 0).tolist()}
        for name, row in zip(names, _snps(run, names), strict=True)
    }
    while any(gaps.values()):
        worst = min(gaps, key=lambda name: (-len(gaps[name]), name))
        for other in gaps.pop(worst):
            gaps[other].discard(worst)
    return list(gaps)


def _square_names(run: ExportedRun) -> list[str]:
    """Return the names of a square matrix, sorted."""
    return [isolate.name for isolate in choose_shown(run.compared_by_name, run.pairs, MAX_SQUARE)]


def _snps(run: ExportedRun, names: Sequence[str]) -> NDArray[np.int32]:
    """Return the SNPs between every two of some isolates; -1 where they were not compared."""
    place = {name: number for number, name in enumerate(names)}
    found = np.full((len(names), len(names)), -1, dtype=np.int32)
    np.fill_diagonal(found, 0)
    for (one, two), pair in run.pairs.items():
        if pair.snps is not None and one in place and two in place:
            found[place[one], place[two]] = found[place[two], place[one]] = pair.snps
    return found


def _cells(row: NDArray[np.int32]) -> list[str]:
    """Return the cells of a row of a square matrix."""
    return [NOT_COMPARED if snps < 0 else str(snps) for snps in row.tolist()]


def _numbers(pair: Pair) -> tuple[object, ...]:
    """Return the numbers of a pair; `None` for what was not compared."""
    if pair.snps is None:
        return (None, None, pair.callable_bp, None)
    return (pair.snps, pair.snps_raw, pair.callable_bp, f"{pair.callable_percent:.2f}")
