"""Minimum spanning trees against all spanning trees of small graphs, and against scipy."""

from itertools import combinations
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.csgraph import minimum_spanning_tree as tree_of_scipy

from oneclone.model.pairs import FilterOutcome, Pair
from oneclone.spanning_tree import minimum_spanning_tree


def measured(one, two, snps, raw=None):
    raw = snps if raw is None else raw
    return Pair(one, two, "r", 5_000, 5_000, snps, raw, None, FilterOutcome.NOT_SCANNED)


def told(edges):
    return [(edge.first, edge.second, edge.snps, edge.tied) for edge in edges]


@st.composite
def graphs(draw, most=6):
    names = "abcdef"[: draw(st.integers(1, most))]
    snps = st.one_of(st.none(), st.integers(0, 3))
    return names, [measured(one, two, draw(snps)) for one, two in combinations(names, 2)]


def parts(names, edges):
    """Return how many separate parts edges leave, without the code under test."""
    index = {name: number for number, name in enumerate(names)}
    ends = np.array([(index[one], index[two]) for one, two, _ in edges], int).reshape(-1, 2)
    size = len(names)
    graph = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    return connected_components(graph, directed=False)[0]


def shortest_forests(names, pairs):
    """Return every spanning forest of least length, as sets of edges."""
    edges = [(p.first, p.second, p.snps) for p in pairs if p.snps is not None]
    count = len(names) - parts(names, edges)
    forests = [
        frozenset(chosen)
        for chosen in combinations(edges, count)
        if parts(names, chosen) == len(names) - count
    ]
    least = min(sum(edge[2] for edge in forest) for forest in forests)
    return [forest for forest in forests if sum(edge[2] for edge in forest) == least]


@given(graphs(5))
def test_is_one_of_the_shortest_forests_and_ties_are_the_edges_not_in_all(graph):
    names, pairs = graph
    forests = shortest_forests(names, pairs)
    edges = minimum_spanning_tree(names, pairs)
    assert {(edge.first, edge.second, edge.snps) for edge in edges} in forests
    always = frozenset.intersection(*forests)
    for edge in edges:
        assert edge.tied is ((edge.first, edge.second, edge.snps) not in always)


@given(graphs(), st.randoms())
def test_order_of_names_and_pairs_does_not_matter(graph, shuffler):
    names, pairs = graph
    expected = minimum_spanning_tree(names, pairs)
    names, pairs = list(names), list(pairs)
    shuffler.shuffle(names)
    shuffler.shuffle(pairs)
    assert minimum_spanning_tree(names, pairs) == expected


def test_nothing_and_one_isolate_have_no_edge():
    assert minimum_spanning_tree([], []) == ()
    assert minimum_spanning_tree(["a"], []) == ()


def test_identical_isolates_are_joined_and_not_dropped():
    pairs = [measured("a", "b", 0), measured("a", "c", 0), measured("b", "c", 0)]
    assert told(minimum_spanning_tree("abc", pairs)) == [("a", "b", 0, True), ("a", "c", 0, True)]


def test_raw_count_decides_between_equal_distances_and_the_edge_is_still_tied():
    pairs = [measured("a", "b", 1), measured("a", "c", 5, raw=60), measured("b", "c", 5, raw=5)]
    assert told(minimum_spanning_tree("abc", pairs)) == [("a", "b", 1, False), ("b", "c", 5, True)]


def test_equal_distances_that_close_no_ring_are_no_tie():
    pairs = [measured("a", "b", 5), measured("b", "c", 5), measured("a", "c", 6)]
    assert not any(edge.tied for edge in minimum_spanning_tree("abc", pairs))


def test_pairs_that_cannot_be_compared_leave_separate_trees():
    pairs = [measured("a", "b", 2), measured("c", "d", 9), measured("b", "c", None)]
    edges = minimum_spanning_tree("abcde", pairs)
    assert told(edges) == [("a", "b", 2, False), ("c", "d", 9, False)]
    assert len("abcde") - len(edges) == 3


def test_pairs_with_others_are_ignored():
    pairs = [measured("a", "b", 9), measured("a", "z", 1), measured("b", "z", 1)]
    assert told(minimum_spanning_tree("ab", pairs)) == [("a", "b", 9, False)]


@pytest.mark.parametrize(("size", "most"), [(120, 0), (120, 20_000), (500, 30)])
def test_large_ones_take_less_than_a_second_and_are_as_short_as_scipy_says(size, most):
    names = [f"i{number:03}" for number in range(size)]
    drawn = np.random.default_rng(1).integers(0, most + 1, size * (size - 1) // 2).tolist()
    ends = combinations(names, 2)
    pairs = [measured(one, two, snps) for (one, two), snps in zip(ends, drawn, strict=True)]
    started = process_time()
    edges = minimum_spanning_tree(names, pairs)
    assert process_time() - started < 1
    shifted = np.zeros((size, size))  # scipy takes a weight of 0 for no edge
    shifted[np.triu_indices(size, 1)] = np.array(drawn) + 1
    assert len(edges) == size - 1
    assert sum(edge.snps + 1 for edge in edges) == tree_of_scipy(shifted).sum()
