"""Tandem repeats: what is found, and the search on bits against a plain one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oneclone.intervals import to_flags
from oneclone.sequences import MISSING, encode
from oneclone.tandem import DROP, MISMATCH, SEED_BP, tandem_repeats

PERIOD_BP, SCORE = 200, 24
# Few letters in runs and echoes, so that repeats of all kinds come about.
PIECES = st.lists(
    st.tuples(st.text("ACN", min_size=1, max_size=9), st.integers(1, 12)), min_size=1, max_size=12
)


def random_bases(seed: int, length: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 4, length).astype(np.uint8)


def changed(codes: np.ndarray, percent: float, seed: int) -> np.ndarray:
    """Return codes of which some per cent are another base."""
    random = np.random.default_rng(seed)
    found = codes.copy()
    places = random.random(len(codes)) < percent / 100
    found[places] = (found[places] + random.integers(1, 4, places.sum())) % 4
    return found


@pytest.mark.parametrize(
    ("period", "copies", "identity_percent", "least"),
    [
        *((3, 20, 100, 0.99), (3, 20, 95, 0.9), (3, 20, 90, 0.65)),
        *((6, 12, 100, 0.99), (6, 12, 95, 0.95), (6, 12, 90, 0.8)),
        *((12, 5, 100, 0.99), (12, 5, 95, 0.85), (12, 5, 90, 0.4)),
        *((60, 3, 100, 0.99), (60, 3, 95, 0.99), (60, 3, 90, 0.95)),
        *((150, 2, 100, 0.99), (150, 2, 95, 0.95), (150, 2, 90, 0.95)),
    ],
)
def test_tandem_repeats_of_many_periods_are_found(period, copies, identity_percent, least):
    found = whole = 0
    for seed in range(20):
        unit = random_bases(seed, period)
        repeat = changed(np.tile(unit, copies), 100 - identity_percent, seed + 50)
        before, behind = random_bases(seed + 100, 900), random_bases(seed + 200, 900)
        codes = np.concatenate((before, repeat, behind))
        flags = to_flags(tandem_repeats(codes, np.array([0, len(codes)]), 200, SCORE), len(codes))
        found += int(flags[900 : 900 + len(repeat)].sum())
        whole += len(repeat)
        assert flags[:890].sum() == flags[910 + len(repeat) :].sum() == 0
    assert found >= least * whole


def test_tandem_repeat_of_a_serine_aspartate_region_is_found():
    # (Ser Asp)n as bacteria write it: third bases vary, so copies of six bases agree at two
    # thirds to five sixths; assemblies differ there in length and seem to differ in bases.
    random = np.random.default_rng(5)
    region = encode(
        "".join(
            "GC" + "ACGT"[random.integers(0, 4)] + "GA" + "CT"[random.integers(0, 2)]
            for _ in range(160)
        ).encode()
    )
    codes = np.concatenate((random_bases(1, 3000), region, random_bases(2, 3000)))
    flags = to_flags(tandem_repeats(codes, np.array([0, len(codes)]), 200, SCORE), len(codes))
    assert flags[3000 : 3000 + len(region)].mean() > 0.9
    assert flags[:2950].sum() == flags[3050 + len(region) :].sum() == 0


def test_no_tandem_repeat_in_random_sequence():
    codes = random_bases(3, 300_000)
    assert tandem_repeats(codes, np.array([0, len(codes)]), PERIOD_BP, SCORE).total_bp == 0


def test_tandem_repeat_does_not_reach_over_a_contig_end_or_an_ambiguous_base():
    unit = random_bases(4, 20)
    codes = np.concatenate((unit, unit))
    assert tandem_repeats(codes, np.array([0, 40]), 30, 20).total_bp == 40
    assert tandem_repeats(codes, np.array([0, 20, 40]), 30, 20).total_bp == 0
    assert tandem_repeats(np.full(500, MISSING, np.uint8), np.array([0, 500]), 30, 20).total_bp == 0


def plain_search(codes: np.ndarray, max_period: int, min_score: int) -> list[bool]:
    """Do the same one base at a time."""
    flags = [False] * len(codes)
    for period in range(1, min(max_period, len(codes) - 1) + 1):
        same = [
            codes[i] == codes[i + period] and codes[i] < MISSING for i in range(len(codes) - period)
        ]
        done = 0
        for seed in range(len(same) - SEED_BP + 1):
            if seed < done or not all(same[seed : seed + SEED_BP]):
                continue
            right = extension(same[seed + SEED_BP :])
            left = extension(same[:seed][::-1])
            first, done = seed - left[1], seed + SEED_BP + right[1]
            if SEED_BP + left[0] + right[0] >= min_score:
                flags[first : done + period] = [True] * (done + period - first)
    return flags


def extension(same: list[bool]) -> tuple[int, int]:
    """Return best score and its length when a seed is extended over these comparisons."""
    score = best = length = 0
    for number, equal in enumerate(same, start=1):
        score += 1 if equal else -MISMATCH
        if score > best:
            best, length = score, number
        if best - score > DROP:
            break
    return best, length


@given(PIECES, st.sampled_from([1, 5, 63, 64, 65, 130]), st.sampled_from([10, 16, 24]))
def test_tandem_repeats_on_bits_are_those_of_the_plain_search(pieces, max_period, min_score):
    codes = encode("".join(text * times for text, times in pieces).encode())
    found = tandem_repeats(codes, np.array([0, len(codes)]), max_period, min_score)
    assert to_flags(found, len(codes)).tolist() == plain_search(codes, max_period, min_score)
