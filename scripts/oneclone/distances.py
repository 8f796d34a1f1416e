"""Count the differing and the compared sites of a pair of isolates on one reference.

A site counts only where both isolates are callable, so a poorly covered isolate shows few
callable bases instead of a small distance, and no third isolate enters the count.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numba import njit
from numpy.typing import NDArray

from oneclone import intervals
from oneclone.model.calls import Calls, Intervals, Positions
from oneclone.sequences import Codes

WORD_BITS = 64
SHORT_INDEL_BP = 2  # what polishing leaves behind: 727 of 729 in a poor long-read assembly

Words = NDArray[np.uint64]


@dataclass(frozen=True)
class Profile:
    """Calls in the form in which pairs are counted: callable bits and differing bases.

    `short_indels` are the positions of insertions and deletions of at most two bases.
    """

    words: Words
    positions: Positions
    bases: Codes
    short_indels: Positions = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class Comparison:
    """What two isolates show on the sites that both have called.

    `differences` are sorted positions on the concatenated reference. `ranks` gives for each the
    number of compared sites before it: its place on the callable genome of the pair.
    """

    callable_bp: int
    differences: Positions
    words: Words

    @cached_property
    def ranks(self) -> Positions:
        """Place of each difference on the pair's callable genome, 0-based."""
        return self._rank(self.differences)

    def count_between(self, start: int, end: int) -> int:
        """Return how many compared sites lie from `start` to `end`, half-open.

        Examples
        --------
        >>> every = pack(np.ones(200, dtype=bool))
        >>> Comparison(200, np.zeros(0, np.int64), every).count_between(10, 190)
        180
        """
        first, last = self._rank(np.array([start, end]))
        return int(last - first)

    def _rank(self, positions: Positions) -> Positions:
        """Return how many compared sites come before each position."""
        word, bit = positions // WORD_BITS, (positions % WORD_BITS).astype(np.uint64)
        below = self._ended[word] & ((np.uint64(1) << bit) - np.uint64(1))
        return self._before[word] + np.bitwise_count(below)

    @cached_property
    def _ended(self) -> Words:
        """The words and an empty one, for the place behind the last base."""
        return np.append(self.words, np.uint64(0))

    @cached_property
    def _before(self) -> Positions:
        """Number of compared sites before each word, and in all."""
        return np.concatenate(([0], np.cumsum(np.bitwise_count(self.words), dtype=np.int64)))


def profile(calls: Calls, mask: Intervals, length: int) -> Profile:
    """Return the profile of an isolate with the masked positions taken out.

    Parameters
    ----------
    calls
        Calls on the reference.
    mask
        Positions of the reference that count for no isolate.
    length
        Length of the reference.
    """
    words = pack_intervals(calls.callable, length) & ~pack_intervals(mask, length)
    kept = _is_set(words, calls.positions)
    short = np.abs(calls.indel_sizes) <= SHORT_INDEL_BP
    return Profile(
        words=words,
        positions=calls.positions[kept],
        bases=calls.bases[kept],
        short_indels=np.unique(calls.indels[short]),
    )


def without_mask(calls: Calls, mask: Intervals, length: int) -> Calls:
    """Return calls with the masked positions taken out of what is callable.

    Parameters
    ----------
    calls
        Calls on the reference.
    mask
        Positions of the reference that count for no isolate.
    length
        Length of the reference.
    """
    flags = intervals.to_flags(calls.callable, length)
    flags[intervals.to_flags(mask, length)] = False
    kept = flags[calls.positions]
    return replace(
        calls,
        callable=intervals.from_flags(flags),
        positions=calls.positions[kept],
        bases=calls.bases[kept],
    )


