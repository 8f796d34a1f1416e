"""Rule assess_robustness: judge every clone of two patients again, from what exists already."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from oneclone import intervals
from oneclone.core import distinct_rows
from oneclone.linked_range import linked_range
from oneclone.local_tree import count_clean_snps, found_by_search
from oneclone.model.calls import PreparedReference
from oneclone.model.evidence import Evidence, LocalTree
from oneclone.model.judgement import CloneJudgement, CloneVerdict
from oneclone.model.pairs import FilterOutcome, Pair
from oneclone.model.robustness import Robustness, RobustnessRun, RunKind
from oneclone.model.settings import RecombinationSettings, RobustnessSettings
from oneclone.robustness import (
    counted_otherwise,
    counted_run,
    not_made,
    raw_run,
    removable_background,
    removable_members,
    same_genome,
    tree_decides,
    tried,
    without_background,
    without_case,
)
from oneclone.split_kmers import count_snps, split_kmers
from oneclone.steps.evidence import EvidenceFiles
from oneclone.steps.local_trees import (
    LocalTreeSettings,
    Unsearched,
    World,
    WorldFiles,
    prepare,
    search,
)
from oneclone.steps.recounting import Counting, Recounted, recount
from oneclone.tables.cluster_table import read_clones
from oneclone.tables.linked_assembly import read_linked_contigs
from oneclone.tables.pair_table import read_stretches
from oneclone.tables.robustness_table import write_no_robustness, write_robustness
from oneclone.tables.tree_files import read_local_trees
from oneclone.tree_engine import iqtree_binary
from oneclone.verdict import judge


@dataclass(frozen=True)
class RobustnessStepSettings:
    """Settings of the runs, and of what they repeat."""

    runs: RobustnessSettings
    local_trees: LocalTreeSettings
    recombination: RecombinationSettings


@dataclass(frozen=True)
class _Trial:
    """One clone to be judged again, and all that a run may need."""

    world: World
    evidence: Evidence
    clone: CloneJudgement
    local: Unsearched
    assemblies: Path
    settings: RobustnessStepSettings

    @property
    def tree(self) -> LocalTree:
        """The local tree in which the clone was judged."""
        return self.evidence.local_trees[self.clone.members]

    @property
    def assembly(self) -> str:
        """Sha256 of the assembly on which the clone is counted."""
        references = self.world.panel.references
        return next(ref.assembly for ref in references if ref.name == self.tree.reference)

    def recounted(
        self, tips: Sequence[str], assembly: str, reference: PreparedReference
    ) -> Recounted:
        """Return the pairs of members and tips as counted on a reference, and what was removed."""
        where = Counting(assembly, reference, self.settings.recombination)
        return recount(self.world, self.clone.members, tips, where)


def assess_robustness(
    *,
    isolates: Path,
    panel: Path,
    ledger: Path,
    typing: Path,
    pairs: Path,
    roster: Path,
    mask: Path,
    prepared: Sequence[Path],
    calls: Path,
    assemblies: Path,
    recombination: Path,
    clusters: Path,
    local_trees: Path,
    robustness: Path,
    settings: RobustnessStepSettings,
) -> None:
    """Write the verdict of each clone under other references, settings and sets of isolates.

    Parameters
    ----------
    isolates, panel, roster, mask
        The run's plan.
    ledger, typing, pairs
        Results on which the verdict rests.
    prepared
        Counting references in the order of `panel.counting_assemblies`.
    calls
        The gathered calls of the isolates and references.
    assemblies
        Folder of FASTA files, each named by its sha256; those of clone members are read.
    recombination
        Stretches removed from pairs.
    clusters
        Cluster table with the clones.
    local_trees
        Local tree of every clone.
    robustness
        File to write.
    settings
        Which runs, and the settings of what they repeat.
    """
    if not settings.runs.assess:
        write_no_robustness(robustness)
        return
    files = WorldFiles(
        EvidenceFiles(isolates, panel, ledger, typing, pairs),
        roster,
        mask,
        prepared,
        calls,
    )
    world = files.load(settings.local_trees)
    evidence = replace(
        world.evidence,
        local_trees=read_local_trees(local_trees),
        removed=read_stretches(recombination),
    )
    names = read_clones(clusters)
    runs = [
        run
        for clone in judge(evidence, names).clones
        if clone.verdict is not CloneVerdict.ONE_PATIENT
        for run in _runs(_trial(world, evidence, clone, assemblies, settings))
    ]
    write_robustness(robustness, Robustness(tuple(runs), *linked_range(evidence, names, runs)))


def _trial(
    world: World,
    evidence: Evidence,
    clone: CloneJudgement,
    assemblies: Path,
    settings: RobustnessStepSettings,
) -> _Trial:
    """Return the trial of a clone, with the core alignment of its local tree."""
    tree = evidence.local_trees[clone.members]
    assembly = next(r.assembly for r in world.panel.references if r.name == tree.reference)
    local = prepare(world, clone.members, tree.tips, assembly, evidence.removed)
    return _Trial(world, evidence, clone, local, assemblies, settings)


def _runs(trial: _Trial) -> Iterator[RobustnessRun]:
    """Give every run of a clone: the decisive ones first."""
    evidence, clone = trial.evidence, trial.clone
    yield _on_species_reference(trial)
    for level in sorted(set(trial.settings.runs.core_levels)):
        yield _at_core_level(trial, level)
    for name in removable_members(evidence, clone):
        yield without_case(evidence, clone, name, _tree_without(trial, [name]))
    yield raw_run(evidence, clone)
    yield _without_mask(trial)
    yield _without_alignment(trial)
    for name in removable_background(evidence, trial.tree):
        away = same_genome(evidence, name)
        yield without_background(evidence, clone, name, _tree_without(trial, away))


def _on_species_reference(trial: _Trial) -> RobustnessRun:
    """Return the run in which the clone is counted on the species reference."""
    world, clone, kind = trial.world, trial.clone, RunKind.SPECIES_REFERENCE
    assembly, name = world.panel.species_assembly, world.panel.species_reference
    if assembly == trial.assembly:
        return not_made(clone, kind, name, "the clone is counted on the species reference anyhow")
    # everyone was called on the species reference, those too that the local tree had to leave out
    tips = tuple(sorted((*trial.tree.tips, *trial.tree.not_called)))
    counts = trial.recounted(tips, assembly, world.references[assembly])
    evidence, _ = counted_otherwise(trial.evidence, clone.members, counts.pairs)
    tree = trial.tree
    if tree_decides(evidence, clone, tree):
        local = prepare(world, clone.members, tips, assembly, counts.regions)
        tree = search(world, local)
    run = counted_run(trial.evidence, clone, counts.pairs, tree, kind)
    lost = f"; {counts.lost} background tips keep their count, too few bases here"
    note = f"{run.note}{lost if counts.lost else ''}".lstrip("; ")
    return replace(run, subject=name, note=note)


def _at_core_level(trial: _Trial, level: float) -> RobustnessRun:
    """Return the run with the local tree of another core level."""
    world, clone, subject = trial.world, trial.clone, f"{level:g} %"
    if not tree_decides(trial.evidence, clone, trial.tree):
        why = "not searched: no tree would change the verdict"
        return not_made(clone, RunKind.CORE_LEVEL, subject, why)
    if iqtree_binary(world.settings.tree) is None:
        why = "not searched: without IQ-TREE every local tree stands on the strict core"
        return not_made(clone, RunKind.CORE_LEVEL, subject, why)
    local = prepare(
        world,
        clone.members,
        trial.tree.tips,
        trial.assembly,
        trial.evidence.removed,
        core_percent=level,
    )
    tree = search(world, local)
    note = f"{tree.variable_sites} variable of {tree.core_bp} core sites"
    run = tried(trial.evidence, clone, clone.members, tree, RunKind.CORE_LEVEL)
    return replace(run, subject=subject, note=note)


def _tree_without(trial: _Trial, left_out: Sequence[str]) -> LocalTree:
    """Return the clone's local tree as if some of its taxa were not in it."""
    core, tree, away = trial.local.core, trial.tree, trial.world.row_ids(left_out)
    kept = [number for number, taxon in enumerate(core.taxa) if taxon not in set(away)]
    fewer = replace(core, taxa=tuple(core.taxa[number] for number in kept), codes=core.codes[kept])
    members = tuple(name for name in tree.members if name not in left_out)
    rows = trial.world.row_ids(members)
    changed = replace(
        tree,
        members=members,
        tips=tuple(name for name in tree.tips if name not in left_out),
        clean_snps=count_clean_snps(fewer, rows),
        distinct_sequences=len(distinct_rows(fewer.codes)),
    )
    return found_by_search(changed, rows, away)


