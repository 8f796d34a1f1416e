"""The acceptance criteria: what was asked, what was found, whether it is met.

Questions and bounds are those of the shipped `criteria.yaml`; they are no settings. A laboratory
that wants others writes its own into the decision that it signs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import yaml
from pydantic import TypeAdapter

from oneclone.shipped import shipped_file
from oneclone.validation.findings import Findings, MeasuredRun, Part
from oneclone.validation.shares import Share
from oneclone.validation.shipped_figures import Comparison
from oneclone.validation.thresholds import distance_error, threshold_curve

SINGLE = "single_clone"
RUN_AGAIN = "Run verify again with --keep FOLDER and see the logs of the run there."
DEFECT = (
    "Do not use this installation for casework. Install the pinned packages again (make clean, "
    "make verify); if it fails again, report it with validation.json."
)


@dataclass(frozen=True)
class Asked:
    """What a criterion asks; bounds include themselves, `percent` ones are shares."""

    name: str
    term: str
    title: str
    definition: str
    source: str
    parts: tuple[Part, ...]
    least: float | None = None
    most: float | None = None
    percent: bool = False

    @property
    def bound(self) -> str:
        """The bound in words."""
        if self.least is not None and self.least == self.most:
            return f"{self.least:g}"
        if self.least is not None and self.most is not None:
            return f"{self.least:g} to {self.most:g}"
        if self.least is not None and self.percent:
            return "all" if self.least == 1 else f"at least {100 * self.least:g} %"
        if self.least is not None:
            return f"at least {self.least:g}"
        return "none" if self.most == 0 else f"at most {self.most:g}"

    def is_met_by(self, value: float | None) -> bool:
        """Return whether a value is within the bounds; no value is not."""
        if value is None:
            return False
        above = self.least is None or value >= self.least
        return above and (self.most is None or value <= self.most)


@dataclass(frozen=True)
class Measured:
    """A value and what it is in words; `share` where it is a share."""

    value: float | None
    words: str
    share: Share | None = None


@dataclass(frozen=True)
class Criterion:
    """A criterion with what was found; `remedy` says what to do where it is not met."""

    asked: Asked
    measured: Measured
    passed: bool
    remedy: str


@cache
def asked_criteria() -> tuple[Asked, ...]:
    """Return the criteria as shipped.

    Examples
    --------
    >>> [each.bound for each in asked_criteria()][:5]
    ['at least 99.9 %', 'at least 98 %', 'at least 95 %', '0', 'at most 1']
    """
    text = shipped_file("resources", "validation/criteria.yaml").read_text("utf-8")
    return TypeAdapter(tuple[Asked, ...]).validate_python(yaml.safe_load(text))


def criteria(found: Findings, compared: Comparison) -> tuple[Criterion, ...]:
    """Return every criterion with what was found.

    Parameters
    ----------
    found
        What was measured; a criterion that rests on a part that failed is not met.
    compared
        Comparison with the figures shipped.
    """
    values = measured(found, compared)
    return tuple(_decided(asked, values[asked.name], found) for asked in asked_criteria())


def measured(found: Findings, compared: Comparison) -> dict[str, Measured]:
    """Return what was found for each criterion, by its name."""
    return {
        **_sites(found),
        **_distances(found),
        **_thresholds(found),
        **_clusters_and_trees(found.runs),
        **_verdicts(found),
        "repeatability": _equal(found, Part.REPEATABILITY),
        "reproducibility": _equal(found, Part.REPRODUCIBILITY),
        "truth_set": _same(compared.truth_set_compared, compared.truth_set_differing),
        "shipped_results": _same(compared.results_compared, compared.results_differing),
        "shipped_verdicts": _same(compared.verdicts_compared, compared.verdicts_differing),
    }


def _decided(asked: Asked, value: Measured, found: Findings) -> Criterion:
    """Return a criterion, not met where a part that it rests on failed."""
    failed = found.failed(*asked.parts)
    if failed:
        incomplete = Measured(value.value, f"not complete: {failed}", value.share)
        return Criterion(asked, incomplete, passed=False, remedy=RUN_AGAIN)
    passed = asked.is_met_by(value.value)
    return Criterion(asked, value, passed, "" if passed else DEFECT)


def _share(part: int, whole: int) -> Measured:
    """Return a share; one of nothing has no value."""
    share = Share(part, whole)
    return Measured(share.value, share.words, share)


def _number(value: float, words: str) -> Measured:
    """Return a number."""
    return Measured(value, words)


def _sites(found: Findings) -> dict[str, Measured]:
    """Return precision and sensitivity of SNP sites, over close pairs, and the recount."""
    hits = sum(pair.hits for pair in found.close)
    kept = sum(pair.keeps_range for run in found.runs for pair in run.scored)
    same = sum(pair.recounted == pair.pair.snps_raw for pair in found.pairs)
    return {
        "site_precision": _share(hits, hits + sum(pair.false_sites for pair in found.close)),
        "site_sensitivity": _share(hits, hits + sum(pair.missed_sites for pair in found.close)),
        "whole_sensitivity": _share(hits, sum(pair.shared.raw for pair in found.close)),
        "table_is_count": _share(same, len(found.pairs)),
        "range_kept": _share(kept, sum(run.wanted_pairs for run in found.runs)),
    }


def _distances(found: Findings) -> dict[str, Measured]:
    """Return the error of the distances of close pairs."""
    scored = [pair for pair in found.close if pair.is_scanned]
    if not scored:
        nothing = Measured(None, "no pair")
        return dict.fromkeys(("distance_median", "distance_p95", "distance_slope"), nothing)
    counted = [pair.snps for pair in scored]
    error = distance_error(counted, [pair.true_snps(compared=True) for pair in scored])
    pairs = f"{error.pairs} pairs, {error.exact} exact"
    greatest = max(error.most_above, error.most_below)
    slope = Measured(error.slope, "none" if error.slope is None else f"{error.slope:.4f}")
    return {
        "distance_median": _number(error.median, f"{error.median:g} SNPs; {pairs}"),
        "distance_p95": _number(
            error.p95_absolute, f"{error.p95_absolute:g} SNPs; greatest {greatest}; {pairs}"
        ),
        "distance_slope": slope,
    }


def _thresholds(found: Findings) -> dict[str, Measured]:
    """Return the worst sensitivity and specificity of "linked at t" at the panel's thresholds."""
    marks = {snps for run in found.runs for snps in threshold_marks(run)}
    levels = [each for each in threshold_curve(found.pairs, compared=True) if each.snps in marks]
    return {
        "linked_sensitivity": _worst([each.sensitivity for each in levels]),
        "linked_specificity": _worst([each.specificity for each in levels]),
    }


