"""The first screen of the report: what was asked, and the answer in words and figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oneclone.geography import miles
from oneclone.model.isolates import Isolate, Role, State
from oneclone.phrases import and_names, counted, megabases
from oneclone.tables.delimited import Table

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Badge:
    """The verdict in one word, with a sign and a colour."""

    word: str
    sign: str
    colour: str


@dataclass(frozen=True)
class Fact:
    """A figure of the first screen."""

    label: str
    value: str


@dataclass(frozen=True)
class Privacy:
    """What the report says of the names in it: a label, and sentences that explain it."""

    label: str
    notes: tuple[str, ...]


PRIVACY_LABELS = {
    "internal": "Internal: names as typed; contains patient data",
    "share": "Pseudonymised for sharing",
}
INTERNAL_NOTE = (
    "Isolates, patients, clinics and every further column stand here as they were typed. "
    "`oneclone pseudonymise` makes a release that can be given away."
)
BADGES = {
    "single_clone": Badge("Single clone", "●", "#a33b00"),
    "multiple_clones": Badge("Several clones, not linked", "●●", "#0b5cad"),
    "indeterminate": Badge("Indeterminate", "?", "#7a5c00"),
    "not_assessable": Badge("No genomic conclusion", "-", "#55555f"),
}


METHOD = (
    "Each assembly is aligned to a fixed reference; a SNP distance counts the positions at which "
    "the bases of two isolates differ, over the bases that both have called and after a test for "
    "recombination, so a pair's numbers depend on no other isolate. Case isolates connected by "
    "linked pairs are a clone, if one branch and a gap set it apart from every background isolate. "
    "docs/method.md tells how and why, with sources."
)


def privacy(settings: Json) -> Privacy:
    """Return what the report says of the names in it, from the settings of the run.

    Examples
    --------
    >>> privacy({"privacy": {"mode": "share", "notes": ["Dates are cut."]}})
    Privacy(label='Pseudonymised for sharing', notes=('Dates are cut.',))
    """
    said = settings["privacy"]
    default = (INTERNAL_NOTE,) if said["mode"] == "internal" else ()
    return Privacy(PRIVACY_LABELS[said["mode"]], (*default, *said["notes"]))


def question(isolates: Sequence[Isolate]) -> str:
    """Return what the run was asked.

    Examples
    --------
    >>> cases = [Isolate(c, c, Role.CASE, "sha", patient=c, clinic=c) for c in "AB"]
    >>> question(cases)
    'Do the isolates of 2 patients from 2 clinics form a single clone?'
    >>> question([])
    'No isolate was asked about: the isolate table has no case.'
    """
    cases = [each for each in isolates if each.role is Role.CASE]
    if not cases:
        return "No isolate was asked about: the isolate table has no case."
    patients = counted(len({each.patient for each in cases}), "patient")
    clinics = {each.clinic for each in cases} - {""}
    places = f" from {counted(len(clinics), 'clinic')}" if clinics else ""
    return f"Do the isolates of {patients}{places} form a single clone?"


def quarantined(ledger: Table) -> list[str]:
    """Return the quarantined isolates by role and reasons, as many names as can be read."""
    groups: dict[str, list[str]] = {}
    for row in ledger.rows:
        if row["state"] == State.QUARANTINED:
            why = f"{row['role']}, {row['reason'].replace(',', ', ')}"
            groups.setdefault(why, []).append(row["isolate"])
    return [f"{and_names(names)} ({why})" for why, names in groups.items()]


def why(verdict: Json) -> list[str]:
    """Return the reasons of the verdict as sentences, for a verdict with nothing else behind it.

    Examples
    --------
    >>> why({"reasons": ["x"], "explanations": {"x": "no pair has enough bases"}})
    ['No pair has enough bases.']
    """
    told = [str(verdict["explanations"][code]) for code in verdict["reasons"]]
    return [f"{each[:1].upper()}{each[1:].rstrip('.')}." for each in told]


def facts(verdict: Json) -> list[Fact]:
    """Return the figures that a reader wants first."""
    clones: Sequence[Json] = verdict["clones"]
    found: list[Fact] = []
    if len(clones) == 1:
        found += _clone_facts(clones[0])
    else:
        found.append(Fact("Clones of the case isolates", str(len(clones))))
    if across := verdict["closest_across_clones"]:
        pair = f"{across['isolate_a']} and {across['isolate_b']}"
        compared = megabases(across["callable_bp"])
        value = f"{pair}, {counted(across['snps'], 'SNP')} over {compared}"
        found.append(Fact("Closest across clones", value))
    names: Sequence[str] = verdict["panel"]["reference_clones"]
    distinct = {True: "yes", False: "no", None: "not known"}[verdict["distinct_from_panel"]]
    compared = f"Distinct from the {counted(len(names), 'reference clone')} compared"
    found.append(Fact(compared, distinct))
    if lost := verdict["panel"]["reference_clones_not_comparable"]:
        found.append(Fact("Reference clones with too few bases to compare", and_names(lost)))
    if further := verdict["panel"]["known_clones_not_compared"]["names"]:
        value = f"{len(further)}: {and_names(further)}"
        found.append(Fact("Described clones that were not compared", value))
    absent = [row["isolate"] for row in verdict["not_assessed"]]
    found.append(Fact("Not assessed", and_names(absent) if absent else "none"))
    return found


def _clone_facts(clone: Json) -> list[Fact]:
    """Return the figures of the only clone."""
    found: list[Fact] = []
    if clone["max_snps"] is not None:
        share = f"{clone['min_callable_percent']:.0f} % of the reference"
        compared = f"{megabases(clone['min_callable_bp'])} ({share})"
        value = f"{counted(clone['max_snps'], 'SNP')} over {compared}"
        found.append(Fact("Greatest distance between two case isolates", value))
    if near := clone["nearest_background"]:
        value = f"{near['isolate']}, {counted(near['snps'], 'SNP')}"
        found.append(Fact("Nearest background", value))
    size = clone["background"]
    found.append(
        Fact(
            "Background compared",
            f"{counted(size['isolates'], 'isolate')} of {counted(size['patients'], 'patient')}",
        )
    )
    if (kilometres := clone["clinic_distance_km"]) is not None:
        value, located = (
            f"{kilometres:.0f} km ({miles(kilometres):.0f} mi)",
            clone["clinics_located"],
        )
        if located < len(clone["clinics"]):
            value += f", {located} of {len(clone['clinics'])} located"
        found.append(Fact("Between the clinics", value))
    return found
