"""The clones that a screen looks for: their members, and which of them sketches are searched for.

Members lie within few SNPs of each other, so that one assembly stands for many of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oneclone.choices import chosen
from oneclone.errors import OnecloneError
from oneclone.model.panel import Panel
from oneclone.steps.counting import PairCounter, Rules
from oneclone.steps.loading import Taxon
from oneclone.tables.cluster_table import read_clones


@dataclass(frozen=True)
class ScreenedClone:
    """A clone of the run; taxa are in the order of their genomes."""

    name: str
    members: tuple[Taxon, ...]


def clones_of_run(
    clusters: Path, names: Sequence[str], taxa: Sequence[Taxon]
) -> tuple[ScreenedClone, ...]:
    """Return the asked-for clones of a run, sorted by name; all of them when none is asked for.

    Parameters
    ----------
    clusters
        The cluster table.
    names
        Names of clones.
    taxa
        Used isolates and references of the run.

    Raises
    ------
    InputRefused
        With every name that is none of a clone.
    OnecloneError
        If the run has no clone.
    """
    members = {clone: set(isolates) for isolates, clone in read_clones(clusters).items()}
    if not members:
        raise OnecloneError(f"{clusters.absolute()}: no clone, because no case isolate was used")
    return tuple(
        ScreenedClone(clone, tuple(taxon for taxon in taxa if taxon.name in members[clone]))
        for clone in chosen("clone", names, members)
    )


def searched_for(
    clone: ScreenedClone, max_snps: int, panel: Panel, rules: Rules
) -> tuple[Taxon, ...]:
    """Return members such that every other one is within `max_snps` (raw) of one of them.

    The least fragmented assemblies come first: their sketches err least.

    Parameters
    ----------
    clone
        The clone.
    max_snps
        Greatest SNP distance that is looked for.
    panel, rules
        How pairs are counted.
    """
    chosen: list[tuple[Taxon, PairCounter]] = []
    for taxon in sorted(clone.members, key=_fragmentation):
        pairs = (pair.pair for _, counter in chosen for pair in counter.pairs_of(taxon))
        if not any(pair.snps_raw is not None and pair.snps_raw <= max_snps for pair in pairs):
            chosen.append((taxon, PairCounter([taxon], panel, rules)))
    return tuple(taxon for taxon, _ in chosen)


def _fragmentation(taxon: Taxon) -> int:
    """Return a number that is smaller for a less fragmented assembly."""
    size = taxon.assessment.statistics
    return -size.n50_bp if size else 0
