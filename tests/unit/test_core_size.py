"""The size of the core against a slow recount for every level and every isolate left out."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oneclone.core import build_core
from oneclone.core_size import Depth, measure_core, needed_isolates, usable_sites
from oneclone.intervals import from_flags
from oneclone.model.calls import ReferenceSequence, no_calls
from oneclone.sequences import encode
from tests.reliability.trials import case

LENGTH = 30
SITES = st.lists(st.booleans(), min_size=LENGTH, max_size=LENGTH)
COHORTS = st.lists(SITES, min_size=1, max_size=8)
LEVELS = st.sampled_from([50, 66.6, 75, 80, 90, 95, 99.5, 100])


def callables_of(cohort: list[list[bool]]):
    return {f"t{n}": from_flags(np.array(flags)) for n, flags in enumerate(cohort)}


def slow_core(cohort: list[list[bool]], usable: list[bool], needed: int) -> list[int]:
    return [
        site
        for site in range(LENGTH)
        if usable[site] and sum(flags[site] for flags in cohort) >= needed
    ]


@settings(max_examples=300)
@given(COHORTS, SITES, LEVELS)
def test_measure_core_agrees_with_a_recount_without_each_isolate(cohort, usable, percent):
    size = measure_core(callables_of(cohort), np.array(usable), percent)
    core = slow_core(cohort, usable, needed_isolates(percent, len(cohort)))
    assert size.usable_bp == sum(usable)
    assert size.core_bp == len(core)
    for number, found in enumerate(size.left_out):
        others = cohort[:number] + cohort[number + 1 :]
        without = slow_core(others, usable, needed_isolates(percent, len(others)))
        assert found.taxon == f"t{number}"
        assert found.callable_bp == sum(
            a and b for a, b in zip(cohort[number], usable, strict=True)
        )
        assert found.missing_core_bp == sum(not cohort[number][site] for site in core)
        assert found.core_bp_without == len(without)
        assert found.gain_bp == len(without) - len(core)


@settings(max_examples=100)
@given(COHORTS, SITES)
def test_measure_core_curve_counts_the_sites_of_every_level(cohort, usable):
    size = measure_core(callables_of(cohort), np.array(usable), 95)
    assert [point.isolates for point in size.curve] == list(range(1, len(cohort) + 1))
    for point in size.curve:
        assert point.core_bp == len(slow_core(cohort, usable, point.isolates))
        assert needed_isolates(point.percent, len(cohort)) == point.isolates
        assert point.core_percent * sum(usable) == pytest.approx(100 * point.core_bp)
    assert size.curve[size.min_isolates - 1].core_bp == size.core_bp


@settings(max_examples=100)
@given(COHORTS, SITES, LEVELS)
def test_measure_core_counts_the_core_sites_of_the_alignment(cohort, masked, percent):
    letters = "ACGTN" * (LENGTH // 5)
    reference = ReferenceSequence(("c",), np.array([0, LENGTH]), encode(letters.encode()))
    mask, callables = from_flags(np.array(masked)), callables_of(cohort)
    calls = {taxon: replace(no_calls(), callable=called) for taxon, called in callables.items()}
    core = build_core(list(calls), calls, reference, mask, percent)
    assert measure_core(callables, usable_sites(reference, mask), percent).core_bp == core.core_bp


@case(36, "a poor or distant isolate in the core", "what each isolate costs the core is reported")
def test_measure_core_poor_isolate_costs_the_core_and_good_ones_do_not():
    """Of 20 isolates one may lack a site at 95 %, of 21 one, so leaving one of 21 out helps."""
    cohort = [[True] * LENGTH for _ in range(21)]
    cohort[3] = [False] * 20 + [True] * 10
    cohort[7] = [True] * 12 + [False] * 6 + [True] * 12
    size = measure_core(callables_of(cohort), np.ones(LENGTH, dtype=bool), 95)
    assert size.core_bp == LENGTH - 6
    gains = {each.taxon: each.gain_bp for each in size.left_out}
    assert gains.pop("t3") == gains.pop("t7") == 6
    assert set(gains.values()) == {0}


def test_measure_core_core_shrinks_when_one_fewer_may_lack_a_site():
    """Of 20 isolates one may lack a site at 95 %, of 19 none."""
    cohort = [[True] * LENGTH for _ in range(20)]
    cohort[3] = [False] * 20 + [True] * 10
    size = measure_core(callables_of(cohort), np.ones(LENGTH, dtype=bool), 95)
    gains = {each.taxon: each.gain_bp for each in size.left_out}
    assert gains.pop("t3") == 0
    assert set(gains.values()) == {-20}


def test_measure_core_only_isolate_left_out_leaves_no_core():
    size = measure_core(callables_of([[True] * LENGTH]), np.ones(LENGTH, dtype=bool), 95)
    assert [(each.core_bp_without, each.gain_bp) for each in size.left_out] == [(0, -LENGTH)]


def test_measure_core_nothing_usable_is_no_division_by_zero():
    size = measure_core(callables_of([[True] * LENGTH] * 2), np.zeros(LENGTH, dtype=bool), 95)
    assert [point.core_percent for point in size.curve] == [0.0, 0.0]


@pytest.mark.parametrize(("percent", "taxa", "needed"), [(95, 0, 1), (55, 20, 11), (70, 10, 7)])
def test_needed_isolates_rounding_errors_do_not_ask_for_one_more(percent, taxa, needed):
    assert needed_isolates(percent, taxa) == needed


def test_depth_no_isolate_is_no_depth():
    assert Depth(3).at_each().tolist() == [0, 0, 0]
