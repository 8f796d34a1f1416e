"""Nucleotide sequences as arrays: encode, reverse complement, canonical form, statistics.

A base is one byte: A 0, C 1, G 2, T 3, and 4 for everything else (N, IUPAC codes, no call).
"""

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]

BASES = "ACGT"
MISSING = 4
LETTERS = np.frombuffer(b"ACGTN", dtype=np.uint8)


def _encoding_table() -> Codes:
    """Return the code of each byte."""
    table = np.full(256, MISSING, dtype=np.uint8)
    for code, letter in enumerate(BASES):
        table[ord(letter)] = table[ord(letter.lower())] = code
    return table


_ENCODING = _encoding_table()
_COMPLEMENT = bytes.maketrans(b"ACGTRYSWKMBDHVN", b"TGCAYRSWMKVHDBN")


@dataclass(frozen=True)
class AssemblyStatistics:
    """Size and composition of an assembly; `gc_percent` is over unambiguous bases.

    `ambiguous_bp` counts everything but A, C, G and T, `two_base_bp` those of them that are
    codes for two or three bases: IUPAC codes other than N.
    """

    length_bp: int
    contigs: int
    n50_bp: int
    gc_percent: float
    ambiguous_bp: int
    two_base_bp: int


def encode(sequence: bytes) -> Codes:
    """Return the codes of a sequence.

    Examples
    --------
    >>> encode(b"ACGTNa-").tolist()
    [0, 1, 2, 3, 4, 0, 4]
    """
    return _ENCODING[np.frombuffer(sequence, dtype=np.uint8)]


def decode(codes: Codes) -> str:
    """Return the letters of codes.

    Examples
    --------
    >>> decode(encode(b"ACGTR"))
    'ACGTN'
    """
    return LETTERS[codes].tobytes().decode("ascii")


def reverse_complement(codes: Codes) -> Codes:
    """Return the codes of the other strand.

    Examples
    --------
    >>> decode(reverse_complement(encode(b"AACGN")))
    'NCGTT'
    """
    turned = codes[::-1]
    return np.where(turned < MISSING, 3 - turned, MISSING).astype(np.uint8)


def canonical_contigs(contigs: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return contigs in a form that does not depend on their order, strand or case.

    Each contig is upper-case and on the strand that sorts first; contigs are sorted from the
    longest to the shortest, equal lengths by sequence. Calls are made on this form, so that
    they are the same however the file was written.

    Examples
    --------
    >>> canonical_contigs([b"ttg", b"ACGTA"]) == canonical_contigs([b"TACGT", b"CAA"])
    True
    """
    oriented = [min(upper, _other_strand(upper)) for upper in map(bytes.upper, contigs)]
    return tuple(sorted(oriented, key=lambda contig: (-len(contig), contig)))


def canonical_sha256(canonical: Sequence[bytes]) -> str:
    """Return the sha256 of canonical contigs: equal for equal genomes, however written.

    Examples
    --------
    >>> one, two = canonical_contigs([b"AAC", b"GG"]), canonical_contigs([b"cc", b"GTT"])
    >>> canonical_sha256(one) == canonical_sha256(two)
    True
    """
    digest = hashlib.sha256()
    for contig in canonical:
        digest.update(contig)
        digest.update(b"\n")
    return digest.hexdigest()


def statistics(contigs: Sequence[bytes]) -> AssemblyStatistics:
    """Return size and composition of an assembly of at least one base.

    `n50_bp` is the length of the contig that, counted from the longest, reaches half of the
    assembly.

    Examples
    --------
    >>> size = statistics([b"GGCC", b"ATA", b"NTR"])
    >>> size.length_bp, size.contigs, size.n50_bp, size.gc_percent
    (10, 3, 3, 50.0)
    >>> size.ambiguous_bp, size.two_base_bp
    (2, 1)
    """
    counts = np.zeros(MISSING + 1, dtype=np.int64)
    for contig in contigs:
        counts += np.bincount(encode(contig), minlength=MISSING + 1)
    a, c, g, t, ambiguous = (int(count) for count in counts)
    lengths = sorted(map(len, contigs), reverse=True)
    reached = list(accumulate(lengths))
    called = a + c + g + t
    return AssemblyStatistics(
        length_bp=reached[-1],
        contigs=len(contigs),
        n50_bp=lengths[bisect_left(reached, reached[-1] / 2)],
        gc_percent=100 * (g + c) / called if called else 0.0,
        ambiguous_bp=ambiguous,
        two_base_bp=ambiguous - sum(map(_unknown_bases, contigs)),
    )


def _unknown_bases(contig: bytes) -> int:
    """Return how many letters stand for any base."""
    return contig.count(b"N") + contig.count(b"n")


def _other_strand(sequence: bytes) -> bytes:
    """Return the reverse complement of upper-case letters, IUPAC codes included."""
    return sequence.translate(_COMPLEMENT)[::-1]
