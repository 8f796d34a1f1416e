"""The age of a clone: dates, floor, common ancestor, temporal signal, dated tree."""

import datetime
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from oneclone.clock import date_ancestor, floor_snps, poisson_limits, rate_for, years_apart
from oneclone.dates import Days, month_of, read_days
from oneclone.model.evidence import LocalTree
from oneclone.model.isolates import Isolate, Role, row_id
from oneclone.model.panel import SubstitutionRate
from oneclone.model.published import CloneRate
from oneclone.model.timing import CloneTime, Estimate
from oneclone.tables.json_files import read_json
from oneclone.tables.schemas import load_schema
from oneclone.tables.time_file import read_time, write_time
from oneclone.temporal_signal import Tip, least_span_years, no_signal, regress, too_little
from oneclone.time_tree import DatedTree, DatingFailed, tips_of
from oneclone.timing import Clone, TimingEvidence, estimate_clone
from tests.unit.dated_clones import CORE_BP, simulate_dated_clone
from tests.unit.evidence_builder import pair, panel

DCC3 = SubstitutionRate(1.6e-7, 8.8e-8, 2.37e-7, "a study")
EXACT = SubstitutionRate(1e-6, 1e-6, 1e-6, "one SNP per year over 1 Mb")


def days(text: str) -> Days:
    found = read_days(text)
    assert found
    return found


# --- dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022", "2022-01-01", "2022-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2022-10-18", "2022-10-18", "2022-10-18"),
    ],
)
def test_read_days_precision_is_a_range_of_days(text, first, last):
    bounds = [datetime.date.fromordinal(day) for day in (days(text).first, days(text).last)]
    assert [str(day) for day in bounds] == [first, last]


def test_month_of_early_times_do_not_fail():
    assert month_of(1.0) == "0001-01"
    assert month_of(0.9) == "before 0001-01"
    assert month_of(-1e9) == "before 0001-01"


def test_years_apart_precision_widens_and_overlap_reaches_zero():
    apart = years_apart(days("2022-04"), days("2022-10"))
    assert [round(each * 365.25) for each in (apart.low, apart.value, apart.high)] == [
        154,
        184,
        213,
    ]
    assert years_apart(days("2022-10"), days("2022-04")) == apart
    same = years_apart(days("2022"), days("2022-06-30"))
    assert same.low == 0
    assert round(same.high * 365.25) == 184


# --- floor and common ancestor -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (3, 0.6187, 8.7673), (10, 4.7954, 18.3904)],
)
def test_poisson_limits_are_those_of_the_tables(count, low, high):
    assert [round(limit, 4) for limit in poisson_limits(count)] == [low, high]


def test_floor_and_ancestor_of_three_snps_by_hand():
    # 4.9 Mb at 1.6e-7 make 0.784 SNPs a year; the middle of 2022-04 is day 105.5 of the
    # year, that of 2022-10 day 289.
    dates = days("2022-04"), days("2022-10")
    floor = floor_snps(4_900_000, years_apart(*dates), DCC3)
    assert floor.value == pytest.approx(0.784 * 183.5 / 365.25, abs=1e-6)
    assert floor.low == pytest.approx(0.4312 * 154 / 365.25, abs=1e-6)
    assert floor.high == pytest.approx(1.1613 * 213 / 365.25, abs=1e-6)
    found = date_ancestor(3, 4_900_000, dates, DCC3)
    middle = (days("2022-04").middle + days("2022-10").middle) / 2
    assert found.day.value == pytest.approx(middle - 365.25 * 3 / 0.784 / 2)
    start = (days("2022-04").first + days("2022-10").first) / 2
    assert found.day.low == pytest.approx(start - 365.25 * 8.76727 / 0.4312 / 2, abs=0.01)
    end = (days("2022-04").last + days("2022-10").last) / 2
    assert found.day.high == pytest.approx(end - 365.25 * 0.61867 / 1.1613 / 2, abs=0.01)
    assert [month_of(day) for day in (found.day.low, found.day.value, found.day.high)] == [
        "2012-05", "2020-08", "2022-04",
    ]  # fmt: skip
    assert found.years_before.value == pytest.approx((3 / 0.784 - 183.5 / 365.25) / 2, abs=1e-6)
    assert found.clipped == ()


