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
    SuspectedAssembly,
    SuspectedMixture,
)
from oneclone.model.mixtures import MixtureSign
from oneclone.model.pairs import ordered

BaseJudgements = Mapping[tuple[str, str], tuple[PairVerdict, tuple[Reason, ...]]]
MIN_PATIENTS = 2


def base_judgements(evidence: Evidence) -> BaseJudgements:
    """Return the base verdict and its reasons for every pair of assessed case isolates."""
    return {
        (one, two): base_verdict(
            evidence.pair(one, two),
            (evidence.subspecies(one), evidence.subspecies(two)),
            evidence.panel.thresholds,
        )
        for one, two in combinations(evidence.names(Role.CASE), 2)
    }


def find_clones(evidence: Evidence) -> tuple[tuple[str, ...], ...]:
    """Return the clones: case isolates connected by linked pairs, singletons included."""
    return _connected(evidence, base_judgements(evidence))


def judge(evidence: Evidence, clone_names: Mapping[tuple[str, ...], str]) -> Judgement:
    """Return the verdict.

    Parameters
    ----------
    evidence
        Everything on which the verdict rests.
    clone_names
        Stable name of each clone by its members.
    """
    base = base_judgements(evidence)
    verdicts = {pair: verdict for pair, (verdict, _) in base.items()}
    background = find_background(evidence)
    clones = tuple(
        judge_clone(CloneQuestion(clone_names[members], members, evidence, verdicts, background))
        for members in _connected(evidence, base)
    )
    verdict, reasons = _set_verdict(evidence, clones, verdicts)
    judgement = Judgement(
        verdict=verdict,
        exclusive=clones[0].exclusivity.exclusive if len(clones) == 1 else None,
        distinct_from_panel=distinct_from_panel(evidence),
        clones=clones,
        pairs=_published(evidence, base, clones, background),
        not_assessed=_not_assessed(evidence),
        suspected=suspected_assemblies(evidence),
        mixtures=suspected_mixtures(evidence),
        within_patients=patient_diversity(evidence, clones),
        reasons=reasons,
        caveats=(),
        set_aside={name: str(code) for name, code in background.set_aside.items()},
    )
    return replace(judgement, caveats=_caveats(judgement))


def distinct_from_panel(evidence: Evidence) -> bool | None:
    """Return whether no assessed case is in a panel clone; `None` when that is not known.

    Not known is it when the panel has no clones, or when a case is ambiguous or not assessable.
    """
    cases = [evidence.typing[name] for name in evidence.names(Role.CASE)]
    if not evidence.panel.clones or not cases:
        return None
    if any(case.panel_clone_rule in {"ambiguous", "not_assessable"} for case in cases):
        return None
    return not any(case.panel_clone for case in cases)


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


def suspected_assemblies(evidence: Evidence) -> tuple[SuspectedAssembly, ...]:
    """Return the isolates that look poorly assembled beside a case, by name.

    The verdict does not change: errors only add SNPs, so a link stands all the more, and a pair
    that is not linked because of them is shown with the reason.
    """
    cases = set(evidence.names(Role.CASE))
    found: dict[str, SuspectedAssembly] = {}
    for pair in evidence.pairs.values():
        if not cases & {pair.first, pair.second}:
            continue
        indels = {pair.first: pair.first_indels, pair.second: pair.second_indels}
        for name in pair.suspects:
            count, snps = indels[name] or 0, pair.snps_raw or 0
            known = found.get(name)
            if known is None or count - snps > known.short_indels - known.snps_raw:
                found[name] = SuspectedAssembly(name, pair.other(name), count, snps)
    return tuple(found[name] for name in sorted(found))


def suspected_mixtures(evidence: Evidence) -> tuple[SuspectedMixture, ...]:
    """Return the case isolates whose ledger entry bears a sign of a mixed culture, by name.

    The verdict does not change: no rule tells what a mixture does to a distance.
    """
    known = {str(sign) for sign in MixtureSign}
    entries = [evidence.ledger[name] for name in evidence.names(Role.CASE)]
    return tuple(
        SuspectedMixture(entry.name, signs, entry.detail)
        for entry in entries
        if (signs := tuple(reason for reason in entry.reasons if reason in known))
    )


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
        near = neighbours(evidence, [one, two], background.names)
        nearest = near[0].snps if near else None
        found.append(PairJudgement(one, two, verdict, published, tuple(codes), nearest))
    return tuple(found)


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
