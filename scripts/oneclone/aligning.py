"""Align the contigs of an assembly to a reference with minimap2 (through mappy)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import mappy

from oneclone.errors import ToolFailed
from oneclone.model.calls import ReferenceSequence

MATCH, INSERTION, DELETION = 0, 1, 2  # CIGAR operations that minimap2 writes
ALL_CHAINS = 0x800000  # minimap2 -P: keep every chain, not only those nearly as good as the best


@dataclass(frozen=True)
class Alignment:
    """One alignment of a contig; positions 0-based, half-open.

    `start` and `end` are on the concatenated reference, `contig_start` and `contig_end` on the
    contig's own strand. `cigar` holds (length, operation) along the reference's forward strand.
    """

    contig: int
    contig_start: int
    contig_end: int
    reverse: bool
    start: int
    end: int
    mapq: int
    cigar: tuple[tuple[int, int], ...]


def write_index(reference: Path, index: Path, preset: str) -> None:
    """Write the minimap2 index of a reference FASTA, so that each isolate need not build it."""
    aligner = mappy.Aligner(str(reference), preset=preset, fn_idx_out=str(index), n_threads=1)
    if not aligner:
        raise ToolFailed(f"minimap2 could not index {reference}")


def open_index(index: Path, preset: str, *, all_chains: bool = False) -> mappy.Aligner:
    """Open an index that `write_index` wrote with the same preset.

    With `all_chains` every chain of a query is reported, however far behind the best it is.
    """
    flags = ALL_CHAINS if all_chains else 0
    aligner = mappy.Aligner(str(index), preset=preset, n_threads=1, extra_flags=flags)
    if not aligner:
        raise ToolFailed(f"minimap2 could not read the index {index}")
    return aligner


def align_contigs(
    contigs: Sequence[bytes], aligner: mappy.Aligner, reference: ReferenceSequence
) -> tuple[Alignment, ...]:
    """Align contigs to a reference and return every primary alignment.

    Parameters
    ----------
    contigs
        Canonical contigs; alignments refer to them by their place in this sequence.
    aligner
        Index of the reference whose contigs are named by their number, as
        `reference_index_name` names them.
    reference
        The same reference.

    Returns
    -------
    tuple of Alignment
        In the order of the contigs. minimap2 calls primary the best alignment of each part of
        a contig, so an inversion or a contig over a junction gives several.
    """
    offsets = {
        reference_index_name(number): int(offset)
        for number, offset in enumerate(reference.offsets[:-1])
    }
    buffer = mappy.ThreadBuffer()  # else minimap2 gets and gives back its memory for each contig
    return tuple(
        Alignment(
            contig=number,
            contig_start=hit.q_st,
            contig_end=hit.q_en,
            reverse=hit.strand < 0,
            start=offsets[hit.ctg] + hit.r_st,
            end=offsets[hit.ctg] + hit.r_en,
            mapq=hit.mapq,
            cigar=tuple((length, operation) for length, operation in hit.cigar),
        )
        for number, contig in enumerate(contigs)
        for hit in aligner.map(contig.decode("ascii"), buf=buffer)
        if hit.is_primary
    )


def reference_index_name(number: int) -> str:
    """Return the name under which a reference contig stands in the index.

    Examples
    --------
    >>> reference_index_name(0)
    'c0'
    """
    return f"c{number}"
