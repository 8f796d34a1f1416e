"""SNPs of two assemblies without an alignment: equal flanks around a base that differs.

A split k-mer is a window of 31 bases whose middle one is looked at apart. Where both assemblies
have the same 15 + 15 flanks exactly once, they are compared at the base between. Two SNPs within
15 bases of each other are missed, as is what lies at a contig end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oneclone.sequences import MISSING, Codes, encode

FLANK_BP = 15
WINDOW_BP = 2 * FLANK_BP + 1

BASE_BITS = np.uint64(2)

Kmers = NDArray[np.uint64]


@dataclass(frozen=True)
class SplitKmers:
    """Split k-mers whose flanks occur once in an assembly, sorted.

    Each is a number: its flanks, two bits a base, and in the lowest two bits the base between.
    """

    kmers: Kmers


def split_kmers(contigs: Sequence[bytes]) -> SplitKmers:
    """Return the split k-mers of an assembly, each on the strand whose flanks are the smaller.

    Flanks that occur more than once, on either strand, are left out, as are those that equal
    their own reverse complement and windows with an ambiguous base.

    Parameters
    ----------
    contigs
        Contigs in upper case.

    Examples
    --------
    >>> split_kmers([b"A" * 15 + b"G" + b"C" * 15]).kmers % 4  # G is 2
    array([2], dtype=uint64)
    """
    pieces = [_windows(encode(contig)) for contig in contigs if len(contig) >= WINDOW_BP]
    if not sum(map(len, pieces)):
        return SplitKmers(np.zeros(0, np.uint64))
    kmers = np.sort(np.concatenate(pieces))
    differs = ~_same_flanks(kmers)
    return SplitKmers(kmers[np.append(differs, True) & np.append(True, differs)])


def count_snps(first: SplitKmers, second: SplitKmers) -> tuple[int, int]:
    """Return how many shared split k-mers differ in their middle base, and how many are shared.

    Examples
    --------
    >>> one = split_kmers([b"A" * 15 + b"G" + b"C" * 15])
    >>> two = split_kmers([b"G" * 15 + b"A" + b"T" * 15])  # the other strand, with T for G
    >>> count_snps(one, two)
    (1, 1)
    """
    # Flanks occur once in each, so equal neighbours are those of a shared one. A stable sort is
    # a merge of what is sorted already.
    both = np.sort(np.concatenate((first.kmers, second.kmers)), kind="stable")
    shared = _same_flanks(both)
    return int((shared & (both[1:] != both[:-1])).sum()), int(shared.sum())


def _same_flanks(kmers: Kmers) -> NDArray[np.bool_]:
    """Return for each sorted k-mer but the last whether it has the flanks of the next one."""
    flanks = kmers >> BASE_BITS
    return flanks[1:] == flanks[:-1]


def _windows(codes: Codes) -> Kmers:
    """Return the split k-mer of every window of a contig without ambiguous bases."""
    count = len(codes) - WINDOW_BP + 1
    bad = np.concatenate(([0], np.cumsum(codes >= MISSING)))
    clean = bad[WINDOW_BP:] == bad[:count]
    bases = np.minimum(codes, 3).astype(np.uint64)
    forward, backward = np.zeros(count, np.uint64), np.zeros(count, np.uint64)
    places = [*range(FLANK_BP), *range(FLANK_BP + 1, WINDOW_BP)]
    for step, place in enumerate(places):
        here = bases[place : place + count]
        forward = (forward << np.uint64(2)) | here
        backward |= (np.uint64(3) - here) << np.uint64(2 * step)
    middles = codes[FLANK_BP : FLANK_BP + count]
    kept = clean & (forward != backward)
    smaller = (forward < backward)[kept]
    flanks = np.where(smaller, forward[kept], backward[kept])
    between = np.where(smaller, middles[kept], 3 - middles[kept]).astype(np.uint64)
    return flanks << BASE_BITS | between
