"""Judge a clone again under other counts, trees and sets of isolates; never with new calls.

The decisive runs can take a verdict away, the others are shown. All of them keep the members of
the clone (less the one that is left out), so that the same question gets the second answer.
"""

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from oneclone.background import find_background
from oneclone.clone_verdict import CloneQuestion, decide, judge_clone
from oneclone.linked_range import steady_range
from oneclone.model.codes import Caveat, Reason
from oneclone.model.evidence import Evidence, LocalTree
from oneclone.model.isolates import Role
from oneclone.model.judgement import CloneJudgement, CloneVerdict, Judgement, SetVerdict
from oneclone.model.pairs import FilterOutcome, Pair
from oneclone.model.robustness import Robustness, RobustnessRun, RunKind, RunVerdict
from oneclone.phrases import counted
from oneclone.verdict import base_judgements

Pairs = Mapping[tuple[str, str], Pair]
MIN_PATIENTS = 2


def judge_again(
    evidence: Evidence, clone: CloneJudgement, members: tuple[str, ...], tree: LocalTree
) -> CloneJudgement:
    """Return the judgement of a clone's members under other evidence or in another tree.

    Parameters
    ----------
    evidence
        Pairs and isolates of the run.
    clone
        The clone as it was judged.
    members
        Its members, or all of them but those that the run leaves out.
    tree
        Local tree of the run.
    """
    return judge_clone(_question(evidence, clone.name, members, tree))


def _question(
    evidence: Evidence, name: str, members: tuple[str, ...], tree: LocalTree
) -> CloneQuestion:
    """Return the question of a clone's members under other evidence or in another tree."""
    changed = replace(evidence, local_trees={members: tree})
    base = base_judgements(changed, members)
    verdicts = {pair: verdict for pair, (verdict, _) in base.items()}
    return CloneQuestion(name, members, changed, verdicts, find_background(changed))


def tried(
    evidence: Evidence,
    clone: CloneJudgement,
    members: tuple[str, ...],
    tree: LocalTree,
    kind: RunKind,
) -> RobustnessRun:
    """Return the run that judges a clone's members under other evidence or in another tree.

    A decisive one has the `linked` thresholds over which it gives the same verdict.

    Parameters
    ----------
    evidence, clone, members, tree
        As for `judge_again`.
    kind
        What the run changes.
    """
    run = run_of(judge_again(evidence, clone, members, tree), clone, kind)
    if not run.is_decisive:
        return run
    span = steady_range(
        evidence, lambda other: decide(_question(other, clone.name, members, tree))[1]
    )
    return replace(run, linked_range=span)


def run_of(
    judged: CloneJudgement,
    base: CloneJudgement,
    kind: RunKind,
    subject: str = "",
    note: str = "",
) -> RobustnessRun:
    """Return the run that gave a clone a judgement."""
    near = judged.nearest_background
    return RobustnessRun(
        clone=base.name,
        kind=kind,
        subject=subject,
        base=RunVerdict(base.verdict),
        verdict=RunVerdict(judged.verdict),
        max_snps=judged.distances.max_snps,
        nearest_background=near.name if near else "",
        nearest_background_snps=near.snps if near else None,
        support=judged.exclusivity.support,
        reasons=judged.reasons,
        note=note,
    )


def not_made(base: CloneJudgement, kind: RunKind, subject: str, why: str) -> RobustnessRun:
    """Return a run that was not made; it says nothing and changes nothing."""
    return replace(run_of(base, base, kind, subject, why), is_made=False)


def counted_run(
    evidence: Evidence, clone: CloneJudgement, pairs: Pairs, tree: LocalTree, kind: RunKind
) -> RobustnessRun:
    """Return the run with some pairs counted otherwise.

    Pairs of members that now have too few bases to compare keep their count, and the note says how
    many. Not assessable is the run when no pair of two patients is left.
    """
    other, lost = counted_otherwise(evidence, clone.members, pairs)
    run = tried(other, clone, clone.members, tree, kind)
    before = _question(evidence, clone.name, clone.members, tree).pairs_between_patients
    if lost and lost >= {(each.first, each.second) for each in before if each.is_assessable}:
        why = "too few bases to compare"
        return replace(run, verdict=RunVerdict.NOT_ASSESSABLE, note=why, linked_range=None)
    many = counted(len(lost), "pair of members keeps its", "pairs of members keep their")
    return replace(run, note=f"{many} count, too few bases here") if lost else run


def counted_otherwise(
    evidence: Evidence, members: Sequence[str], pairs: Pairs
) -> tuple[Evidence, set[tuple[str, str]]]:
    """Return evidence with some pairs counted otherwise, and the members' pairs that are lost.

    A lost pair had enough bases to compare and now has too few: it says nothing against what it
    said before, so it stays as it was.
    """
    lost = {
        names
        for names in combinations(sorted(members), 2)
        if names in pairs and evidence.pair(*names).is_assessable
        if not pairs[names].is_assessable
    }
    kept = {names: pair for names, pair in pairs.items() if names not in lost}
    return with_pairs(evidence, kept), lost


