"""Rule estimate_time: the age of each clone, never a part of the verdict."""

from pathlib import Path

from oneclone.tables.json_files import read_json
from oneclone.tables.pair_file import read_pairs
from oneclone.tables.run_plan import read_isolates, read_plan_panel
from oneclone.tables.time_file import write_time
from oneclone.tables.tree_files import read_local_trees
from oneclone.timing import Clone, TimingEvidence, estimate_clone


def estimate_time(
    *,
    isolates: Path,
    panel: Path,
    pairs: Path,
    local_trees: Path,
    verdict: Path,
    time: Path,
    seed: int,
) -> None:
    """Write what dates and SNPs say about the age of each clone of the verdict.

    Parameters
    ----------
    isolates, panel
        The run's plan: collection dates and substitution rate.
    pairs, local_trees
        SNP distances and the trees of the clones.
    verdict
        Names the clones and their members; nothing goes back into it.
    time
        File to write.
    seed
        Of the permutations and of the dated tree.
    """
    clones = [
        Clone(clone["name"], tuple(clone["members"]), clone["panel_clone"] or "")
        for clone in read_json(verdict)["clones"]
    ]
    evidence = TimingEvidence(
        panel=read_plan_panel(panel),
        isolates=read_isolates(isolates),
        pairs=read_pairs(pairs, among={name for clone in clones for name in clone.members}),
        local_trees=read_local_trees(local_trees),
        seed=seed,
    )
    write_time(time, [estimate_clone(clone, evidence) for clone in clones])
