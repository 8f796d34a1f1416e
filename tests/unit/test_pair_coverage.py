"""Which pairs earlier counts answered for, against a look at every single pair."""

from itertools import combinations

import numpy as np
import pytest

from oneclone.pair_coverage import missing_rows


def random_flags(random: np.random.Generator, isolates: int, share: float) -> np.ndarray:
    return random.random(isolates) < share


@pytest.mark.parametrize("seed", range(150))
def test_missing_rows_cover_every_pair_that_no_count_answered_for(seed):
    random = np.random.default_rng(seed)
    isolates, subspecies = int(random.integers(1, 12)), int(random.integers(1, 4))
    kinds = random.integers(0, subspecies, isolates)
    counts = random.random((subspecies, subspecies)) < 0.7
    counts |= counts.T
    asked = random_flags(random, isolates, float(random.choice([0.3, 1.0])))
    weights = random.choice([1, 1, 1, 2, 3], isolates)
    counted = []
    for _ in range(random.integers(0, 5)):
        columns = random_flags(random, isolates, 0.8)
        counted.append((columns & random_flags(random, isolates, 0.5), columns))
    found = missing_rows(asked, kinds, counts, counted, weights)

    new = known = 0
    for one, two in combinations(np.repeat(np.arange(isolates), weights).tolist(), 2):
        if not (counts[kinds[one], kinds[two]] and (asked[one] or asked[two])):
            continue
        if any((r[one] and c[two]) or (r[two] and c[one]) for r, c in counted):
            known += 1
            continue
        new += 1
        assert one in found.rows or two in found.rows
    assert (found.new, found.known) == (new, known)
    assert list(found.rows) == sorted({*found.rows})
    assert bool(found.rows) == (new > 0), "where nothing is new, nothing is counted"


def test_missing_rows_one_new_isolate_is_the_only_row():
    every, ones = np.ones(50, dtype=bool), np.ones(50, np.int64)
    before = np.arange(50) != 17
    one_kind, zeros = np.ones((1, 1), bool), np.zeros(50, np.int64)
    found = missing_rows(every, zeros, one_kind, [(before, before)], ones)
    assert (found.rows, found.new, found.known) == ((17,), 49, 49 * 48 // 2)


def test_missing_rows_a_new_case_is_a_row_of_its_own():
    """All pairs are known up to a limit; in full those of the cases, to whom one more is added."""
    cases = np.arange(40) < 3
    before, every = np.arange(40) < 2, np.ones(40, dtype=bool)
    one_kind, zeros, ones = np.ones((1, 1), bool), np.zeros(40, np.int64), np.ones(40, np.int64)
    found = missing_rows(cases, zeros, one_kind, [(before, every)], ones)
    assert (found.rows, found.new) == ((2,), 37)
