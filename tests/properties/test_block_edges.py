"""Positions at the edges: of alignments, margins, contigs and 64-bit words; 0-based, half-open."""

import numpy as np
import pytest

from oneclone.aligning import DELETION, INSERTION, MATCH, Alignment
from oneclone.calling import call_bases
from oneclone.distances import Comparison, compare, pack, profile
from oneclone.intervals import empty, to_flags
from oneclone.model.calls import Calls
from oneclone.sequences import decode
from tests.properties.engine import (
    PLAIN,
    calling,
    calls_of_letters,
    letters_of,
    mask_of,
    other_strand,
    random_codes,
    reference_of_letters,
)

LETTERS = decode(random_codes(21, 300))
ONE = reference_of_letters(LETTERS)
TWO = reference_of_letters(LETTERS[:130], LETTERS[130:])  # the second contig begins at 130
TRIM, MARGIN = 20, 5
HOW = calling(end_trim_bp=TRIM, indel_margin_bp=MARGIN, min_mapq=0, min_block_bp=1)


def substituted(letters: str, *positions: int) -> str:
    """Return letters with another base at each position."""
    return "".join(
        "CGTA"["ACGT".index(letter)] if i in positions else letter
        for i, letter in enumerate(letters)
    )


def hit(contig: int, start: int, end: int, cigar=None, *, reverse: bool = False) -> Alignment:
    """Return an alignment of a whole contig to positions `start` to `end`."""
    cigar = tuple(cigar or [(end - start, MATCH)])
    read = sum(length for length, operation in cigar if operation != DELETION)
    return Alignment(contig, 0, read, reverse, start, end, 60, cigar)


def strands(contig: str, start: int, end: int, cigar=None) -> list[Calls]:
    """Return the calls of a contig that lies on the reference's strand, and on the other."""
    return [
        call_bases([hit(0, start, end, cigar, reverse=turned)], [text.encode()], ONE, HOW)
        for turned, text in ((False, contig), (True, other_strand(contig)))
    ]


# --- ends of alignments ------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "end"), [(0, 300), (0, 200), (100, 300), (63, 193)])
@pytest.mark.parametrize(
    ("from_start", "is_called"), [(0, False), (TRIM - 1, False), (TRIM, True), (TRIM + 1, True)]
)
def test_snp_near_the_ends_of_an_alignment(start, end, from_start, is_called):
    for position in (start + from_start, end - 1 - from_start):
        changed = substituted(LETTERS, position)
        for calls in strands(changed[start:end], start, end):
            assert calls.positions.tolist() == ([position] if is_called else [])
            assert calls.callable.starts.tolist() == [start + TRIM]
            assert calls.callable.ends.tolist() == [end - TRIM]


def test_trim_leaves_one_base_or_none():
    assert [c.callable.total_bp for c in strands(LETTERS[:41], 0, 41)] == [1, 1]
    assert [c.callable.total_bp for c in strands(LETTERS[:40], 0, 40)] == [0, 0]


def test_without_trim_the_first_and_the_last_base_are_called():
    changed = substituted(LETTERS, 0, 299)
    calls = call_bases([hit(0, 0, 300)], [changed.encode()], ONE, PLAIN)
    assert calls.positions.tolist() == [0, 299]
    assert calls.callable.total_bp == 300


# --- beside insertions and deletions -----------------------------------------------------------


@pytest.mark.parametrize(
    ("distance", "is_called"),
    [(1, False), (MARGIN - 1, False), (MARGIN, False), (MARGIN + 1, True), (MARGIN + 2, True)],
)
def test_snp_beside_a_deletion_of_100_to_104(distance, is_called):
    """`distance` 1 is the base next to the deleted ones."""
    for position in (100 - distance, 103 + distance):
        changed = substituted(LETTERS, position)
        cigar = [(100, MATCH), (4, DELETION), (196, MATCH)]
        turned = list(reversed(cigar))
        assert sum(length for length, _ in turned) == 300
        for calls in strands(changed[:100] + changed[104:], 0, 300, cigar):
            assert calls.positions.tolist() == ([position] if is_called else [])
            assert calls.callable.starts.tolist() == [TRIM, 104 + MARGIN]
            assert calls.callable.ends.tolist() == [100 - MARGIN, 300 - TRIM]


