"""What was measured, part by part; a part that failed says why and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from oneclone.model.panel import Thresholds
from oneclone.validation.genealogies import TreeAgreement
from oneclone.validation.partitions import ClusterAgreement
from oneclone.validation.scored_pairs import ScoredPair
from oneclone.validation.truth_set import JudgedScenario


class Part(StrEnum):
    """Part of a verification, which fails or succeeds as a whole."""

    TRUTH_SET = "truth set"
    RUNS = "whole runs"
    SCENARIOS = "scenarios"
    REPEATABILITY = "repeatability"
    REPRODUCIBILITY = "reproducibility"


@dataclass(frozen=True)
class Failure:
    """A part, or one run of it, that gave no figures."""

    part: Part
    what: str
    message: str


@dataclass(frozen=True)
class MeasuredRun:
    """A whole run of the workflow on an outbreak of the truth set.

    `isolates` are used isolates and references, `wanted_pairs` all pairs of them. `results` are
    the sha256 of the result files whose bytes do not depend on the machine, `tree_sha256` that of
    the tree, which may.
    """

    name: str
    seconds: float
    cores: int
    isolates: int
    wanted_pairs: int
    thresholds: Thresholds
    min_callable_percent: float
    scored: Sequence[ScoredPair]
    clusters: Sequence[ClusterAgreement]
    tree: TreeAgreement
    verdict: JudgedScenario
    results: Mapping[str, str]
    tree_sha256: str

    @property
    def pairs(self) -> list[ScoredPair]:
        """Pairs that have a count."""
        return [each for each in self.scored if each.pair.is_assessable]


@dataclass(frozen=True)
class Repeat:
    """A run made again: how it differed from the first, and which result files differ."""

    name: str
    conditions: str
    seconds: float
    compared: int
    differing: Sequence[str]

    @property
    def equal(self) -> int:
        """Result files that are byte-equal."""
        return self.compared - len(self.differing)


@dataclass
class Findings:
    """All that was measured."""

    truth_set: dict[str, str] = field(default_factory=dict[str, str])
    runs: list[MeasuredRun] = field(default_factory=list[MeasuredRun])
    scenarios: list[JudgedScenario] = field(default_factory=list[JudgedScenario])
    repeats: dict[Part, Repeat] = field(default_factory=dict[Part, Repeat])
    failures: list[Failure] = field(default_factory=list[Failure])

    @property
    def pairs(self) -> list[ScoredPair]:
        """Pairs of all runs that have a count."""
        return [pair for run in self.runs for pair in run.pairs]

    @property
    def close(self) -> list[ScoredPair]:
        """Those that are close."""
        return [pair for pair in self.pairs if pair.is_close]

    @property
    def verdicts(self) -> list[JudgedScenario]:
        """Verdicts of whole runs and scenarios."""
        return [*(run.verdict for run in self.runs), *self.scenarios]

    def failed(self, *parts: Part) -> str:
        """Return why parts gave no figures, empty when they did."""
        return "; ".join(f"{f.what}: {f.message}" for f in self.failures if f.part in parts)


def differing(one: Mapping[str, str], two: Mapping[str, str]) -> list[str]:
    """Return the names whose sha256 differs between two sets of files, or that one lacks.

    Examples
    --------
    >>> differing({"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": "4"})
    ['b', 'c']
    """
    return sorted(name for name in {*one, *two} if one.get(name) != two.get(name))
