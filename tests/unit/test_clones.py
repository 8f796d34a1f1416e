"""Base verdicts of pairs, components, bridges, panel clones."""

import random
from itertools import combinations, pairwise

import numpy as np
import pytest

from oneclone.clones import base_verdict, bridges, components, panel_clone
from oneclone.clusters import Distances, single_linkage
from oneclone.model.judgement import PairVerdict
from oneclone.model.pairs import FilterOutcome
from oneclone.model.panel import Kind, Reference, Thresholds
from tests.unit.evidence_builder import pair

CUT = Thresholds(10, 30, 38, "a study")
SAME = ("m", "m")


def judged(snps, subspecies=SAME, **changes):
    changes.setdefault("callable_bp", 5_000_000)
    verdict, reasons = base_verdict(pair("a", "b", snps, **changes), subspecies, CUT)
    return str(verdict), [str(reason) for reason in reasons]


@pytest.mark.parametrize(
    ("snps", "verdict", "reason"),
    [
        (0, "linked", "within_linked"),
        (10, "linked", "within_linked"),
        (11, "indeterminate", "possible"),
        (30, "indeterminate", "possible"),
        (31, "indeterminate", "unlikely"),
        (38, "indeterminate", "unlikely"),
        (39, "not_linked", "above_unlinked"),
        (20_000, "not_linked", "above_unlinked"),
    ],
)
def test_base_verdict_bands_end_where_the_thresholds_say(snps, verdict, reason):
    assert judged(snps) == (verdict, [reason])


@pytest.mark.parametrize("snps", [0, 20, 50, None])
def test_base_verdict_different_subspecies_are_not_linked_whatever_the_distance(snps):
    assert judged(snps, ("a", "m")) == ("not_linked", ["different_subspecies"])


@pytest.mark.parametrize("subspecies", [("", "m"), ("", "")])
def test_base_verdict_ambiguous_subspecies_do_not_decide(subspecies):
    assert judged(3, subspecies) == ("linked", ["within_linked"])


def test_base_verdict_below_the_floor_is_not_assessable():
    assert judged(None) == ("not_assessable", ["below_callable_floor"])


@pytest.mark.parametrize(
    ("snps", "callable_bp", "verdict"),
    [
        (9, 4_500_000, "linked"),  # scaled to 10.0
        (9, 4_499_999, "indeterminate"),  # scaled to more than 10
        (38, 4_900_000, "indeterminate"),  # scaled to 38.8: not_linked does not replace it
        (39, 4_900_000, "not_linked"),
    ],
)
def test_base_verdict_scaled_count_in_another_band_is_indeterminate(snps, callable_bp, verdict):
    assert judged(snps, callable_bp=callable_bp)[0] == verdict


def test_base_verdict_filtered_count_decides_and_says_so():
    found = judged(4, snps_raw=95, filter=FilterOutcome.DECIDES)
    assert found == ("linked", ["within_linked", "filtered_count_decides"])


def test_base_verdict_filter_that_may_not_decide_and_other_raw_band_is_indeterminate():
    found = judged(4, snps_raw=95, filter=FilterOutcome.MAY_NOT_DECIDE)
    reasons = ["within_linked", "filter_may_not_decide", "raw_count_in_other_band"]
    assert found == ("indeterminate", reasons)


def test_base_verdict_filter_that_may_not_decide_but_agrees_leaves_the_verdict():
    found = judged(2, snps_raw=9, filter=FilterOutcome.MAY_NOT_DECIDE)
    assert found == ("linked", ["within_linked", "filter_may_not_decide"])


def test_components_no_name_no_component():
    assert components([], []) == ()


def test_components_order_of_names_and_links_does_not_matter():
    one = components("abcde", [("a", "b"), ("d", "e"), ("b", "d")])
    two = components("edcba", [("b", "d"), ("d", "e"), ("a", "b")])
    assert one == two == (("a", "b", "d", "e"), ("c",))


@pytest.mark.parametrize("seed", range(30))
def test_bridges_are_those_without_which_the_rest_falls_apart(seed):
    draw = random.Random(seed)  # noqa: S311 (no secret)
    names = list("abcdefgh")
    links = [link for link in combinations(names, 2) if draw.random() < 0.3]
    for members in components(names, links):
        apart = [
            name
            for name in members
            if len(components(rest := [n for n in members if n != name], inside(rest, links))) > 1
        ]
        assert bridges(members, links) == tuple(apart)


def inside(names, links):
    return [link for link in links if set(link) <= set(names)]


