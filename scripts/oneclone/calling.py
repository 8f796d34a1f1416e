"""Call bases and callable intervals of an assembly on a reference.

Not callable are: `end_trim_bp` at both ends of an alignment, `indel_margin_bp` around every
insertion and deletion, positions covered by two alignments or by none, alignments of low
mapping quality or short length, and ambiguous bases. On simulated drafts these filters took
the false differences of a pair of one clone from 64 to 0 (docs/method.md). The mask of the
reference (repeats, panel) is applied when pairs are counted, so that calls do not depend on it.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oneclone import intervals
from oneclone.aligning import (
    DELETION,
    INSERTION,
    MATCH,
    Alignment,
    align_contigs,
    open_index,
)
from oneclone.model.calls import Blocks, Calls, Positions, ReferenceSequence
from oneclone.model.settings import CallingSettings
from oneclone.sequences import MISSING, Codes, encode, reverse_complement

NOT_READ = 5  # a reference position that no retained alignment covers


def call_assembly(
    contigs: Sequence[bytes], index: Path, reference: ReferenceSequence, settings: CallingSettings
) -> Calls:
    """Align an assembly to a reference and call its bases.

    Parameters
    ----------
    contigs
        Canonical contigs of the assembly.
    index
        minimap2 index of the reference, written with the preset of the settings.
    reference
        The reference.
    settings
        Preset, trims, margins and least quality.
    """
    alignments = align_contigs(contigs, open_index(index, settings.preset), reference)
    return call_bases(alignments, contigs, reference, settings)


def call_bases(
    alignments: Sequence[Alignment],
    contigs: Sequence[bytes],
    reference: ReferenceSequence,
    settings: CallingSettings,
) -> Calls:
    """Call the bases of an assembly on a reference.

    Parameters
    ----------
    alignments
        Alignments of `contigs` to `reference`, primary ones only.
    contigs
        Canonical contigs of the assembly.
    reference
        The reference.
    settings
        Trims, margins and least quality.

    Returns
    -------
    Calls
        Callable intervals, differing bases, ambiguous intervals and alignment blocks.

    Examples
    --------
    >>> reference = ReferenceSequence(("c",), np.array([0, 8]), encode(b"ACGTACGT"))
    >>> settings = CallingSettings("asm20", 1, 0, 0, 1, 100)
    >>> whole = Alignment(0, 0, 8, False, 0, 8, 60, ((8, MATCH),))
    >>> calls = call_bases([whole], [b"ACTTANGT"], reference, settings)
    >>> calls.callable.starts.tolist(), calls.callable.ends.tolist()
    ([1, 6], [5, 7])
    >>> calls.positions.tolist(), calls.bases.tolist()
    ([2], [3])
    """
    read = np.full(reference.length_bp, NOT_READ, dtype=np.uint8)
    beside_indel = np.zeros(reference.length_bp, dtype=bool)
    beside_unknown = np.zeros(reference.length_bp, dtype=bool)
    retained = [each for each in alignments if _is_retained(each, settings)]
    indels, sizes = _indels(retained)
    encoded: dict[int, Codes] = {}
    for alignment in retained:
        contig = encoded.setdefault(alignment.contig, encode(contigs[alignment.contig]))
        unsure = _read_bases(alignment, contig, read, settings.end_trim_bp)
        for place in unsure:
            beside_unknown[max(alignment.start, place - 1) : min(place + 1, alignment.end)] = True
    _mark_indels(indels, sizes, beside_indel, settings.indel_margin_bp, reference.offsets)
    covered_once = _depth(alignments, reference.length_bp) == 1
    is_callable = covered_once & ~beside_indel & (read < MISSING) & (reference.codes < MISSING)
    differing = np.flatnonzero(is_callable & (read != reference.codes))
    return Calls(
        callable=intervals.from_flags(is_callable),
        positions=differing,
        bases=read[differing],
        ambiguous=intervals.from_flags((read == MISSING) | beside_unknown),
        indels=indels,
        indel_sizes=sizes,
        blocks=_blocks(retained),
        contig_lengths=np.array([len(contig) for contig in contigs], dtype=np.int64),
    )


def _is_retained(alignment: Alignment, settings: CallingSettings) -> bool:
    """Tell whether an alignment is good enough to read bases from."""
    length = alignment.end - alignment.start
    return alignment.mapq >= settings.min_mapq and length >= settings.min_block_bp


def _read_bases(alignment: Alignment, contig: Codes, read: Codes, trim: int) -> list[int]:
    """Write the contig's bases at their reference positions, trimmed at both ends.

    Returns the places of insertions that hold an ambiguous base: a scaffold gap, for instance,
    whose length is not known.
    """
    unsure: list[int] = []
    query = contig[alignment.contig_start : alignment.contig_end]
    if alignment.reverse:
        query = reverse_complement(query)
    first, last = alignment.start + trim, alignment.end - trim
    on_reference, on_query = alignment.start, 0
    for length, operation in alignment.cigar:
        if operation == MATCH:
            start, end = max(on_reference, first), min(on_reference + length, last)
            if start < end:
                shift = on_query - on_reference
                read[start:end] = query[start + shift : end + shift]
        elif operation == INSERTION and (query[on_query : on_query + length] == MISSING).any():
            unsure.append(on_reference)
        on_reference += length if operation in (MATCH, DELETION) else 0
        on_query += length if operation in (MATCH, INSERTION) else 0
    return unsure


def _indels(alignments: Sequence[Alignment]) -> tuple[Positions, Positions]:
    """Return position and size (inserted positive, deleted negative) of every indel, sorted."""
    found: set[tuple[int, int]] = set()
    for alignment in alignments:
        position = alignment.start
        for length, operation in alignment.cigar:
            if operation != MATCH:
                found.add((position, length if operation == INSERTION else -length))
            position += length if operation != INSERTION else 0
    table = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _mark_indels(
    indels: Positions,
    sizes: Positions,
    beside_indel: NDArray[np.bool_],
    margin: int,
    offsets: Positions,
) -> None:
    """Mark the positions beside and inside every insertion and deletion, on its own contig."""
    contig = np.searchsorted(offsets, indels, side="right")
    starts = np.maximum(offsets[contig - 1], indels - margin)
    ends = np.minimum(offsets[contig], indels + np.maximum(0, -sizes) + margin)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        beside_indel[start:end] = True


def _depth(alignments: Sequence[Alignment], length: int) -> NDArray[np.int32]:
    """Return how many alignments, retained or not, cover each reference position."""
    steps = np.zeros(length + 1, dtype=np.int32)
    for alignment in alignments:
        steps[alignment.start] += 1
        steps[alignment.end] -= 1
    return np.cumsum(steps[:-1], dtype=np.int32)


def _blocks(alignments: Sequence[Alignment]) -> Blocks:
    """Return retained alignments as arrays, sorted by reference start."""
    ordered = sorted(alignments, key=lambda each: (each.start, each.end, each.contig))
    table = np.array(
        [
            (each.start, each.end, each.contig, each.contig_start, each.contig_end)
            for each in ordered
        ],
        dtype=np.int64,
    ).reshape(-1, 5)
    starts, ends, contig, contig_starts, contig_ends = table.T
    reverse = np.array([each.reverse for each in ordered], dtype=bool)
    return Blocks(starts, ends, contig, contig_starts, contig_ends, reverse)
