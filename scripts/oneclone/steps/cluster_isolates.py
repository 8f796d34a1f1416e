"""Rule cluster_isolates: single-linkage clusters of used isolates, and the clones of the cases."""

from pathlib import Path

from oneclone.clusters import name_clones, single_linkage
from oneclone.model.isolates import Role
from oneclone.model.settings import ThresholdOverrides
from oneclone.steps.evidence import EvidenceFiles
from oneclone.tables.cluster_table import LEVELS, write_clusters
from oneclone.verdict import find_clones


def cluster_isolates(
    *,
    isolates: Path,
    panel: Path,
    ledger: Path,
    typing: Path,
    pairs: Path,
    clusters: Path,
    thresholds: ThresholdOverrides,
) -> None:
    """Write the cluster table.

    Parameters
    ----------
    isolates, panel
        The run's plan.
    ledger, typing, pairs
        Results on which the verdict rests.
    clusters
        File to write.
    thresholds
        Thresholds of the configuration.
    """
    evidence = EvidenceFiles(isolates, panel, ledger, typing, pairs).load(thresholds)
    names = evidence.names(Role.CASE, Role.CONTEXT, Role.SOURCE)
    labels = single_linkage(names, evidence.pairs.values(), LEVELS)
    genomes = {
        members: [evidence.ledger[name].canonical_sha256 for name in members]
        for members in find_clones(evidence)
    }
    write_clusters(clusters, names, labels, name_clones(genomes))
