"""`markers.tsv`: the genotype of every used isolate at every marker locus of the panel."""

from collections.abc import Iterable
from pathlib import Path

from oneclone.model.loci import Marker
from oneclone.tables.delimited import write_table

COLUMNS = (
    "isolate",
    "locus",
    "position",
    "allele",
    "genotype",
    "meaning",
    "citation",
    "contig",
    "gene",
    "label",
    "read_bp",
    "length_bp",
    "detail",
    "note",
)


def write_markers(path: Path, rows: Iterable[tuple[str, Marker]]) -> None:
    """Write the genotypes by name of the isolate, loci in the order of the panel."""
    write_table(
        path,
        COLUMNS,
        [
            {
                "isolate": name,
                "locus": marker.locus.name,
                "position": marker.locus.position,
                "allele": marker.allele,
                "genotype": marker.genotype,
                "meaning": marker.meaning,
                "citation": marker.locus.citation,
                "contig": marker.locus.contig,
                "gene": marker.locus.gene,
                "label": marker.locus.label,
                "read_bp": marker.read_bp,
                "length_bp": marker.locus.length_bp,
                "detail": marker.detail,
                "note": marker.locus.note,
            }
            for name, marker in sorted(rows, key=lambda row: row[0])
        ],
    )
