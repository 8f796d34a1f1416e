"""`alignment/`: the size of the core, by level and by isolate left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oneclone.core_size import CurvePoint, LeftOut
from oneclone.tables.delimited import read_table, write_table
from oneclone.tables.json_files import read_record
from oneclone.tables.read_back import read_back

CURVE_COLUMNS = ("isolates", "percent", "core_bp", "core_percent")
BY_ISOLATE_COLUMNS = ("isolate", "callable_bp", "missing_core_bp", "core_bp_without", "gain_bp")


@dataclass(frozen=True)
class CoreSummary:
    """Size of a core alignment; `constant` and `strict_constant` count A, C, G, T.

    At least `min_isolates` taxa have called a core site. `unmasked_bp` are the bases of the
    reference that can be core: unmasked and unambiguous. `masked_bases` counts the called bases
    (sites x taxa) that were taken out as imported by the program of `masked_by`; the published
    alignment is never masked. `contigs` are those of the reference, with their lengths.
    """

    reference: str
    taxa: int
    min_isolates_percent: float
    min_isolates: int
    unmasked_bp: int
    core_bp: int
    variable_sites: int
    constant: tuple[int, ...]
    strict_constant: tuple[int, ...]
    masked_bases: int = 0
    masked_by: str = "none"
    contigs: tuple[tuple[str, int], ...] = ()


@read_back
def read_core_summary(path: Path) -> CoreSummary:
    """Read the size of a core alignment."""
    return read_record(path, CoreSummary)


def write_core_curve(path: Path, curve: Sequence[CurvePoint]) -> None:
    """Write the size of the core for each number of taxa that have to call a site.

    Parameters
    ----------
    path
        File to write.
    curve
        Points by rising number of taxa; `core_percent` relates to `CoreSummary.unmasked_bp`.
    """
    rows = [(p.isolates, f"{p.percent:.4f}", p.core_bp, f"{p.core_percent:.4f}") for p in curve]
    write_table(path, CURVE_COLUMNS, rows)


@read_back
def read_core_curve(path: Path) -> tuple[CurvePoint, ...]:
    """Read the size of the core for each number of taxa that have to call a site."""
    return tuple(
        CurvePoint(
            isolates=int(row["isolates"]),
            percent=float(row["percent"]),
            core_bp=int(row["core_bp"]),
            core_percent=float(row["core_percent"]),
        )
        for row in read_table(path, CURVE_COLUMNS).rows
    )


def write_core_by_isolate(
    path: Path, left_out: Sequence[LeftOut], names: Mapping[str, str]
) -> None:
    """Write what each isolate and reference means for the core, sorted by name.

    Parameters
    ----------
    path
        File to write.
    left_out
        The core without each taxon; taxa are row ids.
    names
        The users' names by row id.
    """
    rows = [
        (names[e.taxon], e.callable_bp, e.missing_core_bp, e.core_bp_without, e.gain_bp)
        for e in left_out
    ]
    write_table(path, BY_ISOLATE_COLUMNS, sorted(rows))


@read_back
def read_core_by_isolate(path: Path) -> tuple[LeftOut, ...]:
    """Read what each isolate and reference means for the core; taxa are the users' names."""
    return tuple(
        LeftOut(row["isolate"], *(int(row[column]) for column in BY_ISOLATE_COLUMNS[1:]))
        for row in read_table(path, BY_ISOLATE_COLUMNS).rows
    )
