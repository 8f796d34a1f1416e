"""`distances/recombination.tsv` and `.bed`: removed stretches by pair and by place, with genes.

The columns are explained in docs/formats.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from oneclone.model.regions import Annotation, Region, Removal
from oneclone.regions import genes_of, region_name
from oneclone.tables.atomic import write_text
from oneclone.tables.delimited import Row, read_table, write_table
from oneclone.tables.pair_table import NAMES_APART, STRETCH_COLUMNS, stretch_cells
from oneclone.tables.read_back import read_back

COLUMNS = (*STRETCH_COLUMNS, "genes")
BED_COLUMNS = (
    "contig",
    "start",
    "end",
    "name",
    "score",
    "strand",
    "reference",
    "pairs",
    "carriers",
    "max_snps",
    "min_log10_p",
    "suspicions",
    "genes",
)
INTERGENIC = "intergenic"
NOTHING = "."  # BED has no empty fields
MAX_SCORE = 1000  # of the BED specification


@read_back
def read_removals(path: Path) -> tuple[Removal, ...]:
    """Read the stretches removed from pairs, with or without their genes."""
    return tuple(_removal(row) for row in read_table(path, STRETCH_COLUMNS).rows)


def write_removals(
    path: Path, removals: Iterable[Removal], annotations: Mapping[str, Annotation]
) -> None:
    """Write the stretches removed from pairs with the genes that they touch.

    Parameters
    ----------
    path
        File to write.
    removals
        Stretches by pair, in the order to write.
    annotations
        Genes by the name of the reference; without an entry the cell stays empty.
    """
    rows = [(*stretch_cells(each), _genes(genes_of(each, annotations))) for each in removals]
    write_table(path, COLUMNS, rows)


def write_regions(path: Path, regions: Iterable[Region]) -> None:
    """Write the places of removed stretches as BED6+7 with a header line that is a comment."""
    lines = ["#" + "\t".join(BED_COLUMNS)]
    lines += ["\t".join(str(cell) or NOTHING for cell in _bed_cells(each)) for each in regions]
    write_text(path, "\n".join(lines) + "\n")


def _bed_cells(region: Region) -> Sequence[object]:
    """Return the cells of a region."""
    return (
        region.contig,
        region.start,
        region.end,
        region_name(region),
        min(MAX_SCORE, round(-10 * region.min_log10_p)),
        NOTHING,
        region.reference,
        region.pairs,
        NAMES_APART.join(region.carriers),
        region.max_snps,
        f"{region.min_log10_p:.1f}",
        ",".join(region.suspicions),
        _genes(region.genes),
    )


def _genes(genes: tuple[str, ...] | None) -> str:
    """Return the cell of genes: empty without annotation, a word of its own between genes."""
    if genes is None:
        return ""
    return ",".join(genes) or INTERGENIC


def _removal(row: Row) -> Removal:
    """Return the removed stretch of a row; a name may hold what parts two names."""
    both = (row["isolate_a"], row["isolate_b"])
    return Removal(
        first=row["isolate_a"],
        second=row["isolate_b"],
        reference=row["reference"],
        contig=row["contig"],
        start=int(row["start"]),
        end=int(row["end"]),
        snps=int(row["snps"]),
        callable_bp=int(row["callable_bp"]),
        log10_p=float(row["log10_p"]),
        carriers=(row["carriers"],) if row["carriers"] in both else both,
        suspicions=tuple(code for code in row["suspicions"].split(",") if code),
    )
