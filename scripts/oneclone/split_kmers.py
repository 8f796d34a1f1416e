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

Flanks = NDArray[np.uint64]


@dataclass(frozen=True)
class SplitKmers:
    """Flanks that occur once in an assembly, sorted, and the base (0-3) between each of them."""

    flanks: Flanks
    middles: Codes


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
    >>> found = split_kmers([b"A" * 15 + b"G" + b"C" * 15])
    >>> len(found.flanks), found.middles.tolist()
    (1, [2])
    """
    pieces = [_windows(encode(contig)) for contig in contigs if len(contig) >= WINDOW_BP]
    if not pieces:
        return SplitKmers(np.zeros(0, np.uint64), np.zeros(0, np.uint8))
    flanks = np.concatenate([each for each, _ in pieces])
    middles = np.concatenate([each for _, each in pieces])
    order = np.argsort(flanks, kind="stable")
    flanks, middles = flanks[order], middles[order]
    differs = np.concatenate(([True], flanks[1:] != flanks[:-1], [True]))
    once = differs[:-1] & differs[1:]
    return SplitKmers(flanks[once], middles[once])


def count_snps(first: SplitKmers, second: SplitKmers) -> tuple[int, int]:
    """Return how many shared split k-mers differ in their middle base, and how many are shared.

    Examples
    --------
    >>> one = split_kmers([b"A" * 15 + b"G" + b"C" * 15])
    >>> two = split_kmers([b"G" * 15 + b"A" + b"T" * 15])  # the other strand, with T for G
    >>> count_snps(one, two)
    (1, 1)
    """
    _, here, there = np.intersect1d(
        first.flanks, second.flanks, assume_unique=True, return_indices=True
    )
    return int((first.middles[here] != second.middles[there]).sum()), len(here)


def _windows(codes: Codes) -> tuple[Flanks, Codes]:
    """Return flanks and middle base of every window of a contig without ambiguous bases."""
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
    return flanks, np.where(smaller, middles[kept], 3 - middles[kept]).astype(np.uint8)
