"""The gene of an isolate as its assembly has it, inserted bases included.

Calls hold neither the bases of an insertion nor those beside it. They are read in the contig, at
the place that the alignment gives, and believed only when every called base of the gene agrees.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from oneclone.gene_indels import Indel
from oneclone.model.calls import Calls
from oneclone.model.loci import Locus
from oneclone.reading import ReadLocus
from oneclone.sequences import MISSING, Codes, decode, encode, reverse_complement
from oneclone.translation import CODON_BP, STARTS, STOP, amino_acid, codons

WORD_BP = 15  # 4^15 words: an unrelated insertion of 10 kb has any one of them by chance in 1e-5

Contigs = Callable[[], Sequence[bytes]]
"""Reads the canonical contigs of an isolate; called only when a gene has an insertion."""


@dataclass(frozen=True)
class OwnGene:
    """Bases of an isolate's gene on its strand, `inserted` True where the reference has none."""

    codes: Codes
    inserted: NDArray[np.bool_]

    @property
    def length_bp(self) -> int:
        """Number of bases, inserted ones included."""
        return len(self.codes)


def cut_gene(
    locus: Locus, read: ReadLocus, indels: Sequence[Indel], calls: Calls, contigs: Contigs
) -> OwnGene | None:
    """Return the gene as the assembly has it, None when it could not be read there for certain.

    Parameters
    ----------
    locus
        The gene.
    read
        Its called bases.
    indels
        All insertions and deletions inside it.
    calls
        Calls of the isolate on the species reference.
    contigs
        Reads the contigs on which the calls were made.
    """
    blocks = calls.blocks
    touching = np.flatnonzero((blocks.starts < locus.end) & (blocks.ends > locus.start))
    if len(touching) != 1:
        return None
    block = int(touching[0])
    places, left = _places(locus, indels)
    called = left & (read.forward < MISSING)
    if 2 * called.sum() <= locus.length_bp:
        return None
    length = locus.length_bp + sum(indel.size for indel in indels)
    text = _aligned_text(block, calls, contigs())
    for first in _first_places(block, locus, length, calls):
        own = text[first : first + length] if first >= 0 else text[:0]
        if len(own) == length and (own[places[called]] == read.forward[called]).all():
            inserted = np.ones(length, dtype=bool)
            inserted[places[left]] = False
            if locus.reverse:
                return OwnGene(reverse_complement(own), inserted[::-1])
            return OwnGene(own, inserted)
    return None


