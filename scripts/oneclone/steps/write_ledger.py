"""Rule write_ledger: account for every row of the isolate table and every panel reference."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from oneclone.model.assessment import Assessment
from oneclone.model.evidence import LedgerEntry
from oneclone.model.isolates import Role, State
from oneclone.model.mixtures import MixtureSign
from oneclone.model.panel import Panel
from oneclone.model.run_plan import RosterEntry
from oneclone.steps.loading import load_assessments, refuse_wrong_references
from oneclone.subtyping import species_evidence
from oneclone.tables.ledger import write_ledger as write_ledger_table
from oneclone.tables.mixture_table import read_mixture_signs
from oneclone.tables.run_plan import read_isolates, read_plan_panel, read_roster

NO_ISOLATE = "no_isolate"
IDENTICAL = "identical_assembly"
WRONG_SPECIES = "wrong_species"


def write_ledger(
    *,
    roster: Path,
    isolates: Path,
    panel: Path,
    calls: Path,
    mixtures: Path,
    ledger: Path,
) -> None:
    """Write the ledger.

    Parameters
    ----------
    roster, isolates, panel
        The run's plan.
    calls
        The gathered calls of the isolates and references.
    mixtures
        Signs of mixed cultures.
    ledger
        File to write.

    Raises
    ------
    OnecloneError
        If a panel reference is not what the panel says: of another subspecies or species.
    """
    entries = read_roster(roster)
    known = load_assessments(entries, calls)
    cohort = read_plan_panel(panel)
    refuse_wrong_references(entries, known, cohort)
    roles = {name: isolate.role for name, isolate in read_isolates(isolates).items()}
    twins = _twins(entries, known)
    signs = read_mixture_signs(mixtures)
    rows = [
        (
            _with_signs(
                _ledger_entry(
                    entry, roles[entry.name], _told(known.get(entry.calls_key), cohort), twins
                ),
                *signs.get(entry.name, ((), "")),
            ),
            known[entry.calls_key].statistics if entry.calls_key else None,
        )
        for entry in entries
    ]
    write_ledger_table(ledger, rows)


def _ledger_entry(
    entry: RosterEntry,
    role: Role,
    assessment: Assessment | None,
    twins: Mapping[str, Sequence[str]],
) -> LedgerEntry:
    """Return the ledger entry of a row."""
    if assessment is None:
        absent = entry.problem == NO_ISOLATE
        state = State.NOT_ASSESSED if absent else State.QUARANTINED
        return LedgerEntry(
            entry.name, role, state, (entry.problem,), entry.detail, entry.assembly, ""
        )
    remarks = assessment.remarks
    reasons = tuple(filter(None, (assessment.reason, *(each.code for each in remarks))))
    detail = "; ".join(filter(None, (assessment.detail, *(each.detail for each in remarks))))
    others = [name for name in twins.get(assessment.canonical_sha256, ()) if name != entry.name]
    if others:
        reasons = (*reasons, IDENTICAL)
        detail = "; ".join(filter(None, (detail, f"the same genome as {', '.join(others)}")))
    return LedgerEntry(
        name=entry.name,
        role=role,
        state=assessment.state,
        reasons=reasons,
        detail=detail,
        sha256=assessment.assembly,
        canonical_sha256=assessment.canonical_sha256,
    )


def _told(assessment: Assessment | None, panel: Panel) -> Assessment | None:
    """Return the assessment with the nearest reference named that tells another species.

    An assessment does not depend on the names of references, so the name comes in here.
    """
    if assessment is None or assessment.reason != WRONG_SPECIES:
        return assessment
    evidence = species_evidence(assessment.ani, panel.name_of)
    return replace(assessment, detail="; ".join(filter(None, (assessment.detail, evidence))))


def _with_signs(entry: LedgerEntry, signs: Sequence[MixtureSign], detail: str) -> LedgerEntry:
    """Return the ledger entry with the signs of a mixed culture."""
    return replace(
        entry,
        reasons=(*entry.reasons, *signs),
        detail="; ".join(filter(None, (entry.detail, detail))),
    )


def _twins(entries: Sequence[RosterEntry], known: Mapping[str, Assessment]) -> dict[str, list[str]]:
    """Return the names that share a genome, by its canonical sha256."""
    names: dict[str, list[str]] = {}
    for entry in entries:
        if entry.calls_key and (genome := known[entry.calls_key].canonical_sha256):
            names.setdefault(genome, []).append(entry.name)
    return names