def _without_mask(trial: _Trial) -> RobustnessRun:
    """Return the run that compares repeats and the panel's mask too."""
    sequence = trial.world.references[trial.assembly].sequence
    unmasked = PreparedReference(sequence, intervals.empty())
    pairs = trial.recounted(trial.tree.tips, trial.assembly, unmasked).pairs
    return counted_run(trial.evidence, trial.clone, pairs, trial.tree, RunKind.MASK_OFF)


def _without_alignment(trial: _Trial) -> RobustnessRun:
    """Return the run that counts the members' SNPs by split k-mers."""
    clone, limit = trial.clone, trial.settings.runs.max_alignment_free
    if len(clone.members) > limit:
        why = f"{len(clone.members)} members are more than {limit}"
        return not_made(clone, RunKind.ALIGNMENT_FREE, "", why)
    counted = _split_kmer_pairs(trial)
    if not counted:
        return not_made(clone, RunKind.ALIGNMENT_FREE, "", "no pair has enough bases to compare")
    pairs = {names: pair for names, (pair, _) in counted.items()}
    run = counted_run(trial.evidence, clone, pairs, trial.tree, RunKind.ALIGNMENT_FREE)
    note = (
        f"at most {max(pair.snps or 0 for pair in pairs.values())} of at least "
        f"{min(shared for _, shared in counted.values())} shared split 31-mers differ; "
        f"raw count at most {clone.distances.max_snps_raw}"
    )
    return replace(run, note=note)


def _split_kmer_pairs(trial: _Trial) -> dict[tuple[str, str], tuple[Pair, int]]:
    """Return the assessable pairs of members by split k-mers, each with how many it shares."""
    evidence, longest = trial.evidence, trial.world.panel.genome_length_bp[1]
    kmers = {
        name: split_kmers(
            read_linked_contigs(trial.assemblies / evidence.isolates[name].assembly, longest)
        )
        for name in trial.clone.members
    }
    found: dict[tuple[str, str], tuple[Pair, int]] = {}
    for one, two in combinations(trial.clone.members, 2):
        pair = evidence.pair(one, two)
        if pair.is_assessable:
            snps, shared = count_snps(kmers[one], kmers[two])
            unscanned = FilterOutcome.NOT_SCANNED
            changed = replace(pair, snps=snps, snps_raw=snps, recombinant_bp=None, filter=unscanned)
            found[one, two] = changed, shared
    return found
