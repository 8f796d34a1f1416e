"""Insertions and deletions inside a gene, and why one of them is no evidence.

Indels beside ambiguous bases are none: a scaffold gap is an N run of arbitrary length, and aligns
as a deletion or an insertion.
"""

from dataclasses import dataclass

from oneclone.model.calls import Calls
from oneclone.model.loci import Locus
from oneclone.model.settings import CallingSettings

BESIDE_AMBIGUOUS = "ambiguous bases lie beside it, so it may be a scaffold gap"


@dataclass(frozen=True)
class Indel:
    """An insertion (size positive) or deletion inside a gene.

    `position` is 0-based on the concatenated reference, clipped to the gene like a deletion's
    size; `doubt` says why it is no evidence, blank if it is.
    """

    position: int
    size: int
    doubt: str


def gene_indels(locus: Locus, calls: Calls, settings: CallingSettings) -> list[Indel]:
    """Return the insertions and deletions inside a gene, clipped to it.

    Parameters
    ----------
    locus
        The gene.
    calls
        Calls of the isolate on the species reference.
    settings
        Trims and margins with which the calls were made.
    """
    found: list[Indel] = []
    for position, size in zip(calls.indels.tolist(), calls.indel_sizes.tolist(), strict=True):
        start, end = max(position, locus.start), min(position - min(0, size), locus.end)
        is_insertion = size > 0 and locus.start < position < locus.end
        if is_insertion or (size < 0 and start < end):
            doubt = _doubt(position, max(0, -size), calls, settings)
            found.append(Indel(start, size if is_insertion else start - end, doubt))
    return found


def _doubt(position: int, deleted: int, calls: Calls, settings: CallingSettings) -> str:
    """Return why an indel is no evidence, blank when one alignment shows it well inside."""
    blocks, trim, margin = calls.blocks, settings.end_trim_bp, settings.indel_margin_bp
    end = position + deleted
    touching = (blocks.starts < end + 1) & (blocks.ends > position - 1)
    if touching.sum() > 1:
        return "several alignments lie there"
    if not ((blocks.starts + trim <= position) & (blocks.ends - trim >= end))[touching].all():
        return f"an alignment ends within {trim} bases"
    near = (calls.ambiguous.starts < end + margin) & (calls.ambiguous.ends > position - margin)
    return BESIDE_AMBIGUOUS if near.any() else ""
