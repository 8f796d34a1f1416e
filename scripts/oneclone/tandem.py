"""Find tandem repeats, degenerate ones too: stretches that equal themselves when shifted.

For each period p the bases at i and i + p are compared. Eight equal ones in a row are a seed,
which is extended both ways while a match scores 1 and a mismatch -2, until the score has fallen
20 below its best. Bases are held as bits, 64 to a word, so that 200 periods of a 5-Mb genome are
searched in a fraction of a second.
"""

from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import NDArray

from oneclone import intervals
from oneclone.distances import WORD_BITS, Words, pack, set_bits
from oneclone.model.calls import Intervals, Positions
from oneclone.sequences import MISSING, Codes

SEED_BP = 8
MISMATCH = 2  # against 1 of a match: two thirds must match on average
DROP = 20


def tandem_repeats(
    codes: Codes, offsets: Positions, max_period_bp: int, min_score: int
) -> Intervals:
    """Return the stretches that resemble themselves when shifted by a short period.

    Parameters
    ----------
    codes
        Codes of the concatenated contigs.
    offsets
        Starts of the contigs and the whole length: no repeat spans two contigs.
    max_period_bp
        Greatest period; 0 finds nothing.
    min_score
        Matches less twice the mismatches that a repeat needs, its first copy compared with the
        rest. None of 5 Mb of random sequence scores 20 at any of 300 periods.

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
        contig = codes[start:end]
        planes = np.stack(
            [_padded(contig & 1 > 0), _padded(contig & 2 > 0), _padded(contig < MISSING)]
        )
        _mark(contig, planes, max_period_bp, min_score, steps[start : end + 1])
    return intervals.from_flags(np.cumsum(steps[:-1]) > 0)


def _padded(flags: NDArray[np.bool_]) -> Words:
    """Return packed flags with two empty words behind, so that a shift never reads beyond."""
    return np.concatenate((pack(flags), np.zeros(2, dtype=np.uint64)))


@njit(cache=True)
def _mark(
    codes: Codes, planes: Words, max_period_bp: int, min_score: int, steps: NDArray[np.int32]
) -> None:
    """Add 1 at the start and -1 at the end of every tandem repeat of one contig."""
    one = np.uint64(1)
    for period in range(1, min(max_period_bp, len(codes) - 1) + 1):
        done = 0
        equal = _equal_bits(planes, 0, period)
        for word in range(len(planes[0]) - 2):
            following = _equal_bits(planes, word + 1, period)
            seeds = equal
            for shift in range(1, SEED_BP):
                left = np.uint64(WORD_BITS - shift)
                seeds &= (equal >> np.uint64(shift)) | (following << left)
            while seeds:
                lowest = seeds & (~seeds + one)
                seeds ^= lowest
                start = word * WORD_BITS + set_bits(lowest - one)
                if start >= done:
                    first, last, score = _extend(codes, start, period)
                    done = last
                    if score >= min_score:
                        steps[first] += 1
                        steps[last + period] -= 1
            equal = following


@njit(cache=True)
def _equal_bits(planes: Words, word: int, period: int) -> np.uint64:
    """Return for 64 positions whether the unambiguous base equals that one period on."""
    away, shift = word + period // WORD_BITS, np.uint64(period % WORD_BITS)
    last = len(planes[0]) - 1
    equal = planes[2, word]
    for plane in range(3):
        shifted = planes[plane, away] if away <= last else np.uint64(0)
        if shift:
            above = planes[plane, away + 1] if away < last else np.uint64(0)
            shifted = (shifted >> shift) | (above << (np.uint64(WORD_BITS) - shift))
        equal &= shifted if plane == 2 else ~(planes[plane, word] ^ shifted)
    return equal


@njit(cache=True)
def _extend(codes: Codes, seed: int, period: int) -> tuple[int, int, int]:
    """Return first and last (exclusive) compared position and score of the stretch of a seed."""
    first, last = seed, seed + SEED_BP
    left = right = score = 0
    place = seed - 1
    while place >= 0 and left - score <= DROP:
        same = codes[place] == codes[place + period] and codes[place] < MISSING
        score += 1 if same else -MISMATCH
        if score > left:
            left, first = score, place
        place -= 1
    score, place = 0, seed + SEED_BP
    while place + period < len(codes) and right - score <= DROP:
        same = codes[place] == codes[place + period] and codes[place] < MISSING
        score += 1 if same else -MISMATCH
        if score > right:
            right, last = score, place + 1
        place += 1
    return first, last, SEED_BP + left + right
