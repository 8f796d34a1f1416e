"""What is written for readers of a grown run: `python -m tests.grown_steps STEP FOLDER`."""

import sys
from pathlib import Path
from typing import Any

from oneclone.exports.files import EXPORTS
from oneclone.model.settings import ThresholdOverrides
from oneclone.steps.draw_figures import draw_figures
from oneclone.steps.render_report import render_report
from oneclone.steps.write_exports import write_exports

FIGURES = ("tree", "heatmap", "spanning_tree", "closeness")


def render(work: Path) -> Path:
    """Write the report of a run in its working directory."""
    results = work / "results"
    render_report(
        **_shared(work),
        history=work / ".oneclone/plan/history.json",
        changes=results / "changes.tsv",
        ledger=results / "ledger.tsv",
        markers=results / "markers.tsv",
        clusters=results / "clusters.tsv",
        coverage=results / "distances/coverage.tsv",
        core_summary=results / "alignment/core.json",
        core_curve=results / "alignment/core_curve.tsv",
        core_by_isolate=results / "alignment/core_by_isolate.tsv",
        local_trees=results / "tree/local_trees.json",
        verdict_pairs=results / "verdict_pairs.tsv",
        time=results / "time.json",
        report=results / "report.html",
    )
    return results / "report.html"


def draw(work: Path) -> Path:
    """Write the figures."""
    folder = work / "results/figures"
    draw_figures(
        **_shared(work),
        **{name: [folder / f"{name}.svg", folder / f"{name}.png"] for name in FIGURES},
        captions=folder / "captions.txt",
    )
    return folder


def export(work: Path) -> Path:
    """Write the exports."""
    results = work / "results"
    write_exports(
        **_shared(work),
        ledger=results / "ledger.tsv",
        markers=results / "markers.tsv",
        clusters=results / "clusters.tsv",
        coverage=results / "distances/coverage.tsv",
        alignment=results / "alignment/core.snps.fasta",
        core_sites=results / "alignment/core_sites.tsv",
        core_summary=results / "alignment/core.json",
        exports=[work / path for path in EXPORTS],
        date_epoch="",
    )
    return results / "exports"


def _shared(work: Path) -> dict[str, Any]:
    """Return what all three read."""
    plan, results = work / ".oneclone/plan", work / "results"
    return {
        "isolates": plan / "isolates.json",
        "panel": plan / "panel.json",
        "typing": results / "typing.tsv",
        "pairs": results / "distances/pairs.parquet",
        "further": results / "distances/further.parquet",
        "matrix": results / "distances/matrix.tsv",
        "tree_summary": results / "tree/core.json",
        "verdict": results / "verdict.json",
        "thresholds": ThresholdOverrides(None, None, None),
    }


STEPS = {"render_report": render, "draw_figures": draw, "write_exports": export}

if __name__ == "__main__":
    STEPS[sys.argv[1]](Path(sys.argv[2]))
