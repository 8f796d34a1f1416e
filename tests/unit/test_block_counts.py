"""Counts of blocks of isolates against counts of single pairs."""

import numpy as np
import pytest

from oneclone.block_counts import count_block
from oneclone.distances import Profile, compare, pack, private_indels
from oneclone.recombination import WINDOW_BP, count_windows

LENGTH = 9_013


def random_profile(seed: int, snps: int) -> Profile:
    random = np.random.default_rng(seed)
    callable_sites = random.random(LENGTH) < 0.8
    places = np.flatnonzero(callable_sites)
    positions = np.sort(random.choice(places, snps, replace=False))
    return Profile(pack(callable_sites), positions, random.integers(0, 4, snps).astype(np.uint8))


@pytest.mark.parametrize("threads", [1, 3])
def test_count_block_equals_the_count_of_every_single_pair(threads):
    rows = [random_profile(seed, 5 * seed) for seed in range(4)]
    columns = [random_profile(seed, 300) for seed in range(10, 13)]
    counts = count_block(rows, columns, np.ones((4, 3), dtype=bool), WINDOW_BP, threads)
    for row, one in enumerate(rows):
        for column, two in enumerate(columns):
            found = compare(one, two)
            windows = count_windows(found.ranks, found.callable_bp)
            assert counts.callable_bp[row, column] == found.callable_bp
            assert counts.snps[row, column] == len(found.differences)
            assert counts.windows[row, column] == windows.with_difference


def test_count_block_leaves_unwanted_pairs_at_zero():
    profiles = [random_profile(seed, 40) for seed in range(3)]
    wanted = np.triu(np.ones((3, 3), dtype=bool), 1)
    counts = count_block(profiles, profiles, wanted, WINDOW_BP, 2)
    for table in (counts.callable_bp, counts.snps, counts.windows):
        assert (table[wanted] > 0).all()
        assert (table[~wanted] == 0).all()


def test_private_indels_count_where_the_partner_is_callable():
    other = Profile(pack(np.arange(200) < 100), np.zeros(0, np.int64), np.zeros(0, np.uint8))
    one = Profile(other.words, other.positions, other.bases, np.array([5, 63, 64, 99, 100, 150]))
    assert private_indels(one, other) == 4
    assert private_indels(other, one) == 0