def _places(locus: Locus, indels: Sequence[Indel]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return where in the isolate's gene each base of the reference's is, and which are left."""
    places = np.arange(locus.length_bp)
    left = np.ones(locus.length_bp, dtype=bool)
    for indel in indels:
        place = indel.position - locus.start
        left[place : place - min(0, indel.size)] = False
        places[place - min(0, indel.size) :] += indel.size
    return places, left


def _aligned_text(block: int, calls: Calls, contigs: Sequence[bytes]) -> Codes:
    """Return the part of a contig that an alignment covers, along the reference."""
    blocks = calls.blocks
    first, last = int(blocks.contig_starts[block]), int(blocks.contig_ends[block])
    text = encode(contigs[int(blocks.contig[block])][first:last])
    return reverse_complement(text) if blocks.reverse[block] else text


def _first_places(block: int, locus: Locus, length: int, calls: Calls) -> Iterator[int]:
    """Give where in the aligned part of the contig the gene may begin, the likeliest first.

    Counted from either end of the alignment. Calls do not say to which of two alignments an indel
    belongs where both lie, so it is done once with such indels and once without them.
    """
    blocks = calls.blocks
    start, end = int(blocks.starts[block]), int(blocks.ends[block])
    aligned = int(blocks.contig_ends[block] - blocks.contig_starts[block])
    inside = (calls.indels > start) & (calls.indels < end)
    for among in (inside, inside & ~_beneath_others(block, calls)):
        yield locus.start - start + _gained(among, start, locus.start, calls)
        yield aligned - (end - locus.end) - _gained(among, locus.end, end, calls) - length


def _beneath_others(block: int, calls: Calls) -> NDArray[np.bool_]:
    """Return which indels lie where another alignment than this one lies."""
    found = np.zeros(len(calls.indels), dtype=bool)
    for other in range(len(calls.blocks.starts)):
        if other != block:
            found |= (calls.indels >= calls.blocks.starts[other]) & (
                calls.indels <= calls.blocks.ends[other]
            )
    return found


def _gained(among: NDArray[np.bool_], first: int, last: int, calls: Calls) -> int:
    """Return how many bases more than the reference a contig has between two positions."""
    places, sizes = calls.indels[among], calls.indel_sizes[among]
    ends = places + np.maximum(0, -sizes)
    deleted = np.maximum(0, np.minimum(ends, last) - np.maximum(places, first))
    return int(sizes[(sizes > 0) & (first <= places) & (places <= last)].sum() - deleted.sum())


def faults(gene: OwnGene) -> list[str]:
    """Return a lost start and the first premature stop of a gene whose frame is kept.

    A start is not lost when a start codon in frame precedes all but two bases of the reference,
    and a stop is not premature when it leaves out no more than the stop codon: an insertion at an
    end of the gene can be aligned on either side of its first or last codon.

    Examples
    --------
    >>> inserted = np.array([False] * 6 + [True] * 3 + [False] * 6)
    >>> faults(OwnGene(encode(b"ATGGACTAGGACTAA"), inserted))
    ['premature stop TAG at codon 3 of 5']
    >>> faults(OwnGene(encode(b"ATGGACGCAGACTAA"), inserted))
    []
    """
    triplets = codons(decode(gene.codes))
    before = np.concatenate(([0], np.cumsum(~gene.inserted)))  # bases of the reference up to here
    starts = [
        number
        for number, triplet in enumerate(triplets, start=1)
        if triplet in STARTS and before[CODON_BP * (number - 1)] < CODON_BP
    ]
    premature = (
        f"premature stop {triplet} at codon {number} of {len(triplets)}"
        for number, triplet in enumerate(triplets, start=1)
        if _is_stop(triplet)
        and number > max(starts, default=0)
        and before[-1] - before[CODON_BP * number] > CODON_BP
    )
    lost = [] if starts else [f"start codon lost, {triplets[0]} instead"]
    return lost + list(islice(premature, 1))


def holds_copy(gene: OwnGene) -> bool:
    """Return whether the inserted bases hold more than half of the gene's words, on any strand.

    A word is every run of `WORD_BP` bases of the gene without its inserted bases. An aligner can
    take the second of two copies that follow each other for one insertion in the first.

    Examples
    --------
    >>> whole = encode(b"ATGGACCGTTTACCCGGTACGTTGCAATCCTAA")
    >>> inserted = np.repeat([False, True, False], [12, 33, 21])
    >>> holds_copy(OwnGene(np.concatenate((whole[:12], whole, whole[12:])), inserted))
    True
    >>> other = encode(b"C" * 33)
    >>> holds_copy(OwnGene(np.concatenate((whole[:12], other, whole[12:])), inserted))
    False
    """
    own, added = gene.codes[~gene.inserted], gene.codes[gene.inserted]
    words = _words(own)
    held = {*_words(added), *_words(reverse_complement(added))}
    return 2 * sum(word in held for word in words) > len(words)


def _words(codes: Codes) -> list[str]:
    """Return every run of `WORD_BP` bases."""
    letters = decode(codes)
    return [letters[place : place + WORD_BP] for place in range(len(letters) - WORD_BP + 1)]


def _is_stop(triplet: str) -> bool:
    """Return whether a codon is a stop; one with an ambiguous base is none for certain."""
    return "N" not in triplet and amino_acid(triplet) == STOP
