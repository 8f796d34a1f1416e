"""`alignment/`: the core alignment as FASTA and what belongs to it as JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from Bio.SeqIO.FastaIO import SimpleFastaParser

from oneclone.core import CoreAlignment
from oneclone.model.calls import Positions, ReferenceSequence
from oneclone.sequences import Codes, decode, encode
from oneclone.tables.atomic import replacing
from oneclone.tables.core_size_files import CoreSummary, read_core_summary
from oneclone.tables.delimited import read_table, write_table
from oneclone.tables.json_files import write_record
from oneclone.tables.read_back import read_back

SITE_COLUMNS = ("contig", "position", "reference_base")


@dataclass(frozen=True)
class CoreSite:
    """Place of a variable core site on the species reference, 1-based, and the base there."""

    contig: str
    position: int
    reference_base: str


def write_core(
    fasta: Path,
    summary: Path,
    rows: Iterable[tuple[str, Codes]],
    names: Mapping[str, str],
    about: CoreSummary,
) -> None:
    """Write a core alignment, row by row.

    Parameters
    ----------
    fasta
        Variable sites: `>` row id, blank, the user's name; N where a base was not called.
    summary
        What belongs to the alignment.
    rows
        Row id and bases at the variable sites of each taxon, written as they come.
    names
        The users' names by row id.
    about
        Written to `summary`.
    """
    with (
        replacing(fasta) as temporary,
        temporary.open("w", encoding="utf-8", newline="\n") as opened,
    ):
        opened.writelines(f">{row} {names[row]}\n{decode(codes)}\n" for row, codes in rows)
    write_record(summary, about, CoreSummary)


def write_core_sites(path: Path, sites: Positions, reference: ReferenceSequence) -> None:
    """Write where the sites of an alignment lie on its reference, in the order of the columns."""
    places = map(reference.locate, sites.tolist())
    bases = decode(reference.codes[sites])
    write_table(
        path,
        SITE_COLUMNS,
        ((contig, at + 1, base) for (contig, at), base in zip(places, bases, strict=True)),
    )


@read_back
def read_core_sites(path: Path) -> tuple[CoreSite, ...]:
    """Read where the sites of an alignment lie."""
    return tuple(
        CoreSite(row["contig"], int(row["position"]), row["reference_base"])
        for row in read_table(path, SITE_COLUMNS).rows
    )


@read_back
def read_core_codes(fasta: Path) -> dict[str, Codes]:
    """Read the bases of each taxon at the variable core sites, by row id; 4 = not called."""
    with fasta.open(encoding="utf-8") as opened:
        return {
            title.split(" ", 1)[0]: encode(bases.encode("ascii"))
            for title, bases in SimpleFastaParser(opened)
        }


@read_back
def read_core(fasta: Path, summary: Path) -> CoreAlignment:
    """Read a core alignment; the places of its sites on the reference are not kept."""
    about = read_core_summary(summary)
    codes = read_core_codes(fasta)
    return CoreAlignment(
        taxa=tuple(codes),
        positions=np.full(about.variable_sites, -1, dtype=np.int64),
        codes=np.stack(list(codes.values())),
        constant=about.constant,
        strict_constant=about.strict_constant,
    )