def test_bridges_chain_ring_and_star():
    assert bridges("abcd", [("a", "b"), ("b", "c"), ("c", "d")]) == ("b", "c")
    assert bridges("abc", [("a", "b"), ("b", "c"), ("a", "c")]) == ()
    assert bridges("ab", [("a", "b")]) == ()


def distances(*pairs: tuple[int, int, int]) -> Distances:
    return Distances(*np.array(pairs, dtype=np.int64).reshape(-1, 3).T)


def test_single_linkage_clusters_at_a_lower_level_nest_in_those_at_a_higher():
    labels = single_linkage("abcd", [distances((0, 1, 4), (1, 2, 12), (0, 2, 15))], [0, 5, 20])
    assert labels[0] == {"a": 1, "b": 2, "c": 3, "d": 4}
    assert labels[5] == {"a": 1, "b": 1, "c": 2, "d": 3}
    assert labels[20] == {"a": 1, "b": 1, "c": 1, "d": 2}


def joined_by_hand(count: int, pairs, level: int) -> list[int]:
    """Return single-linkage labels, counted from 1 in the order of each cluster's first member."""
    label = list(range(count))
    for one, two, snps in pairs:
        if snps <= level:
            label = [label[one] if each == label[two] else each for each in label]
    seen: dict[int, int] = {}
    return [seen.setdefault(each, len(seen) + 1) for each in label]


@pytest.mark.parametrize("seed", range(20))
def test_single_linkage_streamed_parts_in_any_split_and_order_give_the_same_labels(seed):
    chance = random.Random(seed)  # noqa: S311
    names = [f"i{number:02d}" for number in range(chance.randint(2, 25))]
    every = list(combinations(range(len(names)), 2))
    some = chance.sample(every, chance.randint(0, len(every)))
    pairs = [(*(both), chance.randint(0, 60)) for both in some]
    expected = {
        level: dict(zip(names, joined_by_hand(len(names), pairs, level), strict=True))
        for level in (0, 5, 20)
    }
    for _ in range(3):
        chance.shuffle(pairs)
        cuts = sorted(chance.choices(range(len(pairs) + 1), k=chance.randint(0, 4)))
        bounds = pairwise([0, *cuts, len(pairs)])
        parts = (distances(*pairs[start:end]) for start, end in bounds)
        assert single_linkage(names, parts, (0, 5, 20)) == expected


def reference(name: str, clone: str) -> Reference:
    return Reference("I0", name, "sha", "m", clone, Kind.CLONE, "a study")


@pytest.mark.parametrize(
    ("distances", "expected"),
    [
        ([("r1", "C1", 500), ("r2", "C2", 9000)], ("C1", 500, "nearest")),
        ([("r1", "C1", 501), ("r2", "C2", 9000)], ("", 501, "ambiguous")),
        ([("r1", "C1", 1000)], ("", 1000, "ambiguous")),
        ([("r1", "C1", 1001)], ("", 1001, "none")),
        ([("r1", "C1", 300), ("r2", "C2", 200)], ("C2", 200, "tie")),
        ([("r1", "C1", 300), ("r2", "C1", 200)], ("C1", 200, "nearest")),
        ([("r1", "C1", None), ("r2", "C2", 100)], ("C2", 100, "nearest")),
        ([("r1", "C1", None)], ("", None, "not_assessable")),
        ([("type", "", 3)], ("", None, "no_clones")),
        ([("type", "", 3), ("r1", "C1", 400)], ("C1", 400, "nearest")),
    ],
)
def test_panel_clone_rules(distances, expected):
    measured = [(reference(name, clone), snps) for name, clone, snps in distances]
    assert panel_clone(measured, 500) == expected


@pytest.mark.parametrize(
    ("distances", "expected"),
    [
        ([("r1", "C1", None), ("r2", "C2", 9000)], ("", 9000, "near_not_compared")),
        ([("r1", "C1", None)], ("", None, "near_not_compared")),
        ([("r1", "C1", None), ("r2", "C2", 700)], ("", 700, "ambiguous")),
        ([("r1", "C1", None), ("r2", "C2", 300)], ("C2", 300, "nearest")),
    ],
)
def test_panel_clone_a_near_reference_without_a_distance_is_not_far(distances, expected):
    measured = [(reference(name, clone), snps) for name, clone, snps in distances]
    assert panel_clone(measured, 500, near_not_compared=True) == expected


def test_pair_verdict_words_are_the_contract():
    words = {"linked", "indeterminate", "not_linked", "not_assessable"}
    assert {str(verdict) for verdict in PairVerdict} == words
