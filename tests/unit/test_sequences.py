"""Canonical forms and statistics of sequences."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from oneclone.sequences import (
    canonical_contigs,
    canonical_sha256,
    decode,
    encode,
    reverse_complement,
    statistics,
)

CONTIGS = st.lists(st.text("ACGTNRY", min_size=1, max_size=30), min_size=1, max_size=6)
COMPLEMENT = str.maketrans("ACGTNRY", "TGCANYR")


def other_strand(contig: str) -> str:
    return contig.translate(COMPLEMENT)[::-1]


@given(CONTIGS, st.randoms(use_true_random=False), st.data())
def test_canonical_contigs_order_strand_and_case_do_not_matter(contigs, random, data):
    written = [other_strand(contig) if data.draw(st.booleans()) else contig for contig in contigs]
    written = [c.lower() if data.draw(st.booleans()) else c for c in written]
    random.shuffle(written)
    one = canonical_contigs([contig.encode() for contig in contigs])
    two = canonical_contigs([contig.encode() for contig in written])
    assert one == two
    assert canonical_sha256(one) == canonical_sha256(two)


def test_canonical_sha256_one_base_or_one_split_changes_it():
    whole = canonical_sha256(canonical_contigs([b"ACGTTT"]))
    assert canonical_sha256(canonical_contigs([b"ACGTTA"])) != whole
    assert canonical_sha256(canonical_contigs([b"ACG", b"TTT"])) != whole


@given(st.text("ACGTN", max_size=50))
def test_reverse_complement_twice_is_the_sequence(sequence):
    codes = encode(sequence.encode()) if sequence else np.zeros(0, dtype=np.uint8)
    assert decode(reverse_complement(reverse_complement(codes))) == sequence


def test_encode_all_fifteen_iupac_codes_only_four_are_bases():
    codes = encode(b"ACGTRYSWKMBDHVN")
    assert codes.tolist() == [0, 1, 2, 3] + [4] * 11


def test_statistics_counts_what_is_there():
    found = statistics([b"GC" * 50, b"A" * 60, b"TN" * 20])
    assert (found.length_bp, found.contigs, found.n50_bp) == (200, 3, 100)
    assert found.ambiguous_bp == 20
    assert found.gc_percent == 100 * 100 / 180


def test_statistics_assembly_of_n_only_has_no_gc():
    assert statistics([b"NNNN"]).gc_percent == 0
