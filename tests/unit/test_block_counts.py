"""Counts of blocks of isolates against counts of single pairs."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from oneclone.block_counts import FAR, CountRule, count_block
from oneclone.distances import Profile, compare, pack, private_indels
from oneclone.intervals import empty
from oneclone.model.calls import Calls, Intervals, PreparedReference, ReferenceSequence, no_calls
from oneclone.pair_counting import CountingRule, count_pair
from oneclone.stacks import stack
from tests.unit.isolates_on_reference import FILTER, World, random_world


def count_rule(rule: CountingRule) -> CountRule:
    error, least, longest = FILTER.family_wise_error, FILTER.min_snps, FILTER.max_stretch_bp
    return CountRule(rule.floor_bp, rule.reference.sequence.offsets, error, least, longest)


def assert_equals_single_pairs(world: World) -> list[tuple[bool, bool, bool]]:
    """Compare a block with every single pair; return scanned, doubtful and removed of each."""
    profiles, rule, isolates = world.profiles, world.rule, world.isolates
    block = stack(world.listings)
    every = np.ones((len(isolates), len(isolates)), dtype=bool)
    counts = count_block(block, block, every, count_rule(rule))
    found = []
    for row, column in product(range(len(isolates)), repeat=2):
        comparison = compare(profiles[row], profiles[column])
        both = {"a": isolates[row], "b": isolates[column]}
        counted = count_pair(both, {"a": profiles[row], "b": profiles[column]}, rule)
        at = row, column
        assert counts.snps[at] == len(comparison.differences)
        assert counts.callable_bp[at] == comparison.callable_bp
        is_scanned = counted.pair.recombinant_bp is not None
        assert counts.scanned[at] == is_scanned
        if is_scanned:
            assert counts.indels[at] == counted.pair.first_indels
            assert counts.other_indels[at] == counted.pair.second_indels
        assert counts.doubtful[at] or not counted.stretches
        found.append((is_scanned, bool(counts.doubtful[at]), bool(counted.stretches)))
    return found


def test_count_block_equals_the_count_of_every_single_pair():
    worlds = (random_world(seed, 7, spread=5) for seed in range(25))
    found = [each for world in worlds for each in assert_equals_single_pairs(world)]
    kinds = {kind: found.count(kind) for kind in product((False, True), repeat=3)}
    assert kinds[False, False, False] > 100, "not scanned"
    assert kinds[True, False, False] > 100, "nothing to remove"
    assert kinds[True, True, True] > 50, "something removed"


@pytest.mark.parametrize("clonal", [0, 3, 40])
@pytest.mark.parametrize("dense", [6, 7, 15])
def test_count_block_doubts_every_pair_whose_stretch_is_at_the_threshold(clonal, dense):
    """A stretch is widened base by base until the filter leaves it."""
    length, random = 120_000, np.random.default_rng(dense * 100 + clonal)
    sequence = ReferenceSequence(
        ("a", "b"), np.array([0, 50_000, length]), np.zeros(length, np.uint8)
    )
    reference = PreparedReference(sequence, empty())
    everywhere = Intervals(np.array([0]), np.array([length]))
    far_away = random.choice(np.arange(60_000, length), clonal, replace=False)
    one = replace(no_calls(), callable=everywhere)

    def with_stretch(gap: int, end: int) -> Calls:
        sites = np.unique(np.concatenate([end - gap * np.arange(dense), far_away])).astype(np.int64)
        return replace(one, positions=sites, bases=np.ones(len(sites), np.uint8))

    def is_removed(gap: int) -> bool:
        world = World(reference, (one, with_stretch(gap, 49_999)))
        calls, profiles = (
            dict(zip("ab", each, strict=True)) for each in (world.isolates, world.profiles)
        )
        return bool(count_pair(calls, profiles, world.rule).stretches)

    gap = next(gap for gap in range(1, 10_000) if not is_removed(gap))
    assert gap > 1, "the narrowest stretch is removed"
    near = range(max(1, gap - 3), gap + 3)
    isolates = [with_stretch(each, end) for each in near for end in (49_999, 50_000 + each, 59_000)]
    found = assert_equals_single_pairs(World(reference, (one, *isolates)))
    of_first = found[1 : 1 + len(isolates)]
    assert {removed for _, _, removed in of_first} == {True, False}


def test_count_block_doubts_a_stretch_outside_of_all_windows():
    """No window has a difference: the screen's rate is the filter's, and only rounding differs."""
    length, dense = 10_900, 6
    offsets, nothing = np.array([0, length]), np.zeros(length, np.uint8)
    reference = PreparedReference(ReferenceSequence(("a",), offsets, nothing), empty())
    one = replace(no_calls(), callable=Intervals(np.array([0]), np.array([length])))
    isolates = []
    for span in range(500, 600):
        sites = 10_100 + np.array([*range(dense - 1), span])
        isolates.append(replace(one, positions=sites, bases=np.ones(dense, np.uint8)))
    found = assert_equals_single_pairs(World(reference, (one, *isolates)))
    of_first = found[1 : 1 + len(isolates)]
    assert {*of_first} == {(True, True, True), (True, False, False)}


@pytest.mark.parametrize("seed", range(5))
def test_count_block_with_a_limit_leaves_out_what_is_beyond_and_what_is_not_wanted(seed):
    world = random_world(seed, 9)
    block, rule = stack(world.listings), count_rule(world.rule)
    every = np.ones((9, 9), dtype=bool)
    wanted = np.random.default_rng(seed).random((9, 9)) < 0.5
    whole = count_block(block, block, every, rule)
    for limit in (0, int(np.median(whole.snps)), int(whole.snps.max())):
        some = count_block(block, block, wanted, rule, limit)
        kept = wanted & (whole.snps <= limit)
        assert (some.snps[~kept] == FAR).all()
        for one, other in zip(some, whole, strict=True):
            assert (one[kept] == other[kept]).all()


def test_private_indels_count_where_the_partner_is_callable():
    other = Profile(pack(np.arange(200) < 100), np.zeros(0, np.int64), np.zeros(0, np.uint8))
    one = Profile(other.words, other.positions, other.bases, np.array([5, 63, 64, 99, 100, 150]))
    assert private_indels(one, other) == 4
    assert private_indels(other, one) == 0
