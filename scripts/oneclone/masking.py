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
from oneclone.tandem import tandem_repeats

WINDOW_STEPS = 2  # windows overlap by half
MIN_SEEDS = 3  # minimizers that minimap2 needs for an alignment, each a repeated k-mer


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
    contigs = [reference.codes[start:end] for start, end in pairwise(reference.offsets.tolist())]
    # Whatever minimap2 aligns shares a k-mer of its index, and so does a longer exact repeat.
    seeds = _repeated_starts(contigs, min(aligner.k, settings.kmer_bp))
    exact = _spans(
        _repeated_starts(contigs, settings.kmer_bp, seeds), settings.kmer_bp, reference.length_bp
    )
    tandem = tandem_repeats(
        reference.codes, reference.offsets, settings.max_period_bp, settings.min_tandem_score
    )
    return intervals.merged([exact, tandem, _second_copies(reference, aligner, settings, seeds)])


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
    return _spans(_repeated_starts(contigs, k), k, length)


def _spans(starts: Positions, k: int, length: int) -> Intervals:
    """Return the positions of the k-mers with these starts."""
    steps = np.zeros(length + 1, dtype=np.int64)
    np.add.at(steps, starts, 1)
    np.add.at(steps, starts + k, -1)
    return intervals.from_flags(np.cumsum(steps[:-1]) > 0)


def _repeated_starts(contigs: Sequence[Codes], k: int, among: Positions | None = None) -> Positions:
    """Return the starts of all k-mers that occur twice on either strand, sorted.

    With `among` only k-mers that start there are compared: those whose first bases repeat.
    """
    keys: list[NDArray[np.uint64]] = []
    starts: list[Positions] = []
    offset = 0
    for contig in contigs:
        key = np.zeros(max(0, len(contig) - k + 1), dtype=np.uint64)
        known = np.zeros(len(key), dtype=bool)
        _write_kmers(contig, k, key, known)
        start = np.flatnonzero(known)
        keys.append(key[start])
        starts.append(start + offset)
        offset += len(contig)
    all_keys, all_starts = np.concatenate(keys), np.concatenate(starts)
    if among is not None:
        wanted = np.zeros(offset, dtype=bool)
        wanted[among] = True
        chosen = wanted[all_starts]
        all_keys, all_starts = all_keys[chosen], all_starts[chosen]
    order = np.argsort(all_keys)
    same = all_keys[order][1:] == all_keys[order][:-1]
    return np.sort(all_starts[np.union1d(order[1:][same], order[:-1][same])])


@njit(cache=True)
def _write_kmers(contig: Codes, k: int, keys: NDArray[np.uint64], known: NDArray[np.bool_]) -> None:
    """Write each k-mer as a number, the lesser of both strands, and whether it is unambiguous."""
    two, three = np.uint64(2), np.uint64(3)
    last = two * np.uint64(k - 1)
    cut = (np.uint64(1) << (two * np.uint64(k))) - np.uint64(1)
    forward = backward = np.uint64(0)
    clean = 0
    for place in range(len(contig)):
        base = np.uint64(contig[place]) & three
        forward = ((forward << two) | base) & cut
        backward = (backward >> two) | ((three - base) << last)
        clean = clean + 1 if contig[place] < MISSING else 0
        if place >= k - 1:
            keys[place - k + 1] = min(forward, backward)
            known[place - k + 1] = clean >= k


def _second_copies(
    reference: ReferenceSequence,
    aligner: mappy.Aligner,
    settings: RepeatSettings,
    seeds: Positions,
) -> Intervals:
    """Return the windows' parts that align to a second place, and those places.

    `seeds` are sorted starts of repeated k-mers: windows with too few have no second copy.
    """
    offset_of = {
        reference_index_name(number): int(offset)
        for number, offset in enumerate(reference.offsets[:-1])
    }
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _windows(reference, settings.window_bp):
        if np.searchsorted(seeds, end) - np.searchsorted(seeds, start) < MIN_SEEDS:
            continue
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
