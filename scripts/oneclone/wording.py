"""Say a verdict in plain words, with its numbers, its reasons and its limits."""

from itertools import combinations

from oneclone.contamination import is_same_genome
from oneclone.explanations import REASON_TEXT
from oneclone.geography import miles
from oneclone.model.codes import Caveat, Reason
from oneclone.model.evidence import Evidence
from oneclone.model.isolates import Role
from oneclone.model.judgement import (
    CloneJudgement,
    CloneVerdict,
    Judgement,
    Neighbour,
    NotAssessed,
    SetVerdict,
)
from oneclone.model.pairs import Pair
from oneclone.model.panel import Thresholds
from oneclone.phrases import (
    and_names,
    background_size,
    counted,
    joined,
    megabases,
    published_closeness,
    runs_in_words,
)

COMMON_SOURCE = "This is consistent with a common source; it does not by itself establish one."
EPIDEMIOLOGY = "Epidemiology has to decide."


def sentence(judgement: Judgement, evidence: Evidence) -> str:
    """Return the verdict in words: answer, numbers, limits, and who was not assessed."""
    parts = {
        SetVerdict.SINGLE_CLONE: _single_clone,
        SetVerdict.MULTIPLE_CLONES: _several_clones,
        SetVerdict.INDETERMINATE: _indeterminate,
        SetVerdict.NOT_ASSESSABLE: _not_assessable,
    }[judgement.verdict](judgement, evidence)
    for clone in judgement.clones:
        parts += _robustness(judgement, clone)
        parts += _near_isolates(clone, evidence.panel.thresholds)
        parts += _cautions(clone, evidence)
    parts += _suspicions(judgement)
    if judgement.not_assessed:
        parts.append(f"Not assessed: {joined([_absent(row) for row in judgement.not_assessed])}.")
    return " ".join(parts)


def _single_clone(judgement: Judgement, evidence: Evidence) -> list[str]:
    """Return the sentences of a single clone."""
    clone = judgement.clones[0]
    answer = (
        f"Isolates {and_names(clone.members)}, {_whence(clone)}, are a single clone: "
        f"{_numbers(clone)}, {_background(clone)}."
    )
    return [answer, _panel_sentence(judgement, evidence), COMMON_SOURCE]


def _several_clones(judgement: Judgement, evidence: Evidence) -> list[str]:
    """Return the sentences of several clones that are not linked to each other."""
    count = len(judgement.clones)
    return [
        f"The case isolates form {count} clones that are not linked to each other.",
        *_clone_phrases(judgement),
        *_across(judgement.closest_across),
        "The genomes do not support a common recent source of all cases.",
        _panel_sentence(judgement, evidence),
    ]


def _indeterminate(judgement: Judgement, evidence: Evidence) -> list[str]:
    """Return the sentences of an open verdict."""
    panel = _panel_sentence(judgement, evidence)
    if len(judgement.clones) == 1:
        clone = judgement.clones[0]
        # That there is no background, the last words say, and whether any was supplied.
        codes = [code for code in judgement.reasons if code != Reason.NO_BACKGROUND]
        why = "; ".join([*(REASON_TEXT[Reason(code)] for code in codes), _background(clone)])
        answer = (
            f"Isolates {and_names(clone.members)}, {_whence(clone)}, are closely related: "
            f"{_numbers(clone)}. Whether they are a single clone of their own is "
            f"indeterminate: {why}."
        )
        return [answer, panel, EPIDEMIOLOGY]
    why = "; ".join(REASON_TEXT[Reason(code)] for code in judgement.reasons)
    answer = f"Whether the case isolates are one clone is indeterminate: {why}."
    across = _across(judgement.closest_across)
    return [answer, *_clone_phrases(judgement), *across, panel, EPIDEMIOLOGY]


def _across(pair: Pair | None) -> list[str]:
    """Return how close the clones come to each other."""
    if pair is None or pair.snps is None:
        return []
    compared = megabases(pair.callable_bp)
    closest = f"{pair.first} and {pair.second}, {counted(pair.snps, 'SNP')} over {compared}"
    return [f"Closest across clones: {closest}."]


def _not_assessable(judgement: Judgement, evidence: Evidence) -> list[str]:
    """Return the sentences of a verdict that cannot be given."""
    why = "; ".join(REASON_TEXT[Reason(code)] for code in judgement.reasons)
    assessed = evidence.names(Role.CASE)
    seen = f" (assessed: {and_names(assessed)})" if assessed else ""
    answer = f"No genomic conclusion: {why}{seen}."
    return [answer, *_clone_phrases(judgement)] if len(judgement.clones) > 1 else [answer]


