"""`robustness.tsv`: every clone judged again, one row per run, and the range of `linked`."""

from collections.abc import Sequence
from pathlib import Path

from oneclone.model.robustness import Robustness, RobustnessRun, RunKind, RunVerdict
from oneclone.tables.delimited import Row, read_table, write_table
from oneclone.tables.read_back import read_back

COLUMNS = (
    "clone",
    "run",
    "subject",
    "decisive",
    "verdict_of_clone",
    "verdict_of_run",
    "changed",
    "max_snps",
    "nearest_background",
    "nearest_background_snps",
    "support",
    "reason",
    "note",
    "made",
    "linked_range",
)
LINKED_RANGE = "linked_range"  # a row of the whole verdict, not of a clone


def write_robustness(path: Path, robustness: Robustness) -> None:
    """Write all runs and, last, the `linked` thresholds over which the verdict stands."""
    rows: list[tuple[object, ...]] = [_cells(run) for run in robustness.runs]
    span = _span((robustness.linked_from, robustness.linked_to))
    blank = [""] * (len(COLUMNS) - 4)
    rows.append(("", LINKED_RANGE, span, "no", *blank))
    write_table(path, COLUMNS, rows)


def write_no_robustness(path: Path) -> None:
    """Write a table without any row: robustness was not assessed."""
    write_table(path, COLUMNS, [])


@read_back
def read_robustness(path: Path) -> Robustness | None:
    """Read the runs, `None` when robustness was not assessed."""
    rows: Sequence[Row] = read_table(path, COLUMNS).rows
    if not rows:
        return None
    (span,) = [row["subject"] for row in rows if row["run"] == LINKED_RANGE]
    runs = tuple(_run(row) for row in rows if row["run"] != LINKED_RANGE)
    return Robustness(runs, *_thresholds(span))


def _cells(run: RobustnessRun) -> tuple[object, ...]:
    """Return the cells of a run."""
    return (
        run.clone,
        run.kind,
        run.subject,
        _word(run.is_decisive),
        run.base,
        run.verdict,
        _word(run.is_changed),
        run.max_snps,
        run.nearest_background,
        run.nearest_background_snps,
        run.support,
        ",".join(run.reasons),
        run.note,
        _word(run.is_made),
        _span(run.linked_range) if run.linked_range else "",
    )


def _run(row: Row) -> RobustnessRun:
    """Return the run of a row."""
    return RobustnessRun(
        clone=row["clone"],
        kind=RunKind(row["run"]),
        subject=row["subject"],
        base=RunVerdict(row["verdict_of_clone"]),
        verdict=RunVerdict(row["verdict_of_run"]),
        max_snps=int(row["max_snps"]) if row["max_snps"] else None,
        nearest_background=row["nearest_background"],
        nearest_background_snps=(
            int(row["nearest_background_snps"]) if row["nearest_background_snps"] else None
        ),
        support=float(row["support"]) if row["support"] else None,
        reasons=tuple(filter(None, row["reason"].split(","))),
        note=row["note"],
        is_made=row["made"] == "yes",
        linked_range=_thresholds(row["linked_range"]) if row["linked_range"] else None,
    )


def _span(thresholds: tuple[int, int]) -> str:
    """Return two thresholds as a cell."""
    return f"{thresholds[0]}-{thresholds[1]}"


def _thresholds(cell: str) -> tuple[int, int]:
    """Return the two thresholds of a cell."""
    low, _, high = cell.partition("-")
    return int(low), int(high)


def _word(truth: bool) -> str:
    """Return yes or no."""
    return "yes" if truth else "no"
