"""The verdict of one clone: its patients, its pairs, its background."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from oneclone.background import Background, figures_of, neighbours
from oneclone.clones import bridges
from oneclone.contamination import handled_together, handling_cautions
from oneclone.exclusivity import comparable, judge_exclusivity
from oneclone.geography import greatest_distance_km
from oneclone.model.codes import Caveat, CloneRule, Reason
from oneclone.model.evidence import Evidence
from oneclone.model.isolates import Role
from oneclone.model.judgement import (
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

    @property
    def panel_clones(self) -> tuple[str, ...]:
        """Panel clones in which the members lie, sorted."""
        return tuple(
            sorted({self.evidence.typing[name].panel_clone for name in self.members} - {""})
        )

    @cached_property
    def near(self) -> Sequence[Neighbour]:
        """Background isolates and references that are comparable, nearest first."""
        return neighbours(self.evidence, self.members, self.background.names)

    @property
    def within_linked(self) -> tuple[Neighbour, ...]:
        """Background within the linked threshold."""
        cut = self.evidence.panel.thresholds
        return tuple(each for each in self.near if each.snps <= cut.linked)

    @property
    def close_within_snps(self) -> int:
        """Least distance that background must exceed for a gap."""
        return max(self.evidence.panel.thresholds.linked, self.max_snps or 0)

    @property
    def as_close(self) -> set[str]:
        """Background as close as the members are to each other: a gap has none, not even a tie."""
        return {each.name for each in self.near if each.snps <= self.close_within_snps}

    @cached_property
    def sources(self) -> tuple[Neighbour, ...]:
        """Source isolates within the possible threshold."""
        near = neighbours(self.evidence, self.members, self.evidence.names(Role.SOURCE))
        cut = self.evidence.panel.thresholds
        return tuple(each for each in near if each.snps <= cut.possible)

    @cached_property
    def cautions(self) -> Sequence[tuple[Pair, Reason]]:
        """Pairs with a member that may have been mixed up in the laboratory."""
        others = (*self.background.isolates, *self.evidence.names(Role.SOURCE))
        return handling_cautions(self.evidence, self.members, others)

    @cached_property
    def bridges(self) -> tuple[str, ...]:
        """Members without which the clone would fall apart."""
        pairs = ((pair.first, pair.second) for pair in self.pairs)
        linked = [pair for pair in pairs if self.verdicts[pair] is PairVerdict.LINKED]
        return bridges(self.members, linked)


def judge_clone(question: CloneQuestion) -> CloneJudgement:
    """Return the judgement of one clone."""
    evidence, members, background = question.evidence, question.members, question.background
    exclusivity, verdict, reasons = decide(question)
    references = neighbours(evidence, members, background.references)
    isolates = [evidence.isolates[name] for name in members]
    compared, lost = comparable(evidence, members, background.isolates)
    as_close = question.as_close & set(background.isolates)
    published = evidence.panel.published_background
    inside = [published[name] for name in question.panel_clones if name in published]
    return CloneJudgement(
        name=question.name,
        verdict=verdict,
        members=members,
        patients=question.patients,
        clinics=tuple(sorted({isolate.clinic for isolate in isolates} - {""})),
        distances=question.distances,
        exclusivity=exclusivity,
        panel_clone=", ".join(question.panel_clones),
        nearest_reference=next(iter(references), None),
        nearest_background=next(iter(question.near), None),
        background_within_linked=question.within_linked,
        background=figures_of(evidence, compared),
        background_not_comparable=len(lost),
        background_as_close=figures_of(evidence, [n for n in compared if n in as_close]),
        others_as_close=figures_of(evidence, sorted(as_close.difference(compared))).isolates,
        close_within_snps=question.close_within_snps,
        published_background=next(iter(inside), None),
        sources=question.sources,
        clinic_distance_km=greatest_distance_km(isolates),
        clinics_located=len({each.clinic for each in isolates if each.place} - {""}),
        bridges=question.bridges,
        handled_together=handled_together(evidence, question.cautions),
        removed=tuple(r for r in evidence.removed if {r.first, r.second} <= set(members)),
        reasons=reasons,
        caveats=_caveats(question, exclusivity),
    )


def decide(question: CloneQuestion) -> tuple[Exclusivity, CloneVerdict, tuple[str, ...]]:
    """Return whether a clone is exclusive, its verdict, and the reasons, the objections first."""
    exclusivity = judge_exclusivity(
        question.evidence, question.members, question.background, gap=not question.as_close
    )
    if len(question.patients) == 1:
        return exclusivity, CloneVerdict.ONE_PATIENT, (Reason.ONE_PATIENT,)
    objections: list[str] = _pair_objections(question)
    if not exclusivity.exclusive:
        objections += exclusivity.reasons
    inside = question.panel_clones
    if any(_context_patients(question, name) < MIN_CONTEXT_PATIENTS for name in inside):
        objections.append(Reason.CIRCULATING_CLONE)
    rules = {question.evidence.typing[name].panel_clone_rule for name in question.members}
    if CloneRule.NEAR_NOT_COMPARED in rules:
        objections.append(Reason.REFERENCE_NOT_COMPARABLE)
    if objections:
        return exclusivity, CloneVerdict.INDETERMINATE, tuple(objections)
    grounds: list[str] = [Reason.ALL_PATIENTS_LINKED, *exclusivity.reasons]
    if any(pair.filter is FilterOutcome.DECIDES for pair in question.pairs_between_patients):
        grounds.append(Reason.FILTER_DECIDES)
    return exclusivity, CloneVerdict.SINGLE_CLONE, tuple(grounds)


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
    """Return how many context patients of a panel clone could be compared with a member."""
    evidence = question.evidence
    compared = {each.name for each in question.near} & set(question.background.isolates)
    inside = [name for name in compared if evidence.typing[name].panel_clone == panel_clone]
    return figures_of(evidence, sorted(inside)).patients


def _caveats(question: CloneQuestion, exclusivity: Exclusivity) -> tuple[str, ...]:
    """Return what limits the judgement of a clone."""
    evidence, members = question.evidence, question.members
    genomes = [evidence.ledger[name].canonical_sha256 for name in members]
    said = {code for _, code in question.cautions}
    may_be_mixed_up = Reason.POSSIBLE_CONTAMINATION in said
    conditions = {
        Caveat.BACKGROUND_WITHIN_LINKED: bool(question.within_linked),
        Caveat.SOURCE_NEAR: bool(question.sources),
        Caveat.BRIDGE_ISOLATE: bool(question.bridges),
        Caveat.IDENTICAL_ASSEMBLIES: len(set(genomes)) < len(genomes),
        Caveat.CLINIC_UNKNOWN: any(not evidence.isolates[name].clinic for name in members),
        Caveat.PLACEMENT_DISAGREES: any(placement_disagrees(evidence, name) for name in members),
        Caveat.POSSIBLE_CONTAMINATION: may_be_mixed_up,
        Caveat.CONTAMINATION_NOT_EXCLUDED: bool(said) and not may_be_mixed_up,
    }
    return (*exclusivity.caveats, *(caveat for caveat, holds in conditions.items() if holds))


def placement_disagrees(evidence: Evidence, name: str) -> bool:
    """Return whether the whole tree puts an isolate beside another clone than typing does."""
    typed = evidence.typing[name].panel_clone
    placed = evidence.placements.get(name, "")
    return bool(typed) and bool(placed) and typed != placed
