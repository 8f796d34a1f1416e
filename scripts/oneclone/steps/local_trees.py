"""Build the local tree of a clone from calls: the steps that need one share this."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from oneclone import intervals
from oneclone.core import CoreAlignment, build_core, strict_core
from oneclone.exclusivity import common_subspecies, needs_thorough_search
from oneclone.local_tree import count_clean_snps, found_by_search
from oneclone.model.calls import Intervals
from oneclone.model.evidence import Evidence, LocalTree
from oneclone.model.pairs import RemovedRegion
from oneclone.model.panel import Panel
from oneclone.model.settings import CoreSettings, ThresholdOverrides, TreeSettings
from oneclone.phylogeny import infer_tree
from oneclone.steps.evidence import EvidenceFiles
from oneclone.steps.loading import PreparedReference, Taxon, load_references, load_taxa
from oneclone.tables.run_plan import read_plan_panel
from oneclone.tree_engine import iqtree_binary
from oneclone.trees import add_identical, read_supported, root_tree, sort_branches, to_newick


@dataclass(frozen=True)
class LocalTreeSettings:
    """Settings of the local trees."""

    core: CoreSettings
    tree: TreeSettings
    thresholds: ThresholdOverrides


@dataclass(frozen=True)
class World:
    """What the trees of all clones share: evidence, calls and counting references."""

    evidence: Evidence
    panel: Panel
    taxa: Mapping[str, Taxon]
    references: Mapping[str, PreparedReference]
    settings: LocalTreeSettings

    def row_ids(self, names: Sequence[str]) -> list[str]:
        """Return the internal ids of some names."""
        return [self.taxa[name].row_id for name in names]

    def called_on(self, assembly: str) -> set[str]:
        """Return the names of the taxa that were called on a counting reference."""
        return {n for n, taxon in self.taxa.items() if assembly in taxon.assessment.references}


def counting_assembly(world: World, members: Sequence[str]) -> str:
    """Return the sha256 of the assembly on which a clone's local tree stands.

    The type strain of the members' subspecies, if all of them were called on it: one that is
    ambiguous was called on the species reference alone.
    """
    kind = common_subspecies(world.evidence, members)
    assembly = world.panel.counting_assembly(kind, kind)
    return assembly if set(members) <= world.called_on(assembly) else world.panel.species_assembly


@dataclass(frozen=True)
class WorldFiles:
    """Files from which a world is loaded; `evidence` and the run's plan and calls."""

    evidence: EvidenceFiles
    roster: Path
    mask: Path
    prepared: Sequence[Path]
    calls: Path

    def load(self, settings: LocalTreeSettings) -> World:
        """Return the world."""
        cohort = read_plan_panel(self.evidence.panel)
        taxa = load_taxa(self.roster, cohort, self.calls)
        return World(
            evidence=self.evidence.load(settings.thresholds),
            panel=cohort,
            taxa={taxon.name: taxon for taxon in taxa},
            references=load_references(cohort, self.mask, self.prepared),
            settings=settings,
        )


@dataclass(frozen=True)
class Unsearched:
    """A local tree before its search, and the alignment to be searched."""

    tree: LocalTree
    core: CoreAlignment


def prepare(
    world: World,
    members: tuple[str, ...],
    tips: tuple[str, ...],
    assembly: str,
    regions: Sequence[RemovedRegion],
    *,
    core_percent: float | None = None,
) -> Unsearched:
    """Return the core alignment of a local tree.

    Parameters
    ----------
    world
        Calls and references.
    members, tips
        Members of the clone, and the background tips.
    assembly
        Sha256 of the counting reference's assembly.
    regions
        Stretches removed from pairs; those of a member and another taxon of the tree are masked
        for all.
    core_percent
        Core level; that of the settings when it is not given.
    """
    removed = _removed(world, assembly, members, tips, regions)
    level = world.settings.core.min_isolates_percent if core_percent is None else core_percent
    core = _core(world, assembly, (*members, *tips), removed, level)
    tree = LocalTree(
        members=members,
        tips=tips,
        reference=world.panel.name_of(assembly),
        core_bp=core.core_bp,
        variable_sites=core.codes.shape[1],
        masked_bp=removed.total_bp,
        clean_snps=count_clean_snps(core, world.row_ids(members)) if tips else 0,
    )
    return Unsearched(tree, core)


def search(world: World, local: Unsearched, *, may_be_thorough: bool = True) -> LocalTree:
    """Return a local tree as searched: fast, and thoroughly where that may change what is found."""
    fast = _searched(world, local, thorough=False)
    if may_be_thorough and needs_thorough_search(fast):
        return _searched(world, local, thorough=True)
    return fast


def _searched(world: World, local: Unsearched, *, thorough: bool) -> LocalTree:
    """Return a local tree with what a search found."""
    inferred = infer_tree(local.core, world.settings.tree, thorough=thorough, twins=True)
    drawn = read_supported(inferred.newick)
    add_identical(drawn, inferred.identical)
    root_tree(drawn, {})
    sort_branches(drawn, {row: number for number, row in enumerate(local.core.taxa)})
    tree = replace(
        local.tree,
        distinct_sequences=inferred.distinct,
        support_kind=inferred.support_kind,
        engine=inferred.engine,
        newick=to_newick(drawn),
        searched_newick=inferred.newick,
        identical=inferred.identical,
    )
    return found_by_search(tree, world.row_ids(tree.members))


def _core(
    world: World, assembly: str, names: Sequence[str], removed: Intervals, core_percent: float
) -> CoreAlignment:
    """Return the core alignment of a local tree, in the order of all taxa."""
    chosen = [taxon for name, taxon in world.taxa.items() if name in set(names)]
    reference = world.references[assembly]
    core = build_core(
        [taxon.row_id for taxon in chosen],
        {taxon.row_id: taxon.calls(assembly) for taxon in chosen},
        reference.sequence,
        intervals.merged([reference.mask, removed]),
        core_percent,
    )
    return strict_core(core) if iqtree_binary(world.settings.tree) is None else core


def _removed(
    world: World,
    assembly: str,
    members: Sequence[str],
    tips: Sequence[str],
    regions: Sequence[RemovedRegion],
) -> Intervals:
    """Return the stretches removed from any pair of a member and another taxon of the tree."""
    name = world.panel.name_of(assembly)
    sequence = world.references[assembly].sequence
    inside, both = set(members), {*members, *tips}
    chosen = [
        region
        for region in regions
        if region.reference == name
        and {region.first, region.second} <= both
        and {region.first, region.second} & inside
    ]
    offsets = [int(sequence.offsets[sequence.names.index(region.contig)]) for region in chosen]
    starts = [o + region.start for o, region in zip(offsets, chosen, strict=True)]
    ends = [o + region.end for o, region in zip(offsets, chosen, strict=True)]
    return intervals.merged([Intervals(np.array(starts, np.int64), np.array(ends, np.int64))])
