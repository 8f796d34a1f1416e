"""The background: context isolates of other patients and all panel references."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oneclone.model.codes import Caveat
from oneclone.model.evidence import Evidence
from oneclone.model.isolates import Isolate, Role
from oneclone.model.judgement import BackgroundFigures, Neighbour


@dataclass(frozen=True)
class Background:
    """What the cases are compared with.

    `set_aside` gives for each context isolate that is no background the reason: it is of a case
    patient, or it is a case's assembly under another name.
    """

    isolates: tuple[str, ...]
    references: tuple[str, ...]
    set_aside: Mapping[str, Caveat]

    @property
    def names(self) -> tuple[str, ...]:
        """Every background isolate and reference, sorted."""
        return tuple(sorted((*self.isolates, *self.references)))


def find_background(evidence: Evidence) -> Background:
    """Return the background of the case isolates.

    A blank patient is unknown and another one than every case patient.
    """
    rows = evidence.isolates.values()
    case_patients = {row.patient for row in rows if row.role is Role.CASE} - {""}
    case_genomes = {evidence.ledger[name].canonical_sha256 for name in evidence.names(Role.CASE)}
    set_aside: dict[str, Caveat] = {}
    kept: list[str] = []
    for name in evidence.names(Role.CONTEXT):
        if evidence.isolates[name].patient in case_patients:
            set_aside[name] = Caveat.SAME_PATIENT
        elif evidence.ledger[name].canonical_sha256 in case_genomes:
            set_aside[name] = Caveat.DUPLICATE_OF
        else:
            kept.append(name)
    return Background(tuple(kept), evidence.names(Role.REFERENCE), set_aside)


def figures(isolates: Sequence[Isolate]) -> BackgroundFigures:
    """Count background isolates, their patients and countries.

    Each blank patient counts as a patient of its own, a blank country as none.

    Examples
    --------
    >>> rows = [Isolate("I1", "x", Role.CONTEXT, "", "P1", country="UK"),
    ...         Isolate("I2", "y", Role.CONTEXT, ""), Isolate("I3", "z", Role.CONTEXT, "")]
    >>> figures(rows)
    BackgroundFigures(isolates=3, patients=3, countries=1)
    """
    named = {isolate.patient for isolate in isolates} - {""}
    unnamed = sum(not isolate.patient for isolate in isolates)
    countries = {isolate.country for isolate in isolates} - {""}
    return BackgroundFigures(len(isolates), len(named) + unnamed, len(countries))


def of_subspecies(evidence: Evidence, names: Sequence[str], subspecies: str) -> list[Isolate]:
    """Return those of some isolates that are of a subspecies, all in a panel without subspecies.

    A blank subspecies is ambiguous: its background is what is ambiguous too, nothing else.
    """
    parted = bool(evidence.panel.type_strains)
    return [
        evidence.isolates[name]
        for name in names
        if not parted or evidence.subspecies(name) == subspecies
    ]


def figures_of(evidence: Evidence, names: Sequence[str]) -> BackgroundFigures:
    """Count isolates, each genome once.

    An assembly under two names is one observation, whatever patients it is said to be of: the
    first of them counts in the order of patient and country, a known patient before a blank one.
    Its name has no part in it: a new name changes no figure.
    """
    chosen: dict[str, Isolate] = {}
    for isolate in sorted(
        (evidence.isolates[name] for name in names),
        key=lambda each: (not each.patient, each.patient, not each.country, each.country),
    ):
        chosen.setdefault(evidence.ledger[isolate.name].canonical_sha256, isolate)
    return figures(list(chosen.values()))


def neighbours(
    evidence: Evidence, members: Sequence[str], others: Sequence[str]
) -> list[Neighbour]:
    """Return others with their least SNP distance to a member, nearest first, ties by name.

    Those that are comparable to no member are left out; `not_comparable` names them.
    """
    found: list[Neighbour] = []
    for other in others:
        snps = [
            pair.snps
            for member in members
            if (pair := evidence.pair(member, other)).snps is not None
        ]
        if snps:
            found.append(Neighbour(other, min(snps)))
    return sorted(found, key=lambda each: (each.snps, each.name))


def not_comparable(
    evidence: Evidence, members: Sequence[str], others: Sequence[str]
) -> tuple[str, ...]:
    """Return the others with a pair below the callable floor: closer than known, perhaps."""
    return tuple(
        other
        for other in others
        if any(not evidence.pair(member, other).is_assessable for member in members)
    )
