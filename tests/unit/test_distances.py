"""Distances of pairs against a slow count on letters."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from oneclone import intervals
from oneclone.distances import Comparison, Profile, compare, pack, pack_intervals, profile
from oneclone.intervals import from_flags
from oneclone.model.calls import Calls, no_calls
from oneclone.sequences import encode

LENGTH = 150
REFERENCE = "ACGT" * 40
LETTERS = st.text("ACGTN", min_size=LENGTH, max_size=LENGTH)
MASKS = st.lists(st.booleans(), min_size=LENGTH, max_size=LENGTH)


def calls_of(letters: str) -> Calls:
    """Return the calls that letters stand for; N is not callable."""
    codes, reference = encode(letters.encode()), encode(REFERENCE[:LENGTH].encode())
    flags = codes < 4
    positions = np.flatnonzero(flags & (codes != reference))
    return replace(
        no_calls(), callable=from_flags(flags), positions=positions, bases=codes[positions]
    )


def profile_of(letters: str, masked=None) -> Profile:
    mask = intervals.empty() if masked is None else from_flags(np.array(masked, dtype=bool))
    return profile(calls_of(letters), mask, LENGTH)


def slow_differences(one: str, two: str, masked) -> tuple[int, list[int]]:
    both = [i for i in range(LENGTH) if one[i] != "N" and two[i] != "N" and not masked[i]]
    return len(both), [i for i in both if one[i] != two[i]]


@settings(max_examples=150)
@given(LETTERS, LETTERS, MASKS)
def test_compare_agrees_with_the_slow_count_and_is_symmetric(one, two, masked):
    found = compare(profile_of(one, masked), profile_of(two, masked))
    callable_bp, differences = slow_differences(one, two, masked)
    assert found.callable_bp == callable_bp
    assert found.differences.tolist() == differences
    turned = compare(profile_of(two, masked), profile_of(one, masked))
    assert turned.differences.tolist() == differences
    both = [i for i in range(LENGTH) if one[i] != "N" and two[i] != "N" and not masked[i]]
    assert found.ranks.tolist() == [both.index(position) for position in differences]


@given(MASKS)
def test_pack_intervals_is_pack_of_the_flags(flags):
    where = from_flags(np.array(flags, dtype=bool))
    assert pack_intervals(where, LENGTH).tolist() == pack(np.array(flags)).tolist()


@given(LETTERS)
def test_compare_with_itself_is_zero(letters):
    found = compare(profile_of(letters), profile_of(letters))
    assert len(found.differences) == 0
    assert found.callable_bp == sum(letter != "N" for letter in letters)


def test_compare_no_site_in_common_compares_nothing():
    found = compare(profile_of("A" * 70 + "N" * 80), profile_of("N" * 70 + "C" * 80))
    assert (found.callable_bp, len(found.differences)) == (0, 0)


def test_compare_one_more_snp_outside_the_mask_is_one_more():
    base = list(REFERENCE[:LENGTH])
    changed = base.copy()
    changed[127] = "A" if base[127] != "A" else "C"
    found = compare(profile_of("".join(base)), profile_of("".join(changed)))
    assert found.differences.tolist() == [127]


@given(st.lists(st.booleans(), min_size=1, max_size=200), st.data())
def test_ranks_and_count_between_agree_with_sums(flags, data):
    every = np.arange(len(flags))
    found = Comparison(sum(flags), every, pack(np.array(flags, dtype=bool)))
    start = data.draw(st.integers(0, len(flags)))
    end = data.draw(st.integers(start, len(flags)))
    assert found.count_between(start, end) == sum(flags[start:end])
    assert found.ranks.tolist() == [sum(flags[:i]) for i in range(len(flags))]
