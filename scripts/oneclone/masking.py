"""Find repeats on a reference itself: positions at which an assembly cannot be trusted.

Two ways, joined: sequences of k bases that occur twice or more on either strand (exact repeats,
tandem repeats among them), and windows of the reference that align to a second place on it
(diverged repeats). A collapsed repeat in a draft assembly otherwise gives false differences.
"""

from collections.abc import Iterator, Sequence

import mappy
import numpy as np
from numpy.typing import NDArray

from oneclone import intervals
from oneclone.aligning import reference_index_name
from oneclone.model.calls import Intervals, ReferenceSequence
from oneclone.model.settings import RepeatSettings
from oneclone.sequences import MISSING, Codes, decode

WINDOW_STEPS = 2  # windows overlap by half


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
        k-mer length, window length and least identity of a second copy.

    Returns
    -------
    Intervals
        On the concatenated reference.
    """
    bounds = list(zip(reference.offsets[:-1], reference.offsets[1:], strict=True))
    exact = repeated_kmers([reference.codes[start:end] for start, end in bounds], settings.kmer_bp)
    return intervals.merged([exact, _second_copies(reference, aligner, settings)])


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