def threshold_marks(run: MeasuredRun) -> tuple[int, int, int]:
    """Return the thresholds of a run's panel."""
    return run.thresholds.linked, run.thresholds.possible, run.thresholds.unlinked


def _worst(shares: Sequence[Share]) -> Measured:
    """Return the least share that has a value."""
    known = [share for share in shares if share.value is not None]
    least = min(known, key=lambda share: share.value or 0.0, default=Share(0, 0))
    return _share(least.part, least.whole)


def _clusters_and_trees(runs: Sequence[MeasuredRun]) -> dict[str, Measured]:
    """Return the worst agreement of clusters, and the splits of trees that are wrong."""
    indices = [each.adjusted_rand for run in runs for each in run.clusters]
    conflicts = sum(len(run.tree.conflicting) for run in runs)
    supported = sum(run.tree.supported for run in runs)
    worst = min(indices, default=None)
    return {
        "clusters": Measured(
            worst, f"{worst:.4f}; least of {len(indices)}" if worst is not None else "no cluster"
        ),
        "tree_conflicts": Measured(
            conflicts if supported else None, f"{conflicts} of {supported} supported splits"
        ),
    }


def _verdicts(found: Findings) -> dict[str, Measured]:
    """Return how many verdicts are right, and which single clones are false."""
    others = [each for each in found.verdicts if each.right != SINGLE]
    false = [each.name for each in others if each.found == SINGLE]
    named = f" ({', '.join(false)})" if false else ""
    right = sum(each.right == each.found for each in found.verdicts)
    full = sum(not each.departures for each in found.verdicts)
    return {
        "verdicts": _share(right, len(found.verdicts)),
        "verdict_details": _share(full, len(found.verdicts)),
        "false_single_clone": Measured(
            len(false) if others else None, f"{len(false)} of {len(others)}{named}"
        ),
    }


def _equal(found: Findings, part: Part) -> Measured:
    """Return the share of byte-equal files of a repeated run."""
    repeat = found.repeats.get(part)
    return _share(repeat.equal, repeat.compared) if repeat else _share(0, 0)


def _same(compared: int, differing: Sequence[str]) -> Measured:
    """Return how many of what was compared is the same."""
    return _share(compared - len(differing), compared)


def confusion(verdicts: Mapping[tuple[str, str], int], names: Sequence[str]) -> list[list[int]]:
    """Return counts by right verdict (rows) and found one (columns).

    Examples
    --------
    >>> confusion({("a", "a"): 3, ("b", "a"): 1}, ["a", "b"])
    [[3, 0], [1, 0]]
    """
    return [[verdicts.get((right, found), 0) for found in names] for right in names]
