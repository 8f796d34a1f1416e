"""What a run found, as report, figures and exports take it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from oneclone.model.isolates import Isolate, Role
from oneclone.model.pairs import Pair
from oneclone.model.panel import Panel, with_thresholds
from oneclone.model.settings import ThresholdOverrides
from oneclone.reporting.drawn_tree import DrawnTree, tip_order
from oneclone.tables.json_files import read_json
from oneclone.tables.matrix_names import read_matrix_names
from oneclone.tables.pair_file import read_pairs
from oneclone.tables.run_plan import read_isolates, read_plan_panel
from oneclone.tables.tree_files import TreeSummary, read_tree_summary


@dataclass(frozen=True)
class JudgedRun:
    """What a run found.

    `rows` are the rows of the isolate table and the references by name, whatever became of them;
    `pairs` are by their ordered names; the thresholds of `panel` are those in force.
    `matrix_names` are those of `distances/matrix.tsv`: every two of them have a pair, others may.
    """

    rows: Mapping[str, Isolate]
    panel: Panel
    pairs: Mapping[tuple[str, str], Pair]
    matrix_names: frozenset[str]
    tree: TreeSummary
    verdict: Mapping[str, Any]

    @cached_property
    def drawn_tree(self) -> DrawnTree:
        """The tree of all."""
        return DrawnTree(self.tree.newick, self.tree.core_bp, self.tree.support_kind)

    @cached_property
    def by_row_id(self) -> Mapping[str, Isolate]:
        """The rows by what they are called in the tree and in the core alignment."""
        return {isolate.row_id: isolate for isolate in self.rows.values()}

    @cached_property
    def tips(self) -> Sequence[Isolate]:
        """The used isolates and the references, in the order of the tree."""
        return [self.by_row_id[row] for row in tip_order(self.drawn_tree)]

    @cached_property
    def compared(self) -> Sequence[Isolate]:
        """The tips of which every two have a pair, in the order of the tree: what views show."""
        return [isolate for isolate in self.tips if isolate.name in self.matrix_names]

    @property
    def all_compared(self) -> bool:
        """Whether every two tips have a pair."""
        return len(self.compared) == len(self.tips)

    @cached_property
    def compared_pairs(self) -> Mapping[tuple[str, str], Pair]:
        """The pairs of `compared`."""
        if self.all_compared:
            return self.pairs
        names = self.matrix_names
        return {(a, b): pair for (a, b), pair in self.pairs.items() if a in names and b in names}

    @property
    def background(self) -> Sequence[Isolate]:
        """The isolates and references with which cases are compared, in the order of the tree."""
        set_aside = {row["isolate"] for row in self.verdict["set_aside"]}
        roles = {Role.CONTEXT, Role.REFERENCE}
        return [each for each in self.tips if each.role in roles and each.name not in set_aside]

    @property
    def clone_of(self) -> Mapping[str, Mapping[str, Any]]:
        """The clone of each case isolate by its name, as the verdict has it."""
        return {name: clone for clone in self.verdict["clones"] for name in clone["members"]}

    @property
    def shared_clones(self) -> Sequence[Mapping[str, Any]]:
        """The clones of two patients or more, as the verdict has them."""
        return [clone for clone in self.verdict["clones"] if clone["verdict"] != "one_patient"]


def read_judged_run(  # noqa: PLR0913 (files of a run)
    *,
    isolates: Path,
    panel: Path,
    pairs: Path,
    further: Path,
    matrix: Path,
    tree_summary: Path,
    verdict: Path,
    thresholds: ThresholdOverrides,
) -> JudgedRun:
    """Read what a run found.

    Parameters
    ----------
    isolates, panel
        The run's plan.
    pairs, further, matrix, tree_summary, verdict
        Results; of the pairs those between isolates of the matrix are read.
    thresholds
        Thresholds of the configuration.
    """
    names = read_matrix_names(matrix)
    return JudgedRun(
        rows=read_isolates(isolates),
        panel=with_thresholds(read_plan_panel(panel), thresholds),
        pairs=read_pairs(pairs, further, among=names),
        matrix_names=names,
        tree=read_tree_summary(tree_summary),
        verdict=read_json(verdict),
    )
