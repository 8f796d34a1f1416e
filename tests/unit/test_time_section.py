"""The report's section on time and its picture of distances inside and outside of a clone."""

import re
from dataclasses import replace

import pytest

from oneclone.model.isolates import Isolate, Role, row_id
from oneclone.model.panel import SubstitutionRate, Thresholds
from oneclone.model.timing import (
    CAVEAT,
    NOTE,
    CloneTime,
    DatedPair,
    Estimate,
    Floor,
    Months,
    Mrca,
    TemporalSignal,
    TimeReport,
    TimeTree,
)
from oneclone.reporting.distance_chart import (
    EXACT_SNPS,
    clone_strips,
    distance_caption,
    distance_chart,
)
from oneclone.reporting.page import figure
from oneclone.reporting.time_section import MAX_DRAWN, time_section, timeline_chart
from tests.unit.evidence_builder import pair

CUT = Thresholds(10, 30, 38, "a study")
HOSTILE = "<img src=x onerror=alert(1)>\"'</script>"
RATE = SubstitutionRate(1.6e-7, 8.8e-8, 2.37e-7, "a rate study")
TREE = TimeTree(
    "TreeTime 0",
    4_900_000,
    Estimate(2e-7, 1e-7, 3e-7),
    Months("2019-03", "2015-01", "2020-02"),
    Estimate(1.5, 0.3, 5.4),
)
SIGNAL = TemporalSignal(12, 3.25, 1.1, 0.81, 0.001, 1000, 1, "background")


def clone_time(one: str = "A1", two: str = "B1", **changes) -> CloneTime:
    about = DatedPair(one, two, "2022-04", "2022-10-18", 3, 4_900_000, True)
    floor = Estimate(0.3939, 0.1818, 0.6772)
    mrca = Mrca(
        about,
        (0.6187, 8.7673),
        Months("2020-08", "2012-05", "2022-04"),
        Estimate(1.6622, 0.0, 9.9545),
        floor,
        (),
    )
    values = {
        "name": "clone-1",
        "members": 2,
        "dated": 2,
        "undated": (),
        "rate": RATE,
        "floor": Floor(about, Estimate(0.5024, 0.4216, 0.5832), floor),
        "mrca": mrca,
        "signal": None,
        "time_tree": None,
        "refusal": "No dated tree: 2 members have a date, at least 10 are needed.",
        "missing": (),
    }
    return CloneTime(**{**values, **changes})


def case(name: str, date: str = "2022-04", patient: str = "") -> Isolate:
    return Isolate(row_id(name), name, Role.CASE, "sha", patient or name, collection_date=date)


def section(*clones: CloneTime, names: tuple[str, ...] = ("A1", "B1")):
    isolates = {"A1": case("A1"), "B1": case("B1", "2022-10-18")}
    return time_section(
        TimeReport("1.0", NOTE, CAVEAT, clones), {clone.name: names for clone in clones}, isolates
    )


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_time_section_words_give_numbers_bases_rate_and_limits():
    shown = section(clone_time())
    assert shown.lead == (
        "Time is shown beside the verdict and is never a part of it. Source diversity unknown; "
        "rates from other lineages."
    )
    (clone,) = shown.clones
    assert clone.title == "clone-1: 2 of 2 members dated"
    assert clone.sentences == (
        "A1 (2022-04) and B1 (2022-10-18) were collected 0.5 years apart. Over 4.90 Mb compared, "
        "time alone is expected to add 0.39 (0.18 to 0.68) SNPs; counted: 3.",
        "The most recent common ancestor of A1 and B1 (3 SNPs over 4.90 Mb, the most of any two "
        "dated members) is put at 2020-08 (2012-05 to 2022-04): 1.7 (0 to 10) years before the "
        "earlier of them.",
        "No dated tree: 2 members have a date, at least 10 are needed.",
        "Rate: 1.6e-07 (8.8e-08 to 2.37e-07) substitutions per site and year (a rate study).",
    )
    assert "no date of an infection" in shown.note


def test_time_section_clipped_date_and_dated_tree_are_told():
    mrca = clone_time().mrca
    clipped = Mrca(
        mrca.pair, mrca.poisson_snps, mrca.date, mrca.years_before, mrca.floor_snps, ("value",)
    )
    told = section(
        clone_time(mrca=clipped, signal=SIGNAL, time_tree=TREE, refusal="", missing=("Said.",))
    ).clones[0]
    assert any("no more SNPs than time alone adds" in each for each in told.sentences)
    assert told.sentences[-3] == (
        "TreeTime 0 puts the root of the tree of the 12 dated members, rooted by the background, "
        "at 2019-03 (2015-01 to 2020-02): 1.5 (0.3 to 5.4) years before the first isolate, at "
        "2e-07 (1e-07 to 3e-07) substitutions per site and year of its own (SNPs on date: r2 0.81, "
        "p 0.001 by 1000 permutations, 3.2 years)."
    )
    assert told.sentences[-2] == "Said."
    cut = section(
        clone_time(signal=SIGNAL, time_tree=replace(TREE, clipped=("high",)), refusal="")
    ).clones[0]
    assert "years). Its interval would reach past the first isolate" in " ".join(cut.sentences)
    assert {"common ancestor", "root of dated tree"} <= {*map(str.strip, texts(told.figure.svg))}


def test_time_section_single_isolates_are_counted_and_no_date_is_no_picture():
    single = clone_time(name="clone-2", members=1, dated=0, floor=None, mrca=None)
    shown = section(clone_time(floor=None, mrca=None), single)
    assert [clone.figure for clone in shown.clones] == [None]
    assert shown.note.endswith("1 clone of a single isolate: nothing to compare.")
    assert section(single).clones == ()


