"""Rule judge_clones: the verdict."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from oneclone import __version__
from oneclone.model.settings import ThresholdOverrides
from oneclone.robustness import with_robustness
from oneclone.statements import statements
from oneclone.steps.evidence import EvidenceFiles
from oneclone.tables.cluster_table import read_clones
from oneclone.tables.pair_table import read_stretches
from oneclone.tables.robustness_table import read_robustness
from oneclone.tables.tree_files import read_local_trees, read_placements, read_tree_summary
from oneclone.tables.verdict_file import Frame, write_verdict, write_verdict_pairs
from oneclone.verdict import judge
from oneclone.wording import sentence


def judge_clones(
    *,
    isolates: Path,
    panel: Path,
    ledger: Path,
    typing: Path,
    pairs: Path,
    recombination: Path,
    clusters: Path,
    local_trees: Path,
    placement: Path,
    tree_summary: Path,
    robustness: Path,
    verdict: Path,
    verdict_pairs: Path,
    settings: Mapping[str, Any],
    versions: Mapping[str, str],
    thresholds: ThresholdOverrides,
) -> None:
    """Write the verdict and the verdicts of all pairs of case isolates.

    Parameters
    ----------
    isolates, panel
        The run's plan.
    ledger, typing, pairs, recombination
        Results on which the verdict rests.
    clusters
        Cluster table with the names of the clones.
    local_trees
        Local tree of every clone.
    placement
        Beside which reference clone the whole tree places each isolate.
    tree_summary
        How the whole tree was made: names the tree engine.
    robustness
        Every clone judged again under other references, settings and sets of isolates.
    verdict, verdict_pairs
        Files to write.
    settings, versions
        Settings of the run and versions of its software, written into the verdict.
    thresholds
        Thresholds of the configuration.
    """
    evidence = EvidenceFiles(isolates, panel, ledger, typing, pairs).load(
        thresholds,
        read_local_trees(local_trees),
        read_placements(placement),
        read_stretches(recombination),
    )
    judgement = with_robustness(judge(evidence, read_clones(clusters)), read_robustness(robustness))
    frame = Frame(
        sentence(judgement, evidence),
        statements(judgement, evidence),
        {**settings, "thresholds": asdict(evidence.panel.thresholds)},
        {
            "oneclone": __version__,
            "tree engine": read_tree_summary(tree_summary).engine,
            **versions,
        },
    )
    write_verdict(verdict, judgement, evidence, frame)
    write_verdict_pairs(verdict_pairs, judgement, evidence)