def _robustness(judgement: Judgement, clone: CloneJudgement) -> list[str]:
    """Return the sentence that names the decisive runs with another verdict, if any."""
    changed = judgement.robustness.changed_by(clone.name) if judgement.robustness else ()
    if not changed:
        return []
    which = f"{clone.name} would be" if len(judgement.clones) > 1 else "They would be"
    base = {"single_clone": "a single clone"}.get(changed[0].base, str(changed[0].base))
    other = {"single_clone": "a single clone"}.get(changed[0].verdict, str(changed[0].verdict))
    return [f"{which} {base}, but the verdict is {other} {runs_in_words(changed)}."]


def _suspicions(judgement: Judgement) -> list[str]:
    """Return the sentences on context that copies a case, and on doubtful assemblies."""
    copies = sorted(
        name for name, code in judgement.set_aside.items() if code == Caveat.DUPLICATE_OF
    )
    errors = [each.name for each in judgement.suspected]
    mixed = [each.name for each in judgement.mixtures]
    said = (
        (copies, "Context isolates with exactly the assembly of a case, set aside"),
        (errors, "Assembly errors are suspected in"),
        (mixed, "May be a mixed or contaminated culture"),
    )
    return [f"{what}: {and_names(names)}." for names, what in said if names]


def _cautions(clone: CloneJudgement, evidence: Evidence) -> list[str]:
    """Return the sentences on assemblies that are the same, or may be mixed up."""
    same = [
        f"{one} and {two}"
        for one, two in combinations(clone.members, 2)
        if is_same_genome(evidence, one, two)
    ]
    found: list[str] = []
    if same:
        found.append(f"Exactly the same assembly: {and_names(same)}; check that it is no mix-up.")
    if handled := clone.handled_together:
        shared = sorted({word for each in handled for word in each.shared})
        pairs = [f"{each.first} with {each.second}" for each in handled]
        found.append(
            f"Isolates with 0-2 SNPs share {joined(shared, 'or')}: check for contamination "
            f"({and_names(pairs)})."
        )
    return found


def _near_isolates(clone: CloneJudgement, thresholds: Thresholds) -> list[str]:
    """Return the sentences that name near sources, near background and bridges, if any."""
    sources = [_at_distance(each) for each in clone.sources]
    background = [_at_distance(each) for each in clone.background_within_linked]
    found: list[str] = []
    if sources:
        found.append(
            f"Source isolates within {counted(thresholds.possible, 'SNP')}: {and_names(sources)}."
        )
    if background:
        found.append(
            f"Background within {counted(thresholds.linked, 'SNP')}: {and_names(background)}."
        )
    if clone.bridges:
        found.append(f"Without {and_names(clone.bridges)} the clone would fall apart.")
    return found


def _at_distance(neighbour: Neighbour) -> str:
    """Return a neighbour with its distance."""
    return f"{neighbour.name} ({counted(neighbour.snps, 'SNP')})"


def _whence(clone: CloneJudgement) -> str:
    """Return patients, clinics and the greatest distance between clinics."""
    patients = f"of {counted(len(clone.patients), 'patient')}"
    if not clone.clinics:
        return f"{patients} from unknown clinics"
    place = f"from {counted(len(clone.clinics), 'clinic')}"
    unknown = " (a clinic is unknown)" if Caveat.CLINIC_UNKNOWN in clone.caveats else ""
    if clone.clinic_distance_km is None:
        return f"{patients} {place}{unknown}"
    kilometres = clone.clinic_distance_km
    distance = f"{kilometres:.0f} km ({miles(kilometres):.0f} mi) apart"
    if len(clone.clinics) < 2:
        return f"{patients} {place}{unknown}, in places {distance}"
    reach = f"up to {distance}" if len(clone.clinics) > 2 else distance
    if clone.clinics_located < len(clone.clinics):
        reach += f" ({clone.clinics_located} of {len(clone.clinics)} clinics located)"
    return f"{patients} {place} {reach}{unknown}"


