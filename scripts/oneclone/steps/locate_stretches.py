"""Rule locate_stretches: bring the removed stretches together by place and name their genes."""

from pathlib import Path

from oneclone.regions import merge_by_place
from oneclone.tables.recombination_files import read_removals, write_regions, write_removals
from oneclone.tables.run_plan import read_genes, read_plan_panel


def locate_stretches(
    *, panel: Path, genes: Path, stretches: Path, recombination: Path, regions: Path
) -> None:
    """Write the removed stretches by pair and by place, with the genes that they touch.

    No distance and no verdict depends on an annotation; this step alone reads it.

    Parameters
    ----------
    panel, genes
        The run's plan.
    stretches
        Stretches removed from pairs.
    recombination, regions
        Files to write.
    """
    by_assembly = read_genes(genes)
    annotations = {
        reference.name: by_assembly[reference.assembly]
        for reference in read_plan_panel(panel).references
        if reference.assembly in by_assembly
    }
    removals = read_removals(stretches)
    write_removals(recombination, removals, annotations)
    write_regions(regions, merge_by_place(removals, annotations))
