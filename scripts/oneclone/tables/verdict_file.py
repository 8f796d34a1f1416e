"""`verdict.json` and `verdict_pairs.tsv`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from oneclone.explanations import CAVEAT_TEXT, REASON_TEXT
from oneclone.model.codes import Caveat, Reason
from oneclone.model.evidence import Evidence
from oneclone.model.judgement import (
    CloneDistances,
    CloneJudgement,
    Judgement,
    Neighbour,
    PairJudgement,
)
from oneclone.model.pairs import Pair
from oneclone.model.panel import Panel
from oneclone.model.robustness import Robustness, RobustnessRun
from oneclone.statements import Statements
from oneclone.tables.delimited import write_table
from oneclone.tables.json_files import write_json

SCHEMA_VERSION = "1.0"
PAIR_COLUMNS = (
    "isolate_a",
    "isolate_b",
    "verdict",
    "snps",
    "snps_raw",
    "callable_bp",
    "nearest_background_snps",
    "reason",
    "base_verdict",
)


@dataclass(frozen=True)
class Frame:
    """What stands in `verdict.json` beside the judgement."""

    sentence: str
    statements: Statements
    settings: Mapping[str, Any]
    versions: Mapping[str, str]


def write_verdict(path: Path, judgement: Judgement, evidence: Evidence, frame: Frame) -> None:
    """Write `verdict.json`; every code in it has its sentence under `explanations`."""
    write_json(
        path,
        {
            "schema_version": SCHEMA_VERSION,
            "sentence": frame.sentence,
            "verdict": judgement.verdict,
            "exclusive": judgement.exclusive,
            "distinct_from_panel": judgement.distinct_from_panel,
            "panel": _panel(evidence.panel, judgement.clones_compared),
            "clones": [_clone(clone) for clone in judgement.clones],
            "pairs": [_pair(pair) for pair in judgement.pairs],
            "not_assessed": [
                {"isolate": row.name, "patient": row.patient, "reason": row.reason}
                for row in judgement.not_assessed
            ],
            "set_aside": [
                {"isolate": name, "reason": reason}
                for name, reason in sorted(judgement.set_aside.items())
            ],
            "within_patients": [asdict(each) for each in judgement.within_patients],
            "closest_across_clones": _across(judgement.closest_across),
            **_suspicions(judgement),
            "reasons": list(judgement.reasons),
            "caveats": list(judgement.caveats),
            "statements": asdict(frame.statements),
            "explanations": _explanations(judgement),
            "robustness": _robustness(judgement.robustness),
            "settings": frame.settings,
            "versions": frame.versions,
        },
    )


def write_verdict_pairs(path: Path, judgement: Judgement, evidence: Evidence) -> None:
    """Write the pairs of assessed case isolates with their published verdict."""
    write_table(
        path,
        PAIR_COLUMNS,
        [_pair_cells(pair, evidence) for pair in sorted(judgement.pairs, key=_names)],
    )


def _across(pair: Pair | None) -> dict[str, Any] | None:
    """Return the closest pair across clones as plain data."""
    if pair is None:
        return None
    return {
        "isolate_a": pair.first,
        "isolate_b": pair.second,
        "snps": pair.snps,
        "callable_bp": pair.callable_bp,
    }


def _panel(panel: Panel, compared: Sequence[str]) -> dict[str, Any]:
    """Return with which panel the cases were compared, and with which clones they were not."""
    absent = panel.known_clones_not_compared
    return {
        "name": panel.name,
        "version": panel.version,
        "reference_clones": list(compared),
        "reference_clones_not_comparable": [c for c in panel.clones if c not in compared],
        "known_clones_not_compared": {"count": len(absent), "names": list(absent)},
    }


def _suspicions(judgement: Judgement) -> dict[str, list[dict[str, Any]]]:
    """Return the isolates whose assemblies are suspected of errors or of a mixture."""
    return {
        "suspected_assemblies": [
            {
                "isolate": each.name,
                "short_indels": each.short_indels,
                "snps_raw": each.snps_raw,
                "beside": each.partner,
            }
            for each in judgement.suspected
        ],
        "suspected_mixtures": [
            {"isolate": each.name, "signs": list(each.signs), "detail": each.detail}
            for each in judgement.mixtures
        ],
    }


def _clone(clone: CloneJudgement) -> dict[str, Any]:
    """Return a clone as plain data."""
    reference, nearest = clone.nearest_reference, clone.nearest_background
    return {
        "name": clone.name,
        "verdict": clone.verdict,
        "members": list(clone.members),
        "patients": list(clone.patients),
        "clinics": list(clone.clinics),
        **_distances(clone.distances),
        "exclusive": clone.exclusivity.exclusive,
        "support": clone.exclusivity.support,
        "support_kind": clone.exclusivity.support_kind,
        "panel_clone": clone.panel_clone or None,
        "nearest_reference": (
            {"reference": reference.name, "snps": reference.snps} if reference else None
        ),
        "nearest_background": _neighbour(nearest) if nearest else None,
        "background_within_linked": [_neighbour(each) for each in clone.background_within_linked],
        "background": asdict(clone.background),
        "background_not_comparable": clone.background_not_comparable,
        "background_as_close": asdict(clone.background_as_close),
        "others_as_close": clone.others_as_close,
        "close_within_snps": clone.close_within_snps,
        "published_background": (
            asdict(clone.published_background) if clone.published_background else None
        ),
        "sources": [{"isolate": each.name, "min_snps": each.snps} for each in clone.sources],
        "clinic_distance_km": (
            None if clone.clinic_distance_km is None else round(clone.clinic_distance_km, 1)
        ),
        "clinics_located": clone.clinics_located,
        "bridge_isolates": list(clone.bridges),
        "handled_together": [
            {"isolate_a": each.first, "isolate_b": each.second, "shared": list(each.shared)}
            for each in clone.handled_together
        ],
        "removed_stretches": [asdict(region) for region in clone.removed],
        "reasons": list(clone.reasons),
        "caveats": list(clone.caveats),
    }


def _robustness(robustness: Robustness | None) -> dict[str, Any]:
    """Return the runs as plain data."""
    if robustness is None:
        return {"assessed": False}
    return {
        "assessed": True,
        "changed_by": sorted({_run_name(run) for run in robustness.runs if _takes_away(run)}),
        "linked_range": {"from": robustness.linked_from, "to": robustness.linked_to},
        "runs": [
            {
                "clone": run.clone,
                "run": run.kind,
                "subject": run.subject,
                "decisive": run.is_decisive,
                "verdict": run.verdict,
                "made": run.is_made,
                "changed": run.is_changed,
                "max_snps": run.max_snps,
                "nearest_background_snps": run.nearest_background_snps,
                "note": run.note,
            }
            for run in robustness.runs
        ],
    }


def _takes_away(run: RobustnessRun) -> bool:
    """Return whether a run makes its clone indeterminate."""
    return run.is_decisive and run.is_changed


def _run_name(run: RobustnessRun) -> str:
    """Return the name of a run with its subject."""
    return f"{run.kind}: {run.subject}" if run.subject else str(run.kind)


def _pair(pair: PairJudgement) -> dict[str, Any]:
    """Return a pair as plain data."""
    return {
        "isolate_a": pair.first,
        "isolate_b": pair.second,
        "verdict": pair.published,
        "base_verdict": pair.base,
        "reason": ",".join(pair.reasons),
    }


def _distances(distances: CloneDistances) -> dict[str, Any]:
    """Return the distances in a clone as plain data."""
    percent = distances.min_callable_percent
    return {
        "max_snps": distances.max_snps,
        "max_snps_raw": distances.max_snps_raw,
        "min_callable_bp": distances.min_callable_bp,
        "min_callable_percent": None if percent is None else round(percent, 1),
        "pairs_not_compared": distances.not_compared,
    }


def _neighbour(neighbour: Neighbour) -> dict[str, Any]:
    """Return a background isolate as plain data."""
    return {"isolate": neighbour.name, "snps": neighbour.snps}


def _pair_cells(pair: PairJudgement, evidence: Evidence) -> tuple[object, ...]:
    """Return the cells of a pair."""
    counted = evidence.pair(pair.first, pair.second)
    return (
        pair.first,
        pair.second,
        pair.published,
        counted.snps,
        counted.snps_raw,
        counted.callable_bp,
        pair.nearest_background_snps,
        ",".join(pair.reasons),
        pair.base,
    )


def _names(pair: PairJudgement) -> tuple[str, str]:
    """Return the names of a pair."""
    return pair.first, pair.second


def _explanations(judgement: Judgement) -> dict[str, str]:
    """Return a sentence for each reason and caveat that occurs."""
    clones, pairs = judgement.clones, judgement.pairs
    reasons: set[str] = {*judgement.reasons, *_flat(clone.reasons for clone in clones)}
    reasons |= _flat(pair.reasons for pair in pairs)
    caveats: set[str] = {*judgement.caveats, *_flat(clone.caveats for clone in clones)}
    texts: dict[str, str] = {code: REASON_TEXT[Reason(code)] for code in sorted(reasons)}
    return texts | {code: CAVEAT_TEXT[Caveat(code)] for code in sorted(caveats)}


def _flat(groups: Iterable[Iterable[str]]) -> set[str]:
    """Return the members of all groups."""
    return {each for group in groups for each in group}
