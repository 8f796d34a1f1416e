"""Rule infer_local_trees: one tree per clone for the test of its exclusivity."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from oneclone.background import find_background
from oneclone.local_tree import choose_background
from oneclone.model.evidence import LocalTree
from oneclone.model.pairs import RemovedRegion
from oneclone.steps.evidence import EvidenceFiles
from oneclone.steps.local_trees import (
    LocalTreeSettings,
    World,
    WorldFiles,
    counting_assembly,
    prepare,
    search,
)
from oneclone.tables.cluster_table import read_clones
from oneclone.tables.pair_table import read_stretches
from oneclone.tables.tree_files import write_local_trees


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
    calls: Path,
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
    calls
        The gathered calls of the isolates and references.
    recombination
        Stretches removed from pairs.
    clusters
        Cluster table with the clones.
    local_trees
        File to write.
    settings
        Core level, tree engine, thresholds.
    """
    evidence = EvidenceFiles(isolates, panel, ledger, typing, pairs)
    world = WorldFiles(evidence, roster, mask, prepared, calls).load(settings)
    regions = read_stretches(recombination)
    write_local_trees(
        local_trees, [_local_tree(world, members, regions) for members in read_clones(clusters)]
    )


def _local_tree(
    world: World, members: tuple[str, ...], regions: Sequence[RemovedRegion]
) -> LocalTree:
    """Return the local tree of one clone on its counting reference."""
    assembly = counting_assembly(world, members)
    background = find_background(world.evidence)
    called = world.called_on(assembly)
    tips, not_called = choose_background(world.evidence, members, background, called)
    tree = search(world, prepare(world, members, tips, assembly, regions))
    return replace(tree, not_called=not_called)