def _numbers(clone: CloneJudgement) -> str:
    """Return the greatest SNP distance with the bases that were compared."""
    found = clone.distances
    if found.max_snps is None or found.min_callable_bp is None:
        return "no pair could be compared"
    raw = lost = ""
    if found.max_snps_raw != found.max_snps:
        raw = f" ({found.max_snps_raw} before recombinant stretches were removed)"
    if found.not_compared:
        lost = f"; {counted(found.not_compared, 'pair')} could not be compared"
    snps = f"{counted(found.max_snps, 'SNP')}{raw}"
    compared = f"{megabases(found.min_callable_bp)} compared"
    share = f"({found.min_callable_percent:.0f} % of the reference{lost})"
    if len(clone.members) == 2:
        return f"{snps} between them over {compared} {share}"
    return f"at most {snps} between any two over at least {compared} {share}"


def _background(clone: CloneJudgement) -> str:
    """Return with how much background a clone was compared and how near it comes."""
    figures = clone.background
    lost = clone.background_not_comparable
    not_compared = f"; {lost} more could not be compared" if lost else ""
    if not figures.isolates:
        how = "could be compared" if lost else "was supplied"
        return f"no background isolate of the subspecies {how}"
    size = f"{background_size(figures)}{not_compared}"
    nearest = clone.nearest_background
    near = f", nearest {nearest.name} at {counted(nearest.snps, 'SNP')}" if nearest else ""
    if clone.exclusivity.exclusive:
        return f"set apart from {size}{near}"
    return f"compared with {size}{near}"


def _panel_sentence(judgement: Judgement, evidence: Evidence) -> str:
    """Return the second finding: how the cases stand to the reference clones."""
    if not evidence.panel.clones:
        return "The panel has no reference clones to compare with."
    lost = and_names([c for c in evidence.panel.clones if c not in judgement.clones_compared])
    compared = f"the {counted(len(judgement.clones_compared), 'reference clone')} compared"
    too_few = f"; too few bases to compare every case with {lost}" if lost else ""
    if judgement.distinct_from_panel:
        further = _not_compared(len(evidence.panel.known_clones_not_compared))
        return f"They are distinct from {compared} ({evidence.panel.name}){too_few}{further}."
    inside: dict[str, list[str]] = {}
    for name in evidence.names(Role.CASE):
        if clone := evidence.typing[name].panel_clone:
            inside.setdefault(clone, []).append(name)
    if not inside:
        of_panel = f"the {counted(len(evidence.panel.clones), 'reference clone')} of the panel"
        return f"Whether all cases are distinct from {of_panel} is not known{too_few}."
    known = [
        published_closeness(clone.published_background, clone.distances.max_snps or 0)
        for clone in judgement.clones
        if clone.published_background
    ]
    closeness = f" ({'; '.join(dict.fromkeys(known))})" if known else ""
    where = [f"{and_names(names)} inside {clone}" for clone, names in sorted(inside.items())]
    return f"Of {compared}, known to circulate: {joined(where)}{closeness}."


def _not_compared(number: int) -> str:
    """Return how many described clones no reference stands for, empty when none is known."""
    if not number:
        return ""
    verb = "was" if number == 1 else "were"
    return f"; {counted(number, 'further described clone')} {verb} not compared"


def _clone_phrases(judgement: Judgement) -> list[str]:
    """Return the sentences of several clones: each with its verdict, and a thin background."""
    found = [f"Clones: {'; '.join(_clone_phrase(clone) for clone in judgement.clones)}."]
    thin, said = set[str](), set[str]()
    for clone in judgement.clones:
        size = background_size(clone.background)
        if clone.verdict is CloneVerdict.SINGLE_CLONE:
            said.add(size)  # in its own phrase
        elif Caveat.THIN_BACKGROUND in clone.caveats:
            thin.add(size)
    compared = joined(sorted(thin - said))
    return [*found, f"They were compared with {compared}."] if compared else found


def _clone_phrase(clone: CloneJudgement) -> str:
    """Return one clone of several with its verdict."""
    if clone.verdict is CloneVerdict.SINGLE_CLONE:
        numbers = f"{_numbers(clone)}, {_background(clone)}"
        return f"{and_names(clone.members)}, {_whence(clone)}, a single clone: {numbers}"
    if clone.verdict is CloneVerdict.ONE_PATIENT:
        return f"{and_names(clone.members)}, of one patient"
    why = "; ".join(REASON_TEXT[Reason(code)] for code in clone.reasons)
    return f"{and_names(clone.members)}, {_whence(clone)}, indeterminate ({why})"


def _absent(row: NotAssessed) -> str:
    """Return a case row that was not assessed, and why."""
    why = "no isolate" if row.reason == "no_isolate" else f"quarantined: {row.reason}"
    return f"{row.name} (patient {row.patient}, {why})"
