"""Random outbreaks: their genealogies, and what is said to be true of them."""

import itertools

import numpy as np
import pytest

from oneclone.simulation.model import Clade
from tests.benchmarks.genealogies import genealogy, is_clade, pairwise
from tests.benchmarks.outbreaks import Judged, summary
from tests.benchmarks.random_outbreaks import RandomOutbreak, Truth, draw


@pytest.mark.parametrize("growth", [0.0, 50.0])
def test_genealogy_mean_distance_is_as_asked_for(growth):
    random = np.random.default_rng(1)
    means = []
    for _ in range(40):
        tree = genealogy(random, [f"i{number}" for number in range(12)], 20.0, growth)
        distances = pairwise(tree)
        assert len(distances) == 66
        means.append(sum(distances.values()) / 66)
    assert np.mean(means) == pytest.approx(20, rel=0.1)


def test_genealogy_of_a_growing_population_is_like_a_star():
    def inner_share(growth: float) -> float:
        """Return the share of substitutions on branches that isolates have in common."""
        random = np.random.default_rng(2)
        inner = total = 0
        for _ in range(20):
            pending = [genealogy(random, [f"i{number}" for number in range(12)], 50.0, growth)]
            while pending:
                clade = pending.pop()
                pending += clade.children
                total += clade.snps
                inner += clade.snps if clade.children else 0
        return inner / total

    assert inner_share(50.0) < 0.6 * inner_share(0.0)


def outbreak(tree: Clade) -> RandomOutbreak:
    return RandomOutbreak(0, Truth.CIRCULATING, tree, ("case-0", "case-1"), {"iso-00": 0.3})


@pytest.mark.parametrize(
    ("shared", "own", "is_close"),
    [(0, 9, False), (0, 4, True), (3, 20, False)],
)
def test_has_close_relatives_compares_with_the_distance_between_cases(shared, own, is_close):
    cases = Clade("", shared, (Clade("case-0", 3), Clade("case-1", 5)))
    found = outbreak(Clade("", 0, (cases, Clade("iso-00", own))))
    assert (found.widest_snps, found.nearest_snps) == (8, shared + own + 3)
    assert found.has_close_relatives is is_close


def test_has_close_relatives_one_that_descends_among_the_cases_counts_however_far():
    beside = Clade("", 2, (Clade("case-1", 1), Clade("iso-00", 90)))
    tree = Clade("", 0, (Clade("", 9, (Clade("case-0", 1), beside)), Clade("iso-01", 30)))
    found = outbreak(tree)
    assert not is_clade(tree, set(found.cases))
    assert found.has_close_relatives


def test_draw_more_sampling_never_loses_an_isolate_and_numbers_fix_it():
    for number in range(20):
        for truth in Truth:
            found = draw(number, truth)
            assert found == draw(number, truth)
            levels = [set(found.related(percent)) for percent in (0, 10, 50, 100)]
            assert levels[0] == set()
            assert all(one <= two for one, two in itertools.pairwise(levels))
            assert levels[3] == set(found.sampled_from)
            leaves = {leaf.name for leaf in found.tree.leaves()}
            assert leaves == {*found.cases, *found.sampled_from}


def test_draw_cases_of_one_source_are_a_clade():
    for number in range(20):
        found = draw(number, Truth.POINT_SOURCE)
        assert is_clade(found.tree, set(found.cases))


def test_summary_counts_groups_apart_and_names_what_is_false():
    def judged(number: int, truth: Truth, close: bool, apart: bool, verdict: str) -> Judged:
        levels = {0: "single_clone", 10: verdict, 50: verdict, 100: verdict}
        return Judged(number, truth, close, apart, levels, 2.0)

    found = summary(
        [
            judged(1, Truth.CIRCULATING, True, False, "indeterminate"),
            judged(2, Truth.CIRCULATING, True, False, "single_clone"),
            judged(3, Truth.CIRCULATING, False, True, "single_clone"),
            judged(4, Truth.POINT_SOURCE, False, True, "single_clone"),
            judged(5, Truth.POINT_SOURCE, False, False, "indeterminate"),
        ]
    )
    assert found["false_at_100"] == [2]
    assert found["groups"]["circulating"]["100"] == {"indeterminate": 1, "single_clone": 1}
    assert found["groups"]["circulating"]["0"] == {"single_clone": 2}
    assert found["groups"]["chance"]["100"] == {"single_clone": 1}
    assert found["groups"]["source_apart"]["100"] == {"single_clone": 1}
    assert found["groups"]["source_near"]["100"] == {"indeterminate": 1}
