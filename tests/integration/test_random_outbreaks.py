"""A few random outbreaks of the benchmark: no false link where relatives were sampled."""

import pytest

from tests.benchmarks.outbreaks import World, judge_outbreak, world
from tests.benchmarks.random_outbreaks import Truth, draw

CIRCULATING = (36, 53, 85, 116)
POINT_SOURCES = (55, 94)


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> World:
    return world(tmp_path_factory.mktemp("world"))


@pytest.mark.parametrize("number", CIRCULATING)
def test_circulating_clone_is_no_single_clone_when_relatives_are_sampled(shared, number):
    outbreak = draw(number, Truth.CIRCULATING)
    assert outbreak.has_close_relatives
    assert outbreak.widest_snps <= 9
    judged = judge_outbreak(shared, outbreak, levels=(0, 100))
    assert judged.verdicts == {0: "single_clone", 100: "indeterminate"}


@pytest.mark.parametrize("number", POINT_SOURCES)
def test_one_source_is_a_single_clone_beside_all_of_its_background(shared, number):
    outbreak = draw(number, Truth.POINT_SOURCE)
    assert outbreak.nearest_snps > 12
    assert outbreak.widest_snps <= 8
    judged = judge_outbreak(shared, outbreak, levels=(100,))
    assert judged.verdicts == {100: "single_clone"}
