"""Whether an isolate has a gene in full length: deletions, frameshifts, premature stops.

Evidence of a truncation is a deletion inside the gene, an insertion that shifts its frame or is
long, a premature stop codon or a lost start codon. A gene with an insertion is read once more, in
the assembly: the insertion can bring a stop, or be a second copy of the gene.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from oneclone.gene_indels import BESIDE_AMBIGUOUS, Indel, gene_indels
from oneclone.gene_sequence import Contigs, cut_gene, faults, holds_copy
from oneclone.model.calls import Blocks, Calls
from oneclone.model.loci import Genotype, Locus
from oneclone.model.settings import CallingSettings
from oneclone.reading import NOT_READ, ReadLocus, bases
from oneclone.sequences import BASES, MISSING, decode
from oneclone.translation import CODON_BP, STARTS, STOP, amino_acid

MIN_SCAFFOLD_GAP_BP = 10  # N runs from this length on are gaps in genome submissions to INSDC

MIN_DISRUPTING_BP = 100  # own choice: a longer insertion, such as a mobile element, is no variant

Called = tuple[str, Genotype, str]


def call_gene(
    locus: Locus, read: ReadLocus, calls: Calls, settings: CallingSettings, contigs: Contigs
) -> Called:
    """Return allele, genotype and detail of a coding gene.

    Parameters
    ----------
    locus
        The gene.
    read
        Its bases in the isolate.
    calls
        Calls of the isolate on the species reference.
    settings
        Trims and margins with which the calls were made.
    contigs
        Reads the contigs on which the calls were made.

    Returns
    -------
    allele, genotype, detail
        `truncated` names every deletion with its bases, an insertion that shifts the frame or is
        long, the lost start or the premature stop. `reference` and `variant` mean full length,
        every base read: those of an insertion that keeps the frame, and beside it, in the
        assembly.
    """
    found = gene_indels(locus, calls, settings)
    indels = [indel for indel in found if not indel.doubt]
    if copied := _second_copy(locus, read, found, calls, contigs):
        return copied
    split = _split_deletion(locus, calls)
    stops = [*_lost_start(read), *_premature_stops(read)]
    if split or stops or any(_disrupts(indel) for indel in indels):
        return _truncated(locus, indels, split, stops)
    if len(indels) < len(found) or _unread(locus, read, indels, settings).any():
        return _not_read(locus, read, [indel for indel in found if indel.doubt])
    return _read_in_full(locus, read, indels, calls, contigs)


def _second_copy(
    locus: Locus, read: ReadLocus, found: Sequence[Indel], calls: Calls, contigs: Contigs
) -> Called | None:
    """Return what to say of a gene whose insertion is, or may be, a second copy of it.

    The start of one copy and the end of the other are then read as one gene, interrupted by what
    lies between, while both are whole.
    """
    long = [each for each in found if not each.doubt and 2 * each.size >= locus.length_bp]
    if not long:
        return None
    gene = cut_gene(locus, read, found, calls, contigs)
    if gene is not None and not holds_copy(gene):
        return None
    holds = "holds" if gene is not None else "was not read and may hold"
    told = f"{_said(locus, long[0])} {holds} a second copy of the gene or most of one"
    return "", Genotype.AMBIGUOUS, f"{_read_share(locus, read)}; {told}"


def _read_in_full(
    locus: Locus, read: ReadLocus, indels: Sequence[Indel], calls: Calls, contigs: Contigs
) -> Called:
    """Return what to say of a gene read in full but for what its insertions hold."""
    share = _read_share(locus, read)
    if (read.codes == MISSING).any():
        return "", Genotype.AMBIGUOUS, f"{share}, the others are ambiguous"
    inserted = [_said(locus, indel) for indel in indels]
    if inserted:
        gene = cut_gene(locus, read, indels, calls, contigs)
        if gene is None:
            told = f"{share}; inserted bases were not read: {', '.join(inserted)}"
            return "", Genotype.NOT_COVERED, told
        if found := faults(gene):
            return _truncated(locus, indels, 0, found)
        share += f"; the gene of {bases(gene.length_bp)} in the assembly has no premature stop"
    changes = [*_substitutions(read), *inserted]
    if not changes:
        return "full length", Genotype.REFERENCE, ""
    return f"full length: {', '.join(changes)}", Genotype.VARIANT, share


def _not_read(locus: Locus, read: ReadLocus, doubtful: list[Indel]) -> Called:
    """Return what to say of a gene of which bases were not read."""
    share = _read_share(locus, read)
    if not doubtful:
        return "", Genotype.NOT_COVERED, share
    told = f"{share}; {_said(locus, doubtful[0])}, but {doubtful[0].doubt}"
    beside_ambiguous = any(indel.doubt == BESIDE_AMBIGUOUS for indel in doubtful)
    return "", Genotype.AMBIGUOUS if beside_ambiguous else Genotype.NOT_COVERED, told


def _truncated(locus: Locus, indels: Sequence[Indel], split: int, stops: Sequence[str]) -> Called:
    """Return allele, genotype and detail of a truncated gene."""
    said = [_said(locus, indel) for indel in indels]
    said += [f"deletion of at least {bases(split)} between two alignments"] * bool(split)
    said += stops
    told: list[str] = []
    left = locus.length_bp - split + sum(min(0, indel.size) for indel in indels)
    if not left:
        return ", ".join(said), Genotype.TRUNCATED, f"none of {bases(locus.length_bp)} left"
    if left < locus.length_bp:
        at_most = "at most " if split else ""
        told.append(f"{at_most}{left} of {bases(locus.length_bp)} left")
    if indels and not split:
        net = sum(indel.size for indel in indels)
        told.append(f"the reading frame is {'shifted' if net % CODON_BP else 'kept at the end'}")
    return ", ".join(said), Genotype.TRUNCATED, "; ".join(told)


def _split_deletion(locus: Locus, calls: Calls) -> int:
    """Return how many bases of a gene are deleted for certain between two alignments.

    Two blocks that follow each other on one contig and strand, the bases of the contig between
    them fewer than a scaffold gap and fewer than those of the gene between them on the reference.
    """
    blocks = calls.blocks
    greatest = 0
    for left in np.flatnonzero(blocks.ends < locus.end).tolist():
        right = _next_on_contig(left, blocks)
        if right < 0 or blocks.starts[right] <= locus.start:
            continue
        first, last = int(blocks.ends[left]), int(blocks.starts[right])
        lower, upper = (right, left) if blocks.reverse[left] else (left, right)
        between = int(blocks.contig_starts[upper] - blocks.contig_ends[lower])
        missing = min(last, locus.end) - max(first, locus.start) - max(0, between)
        others = (blocks.starts < last) & (blocks.ends > first)
        if between < MIN_SCAFFOLD_GAP_BP and not others.any():
            greatest = max(greatest, missing)
    return greatest


def _next_on_contig(block: int, blocks: Blocks) -> int:
    """Return the block that follows another on its contig along the reference, -1 if none does.

    On the other strand the contig is read from its end.
    """
    same = np.flatnonzero(blocks.contig == blocks.contig[block])
    ordered = same[np.argsort(blocks.contig_starts[same], kind="stable")].tolist()
    place = ordered.index(block) + (-1 if blocks.reverse[block] else 1)
    if not 0 <= place < len(ordered) or blocks.reverse[ordered[place]] != blocks.reverse[block]:
        return -1
    return ordered[place]


def _premature_stops(read: ReadLocus) -> list[str]:
    """Return the stop codons before the last codon that were read in full, with `Arg7Ter`."""
    found: list[str] = []
    for place in range(0, len(read.codes) - CODON_BP, CODON_BP):
        codon = read.codes[place : place + CODON_BP]
        if (codon < MISSING).all() and amino_acid(decode(codon)) == STOP:
            own = amino_acid(decode(read.reference[place : place + CODON_BP]))
            found.append(f"premature stop {own}{place // CODON_BP + 1}{STOP}")
    return found


def _lost_start(read: ReadLocus) -> list[str]:
    """Return the first codon if it was read in full and starts no gene any more."""
    codon = read.codes[:CODON_BP]
    if (codon < MISSING).all() and decode(codon) not in STARTS:
        return [f"start codon {decode(read.reference[:CODON_BP])} lost, {decode(codon)} instead"]
    return []


def _disrupts(indel: Indel) -> bool:
    """Return whether an indel takes the gene's product away or changes it beyond a few residues."""
    return indel.size < 0 or indel.size % CODON_BP > 0 or indel.size >= MIN_DISRUPTING_BP


