"""Signs of mixed cultures, on calls made up of what two strains would give."""

from dataclasses import replace

import numpy as np
import pytest

from oneclone import intervals
from oneclone.mixtures import is_mosaic, sentence, signs
from oneclone.model.assessment import AniHit
from oneclone.model.calls import Calls, ReferenceSequence, no_calls
from oneclone.model.mixtures import MixtureFigures, MixtureSign, Mosaic
from oneclone.model.panel import AniCutoffs
from oneclone.mosaic import between, candidates
from oneclone.subtyping import subspecies_rule
from tests.reliability.trials import case

LENGTH = 2_000_000
BETWEEN_STRAINS = 8000
OWN = 400
REFERENCE = ReferenceSequence(("c",), np.array([0, LENGTH]), np.zeros(LENGTH, dtype=np.uint8))
RANDOM = np.random.default_rng(1)
PLACES = RANDOM.permutation(LENGTH)


def strain(first: int, count: int) -> set[int]:
    """Return places that one lineage has changed, different ones for different numbers."""
    return set(PLACES[first : first + count].tolist())


def calls(changed: set[int]) -> Calls:
    positions = np.array(sorted(changed), dtype=np.int64)
    everywhere = intervals.from_flags(np.ones(LENGTH, dtype=bool))
    return replace(
        no_calls(),
        callable=everywhere,
        positions=positions,
        bases=np.ones(len(positions), dtype=np.uint8),
    )


X = strain(0, BETWEEN_STRAINS)
Y = strain(BETWEEN_STRAINS, BETWEEN_STRAINS)
NEIGHBOURS = {"x": calls(X | strain(100_000, OWN)), "y": calls(Y | strain(200_000, OWN))}


def mixed(chunk_bp: int, share: float) -> Mosaic:
    """Return a mixture that takes each stretch from one of the two strains."""
    of_y = RANDOM.random(LENGTH // chunk_bp + 1) < share
    taken = {place for place in X if not of_y[place // chunk_bp]}
    taken |= {place for place in Y if of_y[place // chunk_bp]}
    return between(calls(taken), NEIGHBOURS, REFERENCE)


@pytest.mark.parametrize("chunk_bp", [300, 20_000])
@pytest.mark.parametrize("share", [0.5, 0.3])
@case(
    28,
    "an assembly of two strains that alternate along the genome",
    "flagged `mosaic_of_two_strains`",
)
def test_mixture_of_two_strains_is_a_mosaic(chunk_bp, share):
    found = mixed(chunk_bp, share)
    assert is_mosaic(found)
    assert found.own == 0
    assert found.like_first + found.like_second > BETWEEN_STRAINS


def test_import_of_a_tenth_of_the_genome_is_no_mosaic():
    taken = {place for place in X if place >= LENGTH // 10}
    taken |= {place for place in Y if place < LENGTH // 10}
    found = between(calls(taken), NEIGHBOURS, REFERENCE)
    assert found.lesser > 1000
    assert (found.own, found.mixed_windows, found.windows) == (0, 4, 40)
    assert not is_mosaic(found)


@pytest.mark.parametrize("own", [100, 3000])
def test_isolate_on_a_branch_of_its_own_is_no_mosaic(own):
    """Its line left that of x half-way; a mosaic needs what y alone has, too."""
    half = set(sorted(X)[::2])
    found = between(calls(half | strain(300_000, own)), NEIGHBOURS, REFERENCE)
    assert found.own == own
    assert is_mosaic(found) is (own == 100)


def test_isolate_of_a_clone_is_no_mosaic():
    found = between(calls(X | strain(400_000, 3)), NEIGHBOURS, REFERENCE)
    assert not is_mosaic(found)


def test_candidates_near_isolates_and_a_star_give_none():
    star = {frozenset(pair): 0.004 for pair in ("qx", "qy", "xy")}
    assert candidates("q", "xy", star, LENGTH) is None
    near = {frozenset("qx"): 2e-6, frozenset("qy"): 2e-6, frozenset("xy"): 4e-6}
    assert candidates("q", "xy", near, LENGTH) is None
    assert candidates("q", "", {}, LENGTH) is None


def figures(**changes) -> MixtureFigures:
    made = MixtureFigures("a", 5_000_000, 5_100_000, 0, 0, 4_900_000, None)
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"length_bp": 5_610_000}, ()),
        ({"length_bp": 5_611_000}, (MixtureSign.LENGTH,)),
        ({"duplicated_bp": 98_000}, ()),
        ({"duplicated_bp": 98_001}, (MixtureSign.DUPLICATED,)),
        ({"two_base_bp": 25}, ()),
        ({"two_base_bp": 26}, (MixtureSign.TWO_BASE_CODES,)),
    ],
)
def test_signs_just_at_and_above_each_threshold(changes, expected):
    assert signs(figures(**changes)) == expected
    assert bool(sentence(figures(**changes))) == bool(expected)


def test_sentence_gives_every_number_with_its_denominator():
    mosaic = Mosaic("x", "y", 9000, 4000, 12, 100, 61, 800)
    said = sentence(figures(duplicated_bp=490_000, mosaic=mosaic))
    assert "490000 of 4900000 single-copy bases" in said
    assert "(10.0 %)" in said
    assert "9000 bases of the one and 4000 of the other, in 61 of 100 parts" in said


@pytest.mark.parametrize(
    ("anis", "rule"),
    [
        ((99.0, 96.0), "nearest"),
        ((97.9, 96.0), "none_within"),
        ((98.5, 98.0), "two_within"),
    ],
)
def test_subspecies_rule_says_why_there_is_none(anis, rule):
    hits = [AniHit(name, ani, 95.0) for name, ani in zip("am", anis, strict=True)]
    strains = {"abscessus": "a", "massiliense": "m"}
    assert subspecies_rule(hits, strains, AniCutoffs(95, 98, "x")) == rule
    assert subspecies_rule(hits, {}, AniCutoffs(95, 98, "x")) == "no_type_strains"
