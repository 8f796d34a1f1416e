"""Rule infer_core_tree: the tree of all used isolates and references."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ete3 import Tree

from oneclone.core import strict_core
from oneclone.distance_tree import infer_by_distances, is_large
from oneclone.model.panel import Panel
from oneclone.model.settings import TreeSettings
from oneclone.nearest_tips import nearest_tips
from oneclone.phylogeny import Inference, infer_tree
from oneclone.steps.loading import Taxon, load_taxa
from oneclone.tables.atomic import write_text
from oneclone.tables.core_files import read_core
from oneclone.tables.core_rows import open_core_rows
from oneclone.tables.core_size_files import read_core_summary
from oneclone.tables.run_plan import read_plan_panel
from oneclone.tables.tree_files import TreeSummary, write_placements, write_tree_summary
from oneclone.tree_engine import iqtree_binary
from oneclone.trees import add_identical, read_supported, root_tree, sort_branches, to_newick
from oneclone.very_large_tree import infer_very_large


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
        Engine, replicates, seed, and from when on the tree is built from distances or in parts.
    """
    cohort = read_plan_panel(panel)
    taxa = load_taxa(roster, cohort, calls)
    masked = read_core_summary(alignment_summary)
    found = _infer(alignment, alignment_summary, settings)
    inferred = found.tree
    rooted = read_supported(inferred.newick)
    add_identical(rooted, inferred.identical)
    rooting = root_tree(rooted, {taxon.row_id: taxon.subspecies for taxon in taxa})
    sort_branches(rooted, {taxon.row_id: number for number, taxon in enumerate(taxa)})
    write_text(tree, to_newick(rooted, {taxon.row_id: taxon.name for taxon in taxa}) + "\n")
    about = TreeSummary(
        engine=inferred.engine,
        engine_reason=inferred.reason,
        model=inferred.model,
        support_kind=inferred.support_kind,
        rooting=rooting,
        taxa=len(taxa),
        distinct_sequences=inferred.distinct,
        core_bp=found.core_bp,
        variable_sites=found.variable_sites,
        seed=settings.seed,
        newick=to_newick(rooted),
        masked_bases=masked.masked_bases,
        masked_by=masked.masked_by,
    )
    write_tree_summary(summary, about)
    write_placements(placement, _placements(rooted, taxa, cohort))


@dataclass(frozen=True)
class _Found:
    """A tree, and the size of what it was inferred from."""

    tree: Inference
    core_bp: int
    variable_sites: int


def _infer(alignment: Path, summary: Path, settings: TreeSettings) -> _Found:
    """Infer the tree in the way that fits the number of taxa."""
    size = read_core_summary(summary)
    if size.taxa > settings.very_large_set:
        with open_core_rows(alignment) as rows:
            tree = infer_very_large(rows, size.constant, settings)
        return _Found(tree, size.core_bp, size.variable_sites)
    core = read_core(alignment, summary)
    if is_large(core, settings):
        tree = infer_by_distances(core, settings)
    else:
        core = strict_core(core) if iqtree_binary(settings) is None else core
        tree = infer_tree(core, settings, thorough=False)
    return _Found(tree, core.core_bp, core.codes.shape[1])


def _placements(tree: Tree, taxa: Sequence[Taxon], panel: Panel) -> list[tuple[str, str, str]]:
    """Return for each isolate the reference with a clone that is nearest in the tree."""
    clone_of = {ref.row_id: (ref.name, ref.clone) for ref in panel.references if ref.clone}
    if not clone_of:
        return []
    nearest = nearest_tips(tree, list(clone_of))
    return [
        (taxon.name, *clone_of[nearest[taxon.row_id]])
        for taxon in taxa
        if not taxon.entry.is_reference
    ]
