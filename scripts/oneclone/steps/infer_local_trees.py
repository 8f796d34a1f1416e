"""Rule infer_local_trees: one tree per clone for the test of its exclusivity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from oneclone import intervals
from oneclone.background import find_background
from oneclone.core import CoreAlignment, build_core, strict_core
from oneclone.exclusivity import common_subspecies, needs_thorough_search
from oneclone.local_tree import choose_background, count_clean_snps, members_branch, supports
from oneclone.model.calls import Intervals
from oneclone.model.evidence import Evidence, LocalTree
from oneclone.model.pairs import RemovedRegion
from oneclone.model.panel import Panel
from oneclone.model.settings import CoreSettings, ThresholdOverrides, TreeSettings
from oneclone.phylogeny import infer_tree, iqtree_binary
from oneclone.steps.evidence import EvidenceFiles
from oneclone.steps.loading import PreparedReference, Taxon, load_references, load_taxa
from oneclone.tables.cluster_table import read_clones
from oneclone.tables.pair_table import read_stretches
from oneclone.tables.run_plan import read_plan_panel
from oneclone.tables.tree_files import write_local_trees
from oneclone.trees import add_identical, read_supported, root_tree, sort_branches, to_newick


@dataclass(frozen=True)
class LocalTreeSettings:
    """Settings of the local trees."""

    core: CoreSettings
    tree: TreeSettings
    thresholds: ThresholdOverrides


@dataclass(frozen=True)
class _World:
    """What the trees of all clones share."""

    evidence: Evidence
    panel: Panel
    taxa: Mapping[str, Taxon]
    references: Mapping[str, PreparedReference]
    regions: Sequence[RemovedRegion]
    settings: LocalTreeSettings


def infer_local_trees(
    *,
    isolates: Path,
    panel: Path,
    ledger: Path,
    typing: Path,
    pairs: Path,
    roster: Path,
    mask: Path,
    prepared: Sequence[Path],
    assessments: Sequence[Path],
    calls: Sequence[Path],
    recombination: Path,
    clusters: Path,
    local_trees: Path,
    settings: LocalTreeSettings,
) -> None:
    """Write the local tree of every clone that has background to be compared with.

    Parameters
    ----------
    isolates, panel
        The run's plan.
    ledger, typing, pairs
        Results on which the verdict rests.
    roster, mask
        The run's plan.
    prepared
        Counting references in the order of `panel.counting_assemblies`.
    assessments, calls
        Files of the isolates and references.
    recombination
        Stretches removed from pairs.
    clusters
        Cluster table with the clones.
    local_trees
        File to write.
    settings
        Core level, tree engine, thresholds.
    """
    cohort = read_plan_panel(panel)
    taxa = load_taxa(roster, cohort, assessments, calls)
    world = _World(
        evidence=EvidenceFiles(isolates, panel, ledger, typing, pairs).load(settings.thresholds),
        panel=cohort,
        taxa={taxon.name: taxon for taxon in taxa},
        references=load_references(cohort, mask, prepared),
        regions=read_stretches(recombination),
        settings=settings,
    )
    write_local_trees(
        local_trees, [_local_tree(world, members) for members in read_clones(clusters)]
    )


def _local_tree(world: _World, members: tuple[str, ...]) -> LocalTree:
    """Return the local tree of one clone: the fast search, the thorough one where it is needed."""
    kind = common_subspecies(world.evidence, members)
    assembly = world.panel.counting_assembly(kind, kind)
    called = {n for n, taxon in world.taxa.items() if assembly in taxon.assessment.references}
    tips = choose_background(world.evidence, members, find_background(world.evidence), called)
    removed = _removed(world, assembly, members, tips)
    core = _core(world, assembly, (*members, *tips), removed)
    tree = LocalTree(
        members=members,
        tips=tips,
        reference=world.panel.name_of(assembly),
        core_bp=core.core_bp,
        variable_sites=core.codes.shape[1],
        masked_bp=removed.total_bp,
        clean_snps=count_clean_snps(core, _row_ids(world, members)) if tips else 0,
    )
    fast = _searched(world, tree, core, thorough=False)
    return _searched(world, tree, core, thorough=True) if needs_thorough_search(fast) else fast


def _searched(world: _World, tree: LocalTree, core: CoreAlignment, *, thorough: bool) -> LocalTree:
    """Return a local tree with what a search found."""
    inferred = infer_tree(core, world.settings.tree, thorough=thorough, twins=True)
    branch = members_branch(inferred, _row_ids(world, tree.members)) if tree.tips else None
    ufboot, sh_alrt = supports(branch.label if branch else "", inferred.support_kind)
    drawn = read_supported(inferred.newick)
    add_identical(drawn, inferred.identical)
    root_tree(drawn, {})
    sort_branches(drawn, {row: number for number, row in enumerate(core.taxa)})
    return replace(
        tree,
        distinct_sequences=inferred.distinct,
        is_split=branch is not None,
        branch_snps=round(branch.length * core.core_bp, 3) if branch else 0.0,
        ufboot=ufboot,
        sh_alrt=sh_alrt,
        support_kind=inferred.support_kind,
        engine=inferred.engine,
        newick=to_newick(drawn),
    )


def _row_ids(world: _World, names: Sequence[str]) -> list[str]:
    """Return the internal ids of some names."""
    return [world.taxa[name].row_id for name in names]


def _core(world: _World, assembly: str, names: Sequence[str], removed: Intervals) -> CoreAlignment:
    """Return the core alignment of a local tree, in the order of all taxa."""
    chosen = [taxon for name, taxon in world.taxa.items() if name in set(names)]
    reference = world.references[assembly]
    core = build_core(
        [taxon.row_id for taxon in chosen],
        {taxon.row_id: taxon.calls(assembly) for taxon in chosen},
        reference.sequence,
        intervals.merged([reference.mask, removed]),
        world.settings.core.min_isolates_percent,
    )
    return strict_core(core) if iqtree_binary(world.settings.tree) is None else core


def _removed(
    world: _World, assembly: str, members: Sequence[str], tips: Sequence[str]
) -> Intervals:
    """Return the stretches removed from any pair of a member and another taxon of the tree."""
    name = world.panel.name_of(assembly)
    sequence = world.references[assembly].sequence
    inside, both = set(members), {*members, *tips}
    chosen = [
        region
        for region in world.regions
        if region.reference == name
        and {region.first, region.second} <= both
        and {region.first, region.second} & inside
    ]
    offsets = [int(sequence.offsets[sequence.names.index(region.contig)]) for region in chosen]
    starts = [o + region.start for o, region in zip(offsets, chosen, strict=True)]
    ends = [o + region.end for o, region in zip(offsets, chosen, strict=True)]
    return intervals.merged([Intervals(np.array(starts, np.int64), np.array(ends, np.int64))])
