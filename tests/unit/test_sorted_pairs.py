"""Pairs of taxa, sorted, from segments that hold pairs of genomes."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from oneclone.pair_counting import CountingRule
from oneclone.steps import sorted_pairs
from oneclone.steps.sorted_pairs import PairPart, SortedPairs
from oneclone.tables.pair_segments import SCHEMA, Coverage, PairSegments
from tests.unit.isolates_on_reference import random_world

KEYS = [f"k{number:02d}" for number in range(12)]


def raw_of(one: str, two: str) -> int:
    return (31 * KEYS.index(one) + 7 * KEYS.index(two)) % 50


def segment_row(keys: tuple[str, ...], one: int, two: int) -> dict[str, object]:
    empty = dict.fromkeys(SCHEMA.names)
    figures = {"snps_raw": raw_of(keys[one], keys[two]), "callable_bp": 1000 + one}
    return {**empty, "one": one, "two": two, **figures, "filter": f"{keys[one]}-{keys[two]}"}


def random_segments(folder: Path, random: np.random.Generator) -> tuple[PairSegments, set]:
    """Write segments that overlap; return them with the pairs of keys that they hold."""
    segments, held = PairSegments(folder, "code"), set()
    for _ in range(3):
        keys = tuple(key for key in KEYS if random.random() < 0.8)
        rows = [number for number in range(len(keys)) if random.random() < 0.5]
        pairs = {tuple(sorted((row, column))) for row in rows for column in range(len(keys))}
        written = [segment_row(keys, *pair) for pair in random.permutation(sorted(pairs)).tolist()]
        tables = [pa.Table.from_pylist(each, SCHEMA) for each in (written[:9], written[9:])]
        segments.add(Coverage("rule", "code", keys, tuple(rows), None), tables)
        held |= {(keys[one], keys[two]) for one, two in pairs}
    return segments, held


def seen(parts: list[PairPart]) -> list[tuple[int, int, bool, int, str]]:
    return [
        row
        for part in parts
        for row in zip(
            part.first.tolist(),
            part.second.tolist(),
            part.turned.tolist(),
            part.columns["snps_raw"].to_pylist(),
            part.columns["filter"].to_pylist(),
            strict=True,
        )
    ]


@pytest.fixture(scope="module")
def rule() -> CountingRule:
    return random_world(0, 2).rule


@pytest.mark.parametrize("seed", range(8))
def test_parts_are_every_pair_of_taxa_once_in_order_whatever_their_size(
    tmp_path: Path, monkeypatch, rule, seed
):
    random = np.random.default_rng(seed)
    segments, held = random_segments(tmp_path, random)
    here = [key for key in KEYS if random.random() < 0.8]
    taxa = [str(key) for key in random.permutation([*here, *random.choice(here, 4)])]
    places = {key: [at for at, each in enumerate(taxa) if each == key] for key in here}
    expected = []
    for first, second in combinations(range(len(taxa)), 2):
        one, two = sorted((taxa[first], taxa[second]))
        raw = raw_of(one, two)
        if (one, two) in held and (raw <= 30 or first == 2):
            expected.append((first, second, taxa[first] > taxa[second], raw, f"{one}-{two}"))
    pairs = SortedPairs([(each, rule) for each in segments.of_rule("rule")], places)
    sizes = []
    for size in (1, 7, 10**6):
        monkeypatch.setattr(sorted_pairs, "PART_PAIRS", size)
        parts = list(pairs.parts(lambda first, _, raw: (raw <= 30) | (first == 2)))
        assert seen(parts) == expected
        sizes.append(len(parts))
    assert sizes[0] > sizes[1] > sizes[2] == 1
    assert len(expected) > 20


def test_two_taxa_of_one_genome_are_a_pair_once_and_a_taxon_with_itself_none(tmp_path, rule):
    segments = PairSegments(tmp_path, "code")
    table = pa.Table.from_pylist([segment_row(("k01",), 0, 0)], SCHEMA)
    segments.add(Coverage("rule", "code", ("k01",), (0,), None), [table])
    sources = [(each, rule) for each in segments.of_rule("rule")]

    def every(first, _, __) -> np.ndarray:
        return np.ones(len(first), dtype=bool)

    found = [seen(list(SortedPairs(sources, {"k01": at}).parts(every))) for at in ([0], [0, 1, 2])]
    assert [[row[:3] for row in each] for each in found] == [
        [],
        [(0, 1, False), (0, 2, False), (1, 2, False)],
    ]


def test_no_segment_has_no_part():
    assert list(SortedPairs([], {"k00": [0]}).parts(lambda first, _, __: first >= 0)) == []