def test_date_ancestor_no_snps_is_clipped_to_the_earlier_isolate():
    dates = days("2020-06-01"), days("2022-06-01")
    found = date_ancestor(0, 1_000_000, dates, EXACT)
    assert found.clipped == ("value", "high")
    assert found.day.value == found.day.high == days("2020-06-01").first
    assert found.years_before.value == found.years_before.low == 0
    # 3.6889 SNPs at most, less the two years between them, on two branches
    assert found.years_before.high == pytest.approx((3.68888 - 730 / 365.25) / 2, abs=1e-4)


def test_date_ancestor_fewer_snps_than_time_adds_clips_the_whole_interval():
    found = date_ancestor(0, 1_000_000, (days("2010-01-01"), days("2022-01-01")), EXACT)
    assert found.clipped == ("value", "low", "high")
    assert {found.day.low, found.day.high} == {days("2010-01-01").first}


date_texts = st.dates(datetime.date(1990, 1, 1), datetime.date(2030, 12, 31)).flatmap(
    lambda day: st.sampled_from([f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}"])
)


@given(date_texts, date_texts, st.integers(0, 60), st.integers(10_000, 6_000_000))
def test_date_ancestor_interval_holds_the_estimate_and_is_never_too_late(one, two, snps, bases):
    dates = days(one), days(two)
    found = date_ancestor(snps, bases, dates, DCC3)
    assert found.day.low <= found.day.value <= found.day.high
    back = found.years_before
    assert 0 <= back.low <= back.value <= back.high
    assert found.day.high <= min(each.last for each in dates)
    floor = floor_snps(bases, years_apart(*dates), DCC3)
    assert floor.low <= floor.value <= floor.high


@given(
    st.dates(datetime.date(1990, 1, 1), datetime.date(2030, 12, 31)), date_texts, st.integers(0, 60)
)
def test_date_ancestor_coarser_dates_never_narrow_the_interval(day, other, snps):
    texts = (f"{day:%Y-%m-%d}", f"{day:%Y-%m}", f"{day:%Y}")
    found = [date_ancestor(snps, 4_900_000, (days(text), days(other)), DCC3) for text in texts]
    for fine, coarse in pairwise(found):
        assert coarse.day.low <= fine.day.low
        assert coarse.day.high >= fine.day.high
        assert coarse.years_before.low <= fine.years_before.low
        assert coarse.years_before.high >= fine.years_before.high


def test_rate_for_every_clone_is_the_panels():
    assert [rate_for(panel(), clone) for clone in ("", "C1")] == [panel().substitution_rate] * 2


# --- temporal signal ---------------------------------------------------------------------------


def test_too_little_names_both_conditions_with_their_numbers():
    assert too_little([days("2020"), days("2021")]) == [
        "2 members have a date, at least 10 are needed",
        "the dates surely span 0.0 years, at least 2 are needed",
    ]
    assert too_little([days("2020-01-01")] * 9 + [days("2022-01-02")]) == []
    assert least_span_years([days("2020"), days("2023")]) == pytest.approx(731 / 365.25)


def test_regress_is_deterministic_and_blind_to_order():
    clone = simulate_dated_clone(0)
    tips = tips_of(clone.newick, rows(clone.days), CORE_BP)
    found = regress(tips, seed=1)
    assert found == regress(tips[::-1], seed=1)
    assert (round(found.snps_per_year, 3), round(found.r2, 3)) == (2.266, 0.755)
    assert found.p == pytest.approx(1 / 1001)
    assert no_signal(found) == ""


def test_regress_against_least_squares_of_scipy():
    from scipy.stats import linregress  # noqa: PLC0415 (the independent answer)

    tips = [Tip(days(f"{2000 + n}"), snps) for n, snps in enumerate([3, 1, 4, 1, 5, 9, 2, 6])]
    years = [tip.date.middle / 365.25 for tip in tips]
    fitted = linregress(years, [tip.snps for tip in tips])
    found = regress(tips, seed=1)
    assert found.snps_per_year == pytest.approx(fitted.slope)
    assert found.r2 == pytest.approx(fitted.rvalue**2)


@pytest.mark.parametrize(
    "snps", [[4.0] * 12, [float(12 - n) for n in range(12)]], ids=["flat", "down"]
)
def test_no_signal_distances_that_do_not_rise_are_refused(snps):
    tips = [Tip(days(f"{2000 + n}"), each) for n, each in enumerate(snps)]
    assert no_signal(regress(tips, 1)).startswith("SNPs from the root do not rise with the date")


def test_no_signal_noise_is_refused_with_its_numbers():
    noise = [5, 2, 9, 1, 7, 3, 8, 2, 6, 4, 9, 3]
    tips = [Tip(days(f"{2000 + n}"), float(each)) for n, each in enumerate(noise)]
    found = regress(tips, seed=1)
    assert found.p > 0.3
    assert f"p {found.p:.3f} by 1000 permutations" in no_signal(found)


# --- dated tree --------------------------------------------------------------------------------


def rows(dates: dict[str, Days]) -> dict[str, Days]:
    return {row_id(name): each for name, each in dates.items()}


def test_tips_of_other_tips_are_pruned_and_the_root_is_the_common_ancestor():
    clone = simulate_dated_clone(0)
    wider = f"({clone.newick[:-1]}:0.001,Iffff:0.002);"
    assert tips_of(wider, rows(clone.days), CORE_BP) == tips_of(
        clone.newick, rows(clone.days), CORE_BP
    )


# --- a whole clone -----------------------------------------------------------------------------


def evidence(
    dates: dict[str, str], snps: dict[tuple[str, str], int | None], newick: str = "", **tree
) -> TimingEvidence:
    isolates = {
        name: Isolate(row_id(name), name, Role.CASE, f"sha-{name}", name, collection_date=text)
        for name, text in dates.items()
    }
    members = tuple(sorted(dates))
    local = LocalTree(members, ("ctx",), "TYPE-m", CORE_BP, 50, 0, 3, newick=newick, **tree)
    pairs = {two: pair(*two, each) for two, each in snps.items()}
    return TimingEvidence(panel(), isolates, pairs, {members: local}, seed=1)


def estimate(about: TimingEvidence) -> CloneTime:
    return estimate_clone(Clone("clone-1", tuple(sorted(about.isolates)), ""), about)


THREE = {("a", "b"): 3, ("a", "c"): 9, ("b", "c"): 9}


def test_estimate_clone_floor_is_of_the_farthest_dates_ancestor_of_the_widest_pair():
    found = estimate(evidence({"a": "2020", "b": "2023-05", "c": "2021-01-01"}, THREE))
    assert (found.floor.pair.isolate_a, found.floor.pair.isolate_b) == ("a", "b")
    assert (found.mrca.pair.isolate_a, found.mrca.pair.isolate_b) == ("a", "c")
    assert found.mrca.poisson_snps == (4.1154, 17.0848)
    assert found.mrca.pair.compared_bp == 4_900_000
    assert found.missing == ()
    assert found.refusal == ("No dated tree: the clone has no local tree.")


def test_estimate_clone_removed_bases_are_taken_off_and_an_unscanned_pair_is_said():
    about = evidence({"a": "2020", "b": "2021"}, {("a", "b"): 3})
    removed = replace(about.pairs["a", "b"], recombinant_bp=100_000)
    found = estimate(replace(about, pairs={("a", "b"): removed}))
    assert found.mrca.pair.compared_bp == 4_800_000
    unscanned = replace(about.pairs["a", "b"], recombinant_bp=None)
    found = estimate(replace(about, pairs={("a", "b"): unscanned}))
    assert found.mrca.pair.compared_bp == 4_900_000
    assert found.missing == (
        "A pair was not scanned for recombination: nothing was taken off its bases.",
    )


def test_estimate_clone_missing_dates_are_named_and_the_next_pair_is_taken():
    found = estimate(evidence({"a": "2020", "b": "2021", "c": ""}, THREE))
    assert found.undated == ("c",)
    assert found.missing == (
        "1 of 3 members have no collection date: c.",
        "The widest pair (9 SNPs) lacks a date: the common ancestor is that of the widest pair "
        "with two dates.",
    )
    assert (found.mrca.pair.isolate_a, found.mrca.pair.isolate_b) == ("a", "b")
    nothing = estimate(evidence({"a": "2020", "b": "", "c": ""}, THREE))
    assert nothing.floor is None
    assert nothing.mrca is None
    assert nothing.missing[-1].startswith("No two members have a collection date and a SNP")


def test_estimate_clone_without_distances_or_a_second_member_says_so():
    found = estimate(evidence({"a": "2020", "b": "2021"}, {("a", "b"): None}))
    assert found.missing[0] == "1 of 1 pair of members lack a SNP distance."
    assert found.mrca is None
    single = estimate(evidence({"a": "2020"}, {}))
    assert single.missing == ("A clone of a single isolate has no common ancestor to date.",)


@pytest.fixture(scope="module")
def dated_clone() -> TimingEvidence:
    clone = simulate_dated_clone(0)
    dates = {
        name: datetime.date.fromordinal(each.first).isoformat() for name, each in clone.days.items()
    }
    names = sorted(dates)
    snps = {(one, two): 20 for one in names for two in names if one < two}
    return evidence(dates, snps, clone.newick)


@pytest.fixture(scope="module")
def with_tree(dated_clone) -> CloneTime:
    return estimate(dated_clone)


def test_estimate_clone_with_signal_dates_the_tree(with_tree):
    assert with_tree.refusal == ""
    assert (with_tree.signal.tips, with_tree.signal.span_years) == (12, 14.0014)
    assert (with_tree.signal.p, with_tree.signal.root) == (0.001, "background")
    tree = with_tree.time_tree
    assert tree.engine.startswith("TreeTime ")
    assert tree.core_bp == CORE_BP
    # simulated: root in 2000-10, 2 SNPs per year, first isolate in 2007-11
    assert (tree.date.low, tree.date.value, tree.date.high) == ("1994-06", "1998-11", "2003-05")
    assert tree.rate.low * CORE_BP < 2.0 < tree.rate.high * CORE_BP
    back = tree.years_before
    assert [round(each) for each in (back.low, back.value, back.high)] == [5, 9, 13]


def test_estimate_clone_without_signal_refuses_with_the_regression(dated_clone):
    names = sorted(dated_clone.isolates)
    mixed = names[1::2] + names[::2]
    shuffled = {
        name: replace(
            dated_clone.isolates[name],
            collection_date=dated_clone.isolates[other].collection_date,
        )
        for name, other in zip(names, mixed[::-1], strict=True)
    }
    found = estimate(replace(dated_clone, isolates=shuffled))
    assert found.time_tree is None
    assert found.signal.tips == 12
    assert found.refusal.startswith("No dated tree: ")
    assert f"r2 {found.signal.r2:.2f}" in found.refusal


def test_estimate_clone_few_tips_are_refused_before_any_regression(dated_clone):
    names = sorted(dated_clone.isolates)
    few = {
        name: replace(each, collection_date=each.collection_date if name in names[:9] else "")
        for name, each in dated_clone.isolates.items()
    }
    found = estimate(replace(dated_clone, isolates=few))
    assert found.refusal == "No dated tree: 9 members have a date, at least 10 are needed."
    assert found.signal is None


def test_estimate_clone_root_is_never_later_than_the_first_isolate(dated_clone, monkeypatch):
    days = [datetime.date(year, 10, 1).toordinal() for year in (2007, 2005, 2009)]
    late = DatedTree(Estimate(*days), Estimate(2e-7, 1e-7, 3e-7), "TreeTime 0")
    monkeypatch.setattr("oneclone.timing.date_tree", lambda *_: late)
    tree = estimate(dated_clone).time_tree
    assert (tree.date.value, tree.date.high) == ("2007-10", "2007-11")  # the first isolate: 2007-11
    assert (tree.clipped, tree.years_before.low) == (("high",), 0.0)


def test_estimate_clone_treetime_that_gives_up_is_a_refusal(dated_clone, monkeypatch):
    def fail(*_: object) -> DatedTree:
        raise DatingFailed("TreeTime 0: no")

    monkeypatch.setattr("oneclone.timing.date_tree", fail)
    found = estimate(dated_clone)
    assert found.refusal == "No dated tree: TreeTime 0: no."
    assert found.signal is not None


def test_write_time_every_kind_of_clone_fits_the_schema(tmp_path, with_tree):
    clones = [
        with_tree,
        estimate(evidence({"a": "2020", "b": ""}, {("a", "b"): 3})),
        estimate(evidence({"a": "2020-01-01", "b": "2022"}, {("a", "b"): 0})),
        replace(
            with_tree,
            floor=replace(with_tree.floor, snps=Estimate(0.0, 0.0, 1e-5)),
        ),
    ]
    write_time(tmp_path / "time.json", clones)
    Draft202012Validator(load_schema("time")).validate(read_json(tmp_path / "time.json"))
    assert read_time(tmp_path / "time.json").clones == tuple(clones)


def test_rate_for_a_clone_with_a_rate_of_its_own_and_for_any_other():
    own = CloneRate("C1", 4e-7, 2e-7, 6e-7, "a study", "16 tips")
    with_own = replace(panel(), substitution_rates=(own,))
    found = rate_for(with_own, "C1")
    assert (found.per_site_per_year, found.low, found.high) == (4e-7, 2e-7, 6e-7)
    assert found.citation == "a study (rate of C1; 16 tips)"
    assert rate_for(with_own, "") == rate_for(with_own, "C2") == with_own.substitution_rate
