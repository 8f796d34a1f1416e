"""Rule cluster_isolates: single-linkage clusters of used isolates, and the clones of the cases."""

from collections.abc import Mapping
from pathlib import Path

from oneclone.clusters import single_linkage
from oneclone.inheritance import Recalled, recall
from oneclone.model.evidence import Evidence
from oneclone.model.history import History
from oneclone.model.isolates import Role
from oneclone.model.judgement import PairVerdict
from oneclone.model.settings import ThresholdOverrides
from oneclone.nomenclature import ClonesToName, name_clones, stable_labels
from oneclone.steps.evidence import EvidenceFiles
from oneclone.suspects import suspected_assemblies, suspected_mixtures
from oneclone.tables.cluster_table import LEVELS, write_clusters
from oneclone.tables.history_files import read_history_file
from oneclone.tables.pair_file import read_distances
from oneclone.verdict import base_judgements, find_clones


def cluster_isolates(
    *,
    isolates: Path,
    panel: Path,
    history: Path,
    ledger: Path,
    typing: Path,
    pairs: Path,
    clusters: Path,
    thresholds: ThresholdOverrides,
) -> None:
    """Write the cluster table.

    Parameters
    ----------
    isolates, panel, history
        The run's plan, and what is known of earlier runs: names and labels are kept.
    ledger, typing, pairs
        Results on which the verdict rests.
    clusters
        File to write.
    thresholds
        Thresholds of the configuration.
    """
    evidence = EvidenceFiles(isolates, panel, ledger, typing, pairs).load(thresholds)
    past = read_history_file(history)
    names = evidence.names(Role.CASE, Role.CONTEXT, Role.SOURCE)
    found = single_linkage(names, read_distances(pairs, names, max(LEVELS)), LEVELS)
    labels = _labels(names, found, evidence, past)
    write_clusters(clusters, names, labels, name_clones(_clones(evidence), past))


def _labels(
    names: tuple[str, ...],
    found: Mapping[int, Mapping[str, int]],
    evidence: Evidence,
    past: History,
) -> dict[int, dict[str, int]]:
    """Return the cluster labels of isolates at each SNP level, those of earlier runs kept."""
    genomes = {name: evidence.ledger[name].canonical_sha256 for name in names}
    addresses = recall(genomes, past, lambda isolate: isolate.address)
    highest = past.highest_labels or (0,) * len(LEVELS)
    return {
        level: stable_labels(
            found[level],
            {name: Recalled(memory, known[number]) for name, (memory, known) in addresses.items()},
            highest[number],
        )
        for number, level in enumerate(LEVELS)
    }


def _clones(evidence: Evidence) -> ClonesToName:
    """Return the clones of the cases with what decides over their names."""
    cases = evidence.names(Role.CASE)
    doubtful = {
        *(each.name for each in suspected_assemblies(evidence)),
        *(each.name for each in suspected_mixtures(evidence)),
    }
    judged = base_judgements(evidence, cases)
    return ClonesToName(
        clones=find_clones(evidence),
        genomes={name: evidence.ledger[name].canonical_sha256 for name in cases},
        links=[pair for pair, (verdict, _) in judged.items() if verdict is PairVerdict.LINKED],
        suspects=frozenset(doubtful & set(cases)),
    )
