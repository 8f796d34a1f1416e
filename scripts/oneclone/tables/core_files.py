"""`alignment/`: the core alignment as FASTA, what belongs to it as JSON, its size as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from Bio.SeqIO.FastaIO import SimpleFastaParser

from oneclone.core import CoreAlignment
from oneclone.core_size import CurvePoint, LeftOut
from oneclone.sequences import decode, encode
from oneclone.tables.atomic import write_text
from oneclone.tables.delimited import read_table, write_table
from oneclone.tables.json_files import read_record, write_record

CURVE_COLUMNS = ("isolates", "percent", "core_bp", "core_percent")
BY_ISOLATE_COLUMNS = ("isolate", "callable_bp", "missing_core_bp", "core_bp_without", "gain_bp")


@dataclass(frozen=True)
class CoreSummary:
    """Size of a core alignment; `constant` and `strict_constant` count A, C, G, T.

    At least `min_isolates` taxa have called a core site. `unmasked_bp` are the bases of the
    reference that can be core: unmasked and unambiguous.
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


def write_core(
    fasta: Path, summary: Path, core: CoreAlignment, names: Mapping[str, str], about: CoreSummary
) -> None:
    """Write a core alignment.

    Parameters
    ----------
    fasta
        Variable sites: `>` row id, blank, the user's name; N where a base was not called.
    summary
        What belongs to the alignment.
    core
        The alignment; its taxa are row ids.
    names
        The users' names by row id.
    about
        Written to `summary`.
    """
    records = zip(core.taxa, core.codes, strict=True)
    write_text(fasta, "".join(f">{row} {names[row]}\n{decode(codes)}\n" for row, codes in records))
    write_record(summary, about, CoreSummary)


def read_core(fasta: Path, summary: Path) -> CoreAlignment:
    """Read a core alignment; the places of its sites on the reference are not kept."""
    about = read_core_summary(summary)
    with fasta.open(encoding="utf-8") as opened:
        records = [(title.split(" ", 1)[0], bases) for title, bases in SimpleFastaParser(opened)]
    return CoreAlignment(
        taxa=tuple(row for row, _ in records),
        positions=np.full(about.variable_sites, -1, dtype=np.int64),
        codes=np.stack([encode(bases.encode("ascii")) for _, bases in records]),
        constant=about.constant,
        strict_constant=about.strict_constant,
    )


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


def read_core_by_isolate(path: Path) -> tuple[LeftOut, ...]:
    """Read what each isolate and reference means for the core; taxa are the users' names."""
    return tuple(
        LeftOut(row["isolate"], *(int(row[column]) for column in BY_ISOLATE_COLUMNS[1:]))
        for row in read_table(path, BY_ISOLATE_COLUMNS).rows
    )
