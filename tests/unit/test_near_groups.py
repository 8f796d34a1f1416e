"""The parting of isolates into groups: no two of different groups are within the limit."""

from itertools import combinations

import numpy as np
import pytest

from oneclone import near_groups as module
from oneclone.block_counts import find_not_far
from oneclone.distances import compare
from oneclone.near_groups import near_groups
from oneclone.stacks import first_part, stack
from tests.unit.isolates_on_reference import World, random_world


def true_differences(world: World) -> np.ndarray:
    profiles = world.profiles
    return np.array([[len(compare(a, b).differences) for b in profiles] for a in profiles])


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("part", [1, 4, 10_000])
def test_find_not_far_never_calls_a_pair_far_that_is_within_the_limit(seed, part):
    world = random_world(seed, 12)
    differences = true_differences(world)
    every = np.ones(differences.shape, dtype=bool)
    for limit in np.unique(np.quantile(differences, [0, 0.1, 0.5, 0.9])).astype(int).tolist():
        parts = stack([first_part(each, part * max(1, limit)) for each in world.listings])
        not_far = find_not_far(parts, parts, every, limit)
        assert not_far[differences <= limit].all()
        if part == 10_000:
            assert (not_far == (differences <= limit)).all(), "of whole listings it is exact"


def test_find_not_far_shows_most_far_pairs_by_first_parts():
    world = random_world(3, 30, spread=60)
    differences = true_differences(world)
    far = differences > 100
    parts = stack([first_part(each, 400) for each in world.listings])
    not_far = find_not_far(parts, parts, np.ones(far.shape, dtype=bool), 100)
    assert far.sum() > 200
    assert not_far[far].mean() < 0.2


def components(near: np.ndarray) -> list[int]:
    """Return for each isolate the least number of its component."""
    labels = list(range(len(near)))
    for one, two in combinations(range(len(near)), 2):
        if near[one, two]:
            low, high = sorted((labels[one], labels[two]))
            labels = [low if each == high else each for each in labels]
    return labels


@pytest.mark.parametrize("seed", range(8))
def test_near_groups_part_no_two_isolates_within_the_limit(seed, monkeypatch):
    random = np.random.default_rng(seed)
    world = random_world(seed, 25, spread=40)
    differences = true_differences(world)
    listings = world.listings[:-1]  # that without calls is near to all
    differences = differences[:-1, :-1]
    limit = int(np.quantile(differences, 0.15))
    parts = [first_part(each, 4 * limit) for each in listings]
    kinds = random.integers(0, 2, len(parts))
    rows = sorted(random.choice(len(parts), 15, replace=False).tolist())

    def wanted(some) -> np.ndarray:
        return kinds[np.array(some)][:, None] == kinds

    found = []
    for at_once, threads, order in ((1, 1, rows), (4, 3, rows), (64, 2, rows[::-1])):
        monkeypatch.setattr(module, "ROWS_AT_ONCE", at_once)
        found.append(near_groups(parts, order, wanted, limit, threads).tolist())
    assert found[1:] == found[:-1], "neither threads nor the order of rows change a group"
    groups = np.array(found[0])
    is_row = np.isin(np.arange(len(parts)), rows)
    asked = (is_row[:, None] | is_row) & (kinds[:, None] == kinds)
    assert (groups[:, None] == groups)[asked & (differences <= limit)].all()
    not_far = find_not_far(stack(parts), stack(parts), asked, limit)
    expected = components(not_far | not_far.T)
    assert [sorted(expected).index(each) for each in expected] == [
        sorted(found[0]).index(each) for each in found[0]
    ]
    assert len(set(found[0])) > 1


def test_isolate_without_calls_is_near_to_all():
    world = random_world(1, 6)
    parts = [first_part(each, 40) for each in world.listings]
    groups = near_groups(parts, range(6), lambda rows: np.ones((len(rows), 6), bool), 10, 1)
    assert len(set(groups.tolist())) == 1
