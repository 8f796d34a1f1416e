"""`clusters.tsv`: single-linkage clusters of used isolates at fixed thresholds, and clones."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from oneclone.tables.delimited import read_table, write_table

LEVELS = (0, 5, 10, 20, 30, 38, 100, 250)  # contract: SNPs
COLUMNS = ("isolate", *(f"snp_{level}" for level in LEVELS), "clone")


def write_clusters(
    path: Path,
    names: Sequence[str],
    labels: Mapping[int, Mapping[str, int]],
    clones: Mapping[tuple[str, ...], str],
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
        Name of each clone by its members.
    """
    clone_of = {name: clone for members, clone in clones.items() for name in members}
    write_table(
        path,
        COLUMNS,
        [
            (name, *(labels[level][name] for level in LEVELS), clone_of.get(name, ""))
            for name in sorted(names)
        ],
    )


def read_clones(path: Path) -> dict[tuple[str, ...], str]:
    """Read the name of each clone by its sorted members."""
    members: dict[str, list[str]] = {}
    for row in read_table(path, COLUMNS).rows:
        if row["clone"]:
            members.setdefault(row["clone"], []).append(row["isolate"])
    return {tuple(sorted(names)): clone for clone, names in members.items()}
