"""Findings of a verification in which every criterion is met, to be changed by tests."""

from datetime import UTC, datetime

from oneclone import __version__
from oneclone.model.pairs import FilterOutcome, Pair
from oneclone.model.panel import Thresholds
from oneclone.validation.accuracy import Truth
from oneclone.validation.findings import Findings, MeasuredRun, Part, Repeat
from oneclone.validation.genealogies import TreeAgreement
from oneclone.validation.partitions import ClusterAgreement
from oneclone.validation.record import Circumstances, make_record
from oneclone.validation.scored_pairs import ScoredPair
from oneclone.validation.shipped_figures import own_figures
from oneclone.validation.truth_set import JudgedScenario

SUM = "ab" * 32
WHEN = Circumstances(
    datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    datetime(2026, 1, 2, 3, 9, 6, tzinfo=UTC),
    cores=2,
    laboratory="<b>Lab 1</b>",
)


def scored(one, two, counted, true, *, in_genome=None, scanned=True):
    """Return a pair whose true SNPs are `true` in the bases compared, all of them mutations."""
    outcome = FilterOutcome.NOTHING_REMOVED if scanned else FilterOutcome.NOT_SCANNED
    pair = Pair(one, two, "R", 200_000, 190_000, counted, counted, 0, outcome)
    whole = true if in_genome is None else in_genome
    hits = min(counted, true)
    return ScoredPair(
        pair=pair,
        compared=Truth(true, true, 190_000),
        shared=Truth(whole, whole, 195_000),
        hits=hits,
        false_sites=counted - hits,
        missed_sites=true - hits,
        recounted=counted,
        has_enough=True,
    )


def good_findings() -> Findings:
    """Return findings of one run, two scenarios and both repeats, all as they should be."""
    pairs = [
        scored("a", "b", 3, 3),
        scored("a", "c", 20, 20, in_genome=21),
        scored("b", "c", 50, 50),
    ]
    run = MeasuredRun(
        name="point-source",
        seconds=50.0,
        cores=2,
        isolates=3,
        wanted_pairs=3,
        thresholds=Thresholds(10, 30, 38, "a study"),
        min_callable_percent=80.0,
        scored=pairs,
        clusters=[ClusterAgreement("point-source", 10, 2, 2, 1.0, 1.0, None)],
        tree=TreeAgreement("point-source", 3, "ufboot", 95, 2, 2, 1, 1, (), 0.5),
        verdict=JudgedScenario("point-source", "single_clone", "single_clone", ()),
        results={"distances/pairs.tsv": SUM},
        tree_sha256=SUM,
    )
    return Findings(
        truth_set={"point-source/isolates.tsv": SUM},
        runs=[run],
        scenarios=[
            JudgedScenario("no-background", "indeterminate", "indeterminate", ()),
            JudgedScenario("polyclonal", "multiple_clones", "multiple_clones", ()),
        ],
        repeats={
            part: Repeat(part, "elsewhere", 50.0, 40, ())
            for part in (Part.REPEATABILITY, Part.REPRODUCIBILITY)
        },
    )


def record_of(found: Findings):
    """Return the record of findings, compared with figures of the good ones."""
    return make_record(found, own_figures(good_findings(), __version__), WHEN)


def not_met(record) -> list[str]:
    """Return the names of the criteria of a record that are not met."""
    return [each["name"] for each in record["criteria"] if not each["passed"]]
