"""The validation record as plain data: `validation.json`, from which its page is made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from statistics import median
from typing import Any

from oneclone import __version__
from oneclone.digests import package_digest
from oneclone.plan import read_settings
from oneclone.run_versions import engine_at_hand, shown_versions
from oneclone.validation.criteria import Criterion, criteria, threshold_marks
from oneclone.validation.findings import Findings, MeasuredRun, Repeat
from oneclone.validation.machine import machine, processor
from oneclone.validation.scored_pairs import ScoredPair
from oneclone.validation.shares import Share
from oneclone.validation.shipped_figures import (
    ShippedFigures,
    compare_with_shipped,
    own_figures,
)
from oneclone.validation.thresholds import distance_error, threshold_curve
from oneclone.validation.truth_set import SCENE_SETTINGS, WHOLE_SETTINGS

SCHEMA_VERSION = "1.0"
DECIMALS = 6

Record = dict[str, Any]


@dataclass(frozen=True)
class Circumstances:
    """When and by whom a verification was made, and with how many cores."""

    started: datetime
    finished: datetime
    cores: int
    laboratory: str = ""
    operator: str = ""


def make_record(found: Findings, shipped: ShippedFigures, when: Circumstances) -> Record:
    """Return the record.

    Parameters
    ----------
    found
        What was measured.
    shipped
        The figures shipped with this version.
    when
        Circumstances of the measurement.
    """
    own = own_figures(found, __version__)
    compared = compare_with_shipped(own, shipped)
    decided = criteria(found, compared)
    met = sum(each.passed for each in decided)
    return {
        "schema_version": SCHEMA_VERSION,
        "passed": met == len(decided),
        "criteria_met": met,
        "criteria_total": len(decided),
        "laboratory": when.laboratory,
        "operator": when.operator,
        **_times(when),
        "oneclone": {"version": __version__, "code_sha256": package_digest()},
        "criteria": [_criterion(each) for each in decided],
        "failures": [asdict(each) for each in found.failures],
        **_measures(found),
        "shipped": _plain(asdict(compared)),
        "figures": _plain(asdict(own)),
        "truth_set": {"whole_runs": asdict(WHOLE_SETTINGS), "scenarios": asdict(SCENE_SETTINGS)},
        "software": shown_versions(),
        "tree_engine": engine_at_hand(read_settings({"isolates": "-", "panel": "-"}).tree),
        "machine": {**machine(), "processor": processor(), "cores_used": when.cores},
    }


def _times(when: Circumstances) -> Record:
    """Return beginning, end and duration."""
    return {
        "started": when.started.isoformat(timespec="seconds"),
        "finished": when.finished.isoformat(timespec="seconds"),
        "duration_s": round((when.finished - when.started).total_seconds()),
    }


def _criterion(decided: Criterion) -> Record:
    """Return a criterion with its interval, where it is a share."""
    asked, value = decided.asked, decided.measured
    share = value.share
    low, high = (share.interval if share else None) or (None, None)
    return {
        "name": asked.name,
        "term": asked.term,
        "title": asked.title,
        "definition": asked.definition,
        "source": asked.source,
        "least": asked.least,
        "most": asked.most,
        "bound": asked.bound,
        "measured": value.words,
        "value": _rounded(value.value),
        "part": share.part if share else None,
        "whole": share.whole if share else None,
        "interval_low": _rounded(low),
        "interval_high": _rounded(high),
        "passed": decided.passed,
        "remedy": decided.remedy,
    }


def _measures(found: Findings) -> Record:
    """Return the tables behind the criteria."""
    return {
        "runs": [_run(each) for each in found.runs],
        "distance_errors": _errors(found.close),
        "threshold_marks": sorted({snps for run in found.runs for snps in threshold_marks(run)}),
        "thresholds": _curve(found.pairs),
        "clusters": [_plain(asdict(each)) for run in found.runs for each in run.clusters],
        "trees": [_plain(asdict(run.tree)) for run in found.runs],
        "verdicts": [_plain(asdict(each)) for each in found.verdicts],
        "repeats": [_repeat(each) for each in found.repeats.values()],
    }


def _run(run: MeasuredRun) -> Record:
    """Return a whole run: its size, duration, and how many bases its pairs compared."""
    compared = sorted(each.pair.callable_bp for each in run.pairs)
    percent = [each.pair.callable_percent for each in run.pairs]
    return {
        "name": run.name,
        "seconds": run.seconds,
        "cores": run.cores,
        "isolates": run.isolates,
        "pairs": len(run.pairs),
        "withheld": len(run.scored) - len(run.pairs),
        "close_pairs": sum(each.is_close for each in run.pairs),
        "true_sites": sum(each.shared.raw for each in run.pairs if each.is_close),
        "compared_bp": {
            "least": compared[0] if compared else None,
            "median": round(median(compared)) if compared else None,
            "greatest": compared[-1] if compared else None,
        },
        "least_compared_percent": _rounded(min(percent, default=None)),
        "min_callable_percent": run.min_callable_percent,
    }


def _errors(close: Sequence[ScoredPair]) -> list[Record]:
    """Return the error of distances of close pairs, against both truths."""
    scored = [each for each in close if each.is_scanned]
    if not scored:
        return []
    counted = [each.snps for each in scored]
    return [
        {
            "truth": words,
            **_plain(
                asdict(distance_error(counted, [each.true_snps(compared=where) for each in scored]))
            ),
        }
        for words, where in (("compared", True), ("shared", False))
    ]


def _curve(pairs: Sequence[ScoredPair]) -> list[Record]:
    """Return sensitivity and specificity at every threshold, against both truths."""
    if not pairs:
        return []
    curves = [threshold_curve(pairs, compared=where) for where in (True, False)]
    return [
        {
            "snps": one.snps,
            "compared": {
                "sensitivity": _share(one.sensitivity),
                "specificity": _share(one.specificity),
            },
            "shared": {
                "sensitivity": _share(other.sensitivity),
                "specificity": _share(other.specificity),
            },
        }
        for one, other in zip(*curves, strict=True)
    ]


def _share(share: Share) -> list[int]:
    """Return part and whole."""
    return [share.part, share.whole]


def _repeat(repeat: Repeat) -> Record:
    """Return a repeated run."""
    return {**_plain(asdict(repeat)), "equal": repeat.equal}


def _rounded(value: float | None) -> float | None:
    """Return a figure with at most six decimals."""
    return None if value is None else round(value, DECIMALS)


def _plain(data: Any) -> Any:  # noqa: ANN401 (any data that JSON can hold)
    """Return data with rounded figures, and lists instead of tuples."""
    if isinstance(data, float):
        return round(data, DECIMALS)
    if isinstance(data, Mapping):
        return {key: _plain(each) for key, each in data.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(data, Iterable) and not isinstance(data, str):
        return [_plain(each) for each in data]  # pyright: ignore[reportUnknownVariableType]
    return data
