"""Find repeats on a reference itself: positions at which an assembly cannot be trusted.

Three ways, joined: sequences of k bases that occur twice or more on either strand (exact repeats),
windows of the reference that align to a second place on it (diverged repeats), and stretches that
equal themselves when shifted by a short period (tandem repeats, degenerate ones too). A collapsed
repeat in a draft assembly, or a tandem repeat of another length, otherwise gives false differences.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import mappy
import numpy as np
from numba import njit
from numpy.typing import NDArray

from oneclone import intervals
from oneclone.aligning import reference_index_name
from oneclone.model.calls import Intervals, Positions, ReferenceSequence
from oneclone.model.settings import RepeatSettings
from oneclone.sequences import MISSING, Codes, decode

WINDOW_STEPS = 2  # windows overlap by half
TANDEM_MISMATCH = 2  # score of a mismatch against 1 of a match: two thirds must match on average
TANDEM_DROP = 20  # a stretch ends where its score has fallen this far below its best


def find_repeats(
    reference: ReferenceSequence, aligner: mappy.Aligner, settings: RepeatSettings
) -> Intervals:
    """Return the repeats of a reference.

    Parameters
    ----------
    reference
        The reference.
    aligner
        Index of the same reference, opened with `all_chains`: a diverged copy scores far less
        than the window's own place.
    settings
        k-mer length, window length, least identity of a second copy, greatest period and least
        score of a tandem repeat.

    Returns
    -------
    Intervals
        On the concatenated reference.
    """
    bounds = list(zip(reference.offsets[:-1], reference.offsets[1:], strict=True))
    exact = repeated_kmers([reference.codes[start:end] for start, end in bounds], settings.kmer_bp)
    tandem = tandem_repeats(
        reference.codes, reference.offsets, settings.max_period_bp, settings.min_tandem_score
    )
    return intervals.merged([exact, tandem, _second_copies(reference, aligner, settings)])


def repeated_kmers(contigs: Sequence[Codes], k: int) -> Intervals:
    """Return the positions inside any sequence of k bases that occurs twice on either strand.

    Parameters
    ----------
    contigs
        Codes of the contigs; positions run on from one to the next.
    k
        At most 31.

    Examples
    --------
    >>> from oneclone.sequences import encode
    >>> found = repeated_kmers([encode(b"ACGGATTTT"), encode(b"TTATCCGAA")], 5)
    >>> found.starts.tolist(), found.ends.tolist()
    ([1, 11], [6, 16])
    """
    length = sum(map(len, contigs))
    keys: list[NDArray[np.uint64]] = []
    starts: list[NDArray[np.int64]] = []
    offset = 0
    for contig in contigs:
        key, start = _canonical_kmers(contig, k)
        keys.append(key)
        starts.append(start + offset)
        offset += len(contig)
    all_keys, all_starts = np.concatenate(keys), np.concatenate(starts)
    order = np.argsort(all_keys, kind="stable")
    same = all_keys[order][1:] == all_keys[order][:-1]
    repeated = np.unique(np.concatenate((order[1:][same], order[:-1][same])))
    steps = np.zeros(length + 1, dtype=np.int64)
    np.add.at(steps, all_starts[repeated], 1)
    np.add.at(steps, all_starts[repeated] + k, -1)
    return intervals.from_flags(np.cumsum(steps[:-1]) > 0)


def tandem_repeats(
    codes: Codes, offsets: Positions, max_period_bp: int, min_score: int
) -> Intervals:
    """Return the stretches that resemble themselves when shifted by a short period.

    For each period p the bases at i and i + p are compared: a match scores 1, a mismatch -2. A
    stretch from its first base to p bases behind its last match is a tandem repeat when its
    score, the best of any stretch there, reaches `min_score`.

    Parameters
    ----------
    codes
        Codes of the concatenated contigs.
    offsets
        Starts of the contigs and the whole length: no repeat spans two contigs.
    max_period_bp
        Greatest period.
    min_score
        Matches less twice the mismatches that a repeat needs. On 5 Mb of random sequence a
        score of 24 at any of 200 periods is expected less than once in a thousand genomes.

    Examples
    --------
    >>> from oneclone.sequences import encode
    >>> codes = encode(b"TTCAG" + b"GACGCT" * 5 + b"ATTGC")
    >>> found = tandem_repeats(codes, np.array([0, 40]), 10, 20)
    >>> found.starts.tolist(), found.ends.tolist()
    ([5], [35])
    """
    steps = np.zeros(len(codes) + 1, dtype=np.int32)
    for start, end in pairwise(offsets.tolist()):
        _mark_tandem(codes[start:end], max_period_bp, min_score, steps[start : end + 1])
    return intervals.from_flags(np.cumsum(steps[:-1]) > 0)


@njit(cache=True)
def _mark_tandem(
    codes: Codes, max_period_bp: int, min_score: int, steps: NDArray[np.int32]
) -> None:
    """Add 1 at the start and -1 at the end of every tandem repeat of one contig."""
    for period in range(1, min(max_period_bp, len(codes) - 1) + 1):
        score = best = start = best_end = 0
        for i in range(len(codes) - period + 1):
            if i < len(codes) - period:
                same = codes[i] == codes[i + period] and codes[i] < MISSING
                if score == 0:
                    start = i
                score += 1 if same else -TANDEM_MISMATCH
                if score > best:
                    best, best_end = score, i + period + 1
            is_over = score <= 0 or best - score > TANDEM_DROP or i == len(codes) - period
            if is_over:
                if best >= min_score:
                    steps[start] += 1
                    steps[best_end] -= 1
                score = best = 0


def _canonical_kmers(contig: Codes, k: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return each unambiguous k-mer as a number, the lesser of both strands, and its start."""
    count = len(contig) - k + 1
    if count < 1:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    forward = np.zeros(count, dtype=np.uint64)
    backward = np.zeros(count, dtype=np.uint64)
    for place in range(k):
        base = contig[place : place + count].astype(np.uint64) & np.uint64(3)
        forward = (forward << np.uint64(2)) | base
        backward |= (np.uint64(3) - base) << np.uint64(2 * place)
    ambiguous = np.concatenate(([0], np.cumsum(contig == MISSING)))
    start = np.flatnonzero(ambiguous[k:] == ambiguous[:-k])
    return np.minimum(forward, backward)[start], start


def _second_copies(
    reference: ReferenceSequence, aligner: mappy.Aligner, settings: RepeatSettings
) -> Intervals:
    """Return the windows' parts that align to a second place, and those places."""
    offset_of = {
        reference_index_name(number): int(offset)
        for number, offset in enumerate(reference.offsets[:-1])
    }
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _windows(reference, settings.window_bp):
        for hit in aligner.map(decode(reference.codes[start:end])):
            there = offset_of[hit.ctg] + hit.r_st
            here = start + hit.q_st
            is_itself = hit.strand > 0 and there == here
            if not is_itself and 100 * hit.mlen / hit.blen >= settings.min_identity_percent:
                starts += [there, here]
                ends += [offset_of[hit.ctg] + hit.r_en, start + hit.q_en]
    return intervals.merged(
        [Intervals(np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64))]
    )


def _windows(reference: ReferenceSequence, window_bp: int) -> Iterator[tuple[int, int]]:
    """Give half-overlapping windows, none over a contig's end."""
    bounds = zip(reference.offsets[:-1], reference.offsets[1:], strict=True)
    for contig_start, contig_end in bounds:
        for start in range(int(contig_start), int(contig_end), window_bp // WINDOW_STEPS):
            yield start, min(start + window_bp, int(contig_end))
