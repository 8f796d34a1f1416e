"""`alignment/`: the core alignment as FASTA and what belongs to it as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from Bio.SeqIO.FastaIO import SimpleFastaParser

from oneclone.core import CoreAlignment
from oneclone.sequences import decode, encode
from oneclone.tables.atomic import write_text
from oneclone.tables.json_files import read_record, write_record


@dataclass(frozen=True)
class CoreSummary:
    """Size of a core alignment; `constant` and `strict_constant` count A, C, G, T.

    `masked_bases` counts the called bases (sites x taxa) that were taken out as imported by the
    program of `masked_by`; the published alignment is never masked.
    """

    reference: str
    taxa: int
    min_isolates_percent: float
    core_bp: int
    variable_sites: int
    constant: tuple[int, ...]
    strict_constant: tuple[int, ...]
    masked_bases: int = 0
    masked_by: str = "none"


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


def read_core_summary(path: Path) -> CoreSummary:
    """Read what belongs to a core alignment."""
    return read_record(path, CoreSummary)


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