def pack(flags: NDArray[np.bool_]) -> Words:
    """Return flags as bits of 64-bit words, position 0 in the lowest bit of the first word.

    Examples
    --------
    >>> pack(np.array([1, 0, 1], dtype=bool)).tolist()
    [5]
    """
    padded = np.zeros(-(-len(flags) // WORD_BITS) * WORD_BITS, dtype=bool)
    padded[: len(flags)] = flags
    return np.packbits(padded, bitorder="little").view(np.uint64)


def pack_intervals(where: Intervals, length: int) -> Words:
    """Return intervals as bits, as `pack` does with flags.

    Examples
    --------
    >>> pack_intervals(Intervals(np.array([0, 2]), np.array([1, 4])), 70).tolist()
    [13, 0]
    """
    words = np.zeros(-(-length // WORD_BITS), dtype=np.uint64)
    _set_intervals(words, where.starts, where.ends)
    return words


def _is_set(words: Words, positions: Positions) -> NDArray[np.bool_]:
    """Tell for each position whether its bit is set."""
    word, bit = positions // WORD_BITS, (positions % WORD_BITS).astype(np.uint64)
    return (words[word] >> bit & np.uint64(1)) > 0


def compare(first: Profile, second: Profile) -> Comparison:
    """Compare two isolates on one reference.

    Examples
    --------
    >>> one = Profile(pack(np.ones(8, dtype=bool)), np.array([1, 4]), np.array([2, 3], np.uint8))
    >>> seven = np.array([1, 1, 1, 1, 1, 1, 1, 0], dtype=bool)
    >>> two = Profile(pack(seven), np.array([4, 6]), np.array([3, 0], np.uint8))
    >>> found = compare(one, two)
    >>> found.callable_bp, found.differences.tolist()
    (7, [1, 6])
    """
    words = first.words & second.words
    differences = differing_sites(
        first.positions, first.bases, second.positions, second.bases, words
    )
    return Comparison(int(np.bitwise_count(words).sum()), differences, words)


def private_indels(one: Profile, other: Profile) -> int:
    """Return how many short indels one isolate has at bases that are callable in the other.

    A base that is callable lies beside no indel, so the other isolate does not share them.
    """
    return int(_is_set(other.words, one.short_indels).sum())


@njit(cache=True)
def _set_intervals(words: Words, starts: Positions, ends: Positions) -> None:
    """Set the bits of half-open intervals."""
    full = ~np.uint64(0)
    for start, end in zip(starts, ends):  # noqa: B905 (numba knows no strict)
        first, last = start >> 6, (end - 1) >> 6
        from_start = full << np.uint64(start & 63)
        to_end = full >> np.uint64(63 - (end - 1 & 63))
        if end <= start:
            continue
        if first == last:
            words[first] |= from_start & to_end
            continue
        words[first] |= from_start
        words[first + 1 : last] = full
        words[last] |= to_end


@njit(cache=True, nogil=True)
def differing_sites(
    first_positions: Positions,
    first_bases: Codes,
    second_positions: Positions,
    second_bases: Codes,
    words: Words,
) -> Positions:
    """Merge two sorted lists of differences from the reference; keep what differs in the pair.

    Parameters
    ----------
    first_positions, first_bases, second_positions, second_bases
        Differences of two isolates from the reference.
    words
        Positions that both have called, packed.
    """
    found = np.empty(len(first_positions) + len(second_positions), dtype=np.int64)
    count = i = j = 0
    while i < len(first_positions) or j < len(second_positions):
        if j == len(second_positions):
            position, differs = first_positions[i], True
            i += 1
        elif i == len(first_positions):
            position, differs = second_positions[j], True
            j += 1
        elif first_positions[i] < second_positions[j]:
            position, differs = first_positions[i], True
            i += 1
        elif first_positions[i] > second_positions[j]:
            position, differs = second_positions[j], True
            j += 1
        else:
            position, differs = first_positions[i], first_bases[i] != second_bases[j]
            i += 1
            j += 1
        bit = words[position >> 6] >> np.uint64(position & 63)
        if differs and bit & np.uint64(1):
            found[count] = position
            count += 1
    return found[:count]


@njit(cache=True, nogil=True)
def set_bits(word: np.uint64) -> int:
    """Return how many bits of a word are set, by sideways addition."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    pairs = np.uint64(0x3333333333333333)
    word = (word & pairs) + ((word >> np.uint64(2)) & pairs)
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((word * np.uint64(0x0101010101010101)) >> np.uint64(56))
