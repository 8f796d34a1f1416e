"""What stands beside the sentence: how sure, what is not claimed, what was not assessed.

Every statement is one sentence for a reader who knows epidemiology but not the tool.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from oneclone.exclusivity import THIN_BACKGROUND
from oneclone.model.codes import Caveat, Reason
from oneclone.model.evidence import Evidence
from oneclone.model.judgement import CloneJudgement, CloneVerdict, Judgement
from oneclone.model.robustness import RobustnessRun, RunKind, RunVerdict
from oneclone.phrases import (
    and_names,
    background_size,
    counted,
    countries,
    published_closeness,
    runs_in_words,
)

NOT_CLAIMED = (
    "That a product, instrument, person or place was the source: genomes only show relatedness.",
    "Who infected whom, or when.",
    "That an antibiotic works or fails: a genotype is not a susceptibility test.",
)
REMEDIES = {
    Reason.NO_BACKGROUND: "Context isolates of the same subspecies, best from the cases' region "
    "and years: without them nothing tells a clone of the cases from a common strain.",
    Reason.BACKGROUND_AS_CLOSE: "What the close background isolates are: further cases of the same "
    "source (then give them the role case) or proof that the clone circulates.",
    Reason.NOT_A_CLADE: "More of the genome: complete assemblies may part the cases from the "
    "background by sites that were not compared.",
    Reason.CLADE_NOT_SUPPORTED: "More of the genome, or isolates between the cases and the nearest "
    "background.",
    Reason.CIRCULATING_CLONE: "At least 20 context patients of the circulating clone, best from "
    "the cases' region and years.",
    Reason.REFERENCE_NOT_COMPARABLE: "Better assemblies: they would tell whether the cases lie "
    "inside the reference clone that could not be compared.",
    Reason.PATIENTS_NOT_ALL_LINKED: "Further isolates of the patients who share no linked pair.",
    Reason.PAIR_NOT_LINKED: "Further isolates of the patients whose isolates are not linked.",
    Reason.PAIR_ABOVE_POSSIBLE: "Further isolates of the patients who are far apart.",
    Reason.FILTER_MAY_NOT_DECIDE: "Better assemblies of the isolates with removed stretches: they "
    "tell an import from an artefact.",
    Reason.NOT_ROBUST: "More of the genome or further isolates: the verdict hangs on the reference,"
    " the core level or a single isolate.",
    Reason.FEWER_THAN_TWO_PATIENTS: "An isolate of a second patient.",
    Reason.NO_PAIR_ASSESSABLE: "Better assemblies: too few bases could be compared.",
    Reason.SEVERAL_CLONES_NOT_APART: "Epidemiology, or further isolates of these patients: the "
    "clones are neither linked nor clearly apart.",
}


@dataclass(frozen=True)
class Statements:
    """What a reader should know beside the sentence, as sentences."""

    certainty: tuple[str, ...]
    not_claimed: tuple[str, ...]
    not_assessed: tuple[str, ...]
    would_change: tuple[str, ...]


def statements(judgement: Judgement, evidence: Evidence) -> Statements:
    """Return what stands beside the sentence of a verdict.

    Parameters
    ----------
    judgement
        The verdict.
    evidence
        Everything on which it rests.
    """
    return Statements(
        certainty=tuple(_certainty(judgement, evidence)),
        not_claimed=(*_not_claimed(judgement, evidence), *NOT_CLAIMED),
        not_assessed=tuple(_not_assessed(judgement)),
        would_change=tuple(_would_change(judgement)),
    )


def _certainty(judgement: Judgement, evidence: Evidence) -> list[str]:
    """Return how much stands behind each clone of several patients, and behind the whole."""
    several = len(judgement.clones) > 1
    found: list[str] = []
    for clone in judgement.clones:
        if clone.verdict is CloneVerdict.ONE_PATIENT:
            continue
        said = [*_background_sentences(clone), *_robustness_sentences(judgement, clone)]
        found += [f"{clone.name}: {each}" if several else each for each in said]
    robustness = judgement.robustness
    if (
        robustness
        and robustness.runs
        and not any(robustness.changed_by(clone.name) for clone in judgement.clones)
    ):
        low, high = robustness.linked_from, robustness.linked_to
        linked = f"Linked means at most {counted(evidence.panel.thresholds.linked, 'SNP')}"
        found.append(f"{linked}; any threshold from {low} to {high} gives the same verdict.")
    return found


def _background_sentences(clone: CloneJudgement) -> list[str]:
    """Return how much background is as close as the cases, and the support of the clone."""
    close, size = clone.background_as_close, clone.background
    if not size.isolates:
        return ["No background isolate of the subspecies was supplied."]
    who = "none lies"
    if close.isolates:
        whose = f"{counted(close.patients, 'patient')}, {countries(close.countries)}"
        who = f"{close.isolates} ({whose}) {'lies' if close.isolates == 1 else 'lie'}"
    within = f"within {counted(clone.close_within_snps, 'SNP')} of a case"
    found = [f"Of {background_size(size)} {who} {within}."]
    if others := clone.others_as_close:
        verb = "lies" if others == 1 else "lie"
        whose = "of another or an ambiguous subspecies"
        found.append(f"{counted(others, 'context isolate')} {whose} {verb} {within}.")
    if published := clone.published_background:
        said = published_closeness(published, clone.distances.max_snps or 0)
        found.append(f"{said[:1].upper()}{said[1:]} ({published.citation}).")
    if (support := clone.exclusivity.support) is not None:
        test = {"ufboot": "ultrafast bootstrap", "sh_alrt": "SH-aLRT"}
        kind = test[clone.exclusivity.support_kind]
        found.append(f"Its branch in the tree has {support:g} % support ({kind}).")
    return found


def _robustness_sentences(judgement: Judgement, clone: CloneJudgement) -> list[str]:
    """Return in how many runs the verdict of a clone stands, and which change it."""
    robustness = judgement.robustness
    if robustness is None:
        return []
    own = [run for run in robustness.runs if run.clone == clone.name and run.is_decisive]
    lost = [run for run in own if run.verdict is RunVerdict.NOT_ASSESSABLE]
    said = [run for run in own if run.is_made and run not in lost]
    changed = robustness.changed_by(clone.name)
    found: list[str] = []
    if said:
        of = counted(len(said), "further analysis", "further analyses")
        same = f"The verdict is the same in {len(said) - len(changed)} of {of}"
        found.append(f"{same} that could overturn it ({_tried(said)}).")
    if changed:
        found.append(f"The verdict is another {runs_in_words(changed)}.")
    if lost:
        found.append(f"Too few bases could be compared {runs_in_words(lost)}.")
    if hanging := robustness.hangs_on(clone.name):
        without = f"without background isolate {and_names(hanging)}"
        found.append(f"The verdict would be another {without}.")
    return found


def _tried(runs: Sequence[RobustnessRun]) -> str:
    """Return what the runs tried, each kind once."""
    words = {
        RunKind.SPECIES_REFERENCE: "another reference",
        RunKind.CORE_LEVEL: "other core levels",
        RunKind.WITHOUT_CASE: "without single case isolates",
    }
    kinds = {run.kind for run in runs}
    return ", ".join(text for kind, text in words.items() if kind in kinds)


def _not_claimed(judgement: Judgement, evidence: Evidence) -> list[str]:
    """Return what the second finding must not be taken for, if there is one."""
    if not judgement.distinct_from_panel:
        return []
    number = len(judgement.clones_compared)
    compared = f"distinct from the {counted(number, 'reference clone')} compared"
    others = len(evidence.panel.known_clones_not_compared)
    known = "other clones may be known"
    if others:
        known = (
            f"{counted(others, 'further described clone')} {'was' if others == 1 else 'were'} not"
        )
    return [f"That the clone does not circulate: it is {compared}; {known}."]


def _not_assessed(judgement: Judgement) -> list[str]:
    """Return who and what was not looked at."""
    found = [
        f"{row.name} (patient {row.patient}): {row.reason.replace('_', ' ').replace(',', ', ')}; "
        "nothing is concluded."
        for row in judgement.not_assessed
    ]
    found.append("Sequencing reads: only assemblies were compared.")
    if Caveat.CONTAMINATION_NOT_EXCLUDED in judgement.caveats:
        found.append(
            "Contamination: it is not known that laboratory, run and batch of the cases differ."
        )
    if Caveat.CLINIC_UNKNOWN in judgement.caveats:
        found.append("The clinic of a case: it is not stated.")
    return found


def _would_change(judgement: Judgement) -> list[str]:
    """Return what would settle an open verdict, or unsettle a settled one."""
    codes: list[str] = [*judgement.reasons]
    for clone in judgement.clones:
        codes += [code for code in clone.reasons if code not in codes]
    found = [text for reason, text in REMEDIES.items() if reason in codes]
    singles = [clone for clone in judgement.clones if clone.verdict is CloneVerdict.SINGLE_CLONE]
    if singles:
        found.append(
            "A background isolate as close as the cases: it would show a further case or a "
            "circulating clone."
        )
    if any(Caveat.THIN_BACKGROUND in clone.caveats for clone in judgement.clones):
        found.append(
            f"More background: fewer than {THIN_BACKGROUND} patients of the subspecies are in it."
        )
    if judgement.not_assessed:
        names = and_names([row.name for row in judgement.not_assessed])
        found.append(f"Usable isolates of those not assessed: {names}.")
    return found
