"""The verdict of one clone: its patients, its pairs, its background."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from oneclone.background import Background, figures_of, neighbours
from oneclone.clones import bridges
from oneclone.contamination import contamination
from oneclone.exclusivity import comparable, judge_exclusivity
from oneclone.geography import greatest_distance_km
from oneclone.model.codes import Caveat, Reason
from oneclone.model.evidence import Evidence
from oneclone.model.isolates import Role
from oneclone.model.judgement import (
    BackgroundFigures,
    CloneDistances,
    CloneJudgement,
    CloneVerdict,
    Exclusivity,
    Neighbour,
    PairVerdict,
)
from oneclone.model.pairs import FilterOutcome, Pair, ordered

MIN_CONTEXT_PATIENTS = 20  # contract: inside a panel clone, context patients of that clone

BaseVerdicts = Mapping[tuple[str, str], PairVerdict]


@dataclass(frozen=True)
class CloneQuestion:
    """One clone to be judged: its name, its sorted members, and what is known around it."""

    name: str
    members: tuple[str, ...]
    evidence: Evidence
    verdicts: BaseVerdicts
    background: Background

    @property
    def patients(self) -> tuple[str, ...]:
        """Patients of the members, sorted."""
        return tuple(sorted({self.evidence.isolates[name].patient for name in self.members}))

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Pairs of members."""
        return tuple(self.evidence.pair(*pair) for pair in combinations(self.members, 2))

    @property
    def pairs_between_patients(self) -> tuple[Pair, ...]:
        """Pairs of members of different patients."""
        isolates = self.evidence.isolates
        return tuple(
            pair
            for pair in self.pairs
            if isolates[pair.first].patient != isolates[pair.second].patient
        )

    @cached_property
    def distances(self) -> CloneDistances:
        """SNP distances of the members, of the pairs above the callable floor."""
        measured = [pair for pair in self.pairs if pair.is_assessable]
        return CloneDistances(
            max_snps=max((pair.snps or 0 for pair in measured), default=None),
            max_snps_raw=max((pair.snps_raw or 0 for pair in measured), default=None),
            min_callable_bp=min((pair.callable_bp for pair in measured), default=None),
            min_callable_percent=min((pair.callable_percent for pair in measured), default=None),
            not_compared=len(self.pairs) - len(measured),
        )

    @property
    def max_snps(self) -> int | None:
        """Greatest SNP distance of two members, `None` when no pair was compared."""
        return self.distances.max_snps

    @cached_property
    def bridges(self) -> tuple[str, ...]:
        """Members without which the clone would fall apart."""
        pairs = ((pair.first, pair.second) for pair in self.pairs)
        linked = [pair for pair in pairs if self.verdicts[pair] is PairVerdict.LINKED]
        return bridges(self.members, linked)


def judge_clone(question: CloneQuestion) -> CloneJudgement:
    """Return the judgement of one clone."""
    evidence, members, background = question.evidence, question.members, question.background
    exclusivity = judge_exclusivity(evidence, members, question.max_snps or 0, background)
    panel_clones = sorted({evidence.typing[name].panel_clone for name in members} - {""})
    verdict, reasons = _verdict(question, exclusivity, panel_clones)
    near = neighbours(evidence, members, background.names)
    references = neighbours(evidence, members, background.references)
    sources = neighbours(evidence, members, evidence.names(Role.SOURCE))
    isolates = [evidence.isolates[name] for name in members]
    compared, lost = comparable(evidence, members, background.isolates)
    cut = evidence.panel.thresholds
    bound = max(cut.linked, question.max_snps or 0)
    published = evidence.panel.published_background
    return CloneJudgement(
        name=question.name,
        verdict=verdict,
        members=members,
        patients=question.patients,
        clinics=tuple(sorted({isolate.clinic for isolate in isolates} - {""})),
        distances=question.distances,
        exclusivity=exclusivity,
        panel_clone=", ".join(panel_clones),
        nearest_reference=next(iter(references), None),
        nearest_background=next(iter(near), None),
        background_within_linked=tuple(each for each in near if each.snps <= cut.linked),
        background=figures_of(evidence, compared),
        background_not_comparable=len(lost),
        background_as_close=_as_close(question, near, bound),
        close_within_snps=bound,
        published_background=next((published[n] for n in panel_clones if n in published), None),
        sources=tuple(each for each in sources if each.snps <= cut.possible),
        clinic_distance_km=greatest_distance_km(isolates),
        bridges=question.bridges,
        removed=tuple(r for r in evidence.removed if {r.first, r.second} <= set(members)),
        reasons=reasons,
        caveats=_caveats(question, exclusivity, near, sources),
    )


