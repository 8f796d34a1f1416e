"""The recombination filter: its error rate, what it finds, what it leaves."""

from itertools import pairwise

import numpy as np
import pytest

from oneclone.distances import Comparison, pack
from oneclone.model.pairs import FilterOutcome, Stretch, Suspicion
from oneclone.model.settings import RecombinationSettings
from oneclone.recombination import Windows, find_stretches, outcome, rate_bound

GENOME_BP = 2_000_000
SETTINGS = RecombinationSettings(0.01, 6, 100_000, 500, 1)
ONE_CONTIG = np.array([0, GENOME_BP])
EVERYWHERE = pack(np.ones(GENOME_BP, dtype=bool))


def pair(positions) -> Comparison:
    return Comparison(GENOME_BP, np.unique(np.array(positions, dtype=np.int64)), EVERYWHERE)


def found(positions, offsets=ONE_CONTIG):
    return find_stretches(pair(positions), offsets, SETTINGS)


def scattered(seed: int, snps: int) -> np.ndarray:
    return np.random.default_rng(seed).choice(GENOME_BP, snps, replace=False)


@pytest.mark.parametrize("snps", [0, 3, 20, 100, 500])
def test_find_stretches_pairs_without_imports_lose_nothing(snps):
    losing = sum(bool(found(scattered(seed, snps))) for seed in range(60))
    assert losing == 0  # at most 0.6 expected at a family-wise error of 0.01


@pytest.mark.parametrize("snps", [0, 10, 100])
def test_find_stretches_four_mutations_within_a_kilobase_stay(snps):
    four = [1_000_000, 1_000_300, 1_000_450, 1_000_900]
    assert found([*scattered(1, snps), *four]) == []


@pytest.mark.parametrize("donor_percent", [0.5, 1, 3])
@pytest.mark.parametrize("clonal", [3, 40, 200])
def test_find_stretches_import_is_found_and_clonal_snps_stay(donor_percent, clonal):
    random = np.random.default_rng(7)
    outside = scattered(3, clonal)
    outside = outside[(outside < 990_000) | (outside > 1_020_000)]
    tract = 1_000_000 + random.choice(6000, int(60 * donor_percent), replace=False)
    (stretch,) = found([*outside, *tract])
    assert (stretch.start, stretch.end) == (tract.min(), tract.max() + 1)
    assert stretch.snps == len(tract)
    assert stretch.callable_bp == stretch.end - stretch.start
    assert stretch.log10_p < -5


def test_find_stretches_two_imports_are_two_stretches():
    one, two = 300_000 + 50 * np.arange(40), 1_500_000 + 80 * np.arange(30)
    stretches = found([*scattered(5, 15), *one, *two])
    assert [(s.start, s.snps) for s in stretches] == [(300_000, 40), (1_500_000, 30)]


def test_find_stretches_no_stretch_spans_two_contigs():
    positions = [999_700 + 50 * i for i in range(12)]  # six on each side of the border
    together = found(positions)
    parted = found(positions, np.array([0, 1_000_000, GENOME_BP]))
    assert [s.snps for s in together] == [12]
    assert [s.snps for s in parted] == [6, 6]


def test_find_stretches_distant_pairs_are_not_scanned():
    every_kilobase = np.arange(0, GENOME_BP, 1000)
    assert found(every_kilobase) is None
    assert found(every_kilobase[: int(0.31 * len(every_kilobase))]) is None
    assert found(every_kilobase[: int(0.29 * len(every_kilobase))]) is not None


def test_find_stretches_dense_cluster_of_five_is_too_small_to_remove():
    assert found([*scattered(2, 5), *(700_000 + 10 * np.arange(5))]) == []


def test_rate_bound_covers_the_rate_that_was_simulated():
    rate = 1e-5
    below = 0
    for seed in range(200):
        occupied = np.random.default_rng(seed).binomial(2000, 1 - np.exp(-1000 * rate))
        below += rate_bound(Windows(2000, int(occupied)), 0.05) < rate
    assert below <= 20  # 5 % of 200 expected


