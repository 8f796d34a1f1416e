"""`clusters.tsv`: single-linkage clusters of used isolates at fixed thresholds, and clones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oneclone.model.history import address_text
from oneclone.nomenclature import Naming
from oneclone.tables.delimited import read_table, write_table
from oneclone.tables.read_back import read_back

LEVELS = (0, 5, 10, 20, 30, 38, 100, 250)  # contract: SNPs
LABEL_COLUMNS = tuple(f"snp_{level}" for level in LEVELS)
COLUMNS = ("isolate", *LABEL_COLUMNS, "clone", "snp_address", "settled_clone")


@dataclass(frozen=True)
class ClusterRow:
    """Clone and cluster labels of an isolate, from the smallest level to the greatest."""

    clone: str
    settled_clone: str
    address: tuple[int, ...]


def write_clusters(
    path: Path,
    names: Sequence[str],
    labels: Mapping[int, Mapping[str, int]],
    clones: Naming,
) -> None:
    """Write the cluster table, sorted by name.

    Parameters
    ----------
    path
        File to write.
    names
        Used isolates.
    labels
        For each level the label of each isolate.
    clones
        Names of the clones by isolate.
    """
    rows: list[tuple[object, ...]] = []
    for name in sorted(names):
        own = [labels[level][name] for level in LEVELS]
        clone, settled = clones.clone.get(name, ""), clones.settled.get(name, "")
        rows.append((name, *own, clone, address_text(own), settled))
    write_table(path, COLUMNS, rows)


@read_back
def read_clones(path: Path) -> dict[tuple[str, ...], str]:
    """Read the name of each clone by its sorted members."""
    members: dict[str, list[str]] = {}
    for row in read_table(path, COLUMNS).rows:
        if row["clone"]:
            members.setdefault(row["clone"], []).append(row["isolate"])
    return {tuple(sorted(names)): clone for clone, names in members.items()}


@read_back
def read_clusters(path: Path) -> dict[str, ClusterRow]:
    """Read the cluster table by isolate."""
    return {
        row["isolate"]: ClusterRow(
            row["clone"],
            row["settled_clone"],
            tuple(int(row[column]) for column in LABEL_COLUMNS),
        )
        for row in read_table(path, COLUMNS).rows
    }
