"""Come to a verdict without what does not decide it: no whole tree, no report.

For many small outbreaks in one working directory: references are prepared once per panel, each
assembly is called once, and the tables before are written over.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oneclone.tables.tree_files import TreeSummary, write_placements, write_tree_summary
from tests.integration.workflow import read_json, rows
from tests.pipeline import Pipeline


@dataclass(frozen=True)
class Outcome:
    """What a run found: `verdict.json`, and the pair table by names."""

    verdict: dict[str, Any]
    pairs: dict[tuple[str, str], dict[str, str]]


def quick_verdict(work: Path, isolates: Path, panel: Path, **config: Any) -> Outcome:
    """Run the steps that a verdict needs.

    Parameters
    ----------
    work
        Working directory; calls made there before are kept.
    isolates, panel
        Isolate table and panel folder.
    config
        Further keys of the configuration.
    """
    run = QuickRun(work, isolates, panel, **config)
    results = run.run()
    pairs = {(r["isolate_a"], r["isolate_b"]): r for r in rows(results / "distances/pairs.tsv")}
    return Outcome(read_json(results / "verdict.json"), pairs)


class QuickRun(Pipeline):
    """The steps of one run that its verdict depends on."""

    def call(self) -> None:
        """Call what is not called yet."""
        missing = [
            k for k in self.plan.assembly_of if not (self.state / f"calls/{k}.json").exists()
        ]
        if missing or not all(path.exists() for path in self.prepared):
            super().call()

    def infer(self) -> None:
        """Write the local trees, and a whole tree without an isolate."""
        tree = self.results / "tree"
        write_placements(tree / "placement.tsv", [])
        nothing = TreeSummary("none", "not inferred", "", "none", "", 0, 0, 0, 0, 1, "")
        write_tree_summary(tree / "core.json", nothing)
        self.infer_local()

    def report(self) -> None:
        """Write no report."""
