"""Calls from alignments: what is read, what is not callable, on which strand."""

import numpy as np
import pytest

from oneclone.aligning import DELETION, INSERTION, MATCH, Alignment
from oneclone.calling import call_bases
from oneclone.intervals import to_flags
from oneclone.model.calls import Calls, ReferenceSequence
from oneclone.model.settings import CallingSettings
from oneclone.sequences import decode, encode, reverse_complement

REFERENCE_LETTERS = b"ACGTACGTACGTTGCATGCATGCAGGCCTTAA"
LENGTH = len(REFERENCE_LETTERS)
REFERENCE = ReferenceSequence(("c",), np.array([0, LENGTH]), encode(REFERENCE_LETTERS))
PLAIN = CallingSettings("asm20", 0, 0, 0, 1, 100)


def alignment(start: int, end: int, cigar, **changes) -> Alignment:
    values = {
        "contig": 0,
        "contig_start": 0,
        "contig_end": sum(length for length, operation in cigar if operation != DELETION),
        "reverse": False,
        "start": start,
        "end": end,
        "mapq": 60,
        "cigar": tuple(cigar),
    }
    return Alignment(**{**values, **changes})


def called(calls: Calls) -> str:
    """Return the calls as letters, '.' where nothing is callable."""
    codes = np.where(to_flags(calls.callable, LENGTH), REFERENCE.codes, 4).astype(np.uint8)
    codes[calls.positions] = calls.bases
    return decode(codes).replace("N", ".")


def whole(contig: bytes, settings: CallingSettings = PLAIN, **changes) -> Calls:
    one = alignment(0, LENGTH, [(LENGTH, MATCH)], **changes)
    return call_bases([one], [contig], REFERENCE, settings)


def test_call_bases_differences_and_nothing_else_are_kept():
    contig = bytearray(REFERENCE_LETTERS)
    contig[5], contig[20] = ord("A"), ord("C")
    calls = whole(bytes(contig))
    assert calls.positions.tolist() == [5, 20]
    assert calls.bases.tolist() == [0, 1]
    assert called(calls) == contig.decode()


def test_call_bases_other_strand_gives_the_same_calls():
    contig = bytearray(REFERENCE_LETTERS)
    contig[7] = ord("A")
    turned = decode(reverse_complement(encode(bytes(contig)))).encode()
    assert called(whole(turned, reverse=True)) == called(whole(bytes(contig)))


@pytest.mark.parametrize("letter", "RYSWKMBDHVN")
def test_call_bases_ambiguous_base_is_not_callable_and_is_kept_as_ambiguous(letter):
    contig = bytearray(REFERENCE_LETTERS)
    contig[9] = ord(letter)
    calls = whole(bytes(contig))
    assert called(calls)[9] == "."
    assert calls.positions.tolist() == []
    assert calls.ambiguous.starts.tolist() == [9]


def test_call_bases_ambiguous_reference_base_is_not_callable():
    letters = REFERENCE_LETTERS[:4] + b"N" + REFERENCE_LETTERS[5:]
    reference = ReferenceSequence(("c",), np.array([0, LENGTH]), encode(letters))
    one = alignment(0, LENGTH, [(LENGTH, MATCH)])
    calls = call_bases([one], [REFERENCE_LETTERS], reference, PLAIN)
    assert calls.callable.total_bp == LENGTH - 1
    assert not to_flags(calls.callable, LENGTH)[4]


def test_call_bases_ends_are_trimmed_on_both_sides():
    calls = whole(REFERENCE_LETTERS, CallingSettings("asm20", 3, 0, 0, 1, 100))
    assert called(calls) == "..." + REFERENCE_LETTERS[3:-3].decode() + "..."


def test_call_bases_deletion_and_its_margin_are_not_callable():
    contig = REFERENCE_LETTERS[:10] + REFERENCE_LETTERS[14:]
    cigar = [(10, MATCH), (4, DELETION), (LENGTH - 14, MATCH)]
    settings = CallingSettings("asm20", 0, 2, 0, 1, 100)
    calls = call_bases([alignment(0, LENGTH, cigar)], [contig], REFERENCE, settings)
    expected = REFERENCE_LETTERS[:8] + b"." * 8 + REFERENCE_LETTERS[16:]
    assert called(calls) == expected.decode()


def test_call_bases_insertion_margin_is_not_callable_and_shifts_nothing():
    contig = bytearray(REFERENCE_LETTERS[:10] + b"GGG" + REFERENCE_LETTERS[10:])
    contig[25] = ord("C") if contig[25] != ord("C") else ord("A")  # reference position 22
    cigar = [(10, MATCH), (3, INSERTION), (LENGTH - 10, MATCH)]
    settings = CallingSettings("asm20", 0, 2, 0, 1, 100)
    calls = call_bases([alignment(0, LENGTH, cigar)], [bytes(contig)], REFERENCE, settings)
    assert calls.positions.tolist() == [22]
    assert called(calls)[8:12] == "...."
    assert calls.callable.total_bp == LENGTH - 4


def test_call_bases_where_two_alignments_overlap_nothing_is_callable():
    one = alignment(0, 20, [(20, MATCH)])
    two = alignment(12, LENGTH, [(20, MATCH)], contig=1)
    contigs = [REFERENCE_LETTERS[:20], REFERENCE_LETTERS[12:]]
    calls = call_bases([one, two], contigs, REFERENCE, PLAIN)
    assert (
        called(calls) == REFERENCE_LETTERS.decode()[:12] + "." * 8 + REFERENCE_LETTERS.decode()[20:]
    )


def test_call_bases_alignment_that_is_not_retained_still_counts_as_overlap():
    poor = alignment(4, 8, [(4, MATCH)], contig=1, mapq=0)
    good = alignment(0, LENGTH, [(LENGTH, MATCH)])
    settings = CallingSettings("asm20", 0, 0, 20, 1, 100)
    calls = call_bases([good, poor], [REFERENCE_LETTERS, b"ACGT"], REFERENCE, settings)
    assert called(calls)[4:8] == "...."
    assert calls.callable.total_bp == LENGTH - 4
    assert len(calls.blocks.starts) == 1


@pytest.mark.parametrize(
    "settings",
    [
        CallingSettings("asm20", 0, 0, 61, 1, 100),
        CallingSettings("asm20", 0, 0, 0, LENGTH + 1, 100),
    ],
)
def test_call_bases_poor_or_short_alignments_are_not_read(settings):
    assert whole(REFERENCE_LETTERS, settings).callable.total_bp == 0


def test_call_bases_no_alignment_calls_nothing():
    calls = call_bases([], [b"ACGT"], REFERENCE, PLAIN)
    assert calls.callable.total_bp == 0
    assert calls.contig_lengths.tolist() == [4]
    assert calls.blocks.starts.tolist() == []