def _substitutions(read: ReadLocus) -> list[str]:
    """Return the changed bases of a gene, counted from 1 on its strand, as `28T>C`."""
    places = np.flatnonzero(read.codes != read.reference).tolist()
    return [
        f"{place + 1}{BASES[read.reference[place]]}>{BASES[read.codes[place]]}"
        for place in places
        if read.codes[place] < MISSING
    ]


def _unread(
    locus: Locus, read: ReadLocus, indels: list[Indel], settings: CallingSettings
) -> NDArray[np.bool_]:
    """Return which bases were not read, but for those beside an insertion that is known."""
    unread = read.forward == NOT_READ
    for indel in indels:
        place = indel.position - locus.start
        unread[max(0, place - settings.indel_margin_bp) : place + settings.indel_margin_bp] = False
    return unread


def _said(locus: Locus, indel: Indel) -> str:
    """Return an insertion or deletion in words, with its 1-based places on the contig."""
    first = locus.position + indel.position - locus.start
    if indel.size > 0:
        return f"insertion of {bases(indel.size)} before {first}"
    last = first - indel.size - 1
    place = f"{first}-{last}" if last > first else f"{first}"
    return f"deletion of {bases(-indel.size)} at {place}"


def _read_share(locus: Locus, read: ReadLocus) -> str:
    """Return how many of a gene's bases were read."""
    return f"{read.read_bp} of {bases(locus.length_bp)} read"
