"""The core alignment against a slow count on letters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oneclone.core import build_core, distinct_rows, strict_core
from oneclone.intervals import empty, from_flags
from oneclone.model.calls import Blocks, Calls, ReferenceSequence
from oneclone.sequences import encode

LENGTH = 40
REFERENCE_LETTERS = "ACGTTGCA" * 5
REFERENCE = ReferenceSequence(("c",), np.array([0, LENGTH]), encode(REFERENCE_LETTERS.encode()))
NONE = np.zeros(0, dtype=np.int64)
BLOCKS = Blocks(NONE, NONE, NONE, NONE, NONE, NONE.astype(bool))
ROWS = st.lists(st.text("ACGTN", min_size=LENGTH, max_size=LENGTH), min_size=1, max_size=6)


def calls_of(letters: str) -> Calls:
    codes = encode(letters.encode())
    flags = codes < 4
    positions = np.flatnonzero(flags & (codes != REFERENCE.codes))
    return Calls(from_flags(flags), positions, codes[positions], empty(), NONE, NONE, BLOCKS, NONE)


def core_of(rows: list[str], percent: float, mask=None):
    taxa = [f"t{number}" for number in range(len(rows))]
    calls = {taxon: calls_of(row) for taxon, row in zip(taxa, rows, strict=True)}
    return build_core(taxa, calls, REFERENCE, mask or empty(), percent)


@settings(max_examples=100)
@given(ROWS, st.sampled_from([50, 80, 95, 100]))
def test_build_core_agrees_with_the_slow_count(rows, percent):
    core = core_of(rows, percent)
    columns = [[row[site] for row in rows] for site in range(LENGTH)]
    needed = percent * len(rows) / 100
    is_core = [sum(b != "N" for b in column) >= max(1, needed) for column in columns]
    kinds = [set(column) - {"N"} for column in columns]
    variable = [i for i in range(LENGTH) if is_core[i] and len(kinds[i]) > 1]
    constant = [kinds[i].pop() for i in range(LENGTH) if is_core[i] and len(kinds[i]) == 1]
    assert core.positions.tolist() == variable
    assert core.constant == tuple(constant.count(base) for base in "ACGT")
    for row, codes in zip(rows, core.codes, strict=True):
        assert ["ACGTN"[code] for code in codes] == [row[site] for site in variable]


@settings(max_examples=100)
@given(ROWS)
def test_strict_core_of_a_soft_core_is_the_strict_core(rows):
    strict, direct = strict_core(core_of(rows, 50)), core_of(rows, 100)
    assert strict.positions.tolist() == direct.positions.tolist()
    assert strict.constant == direct.constant
    assert strict.codes.tolist() == direct.codes.tolist()


def test_build_core_masked_sites_are_not_core():
    rows = [REFERENCE_LETTERS, "C" + REFERENCE_LETTERS[1:]]
    flags = np.zeros(LENGTH, dtype=bool)
    flags[:8] = True
    core = core_of(rows, 100, from_flags(flags))
    assert len(core.positions) == 0
    assert core.core_bp == LENGTH - 8


def test_build_core_site_where_all_differ_from_the_reference_is_constant():
    core = core_of(["T" + REFERENCE_LETTERS[1:]] * 3, 100)
    assert len(core.positions) == 0
    assert core.constant == (9, 10, 10, 11)


@pytest.mark.parametrize("rows", [[REFERENCE_LETTERS], [REFERENCE_LETTERS] * 4])
def test_build_core_identical_isolates_have_no_variable_site(rows):
    core = core_of(rows, 95)
    assert core.codes.shape == (len(rows), 0)
    assert distinct_rows(core.codes) == [list(range(len(rows)))]