@pytest.mark.parametrize(
    ("distance", "is_called"),
    [(1, False), (MARGIN - 1, False), (MARGIN, False), (MARGIN + 1, True), (MARGIN + 2, True)],
)
def test_snp_beside_an_insertion_between_99_and_100(distance, is_called):
    """`distance` 1 is the base next to the inserted ones."""
    for position in (100 - distance, 99 + distance):
        changed = substituted(LETTERS, position)
        cigar = [(100, MATCH), (7, INSERTION), (200, MATCH)]
        for calls in strands(changed[:100] + "ACGTACG" + changed[100:], 0, 300, cigar):
            assert calls.positions.tolist() == ([position] if is_called else [])
            assert calls.callable.starts.tolist() == [TRIM, 100 + MARGIN]
            assert calls.callable.ends.tolist() == [100 - MARGIN, 300 - TRIM]


def test_margin_of_zero_takes_only_the_deleted_bases():
    cigar = [(100, MATCH), (4, DELETION), (96, MATCH), (3, INSERTION), (100, MATCH)]
    contig = LETTERS[:100] + LETTERS[104:200] + "AAA" + LETTERS[200:]
    calls = call_bases([hit(0, 0, 300, cigar)], [contig.encode()], ONE, PLAIN)
    assert letters_of(calls, ONE) == LETTERS[:100] + "...." + LETTERS[104:]


# --- alignments side by side -------------------------------------------------------------------


@pytest.mark.parametrize(("overlap", "lost"), [(-1, [100]), (0, []), (1, [99]), (2, [98, 99])])
def test_alignments_that_touch_lose_nothing_and_that_overlap_lose_the_overlap(overlap, lost):
    start = 100 - overlap
    contigs = [LETTERS[:100], LETTERS[start:]]
    for order in ((0, 1), (1, 0)):
        hits = [hit(0, 0, 100), hit(1, start, 300)]
        calls = call_bases(
            [hits[number] for number in order], [c.encode() for c in contigs], ONE, PLAIN
        )
        assert np.flatnonzero(~to_flags(calls.callable, 300)).tolist() == lost
        assert calls.positions.tolist() == []


def test_snps_on_both_sides_of_a_touch_are_called():
    changed = substituted(LETTERS, 99, 100)
    calls = call_bases(
        [hit(0, 0, 100), hit(1, 100, 300)], [changed[:100].encode(), changed[100:].encode()],
        ONE, PLAIN,
    )  # fmt: skip
    assert calls.positions.tolist() == [99, 100]
    assert (calls.callable.starts.tolist(), calls.callable.ends.tolist()) == ([0], [300])


# --- contigs of the reference ------------------------------------------------------------------


def test_snps_at_both_sides_of_a_contig_junction_are_two_contigs():
    changed = substituted(LETTERS, 0, 129, 130, 299)
    calls = calls_of_letters(changed, TWO)
    assert calls.positions.tolist() == [0, 129, 130, 299]
    assert [TWO.locate(p) for p in (0, 129, 130, 299)] == [
        ("contig 0", 0),
        ("contig 0", 129),
        ("contig 1", 0),
        ("contig 1", 169),
    ]


def test_trim_is_that_of_each_contig():
    hits = [hit(0, 0, 130), hit(1, 130, 300)]
    contigs = [LETTERS[:130].encode(), LETTERS[130:].encode()]
    calls = call_bases(hits, contigs, TWO, HOW)
    assert calls.callable.starts.tolist() == [TRIM, 130 + TRIM]
    assert calls.callable.ends.tolist() == [130 - TRIM, 300 - TRIM]


