"""Load what earlier rules wrote, for the joint steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oneclone import intervals
from oneclone.errors import OnecloneError
from oneclone.model.assessment import Assessment
from oneclone.model.calls import BaseCalls, Calls, PreparedReference
from oneclone.model.isolates import State
from oneclone.model.panel import Panel
from oneclone.model.run_plan import RosterEntry
from oneclone.tables.call_archive import read_base_calls, read_calls
from oneclone.tables.gathered_calls import archive_of, read_assessments
from oneclone.tables.reference_file import read_reference
from oneclone.tables.run_plan import read_mask, read_roster


@dataclass(frozen=True)
class Taxon:
    """A used isolate or panel reference; `subspecies` is the panel's word for a reference."""

    entry: RosterEntry
    assessment: Assessment
    subspecies: str
    archive: Path

    @property
    def name(self) -> str:
        """The user's name."""
        return self.entry.name

    @property
    def row_id(self) -> str:
        """The internal id."""
        return self.entry.row_id

    def calls(self, reference: str) -> Calls:
        """Return the calls on a reference, given by the sha256 of its assembly."""
        return read_calls(self.archive, reference)

    def base_calls(self, reference: str) -> BaseCalls:
        """Return of these calls only the bases, which is read faster."""
        return read_base_calls(self.archive, reference)


def load_assessments(roster: Sequence[RosterEntry], calls: Path) -> dict[str, Assessment]:
    """Return the assessment of every row that has an assembly, by calls key.

    Raises
    ------
    OnecloneError
        If the gathered calls are of another run than the roster.
    """
    known = read_assessments(calls)
    keys = sorted({entry.calls_key for entry in roster} - {""})
    if any(key not in known for key in keys):
        raise OnecloneError(
            f"{calls.absolute()}: is not of the run that was begun last; run snakemake to its end, "
            "then repeat the command"
        )
    return {key: known[key] for key in keys}


def load_taxa(roster: Path, panel: Panel, calls: Path) -> tuple[Taxon, ...]:
    """Return the used isolates and references, sorted by genome and then by internal id.

    The order does not depend on names, so that renaming an isolate changes labels only.

    Parameters
    ----------
    roster
        The rows of the run.
    panel
        Its panel.
    calls
        Its gathered calls.

    Raises
    ------
    OnecloneError
        If a panel reference is not what the panel says.
    """
    entries = read_roster(roster)
    known = load_assessments(entries, calls)
    refuse_wrong_references(entries, known, panel)
    declared = {reference.row_id: reference.subspecies for reference in panel.references}
    taxa = [
        Taxon(
            entry=entry,
            assessment=known[entry.calls_key],
            subspecies=declared.get(entry.row_id, known[entry.calls_key].subspecies),
            archive=archive_of(calls, entry.calls_key),
        )
        for entry in entries
        if entry.calls_key and known[entry.calls_key].state is State.USED
    ]
    return tuple(sorted(taxa, key=lambda taxon: (taxon.assessment.canonical_sha256, taxon.row_id)))


def refuse_wrong_references(
    entries: Sequence[RosterEntry], known: Mapping[str, Assessment], panel: Panel
) -> None:
    """Fail when ANI contradicts what the panel says of a reference.

    Raises
    ------
    OnecloneError
        If a reference is of another subspecies than declared, or would be quarantined.
    """
    by_row = {entry.row_id: known[entry.calls_key] for entry in entries if entry.is_reference}
    wrong = [
        f"panel reference '{reference.name}': declared subspecies "
        f"'{reference.subspecies or 'none'}', but {_finding(by_row[reference.row_id])}"
        for reference in panel.references
        if by_row[reference.row_id].state is not State.USED
        or by_row[reference.row_id].subspecies != reference.subspecies
    ]
    if wrong:
        advice = "correct references.tsv, the assembly, or ani.subspecies_percent of the panel"
        raise OnecloneError("\n".join([*wrong, advice]))


def load_references(
    panel: Panel, mask: Path, prepared: Sequence[Path]
) -> Mapping[str, PreparedReference]:
    """Return the counting references by the sha256 of their assemblies.

    Parameters
    ----------
    panel
        The panel of the run's plan.
    mask
        The panel's mask of the run's plan.
    prepared
        Files of the references in the order of `panel.counting_assemblies`.
    """
    masked = read_mask(mask)
    found: dict[str, PreparedReference] = {}
    for assembly, path in zip(panel.counting_assemblies, prepared, strict=True):
        sequence, repeats = read_reference(path)
        parts = [repeats, masked.get(assembly, intervals.empty())]
        found[assembly] = PreparedReference(sequence, intervals.merged(parts))
    return found


def _finding(assessment: Assessment) -> str:
    """Return what the assessment of a reference found."""
    if assessment.state is not State.USED:
        return f"it would be quarantined: {assessment.reason} ({assessment.detail})"
    return f"its ANI to the type strains says '{assessment.subspecies or 'ambiguous'}'"
