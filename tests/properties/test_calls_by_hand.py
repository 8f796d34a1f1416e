"""Calls against a slow reading of every position, on random alignments."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from oneclone.calling import call_bases
from oneclone.distances import compare, profile
from oneclone.intervals import to_flags
from oneclone.model.settings import CallingSettings
from tests.properties.engine import (
    calling,
    letters_of,
    mask_of,
    reference_of_letters,
)
from tests.properties.slow_engine import is_good, slow_ambiguous, slow_calls, slow_pair
from tests.properties.strategies import Aligned, aligned

SETTINGS = st.builds(
    lambda trim, margin, mapq, block: calling(
        end_trim_bp=trim, indel_margin_bp=margin, min_mapq=mapq, min_block_bp=block
    ),
    st.integers(0, 4),
    st.integers(0, 6),
    st.sampled_from([0, 20]),
    st.sampled_from([1, 1, 10]),
)


def fast(case: Aligned, how: CallingSettings):
    reference = reference_of_letters(*case.reference)
    contigs = [contig.encode() for contig in case.contigs]
    return call_bases(case.alignments, contigs, reference, how), reference


def by_hand(case: Aligned, how: CallingSettings) -> list[str]:
    return slow_calls(case.alignments, case.contigs, case.reference, how)


@settings(max_examples=300)
@given(aligned(), SETTINGS)
def test_call_bases_every_position_is_what_a_slow_reading_finds(case: Aligned, how):
    calls, reference = fast(case, how)
    assert letters_of(calls, reference) == "".join(by_hand(case, how))
    differing = to_flags(calls.callable, reference.length_bp)[calls.positions]
    assert differing.all()
    assert (calls.bases != reference.codes[calls.positions]).all()
    assert calls.positions.tolist() == sorted(set(calls.positions.tolist()))
    assert calls.contig_lengths.tolist() == [len(contig) for contig in case.contigs]


@settings(max_examples=100)
@given(aligned(), SETTINGS)
def test_call_bases_ambiguous_positions_are_those_read_as_ambiguous(case: Aligned, how):
    """Where two alignments overlap nothing is said of ambiguity: nothing is callable there."""
    calls, reference = fast(case, how)
    length = reference.length_bp
    depth = Counter(p for each in case.alignments for p in range(each.start, each.end))
    expected = {
        position
        for each in case.alignments
        if is_good(each, how)
        for position in slow_ambiguous(each, case.contigs[each.contig], length, how)
        if depth[position] == 1
    }
    found = to_flags(calls.ambiguous, length)
    assert {p for p in range(length) if found[p] and depth[p] == 1} == expected


@settings(max_examples=100)
@given(aligned(), SETTINGS, st.randoms(use_true_random=False))
def test_call_bases_order_of_alignments_does_not_matter(case: Aligned, how, random):
    """Where two overlap, too: neither is believed."""
    shuffled = list(case.alignments)
    random.shuffle(shuffled)
    one, reference = fast(case, how)
    two, _ = fast(Aligned(case.reference, case.contigs, tuple(shuffled)), how)
    assert letters_of(one, reference) == letters_of(two, reference)
    assert one.blocks.starts.tolist() == two.blocks.starts.tolist()
    assert one.blocks.contig.tolist() == two.blocks.contig.tolist()


@settings(max_examples=100)
@given(aligned(), SETTINGS)
def test_call_bases_blocks_are_the_good_alignments_by_place(case: Aligned, how):
    calls, _ = fast(case, how)
    blocks = calls.blocks
    found = zip(
        blocks.starts, blocks.ends, blocks.contig, blocks.contig_starts, blocks.contig_ends,
        blocks.reverse, strict=True,
    )  # fmt: skip
    good = [each for each in case.alignments if is_good(each, how)]
    assert list(found) == sorted(
        (each.start, each.end, each.contig, each.contig_start, each.contig_end, each.reverse)
        for each in good
    )


@settings(max_examples=100)
@given(st.data(), SETTINGS)
def test_pair_of_two_alignments_is_counted_as_by_hand(data, how):
    """From cigars to the distance of a pair, all of it against the slow reading."""
    one = data.draw(aligned())
    two = data.draw(aligned(on=one.reference))
    length = sum(map(len, one.reference))
    masked = data.draw(st.lists(st.booleans(), min_size=length, max_size=length))
    found = compare(
        profile(fast(one, how)[0], mask_of(masked), length),
        profile(fast(two, how)[0], mask_of(masked), length),
    )
    compared, differences = slow_pair(by_hand(one, how), by_hand(two, how), masked)
    assert found.callable_bp == len(compared)
    assert found.differences.tolist() == differences
    assert found.ranks.tolist() == [compared.index(position) for position in differences]
