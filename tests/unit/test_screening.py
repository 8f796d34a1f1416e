"""Conclusions of the screen: cut-off, nearest member, order."""

from dataclasses import replace

import pytest

from oneclone.model.pairs import FilterOutcome, Pair
from oneclone.model.screening import ScreenRow, ScreenState, Sketched
from oneclone.screening import ani_cutoff, nearness, ranked, summary
from tests.unit.evidence_builder import panel


def pair(member: str, snps: int | None, raw: int | None = None, decides: bool = True) -> Pair:
    return Pair(
        first="\x1fcandidate",
        second=member,
        reference="R",
        reference_bp=1000,
        callable_bp=900 if snps is not None else 100,
        snps=snps,
        snps_raw=snps if raw is None else raw,
        recombinant_bp=None,
        filter=FilterOutcome.DECIDES if decides else FilterOutcome.MAY_NOT_DECIDE,
    )


def test_cutoff_leaves_room_for_snps_imports_and_the_error_of_the_sketches():
    one = replace(panel(), max_recombinant_percent=2, ani=replace(panel().ani, species_percent=95))
    # 2 x 50 SNPs in 4 Mb: 0.0025 %; imports 2 % of the bases, 5 % different: 0.1 %
    assert ani_cutoff(50, 4_000_000, one) == pytest.approx(100 - 0.0025 - 0.1 - 0.2 - 0.11625)
    assert ani_cutoff(50, 50_000, one) == pytest.approx(100 - 0.2 - 0.1 - 0.2 - 1.4)
    assert ani_cutoff(10_000, 1000, one) == 0


def test_nearness_takes_the_nearest_member_and_tells_the_farthest():
    found = nearness([pair("A", 12), pair("B", 50), pair("C", 90), pair("D", None)], 50)
    assert (found.state, found.nearest.second, found.nearest.snps) == ("within", "A", 12)
    assert (found.max_snps, found.compared) == (90, 3)
    assert nearness([pair("A", 51)], 50).state is ScreenState.FARTHER


def test_nearness_prefers_a_pair_that_is_decided():
    undecided = pair("A", 3, raw=400, decides=False)
    found = nearness([undecided, pair("B", 20)], 50)
    assert (found.state, found.nearest.second) == ("within", "B")
    alone = nearness([undecided, pair("B", 60)], 50)
    assert (alone.state, alone.reason, alone.nearest.second) == (
        "undecided",
        "filter_may_not_decide",
        "A",
    )
    both = nearness([pair("A", 3, raw=50, decides=False)], 50)
    assert both.state is ScreenState.WITHIN


def test_nearness_without_enough_common_bases_is_not_assessable():
    found = nearness([pair("A", None), pair("B", None)], 50)
    assert (found.state, found.reason) == ("not_assessable", "below_callable_floor")
    assert (found.nearest, found.compared) == (None, 0)


def row(name: str, state: ScreenState, genome: str, snps: int | None = None) -> ScreenRow:
    return ScreenRow(name, state, Sketched(f"file-{name}", genome), clone="C", snps=snps)


def test_rows_are_ranked_by_snps_then_by_genome_and_not_by_name():
    rows = [
        row("a", ScreenState.NOT_SIMILAR, "g1"),
        row("b", ScreenState.FARTHER, "g5", 80),
        row("c", ScreenState.WITHIN, "g9", 7),
        row("d", ScreenState.WITHIN, "g2", 7),
        row("e", ScreenState.QUARANTINED, "g3"),
    ]
    for order in (rows, rows[::-1]):
        assert [each.isolate for each in ranked(order)] == ["d", "c", "b", "e", "a"]


def test_summary_counts_every_candidate_once_whatever_the_number_of_clones():
    rows = [
        row("a", ScreenState.WITHIN, "g1", 4),
        replace(row("a", ScreenState.FARTHER, "g1", 70), clone="D"),
        replace(row("b", ScreenState.WITHIN, "g2", 0), already_in_run="PtA"),
        row("c", ScreenState.UNDECIDED, "g3", 9),
        replace(row("c", ScreenState.NOT_ASSESSABLE, "g3"), clone="D"),
        row("d", ScreenState.NOT_ASSESSABLE, "g4"),
        row("e", ScreenState.UNREADABLE, ""),
        row("f", ScreenState.NOT_SIMILAR, "g5"),
    ]
    assert summary(rows, ["C", "D"], 50, 99.5) == [
        "2 of 6 candidates are within 50 SNPs of clone C, 1 of them with the genome of an isolate "
        "of the run; 1 more would be if the recombination filter decided.",
        "0 of 6 candidates are within 50 SNPs of clone D.",
        "Of 6 candidates 3 were compared base by base, 1 has less than 99.500 % ANI, 1 is near, "
        "but with too few bases in common to be counted, 1 is no readable assembly.",
        "The screen knows only the candidates given.",
    ]
