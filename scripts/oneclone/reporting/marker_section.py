"""Show the genotypes of the case isolates at the panel's marker loci."""

from collections.abc import Collection

from oneclone.reporting.content import ShownRow, ShownTable
from oneclone.tables.delimited import Row, Table

COLUMNS = ("Locus", "Genotype", "Allele", "Position", "Case isolates", "Meaning", "Source")


def marker_table(markers: Table, cases: Collection[str]) -> ShownTable:
    """Return the genotypes of the case isolates, one row per locus and genotype.

    Parameters
    ----------
    markers
        `markers.tsv`.
    cases
        Names of the used case isolates.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    order: dict[str, int] = {}
    for row in markers.rows:
        order.setdefault(row["locus"], len(order))
        if row["isolate"] in cases:
            groups.setdefault(_shown(row), []).append(row["isolate"])
    ranked = sorted(groups.items(), key=lambda group: (order[group[0][0]], group[1]))
    rows = [ShownRow((*key[:4], ", ".join(names), *key[4:])) for key, names in ranked]
    return ShownTable(COLUMNS, tuple(rows), frozenset({"Position"}))


def _shown(row: Row) -> tuple[str, ...]:
    """Return what is shown of a genotype: locus, genotype, allele, position, meaning, source."""
    allele = "; ".join(filter(None, (row["allele"], row["detail"])))
    return (
        row["locus"],
        row["genotype"].replace("_", " "),
        allele,
        row["position"],
        row["meaning"],
        row["citation"],
    )