@pytest.mark.parametrize("kind", ["insertion", "deletion"])
@pytest.mark.parametrize("contig", [0, 1])
def test_margin_of_an_indel_ends_with_its_contig(kind, contig):
    """An indel two bases from the end of one contig takes nothing from the other."""
    at = 128 if contig == 0 else 132
    if kind == "insertion":
        indel, inserted, kept = (3, INSERTION), "ACG", at
    else:
        indel, inserted, kept = (1, DELETION), "", at + 1
    start, end = ((0, 130), (130, 300))[contig]
    cigar = [(at - start, MATCH), indel, (end - kept, MATCH)]
    own = LETTERS[start:at] + inserted + LETTERS[kept:end]
    other = ((130, 300), (0, 130))[contig]
    how = calling(end_trim_bp=0, indel_margin_bp=MARGIN, min_mapq=0, min_block_bp=1)
    hits = [hit(0, start, end, cigar), hit(1, *other)]
    calls = call_bases(hits, [own.encode(), LETTERS[slice(*other)].encode()], TWO, how)
    assert to_flags(calls.callable, 300)[slice(*other)].all()
    assert not to_flags(calls.callable, 300)[at - 2 : at + 2][at - start < 2 :].any()


# --- words of 64 bits --------------------------------------------------------------------------

WORD_EDGES = [0, 1, 62, 63, 64, 65, 127, 128, 129]


@pytest.mark.parametrize("length", [1, 63, 64, 65, 127, 128, 129, 130, 191, 192, 193])
def test_pair_with_snps_at_every_edge_of_a_word(length):
    letters = LETTERS[:length]
    reference = reference_of_letters(letters)
    edges = sorted({position for position in (*WORD_EDGES, length - 1) if position < length})
    one = profile(calls_of_letters(letters, reference), empty(), length)
    for position in edges:
        two = profile(calls_of_letters(substituted(letters, position), reference), empty(), length)
        found = compare(one, two)
        assert (found.callable_bp, found.differences.tolist()) == (length, [position])
        assert found.ranks.tolist() == [position]
    all_of_them = calls_of_letters(substituted(letters, *edges), reference)
    assert compare(one, profile(all_of_them, empty(), length)).differences.tolist() == edges


@pytest.mark.parametrize("missing", WORD_EDGES)
def test_pair_base_missing_or_masked_at_the_edge_of_a_word_is_not_compared(missing):
    length = 130
    reference = reference_of_letters(LETTERS[:length])
    whole = calls_of_letters(LETTERS[:length], reference)
    changed = calls_of_letters(substituted(LETTERS[:length], *WORD_EDGES), reference)
    holed = calls_of_letters(LETTERS[:missing] + "N" + LETTERS[missing + 1 : length], reference)
    flags = mask_of([position == missing for position in range(length)])
    expected = [position for position in WORD_EDGES if position != missing]
    for one, mask in ((holed, empty()), (whole, flags)):
        found = compare(profile(one, mask, length), profile(changed, mask, length))
        assert found.callable_bp == length - 1
        assert found.differences.tolist() == expected
        assert found.ranks.tolist() == [p - (p > missing) for p in expected]


@pytest.mark.parametrize("length", [63, 64, 65, 128, 129])
def test_count_between_and_ranks_at_word_edges(length):
    flags = np.random.default_rng(length).random(length) < 0.5
    words = pack(flags)
    assert len(words) == -(-length // 64)
    edges = [position for position in (*WORD_EDGES, length) if position <= length]
    inside = np.array([position for position in edges if position < length])
    found = Comparison(int(flags.sum()), inside, words)
    for start in edges:
        for end in (each for each in edges if each >= start):
            assert found.count_between(start, end) == flags[start:end].sum()
    assert found.ranks.tolist() == [flags[:position].sum() for position in inside]