def _verdict(
    question: CloneQuestion, exclusivity: Exclusivity, panel_clones: Sequence[str]
) -> tuple[CloneVerdict, tuple[str, ...]]:
    """Return a clone's verdict and the reasons for it, the objections first."""
    if len(question.patients) == 1:
        return CloneVerdict.ONE_PATIENT, (Reason.ONE_PATIENT,)
    objections: list[str] = _pair_objections(question)
    if not exclusivity.exclusive:
        objections += exclusivity.reasons
    if any(_context_patients(question, name) < MIN_CONTEXT_PATIENTS for name in panel_clones):
        objections.append(Reason.CIRCULATING_CLONE)
    if objections:
        return CloneVerdict.INDETERMINATE, tuple(objections)
    grounds: list[str] = [Reason.ALL_PATIENTS_LINKED, *exclusivity.reasons]
    if any(pair.filter is FilterOutcome.DECIDES for pair in question.pairs_between_patients):
        grounds.append(Reason.FILTER_DECIDES)
    return CloneVerdict.SINGLE_CLONE, tuple(grounds)


def _pair_objections(question: CloneQuestion) -> list[str]:
    """Return what the pairs between patients hold against a single clone."""
    between = question.pairs_between_patients
    isolates = question.evidence.isolates
    possible = question.evidence.panel.thresholds.possible
    linked = {
        ordered(isolates[pair.first].patient, isolates[pair.second].patient)
        for pair in between
        if question.verdicts[pair.first, pair.second] is PairVerdict.LINKED
    }
    found: list[str] = []
    if any(patients not in linked for patients in combinations(question.patients, 2)):
        found.append(Reason.PATIENTS_NOT_ALL_LINKED)
    if any(
        question.verdicts[pair.first, pair.second] is PairVerdict.NOT_LINKED for pair in between
    ):
        found.append(Reason.PAIR_NOT_LINKED)
    if any(pair.snps is not None and pair.snps > possible for pair in between):
        found.append(Reason.PAIR_ABOVE_POSSIBLE)
    if any(pair.filter is FilterOutcome.MAY_NOT_DECIDE for pair in between):
        found.append(Reason.FILTER_MAY_NOT_DECIDE)
    return found


def _context_patients(question: CloneQuestion, panel_clone: str) -> int:
    """Return how many context patients of a panel clone are in the background."""
    evidence = question.evidence
    inside = [
        name
        for name in question.background.isolates
        if evidence.typing[name].panel_clone == panel_clone
    ]
    return figures_of(evidence, inside).patients


def _as_close(question: CloneQuestion, near: Sequence[Neighbour], bound: int) -> BackgroundFigures:
    """Count the context isolates within a SNP distance of a member."""
    context = set(question.background.isolates)
    close = [each.name for each in near if each.snps <= bound and each.name in context]
    return figures_of(question.evidence, close)


def _caveats(
    question: CloneQuestion,
    exclusivity: Exclusivity,
    near: Sequence[Neighbour],
    sources: Sequence[Neighbour],
) -> tuple[str, ...]:
    """Return what limits the judgement of a clone."""
    evidence, members = question.evidence, question.members
    thresholds = evidence.panel.thresholds
    genomes = [evidence.ledger[name].canonical_sha256 for name in members]
    found: list[str] = list(exclusivity.caveats)
    conditions = {
        Caveat.BACKGROUND_WITHIN_LINKED: any(each.snps <= thresholds.linked for each in near),
        Caveat.SOURCE_NEAR: any(each.snps <= thresholds.possible for each in sources),
        Caveat.BRIDGE_ISOLATE: bool(question.bridges),
        Caveat.IDENTICAL_ASSEMBLIES: len(set(genomes)) < len(genomes),
        Caveat.CLINIC_UNKNOWN: any(not evidence.isolates[name].clinic for name in members),
        Caveat.PLACEMENT_DISAGREES: any(placement_disagrees(evidence, name) for name in members),
    }
    found += [caveat for caveat, holds in conditions.items() if holds]
    found += contamination_caveats(question)
    return tuple(found)


def placement_disagrees(evidence: Evidence, name: str) -> bool:
    """Return whether the whole tree puts an isolate beside another clone than typing does."""
    typed = evidence.typing[name].panel_clone
    placed = evidence.placements.get(name, "")
    return bool(typed) and bool(placed) and typed != placed


def contamination_caveats(question: CloneQuestion) -> list[str]:
    """Return whether near-identical isolates of two patients may have been mixed up."""
    found = {contamination(question.evidence, pair) for pair in question.pairs_between_patients}
    if Reason.POSSIBLE_CONTAMINATION in found:
        return [Caveat.POSSIBLE_CONTAMINATION]
    not_excluded = Reason.CONTAMINATION_NOT_EXCLUDED in found
    return [Caveat.CONTAMINATION_NOT_EXCLUDED] if not_excluded else []
