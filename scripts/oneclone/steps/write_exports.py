"""Rule write_exports: what was found, in the formats of other programs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from oneclone.exports import (
    auspice,
    core_variants,
    grapetree,
    id_map,
    itol,
    matrices,
    metadata,
    microreact,
    multiqc,
    nexus,
    workbook,
)
from oneclone.exports.exported_run import Cells, ExportedRun, date_of_run
from oneclone.model.isolates import Role
from oneclone.model.settings import ThresholdOverrides
from oneclone.reporting.judged_run import read_judged_run
from oneclone.tables.atomic import replacing
from oneclone.tables.delimited import cells_by_isolate, read_table

FOLDER = "exports"
Writer = Callable[[ExportedRun], str | bytes | Iterator[str]]

# What writes each file of exports.files.EXPORTS, by its path below the folder of exports.
WRITERS: Mapping[str, Writer] = {
    "id_map.tsv": id_map.id_map,
    "oneclone.microreact": microreact.project,
    "auspice.json": auspice.dataset,
    "auspice.tsv": auspice.metadata,
    "itol/tree.nwk": itol.tree,
    "itol/names.txt": itol.names,
    "itol/clinics.txt": itol.clinics,
    "itol/clones.txt": itol.clones,
    "itol/subspecies.txt": itol.subspecies,
    "itol/reference_clones.txt": itol.reference_clones,
    "itol/case_distances.txt": itol.case_distances,
    "grapetree/profile.fasta": grapetree.profile,
    "grapetree/metadata.tsv": grapetree.metadata,
    "grapetree/spanning_tree.json": grapetree.spanning_tree,
    "core.vcf.gz": core_variants.core_vcf,
    "distances.phy": matrices.phylip_matrix,
    "distances_long.tsv": matrices.long_table,
    "distances_square.tsv": matrices.square_matrix,
    "ncbi_pathogen.tsv": metadata.ncbi_pathogen,
    "oneclone.xlsx": workbook.workbook,
    "oneclone_distances_mqc.json": multiqc.distances,
    "oneclone_general_mqc.json": multiqc.general_statistics,
    "oneclone_verdict_mqc.json": multiqc.verdict,
    "pha4ge_metadata.tsv": metadata.pha4ge,
    "tree.nexus": nexus.nexus,
    "tree.nwk": nexus.plain_newick,
}


def write_exports(
    *,
    isolates: Path,
    panel: Path,
    ledger: Path,
    typing: Path,
    markers: Path,
    pairs: Path,
    further: Path,
    matrix: Path,
    clusters: Path,
    coverage: Path,
    alignment: Path,
    core_sites: Path,
    core_summary: Path,
    tree_summary: Path,
    verdict: Path,
    exports: Sequence[Path],
    thresholds: ThresholdOverrides,
    date_epoch: str,
) -> None:
    """Write the exports.

    Parameters
    ----------
    isolates, panel
        The run's plan.
    ledger, typing, markers, pairs, further, matrix, clusters, coverage
        Results to export.
    alignment, core_sites, core_summary, tree_summary, verdict
        Further results to export.
    exports
        Files to write; what stands below the folder `exports` says which they are.
    thresholds
        Thresholds of the configuration.
    date_epoch
        SOURCE_DATE_EPOCH, or nothing.
    """
    judged = read_judged_run(
        isolates=isolates,
        panel=panel,
        pairs=pairs,
        further=further,
        matrix=matrix,
        tree_summary=tree_summary,
        verdict=verdict,
        thresholds=thresholds,
    )
    own = [row for row in judged.tips if row.role is not Role.REFERENCE]
    run = ExportedRun(
        rows=judged.rows,
        panel=judged.panel,
        pairs=judged.pairs,
        matrix_names=judged.matrix_names,
        tree=judged.tree,
        verdict=judged.verdict,
        alignment=alignment,
        ledger=cells_by_isolate(read_table(ledger, ("isolate",))),
        typing=cells_by_isolate(read_table(typing, ("isolate",))),
        clusters=cells_by_isolate(read_table(clusters, ("isolate",))),
        markers=_by_two(markers, "locus"),
        coverage=_by_two(coverage, "reference"),
        core_sites=core_sites,
        core_summary=core_summary,
        date=date_of_run(own, date_epoch),
    )
    for path in exports:
        content = WRITERS[export_name(path)](run)
        with replacing(path) as temporary, temporary.open("wb") as opened:
            if isinstance(content, bytes):
                opened.write(content)
            else:
                opened.writelines(part.encode() for part in _parts(content))


def _parts(content: str | Iterator[str]) -> Iterable[str]:
    """Return text in parts: what is large comes in many."""
    return [content] if isinstance(content, str) else content


def export_name(path: Path) -> str:
    """Return the path of an export below the folder of exports.

    Examples
    --------
    >>> export_name(Path("results/exports/itol/tree.nwk"))
    'itol/tree.nwk'
    """
    start = len(path.parts) - path.parts[::-1].index(FOLDER)
    return "/".join(path.parts[start:])


def _by_two(table: Path, column: str) -> dict[str, dict[str, Cells]]:
    """Return the cells of a table with one row for each isolate and value of a column."""
    found: dict[str, dict[str, Cells]] = {}
    for row in read_table(table, ("isolate", column)).rows:
        found.setdefault(row["isolate"], {})[row[column]] = row.cells
    return found