def with_pairs(evidence: Evidence, pairs: Pairs) -> Evidence:
    """Return evidence in which some pairs were counted otherwise."""
    return replace(evidence, pairs=ChainMap(dict(pairs), dict(evidence.pairs)))


def tree_decides(evidence: Evidence, clone: CloneJudgement, tree: LocalTree) -> bool:
    """Return whether the verdict depends on the tree: with the best one it is a single clone."""
    best = replace(tree, is_split=True, branch_snps=1.0, ufboot=100.0)
    judged = judge_again(evidence, clone, clone.members, best)
    return judged.verdict is CloneVerdict.SINGLE_CLONE


def raw_run(evidence: Evidence, clone: CloneJudgement) -> RobustnessRun:
    """Return the run in which no recombinant stretch is removed from any pair of the clone."""
    pairs = {
        names: replace(
            pair, snps=pair.snps_raw, recombinant_bp=None, filter=FilterOutcome.NOT_SCANNED
        )
        for names, pair in evidence.pairs.items()
        if set(names) & set(clone.members)
    }
    tree = evidence.local_trees[clone.members]
    judged = judge_again(with_pairs(evidence, pairs), clone, clone.members, tree)
    return run_of(judged, clone, RunKind.RAW_COUNTS)


def removable_members(evidence: Evidence, clone: CloneJudgement) -> tuple[str, ...]:
    """Return the members without each of which the clone keeps two patients.

    Of two patients with one isolate each, none can be left out.
    """
    patients = [evidence.isolates[name].patient for name in clone.members]
    return tuple(
        name
        for name, patient in zip(clone.members, patients, strict=True)
        if len(set(patients)) > MIN_PATIENTS or patients.count(patient) > 1
    )


def without_case(
    evidence: Evidence, clone: CloneJudgement, left_out: str, tree: LocalTree
) -> RobustnessRun:
    """Return the run that leaves one case isolate out; `tree` is the local tree without it."""
    members = tuple(name for name in clone.members if name != left_out)
    run = tried(evidence, clone, members, tree, RunKind.WITHOUT_CASE)
    return replace(run, subject=left_out)


def same_genome(evidence: Evidence, name: str) -> tuple[str, ...]:
    """Return the context isolates with the genome of one of them, itself included, sorted."""
    genome = evidence.ledger[name].canonical_sha256
    context = evidence.names(Role.CONTEXT)
    return tuple(n for n in context if evidence.ledger[n].canonical_sha256 == genome)


def without_background(
    evidence: Evidence, clone: CloneJudgement, left_out: str, tree: LocalTree
) -> RobustnessRun:
    """Return the run that leaves one background isolate out, under all names of its genome.

    `tree` is the local tree without them.
    """
    away = set(same_genome(evidence, left_out))
    others = {name: each for name, each in evidence.isolates.items() if name not in away}
    judged = judge_again(replace(evidence, isolates=others), clone, clone.members, tree)
    return run_of(judged, clone, RunKind.WITHOUT_BACKGROUND, left_out)


def removable_background(evidence: Evidence, tree: LocalTree) -> tuple[str, ...]:
    """Return the context isolates to be left out, each genome once, by name.

    They are those of the local tree, and those that belong there but could not be in it.
    """
    near = (*tree.tips, *tree.not_called)
    context = [name for name in near if evidence.isolates[name].role is Role.CONTEXT]
    return tuple(sorted({same_genome(evidence, name)[0] for name in context}))


def with_robustness(judgement: Judgement, robustness: Robustness | None) -> Judgement:
    """Return a judgement in which what a decisive run changes is indeterminate.

    Parameters
    ----------
    judgement
        As judged without the runs.
    robustness
        All runs of its clones; `None` when they were not made, which is a caveat.
    """
    if robustness is None:
        caveats = (*judgement.caveats, Caveat.ROBUSTNESS_NOT_ASSESSED)
        return replace(judgement, caveats=caveats)
    clones = tuple(
        replace(
            clone,
            verdict=CloneVerdict.INDETERMINATE,
            reasons=(Reason.NOT_ROBUST, *_objections(clone)),
        )
        if robustness.changed_by(clone.name)
        else clone
        for clone in judgement.clones
    )
    if clones == judgement.clones:
        return replace(judgement, robustness=robustness)
    reasons = clones[0].reasons if len(clones) == 1 else (Reason.NOT_ROBUST, *judgement.reasons)
    return replace(
        judgement,
        verdict=SetVerdict.INDETERMINATE,
        clones=clones,
        reasons=reasons,
        robustness=robustness,
    )


def _objections(clone: CloneJudgement) -> tuple[str, ...]:
    """Return the reasons of a clone, the grounds for a single clone left away."""
    return () if clone.verdict is CloneVerdict.SINGLE_CLONE else clone.reasons