def test_timeline_chart_early_times_and_hostile_names_are_drawn():
    early = Months("1200-01", "before 0001-01", "2022-04")
    mrca = clone_time().mrca
    clone = clone_time(
        mrca=Mrca(mrca.pair, mrca.poisson_snps, early, mrca.years_before, mrca.floor_snps, ())
    )
    svg = figure(timeline_chart(clone, [case(HOSTILE), case("common ancestor", "2022")]), "x").svg
    assert "<img" not in svg
    assert [text.strip() for text in texts(svg)].count("common ancestor") == 2


@pytest.mark.parametrize(
    ("low", "labels"),
    [
        ("2022-03", {"2022-04", "2022-07", "2022-10"}),
        ("2018-06", {"2019", "2020", "2021", "2022"}),
        ("1745-04", {"1800", "1900", "2000"}),
        ("before 0001-01", {"500", "1000", "1500", "2000"}),
    ],
)
def test_timeline_chart_labels_suit_the_span_whatever_the_time_zone(low, labels, monkeypatch):
    mrca = clone_time().mrca
    date = Months("2022-04", low, "2022-04")
    clone = clone_time(
        mrca=Mrca(mrca.pair, mrca.poisson_snps, date, mrca.years_before, mrca.floor_snps, ())
    )
    dated = [case("A1"), case("B1", "2022-10-18")]
    drawn = figure(timeline_chart(clone, dated), "x").svg
    assert {text for text in texts(drawn) if text[:1].isdigit()} == labels
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    assert figure(timeline_chart(clone, dated), "x").svg == drawn


def test_timeline_of_many_isolates_keeps_first_and_last_and_counts_the_rest():
    names = [f"i{number:02}" for number in range(MAX_DRAWN + 4)]
    isolates = {name: case(name, f"{1980 + n}") for n, name in enumerate(names)}
    clone = clone_time(members=len(names))
    report = TimeReport("1.0", NOTE, CAVEAT, (clone,))
    drawn = time_section(report, {"clone-1": names[::-1]}, isolates).clones[0].figure
    assert "4 of 34 between the first and the last are left out." in drawn.caption
    shown = {text.strip() for text in texts(drawn.svg)}
    assert {"i00", "i14", "i19", "i33"} <= shown
    assert not {"i15", "i18"} & shown


# --- distances inside and outside of a clone ---------------------------------------------------

ISOLATES = {
    "A1": case("A1", patient="A"),
    "A2": case("A2", patient="A"),
    "B1": case("B1", patient="B"),
    "ctx": Isolate("I1", "ctx", Role.CONTEXT, "sha"),
    "far": Isolate("I2", "far", Role.CONTEXT, "sha"),
    "REF": Isolate("I3", "REF", Role.REFERENCE, "sha"),
}
PAIRS = {
    names: pair(*names, snps)
    for names, snps in {
        ("A1", "A2"): 1,
        ("A1", "B1"): 4,
        ("A2", "B1"): None,
        ("A1", "ctx"): 203,
        ("A2", "ctx"): 201,
        ("B1", "ctx"): None,
        ("A1", "far"): None,
        ("A1", "REF"): 20_000,
        ("A2", "REF"): 20_001,
    }.items()
}


def strips():
    return clone_strips(["A1", "A2", "B1"], ["ctx", "far", "REF"], ISOLATES, PAIRS)


def test_clone_strips_count_pairs_by_patient_and_the_least_distance_of_the_background():
    found = [(strip.snps, strip.not_comparable) for strip in strips()]
    assert found == [((4,), 1), ((1,), 0), ((201,), 1), ((20_000,), 0)]


def test_distance_caption_gives_every_count_and_the_study_of_the_thresholds():
    said = distance_caption("clone-1", strips(), CUT)
    assert said.startswith(
        "clone-1. Pairs of two patients: 2 (4 SNPs, 1 not comparable); Pairs of one patient: 1 "
        "(1 SNP); Background, all subspecies: 2 (201 SNPs, 1 not comparable); References: 1 "
        "(20000 SNPs)."
    )
    assert "linked up to 10, possible up to 30, not linked above 38 SNPs (a study)" in said


def test_distance_chart_labels_thresholds_and_strips():
    shown = texts(figure(distance_chart(strips(), CUT), "x").svg)
    assert {"linked \u2264 10", "possible \u2264 30", "not linked &gt; 38"} <= set(shown)
    assert {"Pairs of two patients: 2", "References: 1", "10k", "0"} <= set(shown)


@pytest.mark.parametrize(
    "thresholds", [CUT, Thresholds(0, 0, 0, "x"), Thresholds(5, 900, 5000, "x")]
)
def test_distance_chart_without_any_distance_does_not_crash(thresholds):
    nothing = clone_strips(["A1", "B1"], [], ISOLATES, {})
    assert [strip.total for strip in nothing] == [1, 0, 0, 0]
    assert figure(distance_chart(nothing, thresholds), "x").svg


def test_distance_chart_thousands_of_distances_share_few_dots():
    many = {f"c{n:04}": Isolate(f"I{n}", f"c{n:04}", Role.CONTEXT, "sha") for n in range(3000)}
    pairs = {("A1", name): pair("A1", name, n + 20) for n, name in enumerate(many)}
    found = clone_strips(["A1"], many, {**ISOLATES, **many}, pairs)
    assert found[2].total == 3000
    svg = figure(distance_chart(found, CUT), "x").svg
    dots = len(re.findall(r'aria-roledescription="point"', svg))
    assert EXACT_SNPS - 20 < dots < 100
