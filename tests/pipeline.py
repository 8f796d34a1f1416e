"""Run every step of the workflow in this process, for tests of many small cohorts."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from oneclone.digests import library_versions
from oneclone.exports.files import EXPORTS
from oneclone.plan import RunPlan, prepare_run
from oneclone.plan_history import prepare_history, record_finished
from oneclone.steps.assess_robustness import RobustnessStepSettings, assess_robustness
from oneclone.steps.build_core_alignment import build_core_alignment
from oneclone.steps.call_isolate import call_isolate
from oneclone.steps.call_markers import call_markers
from oneclone.steps.cluster_isolates import cluster_isolates
from oneclone.steps.count_pairs import count_pairs
from oneclone.steps.draw_figures import draw_figures
from oneclone.steps.estimate_time import estimate_time
from oneclone.steps.find_mixtures import find_mixtures
from oneclone.steps.index_reference import index_reference
from oneclone.steps.infer_core_tree import infer_core_tree
from oneclone.steps.infer_local_trees import infer_local_trees
from oneclone.steps.judge_clones import judge_clones
from oneclone.steps.local_trees import LocalTreeSettings
from oneclone.steps.locate_stretches import locate_stretches
from oneclone.steps.mask_imports import mask_imports
from oneclone.steps.measure_coverage import measure_coverage
from oneclone.steps.note_changes import note_changes
from oneclone.steps.render_report import render_report
from oneclone.steps.sketch_references import sketch_references
from oneclone.steps.type_isolates import type_isolates
from oneclone.steps.write_exports import write_exports
from oneclone.steps.write_ledger import write_ledger
from oneclone.steps.write_provenance import write_provenance

DRAWN = {"isolates", "panel", "typing", "pairs", "tree_summary", "verdict", "thresholds"}
WORKFLOW = Path(__file__).resolve().parents[1]


class Pipeline:
    """The steps of one run below a working directory."""

    def __init__(self, folder: Path, isolates: Path, panel: Path, **config: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.state = folder / ".oneclone"
        self.results = folder / "results"
        paths = {"isolates": str(isolates), "panel": str(panel)}
        settings = {**paths, "registry": "", **config}
        self.folder = folder
        self.plan: RunPlan = prepare_run(settings, folder, WORKFLOW)
        self.identity = prepare_history(self.plan, folder, {})

    def run(self) -> Path:
        """Run all steps; return the folder of the results."""
        self.call()
        self.count()
        self.infer()
        self.judge()
        return self.results

    @property
    def prepared(self) -> list[Path]:
        return [self.state / f"references/{k}.npz" for k in self.plan.reference_key_of.values()]

    @property
    def joint(self) -> dict[str, Any]:
        keys = self.plan.assembly_of
        return {
            "roster": self.state / "plan/roster.json",
            "panel": self.state / "plan/panel.json",
            "assessments": [self.state / f"calls/{key}.json" for key in keys],
            "calls": [self.state / f"calls/{key}.npz" for key in keys],
        }

    @property
    def core(self) -> dict[str, Any]:
        return {**self.joint, "mask": self.state / "plan/mask.json", "prepared": self.prepared}

    @property
    def sketched(self) -> dict[str, Any]:
        references = sorted({reference.assembly for reference in self.plan.panel.references})
        sketches = self.state / "sketches" / self.plan.panel_key
        return {
            "markers": sketches / "markers.bin",
            "sketches": [sketches / f"{assembly}.sketch" for assembly in references],
        }

    def call(self) -> None:
        """Sketch and index references, call every assembly that is not called yet."""
        self.prepare()
        for key in self.plan.assembly_of:
            if not (self.state / f"calls/{key}.json").exists():
                self.call_one(key)

    def prepare(self) -> None:
        """Sketch and index references."""
        plan, settings = self.plan, self.plan.settings
        panel, assemblies = self.state / "plan/panel.json", self.state / "assemblies"
        files = self.sketched
        files["markers"].parent.mkdir(parents=True, exist_ok=True)
        links = [assemblies / sketch.stem for sketch in files["sketches"]]
        sketch_references(assemblies=links, panel=panel, **files)
        for assembly, prepared in zip(plan.reference_key_of, self.prepared, strict=True):
            index_reference(
                assembly=assemblies / assembly,
                panel=panel,
                index=prepared.with_suffix(".mmi"),
                prepared=prepared,
                preset=settings.calling.preset,
                settings=settings.repeats,
            )

    def call_one(self, key: str) -> None:
        """Call the assembly with a calls key."""
        call_isolate(
            assembly=self.state / "assemblies" / self.plan.assembly_of[key],
            panel=self.state / "plan/panel.json",
            **self.sketched,
            indexes=[path.with_suffix(".mmi") for path in self.prepared],
            prepared=self.prepared,
            assessment=self.state / f"calls/{key}.json",
            calls=self.state / f"calls/{key}.npz",
            settings=self.plan.settings.calling,
        )

    def count_pairs(self, distances: Path, stretches: Path) -> None:
        """Write distances into a folder, and the removed stretches."""
        count_pairs(
            **self.core,
            pairs=distances / "pairs.tsv",
            matrix=distances / "matrix.tsv",
            recombination=stretches,
            counted=self.state / "distances/counted.json",
            store=self.state / "pairs.sqlite",
            settings=self.plan.settings.recombination,
            code="test",
            threads=1,
        )

    def count(self) -> None:
        """Write distances, ledger, typing, markers and clusters."""
        results, plan = self.results, self.plan
        self.count_pairs(results / "distances", self.stretches)
        find_mixtures(
            **self.joint,
            prepared=self.prepared,
            pairs=results / "distances/pairs.tsv",
            mixtures=results / "mixtures.tsv",
        )
        write_ledger(
            roster=self.joint["roster"],
            isolates=self.state / "plan/isolates.json",
            panel=self.joint["panel"],
            assessments=self.joint["assessments"],
            mixtures=results / "mixtures.tsv",
            ledger=results / "ledger.tsv",
        )
        measure_coverage(**self.core, coverage_table=results / "distances/coverage.tsv")
        locate_stretches(
            panel=self.joint["panel"],
            genes=self.state / "plan/genes.json",
            stretches=self.stretches,
            recombination=results / "distances/recombination.tsv",
            regions=results / "distances/recombination.bed",
        )
        type_isolates(
            **self.joint, pairs=results / "distances/pairs.tsv", typing=results / "typing.tsv"
        )
        call_markers(
            **self.joint,
            loci=self.state / "plan/loci.json",
            prepared=self.prepared,
            assemblies=[self.state / f"assemblies/{a}" for a in self.plan.assembly_of.values()],
            markers=results / "markers.tsv",
            settings=plan.settings.calling,
        )
        cluster_isolates(
            **self.evidence,
            history=self.state / "plan/history.json",
            clusters=results / "clusters.tsv",
            thresholds=plan.settings.thresholds,
        )

    @property
    def stretches(self) -> Path:
        return self.state / "distances/stretches.tsv"

    @property
    def evidence(self) -> dict[str, Path]:
        return {
            "isolates": self.state / "plan/isolates.json",
            "panel": self.joint["panel"],
            "ledger": self.results / "ledger.tsv",
            "typing": self.results / "typing.tsv",
            "pairs": self.results / "distances/pairs.tsv",
        }

    def infer(self) -> None:
        """Write core alignment and trees."""
        self.infer_core()
        self.infer_local()

    def infer_local(self) -> None:
        """Write the local trees of the clones."""
        results, settings = self.results, self.plan.settings
        of_local = LocalTreeSettings(settings.core, settings.tree, settings.thresholds)
        of_clones = {
            **self.core,
            **self.evidence,
            "recombination": self.stretches,
            "clusters": results / "clusters.tsv",
            "local_trees": results / "tree/local_trees.json",
        }
        infer_local_trees(**of_clones, settings=of_local)
        assess_robustness(
            **of_clones,
            assemblies=[self.state / f"assemblies/{a}" for a in self.plan.assembly_of.values()],
            robustness=results / "robustness.tsv",
            settings=RobustnessStepSettings(settings.robustness, of_local, settings.recombination),
        )

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

    @property
    def judged(self) -> dict[str, Any]:
        results = self.results
        return {
            "local_trees": results / "tree/local_trees.json",
            "tree_summary": results / "tree/core.json",
            "verdict": results / "verdict.json",
            "verdict_pairs": results / "verdict_pairs.tsv",
            "thresholds": self.plan.settings.thresholds,
        }

    def decide(self) -> None:
        """Write the verdict."""
        results = self.results
        judge_clones(
            **self.evidence,
            **self.judged,
            recombination=self.stretches,
            clusters=results / "clusters.tsv",
            placement=results / "tree/placement.tsv",
            robustness=results / "robustness.tsv",
            settings=self.plan.shown_settings,
            versions=library_versions("numpy"),
        )
        estimate_time(
            **{name: self.evidence[name] for name in ("isolates", "panel", "pairs")},
            **{name: self.judged[name] for name in ("local_trees", "verdict")},
            time=results / "time.json",
            seed=self.plan.settings.tree.seed,
        )

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
            **self.evidence,
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

    def report(self) -> None:
        """Write the report."""
        results = self.results
        render_report(
            **self.evidence,
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
        taken = {**self.evidence, **self.judged}
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
