"""Repeats, core sites and removed stretches against a slow search on letters."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from oneclone.core import build_core
from oneclone.distances import Comparison, compare, profile
from oneclone.intervals import empty, to_flags
from oneclone.masking import repeated_kmers
from oneclone.model.calls import ReferenceSequence
from oneclone.recombination import Windows, count_windows, find_stretches, rate_bound
from oneclone.sequences import decode, encode
from tests.properties.engine import (
    calls_of_letters,
    default_settings,
    mask_of,
    other_strand,
    random_codes,
    reference_of_letters,
)
from tests.properties.slow_engine import slow_core, slow_pair, slow_repeats
from tests.properties.slow_filter import slow_free_windows, slow_stretches, slow_upper_limit

RECOMBINATION = default_settings().recombination

# --- repeats -----------------------------------------------------------------------------------


@st.composite
def contigs_with_repeats(draw) -> list[str]:
    """Give contigs that hold some elements more than once, on either strand."""
    elements = draw(st.lists(st.text("ACGTN", min_size=1, max_size=12), min_size=1, max_size=4))
    turned = [other_strand(element) for element in elements]
    parts = st.lists(st.sampled_from(elements + turned), min_size=1, max_size=8).map("".join)
    return draw(st.lists(parts, min_size=1, max_size=3))


@settings(max_examples=300)
@given(contigs_with_repeats(), st.integers(2, 9))
@example(["ACGTACGT"], 4)  # palindromes
@example(["AAAA", "TTTT"], 4)
@example(["ACGGT", "AC"], 3)  # a contig shorter than k
def test_repeated_kmers_are_those_of_a_dictionary(contigs, k):
    found = repeated_kmers([encode(contig.encode()) for contig in contigs], k)
    assert to_flags(found, sum(map(len, contigs))).tolist() == slow_repeats(contigs, k)


@pytest.mark.parametrize("k", [15, 21, 25, 31])
def test_repeated_kmers_copies_of_exactly_k_and_one_base_less(k):
    unit, filler = decode(random_codes(1, k)), decode(random_codes(2, 400))
    for copy in (unit, other_strand(unit)):
        for length in (k, k - 1):
            contigs = [filler[:70] + unit[:length] + filler[70:200], filler[200:] + copy]
            if length < k and copy != unit:
                contigs[1] = filler[200:] + copy[1:]
            elif length < k:
                contigs[1] = filler[200:] + copy[:-1]
            found = repeated_kmers([encode(contig.encode()) for contig in contigs], k)
            assert to_flags(found, sum(map(len, contigs))).tolist() == slow_repeats(contigs, k)
            assert found.total_bp == (2 * k if length == k else 0)


# --- core --------------------------------------------------------------------------------------


@st.composite
def cohorts(draw) -> tuple[list[str], list[str], list[bool]]:
    """Give the contigs of a reference, rows of calls on it, and a mask."""
    contigs = draw(st.lists(st.text("ACGTACGTN", min_size=1, max_size=12), min_size=1, max_size=3))
    length = sum(map(len, contigs))
    letter = st.sampled_from([None, None, None, *"ACGTN"])
    changes = draw(
        st.lists(st.lists(letter, min_size=length, max_size=length), min_size=1, max_size=7)
    )
    whole = "".join(contigs)
    rows = ["".join(n or o for n, o in zip(row, whole, strict=True)) for row in changes]
    return contigs, rows, draw(st.lists(st.booleans(), min_size=length, max_size=length))


@settings(max_examples=150)
@given(cohorts(), st.sampled_from([0, 20, 50, 66.7, 80, 95, 99.9, 100]))
def test_build_core_sites_and_counts_are_those_of_a_slow_look_at_every_column(cohort, percent):
    contigs, rows, masked = cohort
    reference = reference_of_letters(*contigs)
    calls = {f"t{number}": calls_of_letters(row, reference) for number, row in enumerate(rows)}
    core = build_core(list(calls), calls, reference, mask_of(masked), percent)
    whole = "".join(contigs)
    called = [
        ["." if "N" in (base, own) else base for base, own in zip(row, whole, strict=True)]
        for row in rows
    ]
    variable, constant, strict = slow_core(called, masked, percent)
    assert core.positions.tolist() == variable
    assert core.constant == tuple(constant.count(base) for base in "ACGT")
    assert core.strict_constant == tuple(strict.count(base) for base in "ACGT")
    assert core.core_bp == len(variable) + len(constant)
    for row, codes in zip(called, core.codes, strict=True):
        assert decode(codes).replace("N", ".") == "".join(row[site] for site in variable)


# --- removed stretches -------------------------------------------------------------------------

GENOME_BP = 24_000
GENOME = decode(random_codes(31, GENOME_BP))
TURN = str.maketrans("ACGT", "CATG")


@st.composite
def divergent_pairs(draw) -> tuple[ReferenceSequence, Comparison, list[int], list[int]]:
    """Give a pair with scattered and dense differences, uncalled stretches and 1 to 3 contigs."""
    place = st.integers(0, GENOME_BP - 1)
    cuts = sorted(set(draw(st.lists(st.integers(1, GENOME_BP - 1), max_size=2))))
    bounds = [0, *cuts, GENOME_BP]
    differing = set(draw(st.lists(place, max_size=6)))
    for _ in range(draw(st.integers(0, 4))):
        start, step = draw(place), draw(st.integers(1, 150))
        steps = draw(st.lists(st.integers(1, step), min_size=4, max_size=14))
        differing |= set((start + np.cumsum(steps)).tolist())
    gaps = draw(st.lists(st.tuples(place, st.integers(1, 3000)), max_size=3))
    letters = list(GENOME)
    for position in differing:
        if position < GENOME_BP:
            letters[position] = letters[position].translate(TURN)
    one = list(GENOME)
    for start, length in gaps:
        for position in range(start, min(start + length, GENOME_BP)):
            one[position] = "N"
    contigs = [GENOME[s:e] for s, e in itertools.pairwise(bounds)]
    reference = reference_of_letters(*contigs)
    calls = [calls_of_letters("".join(row), reference) for row in (one, letters)]
    found = compare(*(profile(each, empty(), GENOME_BP) for each in calls))
    masked = [False] * GENOME_BP
    compared, differences = slow_pair("".join(one).replace("N", "."), letters, masked)
    return reference, found, compared, differences


@settings(max_examples=120)
@given(divergent_pairs())
def test_find_stretches_are_those_of_a_search_by_brute_force(case):
    reference, comparison, compared, differences = case
    assert comparison.differences.tolist() == differences
    found = find_stretches(comparison, reference.offsets, RECOMBINATION)
    total, occupied = slow_free_windows(compared, differences)
    windows = count_windows(comparison.ranks, comparison.callable_bp)
    assert windows == Windows(total, occupied)
    if not total or 100 * (total - occupied) < 70 * total:
        assert found is None
        return
    assert found is not None
    rate = rate_bound(windows, RECOMBINATION.family_wise_error / 2)
    lengths = np.diff(reference.offsets).tolist()
    expected = slow_stretches(compared, differences, lengths, rate, RECOMBINATION)
    assert [(s.start, s.end, s.snps, s.callable_bp) for s in found] == expected
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))


def on_one_contig(differences: list[int]) -> tuple[list[tuple], list[tuple]]:
    """Return the removed stretches of a wholly called pair, found fast and by brute force."""
    letters = list(GENOME)
    for position in differences:
        letters[position] = letters[position].translate(TURN)
    reference = reference_of_letters(GENOME)
    calls = [calls_of_letters(row, reference) for row in (GENOME, "".join(letters))]
    found = compare(*(profile(each, empty(), GENOME_BP) for each in calls))
    stretches = find_stretches(found, reference.offsets, RECOMBINATION)
    windows = count_windows(found.ranks, found.callable_bp)
    rate = rate_bound(windows, RECOMBINATION.family_wise_error / 2)
    whole = list(range(GENOME_BP))
    slow = slow_stretches(whole, sorted(differences), [GENOME_BP], rate, RECOMBINATION)
    return [(s.start, s.end, s.snps, s.callable_bp) for s in stretches or []], slow


def test_find_stretches_one_that_spans_an_earlier_one_is_joined_with_it():
    dense = [12_050 + i for i in range(30)]
    around = [*range(10_800, 12_000, 100), *range(12_100, 13_300, 100)]
    found, slow = on_one_contig([*dense, *around])
    assert found == slow == [(10_800, 13_201, 54, 2401)]


def test_find_stretches_later_ones_must_be_less_likely_than_the_first():
    """A second cluster of every width: the limit of the second round is met exactly."""
    first = [2000 + 2 * i for i in range(20)]
    removed = []
    for step in range(60, 240, 2):
        found, slow = on_one_contig([*first, *(15_000 + step * i for i in range(8))])
        assert found == slow
        removed.append(len(found))
    assert set(removed) == {1, 2}
    assert removed == sorted(removed, reverse=True)


@settings(max_examples=60)
@given(st.integers(1, 400), st.data())
def test_rate_bound_is_the_share_of_windows_at_which_so_few_are_just_unlikely(total, data):
    occupied = data.draw(st.integers(0, int(0.3 * total)))
    error = data.draw(st.sampled_from([0.05, 0.005]))
    assume(occupied < total)
    share = slow_upper_limit(occupied, total, error)
    expected = -math.log(1 - share) / 1000
    assert rate_bound(Windows(total, occupied), error) == pytest.approx(expected, rel=1e-6)
