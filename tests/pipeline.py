"""Run every step of the workflow in this process, for tests of many small cohorts."""

from collections.abc import Iterable
from pathlib import Path

from oneclone.digests import library_versions
from oneclone.exports.files import EXPORTS
from oneclone.plan_history import record_finished
from oneclone.steps.build_core_alignment import build_core_alignment
from oneclone.steps.draw_figures import draw_figures
from oneclone.steps.infer_core_tree import infer_core_tree
from oneclone.steps.mask_imports import mask_imports
from oneclone.steps.note_changes import note_changes
from oneclone.steps.render_report import render_report
from oneclone.steps.write_exports import write_exports
from oneclone.steps.write_provenance import write_provenance
from oneclone.validation.verdict_run import VerdictRun

DRAWN = {
    "isolates", "panel", "typing", "pairs", "further", "matrix", "tree_summary", "verdict",
    "thresholds",
}  # fmt: skip


class Pipeline(VerdictRun):
    """The steps of one run below a working directory."""

    def run(self) -> Path:
        """Run all steps; return the folder of the results."""
        self.call()
        self.count()
        self.infer()
        self.judge()
        return self.results

    def infer(self) -> None:
        """Write core alignment and trees."""
        self.infer_core()
        self.infer_local()

    def infer_core(self) -> None:
        """Write core alignment and whole tree."""
        results, settings = self.results, self.plan.settings
        alignment = results / "alignment/core.snps.fasta"
        summary = results / "alignment/core.json"
        build_core_alignment(
            **self.core,
            alignment=alignment,
            summary=summary,
            sites=results / "alignment/core_sites.tsv",
            curve=results / "alignment/core_curve.tsv",
            by_isolate=results / "alignment/core_by_isolate.tsv",
            settings=settings.core,
        )
        of_tree = [alignment, summary]
        if settings.tree.mask_recombination != "none":
            of_tree = [self.state / "tree/masked.fasta", self.state / "tree/masked.json"]
            mask_imports(
                **self.core,
                alignment_summary=summary,
                regions=results / "tree/gubbins.bed",
                alignment=of_tree[0],
                summary=of_tree[1],
                settings=settings.core,
            )
        infer_core_tree(
            **self.joint,
            alignment=of_tree[0],
            alignment_summary=of_tree[1],
            tree=results / "tree/core.nwk",
            summary=results / "tree/core.json",
            placement=results / "tree/placement.tsv",
            settings=settings.tree,
        )

    def judge(self) -> None:
        """Write verdict and report."""
        self.decide()
        self.note()
        self.report()

    def note(self) -> None:
        """Write what changed, and take the run into the registry when there is one."""
        results, plan = self.results, self.state / "plan"
        note_changes(
            **{name: self.evidence[name] for name in ("isolates", "panel", "ledger", "pairs")},
            **{name: self.judged[name] for name in ("verdict", "verdict_pairs")},
            history=plan / "history.json",
            earlier_distances=plan / "earlier_distances.tsv",
            clusters=results / "clusters.tsv",
            changes=results / "changes.tsv",
            record=self.state / "record/run.json",
            distances=self.state / "record/distances.tsv",
            registry=self.plan.settings.registry,
            identity=self.identity,
        )
        record_finished(self.plan.settings.registry, self.folder)

    def export(self) -> None:
        """Write the exports, which no test but their own looks at."""
        results = self.results
        write_exports(
            **self.compared,
            **{name: self.judged[name] for name in ("tree_summary", "verdict", "thresholds")},
            markers=results / "markers.tsv",
            clusters=results / "clusters.tsv",
            coverage=results / "distances/coverage.tsv",
            alignment=results / "alignment/core.snps.fasta",
            core_sites=results / "alignment/core_sites.tsv",
            core_summary=results / "alignment/core.json",
            exports=[self.folder / path for path in EXPORTS],
            date_epoch="",
        )

    def write_provenance(self) -> None:
        """Write provenance of all results that are there."""
        provenance = self.results / "provenance"
        write_provenance(
            roster=self.joint["roster"],
            results=sorted(path for path in self.results.rglob("*") if path.is_file()),
            used_settings=provenance / "settings.json",
            used_versions=provenance / "versions.json",
            inputs=provenance / "inputs.tsv",
            manifest=provenance / "manifest.sha256",
            settings=self.plan.shown_settings,
            versions=library_versions("mappy", "pyskani", "numpy", "numba"),
        )

    @property
    def compared(self) -> dict[str, Path]:
        """What report, figures and exports read beside the verdict."""
        return {
            **self.evidence,
            **self.counted_pairs,
            "matrix": self.results / "distances/matrix.tsv",
        }

    def report(self) -> None:
        """Write the report."""
        results = self.results
        render_report(
            **self.compared,
            **self.judged,
            history=self.state / "plan/history.json",
            changes=results / "changes.tsv",
            time=results / "time.json",
            markers=results / "markers.tsv",
            clusters=results / "clusters.tsv",
            core_summary=results / "alignment/core.json",
            core_curve=results / "alignment/core_curve.tsv",
            core_by_isolate=results / "alignment/core_by_isolate.tsv",
            coverage=results / "distances/coverage.tsv",
            report=results / "report.html",
        )

    def draw(self) -> None:
        """Write the figures; not part of `run`, pictures take long."""
        names = ("tree", "heatmap", "spanning_tree", "closeness")
        figures = self.results / "figures"
        taken = {**self.compared, **self.judged}
        draw_figures(
            **{name: path for name, path in taken.items() if name in DRAWN},
            **{name: [figures / f"{name}.svg", figures / f"{name}.png"] for name in names},
            captions=figures / "captions.txt",
        )


def contents(folder: Path, leave_out: Iterable[str] = ()) -> dict[str, bytes]:
    """Return the content of every file of a folder by its relative path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in set(leave_out)
    }
