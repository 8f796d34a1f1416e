"""Rule infer_core_tree: the tree of all used isolates and references."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ete3 import Tree

from oneclone.core import strict_core
from oneclone.distance_tree import infer_by_distances, is_large
from oneclone.model.panel import Panel
from oneclone.model.settings import TreeSettings
from oneclone.phylogeny import infer_tree
from oneclone.steps.loading import Taxon, load_taxa
from oneclone.tables.atomic import write_text
from oneclone.tables.core_files import read_core
from oneclone.tables.core_size_files import read_core_summary
from oneclone.tables.run_plan import read_plan_panel
from oneclone.tables.tree_files import TreeSummary, write_placements, write_tree_summary
from oneclone.tree_engine import iqtree_binary
from oneclone.trees import add_identical, read_supported, root_tree, sort_branches, to_newick


def infer_core_tree(
    *,
    roster: Path,
    panel: Path,
    calls: Path,
    alignment: Path,
    alignment_summary: Path,
    tree: Path,
    summary: Path,
    placement: Path,
    settings: TreeSettings,
) -> None:
    """Write the rooted tree, how it was made, and beside which clone it places each isolate.

    Parameters
    ----------
    roster, panel
        The run's plan.
    calls
        The gathered calls of the isolates and references.
    alignment, alignment_summary
        The core alignment, imports masked when the settings ask for it; piqtree uses only its
        strict core.
    tree, summary, placement
        Files to write.
    settings
        Engine, replicates, seed, and from when on the tree is built from distances.
    """
    cohort = read_plan_panel(panel)
    taxa = load_taxa(roster, cohort, calls)
    core = read_core(alignment, alignment_summary)
    masked = read_core_summary(alignment_summary)
    if is_large(core, settings):
        inferred = infer_by_distances(core, settings)
    else:
        core = strict_core(core) if iqtree_binary(settings) is None else core
        inferred = infer_tree(core, settings, thorough=False)
    rooted = read_supported(inferred.newick)
    add_identical(rooted, inferred.identical)
    rooting = root_tree(rooted, {taxon.row_id: taxon.subspecies for taxon in taxa})
    sort_branches(rooted, {row: number for number, row in enumerate(core.taxa)})
    write_text(tree, to_newick(rooted, {taxon.row_id: taxon.name for taxon in taxa}) + "\n")
    about = TreeSummary(
        engine=inferred.engine,
        engine_reason=inferred.reason,
        model=inferred.model,
        support_kind=inferred.support_kind,
        rooting=rooting,
        taxa=len(taxa),
        distinct_sequences=inferred.distinct,
        core_bp=core.core_bp,
        variable_sites=core.codes.shape[1],
        seed=settings.seed,
        newick=to_newick(rooted),
        masked_bases=masked.masked_bases,
        masked_by=masked.masked_by,
    )
    write_tree_summary(summary, about)
    write_placements(placement, _placements(rooted, taxa, cohort))


def _placements(tree: Tree, taxa: Sequence[Taxon], panel: Panel) -> list[tuple[str, str, str]]:
    """Return for each isolate the reference with a clone that is nearest in the tree."""
    clone_of = {ref.row_id: (ref.name, ref.clone) for ref in panel.references if ref.clone}
    if not clone_of:
        return []
    found: list[tuple[str, str, str]] = []
    for taxon in taxa:
        if taxon.entry.is_reference:
            continue
        nearest = _nearest(tree, taxon.row_id, clone_of)
        found.append((taxon.name, *clone_of[nearest]))
    return found


def _nearest(tree: Tree, row_id: str, candidates: Mapping[str, object]) -> str:
    """Return the candidate tip with the least patristic distance, ties by id."""
    return min(candidates, key=lambda row: (tree.get_distance(row_id, row), row))