def test_outcome_few_short_unsuspicious_stretches_decide():
    stretch = Stretch(0, 2000, 50, 2000, -30.0)
    assert outcome([stretch], 1_000_000, 2) == (FilterOutcome.DECIDES, "")
    assert outcome([], 1_000_000, 2) == (FilterOutcome.NOTHING_REMOVED, "")
    assert outcome(None, 1_000_000, 2) == (FilterOutcome.NOT_SCANNED, "")


@pytest.mark.parametrize(
    ("stretches", "reason"),
    [
        ([Stretch(0, 20_001, 50, 20_001, -30.0)], "too_much_removed"),
        ([Stretch(i, i + 10, 6, 10, -9.0) for i in range(0, 60, 10)], "too_many_stretches"),
        (
            [Stretch(0, 9, 6, 9, -9.0, ("a",), (Suspicion.CONTIG_END, Suspicion.WHOLE_CONTIG))],
            "contig_end,whole_contig",
        ),
    ],
)
def test_outcome_too_much_too_many_or_suspect_may_not_decide(stretches, reason):
    assert outcome(stretches, 1_000_000, 2) == (FilterOutcome.MAY_NOT_DECIDE, reason)


def test_outcome_exactly_at_the_limits_still_decides():
    five = [Stretch(i, i + 10, 6, 4000, -9.0) for i in range(0, 50, 10)]
    assert outcome(five, 1_000_000, 2)[0] is FilterOutcome.DECIDES


# --- beside a stretch --------------------------------------------------------------------------

TRACT = 1_000_000 + 40 * np.arange(50)  # to 1 001 960


def far_from_tract(snps: int) -> np.ndarray:
    outside = scattered(3, snps)
    return outside[(outside < 980_000) | (outside > 1_020_000)]


@pytest.mark.parametrize("snps", [3, 40, 100])
@pytest.mark.parametrize("step", [-1, 1])
def test_find_stretches_rest_of_an_import_beyond_a_conserved_part_is_removed_with_it(snps, step):
    edge = TRACT[-1] if step > 0 else TRACT[0]
    rest = edge + step * np.array([2900, 2950, 2990, 3010])
    (stretch,) = found([*far_from_tract(snps), *TRACT, *rest])
    everything = [*TRACT, *rest]
    assert (stretch.start, stretch.end) == (min(everything), max(everything) + 1)
    assert stretch.snps == 54
    (alone,) = found([*far_from_tract(snps), *TRACT])
    assert stretch.log10_p == pytest.approx(alone.log10_p, rel=0.05)  # that of the stretch itself
    assert found([*far_from_tract(snps), *rest]) == []


@pytest.mark.parametrize(("snps", "gap"), [(3, 2000), (40, 1000), (100, 500), (200, 400)])
def test_find_stretches_clonal_snps_next_to_an_import_stay(snps, gap):
    both_sides = [TRACT[0] - gap, TRACT[-1] + gap]
    (stretch,) = found([*far_from_tract(snps), *TRACT, *both_sides])
    assert (stretch.start, stretch.end) == (TRACT[0], TRACT[-1] + 1)


def test_find_stretches_differences_out_of_reach_stay():
    beyond = TRACT[-1] + 5010 + 10 * np.arange(4)
    (stretch,) = found([*TRACT, *beyond])
    assert stretch.snps == len(TRACT)


def test_find_stretches_extension_ends_with_the_contig():
    rest = TRACT[-1] + np.array([2900, 2950, 2990, 3010])
    border = np.array([0, TRACT[-1] + 2000, GENOME_BP])
    (stretch,) = found([*TRACT, *rest], border)
    assert (stretch.end, stretch.snps) == (TRACT[-1] + 1, len(TRACT))


def test_find_stretches_extended_stretches_do_not_overlap():
    second = TRACT + 8000
    between = TRACT[-1] + np.array([2900, 2950, 3000])
    stretches = found([*TRACT, *between, *second])
    assert sum(stretch.snps for stretch in stretches) == 103
    assert all(a.end <= b.start for a, b in pairwise(stretches))
