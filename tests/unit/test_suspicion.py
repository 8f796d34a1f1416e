"""Which isolate carries a stretch, and whether the stretch may be an artefact."""

from dataclasses import replace

import numpy as np
import pytest

from oneclone.intervals import empty
from oneclone.model.calls import Blocks, Intervals, no_calls
from oneclone.model.pairs import Stretch, Suspicion
from oneclone.model.settings import RecombinationSettings
from oneclone.suspicion import foreign_contigs, possible_carriers, suspicions, with_carriers

SETTINGS = RecombinationSettings(0.01, 6, 100_000, 500, 1)
GENOME_BP = 100_000
STRETCH = Stretch(50_000, 53_000, 60, 3000, -40.0)


def isolate(positions, reverse=False, start=0, end=GENOME_BP, contig_bp=None, ambiguous=None):
    """Return calls of an isolate with one block from start to end of the reference."""
    one = np.array
    blocks = Blocks(
        one([start]), one([end]), one([0]), one([0]), one([end - start]), one([reverse])
    )
    differing = np.array(sorted(positions), dtype=np.int64)
    return replace(
        no_calls(),
        callable=Intervals(one([start]), one([end])),
        positions=differing,
        bases=np.zeros(len(differing), dtype=np.uint8),
        ambiguous=ambiguous or empty(),
        blocks=blocks,
        contig_lengths=one([contig_bp or end - start]),
    )


def spread(per_kilobase: float, start: int = 0, end: int = GENOME_BP):
    return np.linspace(start, end - 1, round((end - start) * per_kilobase / 1000)).astype(int)


def without_stretch(positions):
    return [p for p in positions if not STRETCH.start <= p < STRETCH.end]


def test_with_carriers_the_isolate_with_surplus_differences_carries():
    usual = spread(5)
    foreign = {*without_stretch(usual), *spread(30, STRETCH.start, STRETCH.end)}
    calls = {"a": isolate(usual), "b": isolate(foreign)}
    (found,) = with_carriers([STRETCH], calls, SETTINGS)
    assert found.carriers == ("b",)
    assert found.suspicions == ()


def test_with_carriers_import_from_the_reference_lineage_is_the_isolate_without_differences():
    usual = spread(20)
    calls = {"a": isolate(without_stretch(usual)), "b": isolate(usual)}
    assert possible_carriers(STRETCH, calls) == ("a",)


def test_with_carriers_both_when_it_cannot_be_told():
    one = {*spread(5), *spread(10, STRETCH.start, STRETCH.end)}
    two = {*spread(5), *(spread(10, STRETCH.start, STRETCH.end) + 7)}
    assert possible_carriers(STRETCH, {"b": isolate(two), "a": isolate(one)}) == ("a", "b")


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({}, set()),
        ({"start": 49_600}, {Suspicion.CONTIG_END}),
        ({"end": 53_400}, {Suspicion.CONTIG_END}),
        ({"start": 49_000, "end": 55_000, "contig_bp": 6000}, {Suspicion.WHOLE_CONTIG}),
        ({"start": 49_000, "end": 55_002, "contig_bp": 6002}, set()),
        (
            {"start": 50_000, "end": 53_000, "contig_bp": 3000},
            set(Suspicion) - {Suspicion.AMBIGUOUS},
        ),
    ],
)
@pytest.mark.parametrize("reverse", [False, True])
def test_suspicions_contig_ends_and_whole_contigs(block, expected, reverse):
    calls = isolate([], reverse, **block)
    assert suspicions(calls, STRETCH, foreign_contigs(calls, [STRETCH]), SETTINGS) == expected


def test_with_carriers_a_contig_is_foreign_by_all_its_stretches_and_alignments_together():
    """Neither piece nor stretch is half of the contig; together they are."""
    one = np.array
    contig = Blocks(
        one([0, 40_000, 50_000, 56_000]),
        one([40_000, 50_000, 56_000, 60_000]),
        one([0, 1, 1, 1]),
        one([0, 0, 10_000, 16_000]),
        one([40_000, 10_000, 16_000, 20_000]),
        one([False, False, True, False]),
    )
    pieces = [Stretch(44_000, 50_000, 60, 6000, -40.0), Stretch(51_000, 55_500, 60, 4500, -40.0)]
    foreign = {*spread(30, 44_000, 50_000), *spread(30, 51_000, 55_500)}
    carrier = replace(isolate(foreign), blocks=contig, contig_lengths=one([40_000, 20_000]))
    calls = {"a": isolate([]), "b": carrier}
    both = with_carriers(pieces, calls, SETTINGS)
    assert [each.suspicions for each in both] == [(Suspicion.WHOLE_CONTIG,)] * 2
    alone = with_carriers(pieces[:1], calls, SETTINGS)
    assert alone[0].suspicions == ()


def test_suspicions_block_in_the_middle_of_a_contig_is_judged_on_the_contig():
    """A block that ends where an inversion begins is no contig end."""
    calls = isolate([], start=50_000, end=53_000, contig_bp=90_000)
    moved = Blocks(
        calls.blocks.starts,
        calls.blocks.ends,
        calls.blocks.contig,
        np.array([40_000]),
        np.array([43_000]),
        calls.blocks.reverse,
    )
    inside = replace(calls, blocks=moved)
    assert suspicions(inside, STRETCH, set(), SETTINGS) == set()


@pytest.mark.parametrize(("ambiguous_bp", "suspect"), [(30, False), (31, True)])
def test_suspicions_more_than_one_percent_ambiguous(ambiguous_bp, suspect):
    where = Intervals(np.array([51_000]), np.array([51_000 + ambiguous_bp]))
    found = suspicions(isolate([], ambiguous=where), STRETCH, set(), SETTINGS)
    assert (Suspicion.AMBIGUOUS in found) is suspect
