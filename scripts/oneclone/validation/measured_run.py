"""Measure a finished run of the workflow on an outbreak of the truth set."""

from math import comb
from pathlib import Path

from oneclone.commands.finished_run import FinishedRun, load_finished_run
from oneclone.tables.cluster_table import LEVELS, read_clusters
from oneclone.tables.json_files import read_json
from oneclone.tables.run_plan import read_roster
from oneclone.tables.tree_files import read_tree_summary
from oneclone.validation.findings import MeasuredRun
from oneclone.validation.genealogies import InferredTree, TreeAgreement, compare_trees
from oneclone.validation.partitions import ClusterAgreement, cluster_agreement, true_clusters
from oneclone.validation.quick_verdict import Outcome
from oneclone.validation.scored_pairs import Calls, ScoredPair, score_pairs
from oneclone.validation.shipped_figures import SAME_EVERYWHERE
from oneclone.validation.truth_set import WrittenOutbreak, checksums, judged

PAIRS, TREE = "distances/pairs.tsv", "tree/core.nwk"
PROVENANCE = "provenance/"  # dates, durations, paths: what differs from run to run by design


def measure_run(written: WrittenOutbreak, working: Path, cores: int, seconds: float) -> MeasuredRun:
    """Compare the results of a run with the truth.

    Parameters
    ----------
    written
        The outbreak.
    working
        Working directory of the finished run.
    cores, seconds
        What the run was given and took.
    """
    run = load_finished_run(working)
    name = str(written.outbreak.scenario.name)
    calls = Calls(run.plan.panel, run.roster, run.mask, run.prepared, run.calls)
    scored = score_pairs(calls, run.results / PAIRS, written.outbreak)
    tree = _tree(name, run, written)
    verdict = Outcome(read_json(run.results / "verdict.json"), {})
    sums = result_sums(run.results)
    return MeasuredRun(
        name=name,
        seconds=round(seconds, 1),
        cores=cores,
        isolates=tree.tips,
        wanted_pairs=comb(tree.tips, 2),
        thresholds=run.plan.panel.thresholds,
        min_callable_percent=run.plan.panel.min_callable_percent,
        scored=scored,
        clusters=_clusters(name, run, [each for each in scored if each.pair.is_assessable]),
        tree=tree,
        verdict=judged(written.outbreak.scenario, verdict),
        results={each: sums[each] for each in SAME_EVERYWHERE},
        tree_sha256=sums[TREE],
    )


def result_sums(results: Path) -> dict[str, str]:
    """Return the sha256 of every result but provenance, by its path."""
    return {
        name: digest
        for name, digest in checksums(results).items()
        if not name.startswith(PROVENANCE)
    }


def _tree(name: str, run: FinishedRun, written: WrittenOutbreak) -> TreeAgreement:
    """Return how the whole tree agrees with the genealogy."""
    summary = read_tree_summary(run.results / "tree/core.json")
    names = {entry.row_id: entry.name for entry in read_roster(run.roster)}
    tree = InferredTree(summary.newick, summary.support_kind, names)
    return compare_trees(name, tree, written.outbreak.scenario.tree)


def _clusters(name: str, run: FinishedRun, pairs: list[ScoredPair]) -> list[ClusterAgreement]:
    """Return how the clusters agree with the true ones at each level."""
    rows = read_clusters(run.results / "clusters.tsv")
    names = sorted(rows)
    return [
        cluster_agreement(
            name,
            level,
            {isolate: rows[isolate].address[place] for isolate in names},
            true_clusters(names, pairs, level),
        )
        for place, level in enumerate(LEVELS)
    ]
