"""The verdict over all case isolates: pairs, clones and the set."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from oneclone.background import Background, find_background, neighbours
from oneclone.clone_verdict import CloneQuestion, judge_clone
from oneclone.clones import base_verdict, components
from oneclone.contamination import contamination, is_same_genome
from oneclone.model.codes import Caveat, Reason
from oneclone.model.evidence import Evidence
from oneclone.model.isolates import Role, State
from oneclone.model.judgement import (
    CloneJudgement,
    CloneVerdict,
    Judgement,
    NotAssessed,
    PairJudgement,
    PairVerdict,
    PatientDiversity,
    SetVerdict,
)
from oneclone.model.pairs import Pair, ordered
from oneclone.panel_finding import clones_compared, distinct_from_panel
from oneclone.suspects import suspected_assemblies, suspected_mixtures

BaseJudgements = Mapping[tuple[str, str], tuple[PairVerdict, tuple[Reason, ...]]]
MIN_PATIENTS = 2


def base_judgements(evidence: Evidence, names: Sequence[str]) -> BaseJudgements:
    """Return the base verdict and its reasons for every pair of some case isolates, sorted."""
    return {
        (one, two): base_verdict(
            evidence.pair(one, two),
            (evidence.subspecies(one), evidence.subspecies(two)),
            evidence.panel.thresholds,
        )
        for one, two in combinations(names, 2)
    }


def find_clones(evidence: Evidence) -> tuple[tuple[str, ...], ...]:
    """Return the clones: case isolates connected by linked pairs, singletons included."""
    return _connected(evidence, base_judgements(evidence, evidence.names(Role.CASE)))


def judge(evidence: Evidence, clone_names: Mapping[tuple[str, ...], str]) -> Judgement:
    """Return the verdict.

    Parameters
    ----------
    evidence
        Everything on which the verdict rests.
    clone_names
        Stable name of each clone by its members.
    """
    base = base_judgements(evidence, evidence.names(Role.CASE))
    background = find_background(evidence)
    clones, verdict, reasons = _judged(evidence, base, clone_names, background)
    judgement = Judgement(
        verdict=verdict,
        exclusive=clones[0].exclusivity.exclusive if len(clones) == 1 else None,
        distinct_from_panel=distinct_from_panel(evidence),
        clones_compared=clones_compared(evidence),
        clones=clones,
        pairs=_published(evidence, base, clones, background),
        not_assessed=_not_assessed(evidence),
        suspected=suspected_assemblies(evidence),
        mixtures=suspected_mixtures(evidence),
        within_patients=patient_diversity(evidence, clones),
        closest_across=closest_across(evidence, clones),
        reasons=reasons,
        caveats=(),
        set_aside={name: str(code) for name, code in background.set_aside.items()},
    )
    return replace(judgement, caveats=_caveats(judgement))


def clone_verdicts(
    evidence: Evidence, clone_names: Mapping[tuple[str, ...], str]
) -> tuple[SetVerdict, Mapping[tuple[str, ...], CloneVerdict]]:
    """Return the verdict of the set and of each clone by its members, without what explains them.

    Parameters
    ----------
    evidence
        Everything on which the verdict rests.
    clone_names
        Stable name of each clone by its members.
    """
    base = base_judgements(evidence, evidence.names(Role.CASE))
    clones, verdict, _ = _judged(evidence, base, clone_names, find_background(evidence))
    return verdict, {clone.members: clone.verdict for clone in clones}


def _judged(
    evidence: Evidence,
    base: BaseJudgements,
    clone_names: Mapping[tuple[str, ...], str],
    background: Background,
) -> tuple[tuple[CloneJudgement, ...], SetVerdict, tuple[str, ...]]:
    """Return the judged clones, and the verdict of the set with its reasons."""
    verdicts = {pair: verdict for pair, (verdict, _) in base.items()}
    clones = tuple(
        judge_clone(CloneQuestion(clone_names[members], members, evidence, verdicts, background))
        for members in _connected(evidence, base)
    )
    return clones, *_set_verdict(evidence, clones, verdicts)


def patient_diversity(
    evidence: Evidence, clones: Sequence[CloneJudgement]
) -> tuple[PatientDiversity, ...]:
    """Return how far apart the isolates of one patient are: serial ones, or of several sites.

    It says how much a strain varies within one host, never anything of a link between clinics.
    """
    clone_of = {name: clone.name for clone in clones for name in clone.members}
    isolates_of: dict[str, list[str]] = {}
    for name in evidence.names(Role.CASE):
        isolates_of.setdefault(evidence.isolates[name].patient, []).append(name)
    found: list[PatientDiversity] = []
    for patient, names in sorted(isolates_of.items()):
        if len(names) == 1:
            continue
        pairs = [evidence.pair(*both) for both in combinations(names, 2)]
        found.append(
            PatientDiversity(
                patient,
                tuple(names),
                tuple(sorted({clone_of[name] for name in names})),
                max((pair.snps for pair in pairs if pair.snps is not None), default=None),
                max((pair.snps_raw for pair in pairs if pair.snps_raw is not None), default=None),
            )
        )
    return tuple(found)


def closest_across(evidence: Evidence, clones: Sequence[CloneJudgement]) -> Pair | None:
    """Return the pair of the fewest SNPs across two clones, ties by name."""
    pairs = [
        evidence.pair(one, two)
        for first, second in combinations(clones, 2)
        for one in first.members
        for two in second.members
    ]
    measured = [
        (pair.snps, pair.first, pair.second, pair) for pair in pairs if pair.snps is not None
    ]
    return min(measured, key=lambda each: each[:3])[3] if measured else None


def _connected(evidence: Evidence, base: BaseJudgements) -> tuple[tuple[str, ...], ...]:
    """Return the connected components of the case isolates over linked pairs."""
    linked = [pair for pair, (verdict, _) in base.items() if verdict is PairVerdict.LINKED]
    return components(evidence.names(Role.CASE), linked)


def _set_verdict(
    evidence: Evidence,
    clones: Sequence[CloneJudgement],
    verdicts: Mapping[tuple[str, str], PairVerdict],
) -> tuple[SetVerdict, tuple[str, ...]]:
    """Return the verdict over all clones, the first rule that fits."""
    isolates = evidence.isolates
    between = [
        verdict
        for (one, two), verdict in verdicts.items()
        if isolates[one].patient != isolates[two].patient
    ]
    patients = {isolates[name].patient for name in evidence.names(Role.CASE)}
    if len(patients) < MIN_PATIENTS:
        return SetVerdict.NOT_ASSESSABLE, (Reason.FEWER_THAN_TWO_PATIENTS,)
    if all(verdict is PairVerdict.NOT_ASSESSABLE for verdict in between):
        return SetVerdict.NOT_ASSESSABLE, (Reason.NO_PAIR_ASSESSABLE,)
    if len(clones) == 1:
        single = clones[0].verdict is CloneVerdict.SINGLE_CLONE
        verdict = SetVerdict.SINGLE_CLONE if single else SetVerdict.INDETERMINATE
        return verdict, clones[0].reasons
    across = [
        verdicts[ordered(one, two)]
        for first, second in combinations(clones, 2)
        for one in first.members
        for two in second.members
    ]
    if all(verdict is PairVerdict.NOT_LINKED for verdict in across):
        return SetVerdict.MULTIPLE_CLONES, (Reason.SEVERAL_CLONES_APART,)
    return SetVerdict.INDETERMINATE, (Reason.SEVERAL_CLONES_NOT_APART,)


def _published(
    evidence: Evidence,
    base: BaseJudgements,
    clones: Sequence[CloneJudgement],
    background: Background,
) -> tuple[PairJudgement, ...]:
    """Return the published verdict of each pair."""
    clone_of = {name: clone for clone in clones for name in clone.members}
    nearest_of = {name: _nearest_snps(evidence, name, background) for name in clone_of}
    found: list[PairJudgement] = []
    for (one, two), (verdict, reasons) in base.items():
        published, codes = verdict, list[str](reasons)
        if evidence.isolates[one].patient == evidence.isolates[two].patient:
            codes.append(Reason.SAME_PATIENT)
        elif verdict is PairVerdict.LINKED and not clone_of[one].exclusivity.exclusive:
            published = PairVerdict.INDETERMINATE
            no_background = clone_of[one].exclusivity.exclusive is None
            codes.append(Reason.NO_BACKGROUND if no_background else Reason.BACKGROUND_AS_CLOSE)
        if evidence.pair(one, two).suspects:
            codes.append(Reason.ASSEMBLY_ERRORS)
        if is_same_genome(evidence, one, two):
            codes.append(Reason.IDENTICAL_ASSEMBLIES)
        if mixed_up := contamination(evidence, evidence.pair(one, two)):
            codes.append(mixed_up)
        near = [snps for name in (one, two) if (snps := nearest_of[name]) is not None]
        nearest = min(near, default=None)
        found.append(PairJudgement(one, two, verdict, published, tuple(codes), nearest))
    return tuple(found)


def _nearest_snps(evidence: Evidence, name: str, background: Background) -> int | None:
    """Return the SNP distance of an isolate to the nearest background, if any is comparable."""
    near = neighbours(evidence, [name], background.names)
    return near[0].snps if near else None


def _not_assessed(evidence: Evidence) -> tuple[NotAssessed, ...]:
    """Return the case rows without a usable assembly, by name, with the ledger's reason."""
    return tuple(
        NotAssessed(name, isolate.patient, ",".join(evidence.ledger[name].reasons))
        for name, isolate in sorted(evidence.isolates.items())
        if isolate.role is Role.CASE and evidence.ledger[name].state is not State.USED
    )


def _caveats(judgement: Judgement) -> tuple[str, ...]:
    """Return what limits the verdict: what always does, then what does here, each once."""
    within = judgement.within_patients
    conditions = {
        Caveat.ASSEMBLY_ONLY: True,
        Caveat.BACKGROUND_AS_SUPPLIED: True,
        Caveat.GENOTYPE_ONLY: True,
        Caveat.NOT_ASSESSED: bool(judgement.not_assessed),
        Caveat.ASSEMBLY_ERRORS: bool(judgement.suspected),
        Caveat.POSSIBLE_MIXTURE: bool(judgement.mixtures),
        Caveat.PATIENT_IN_CLONES: any(len(each.clones) > 1 for each in within),
    }
    found: list[str] = [caveat for caveat, holds in conditions.items() if holds]
    found += sorted(set(judgement.set_aside.values()))
    for clone in judgement.clones:
        found += [caveat for caveat in clone.caveats if caveat not in found]
    return tuple(found)
