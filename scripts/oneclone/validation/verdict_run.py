"""Come to a verdict in this process, by the steps that decide it: no whole tree, no report.

For many small outbreaks in one working directory: references are prepared once per panel, each
assembly is called once, and the tables before are written over.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

from oneclone.digests import library_versions
from oneclone.plan import RunPlan, prepare_run
from oneclone.plan_history import prepare_history
from oneclone.shipped import repository_folder
from oneclone.steps.assess_robustness import RobustnessStepSettings, assess_robustness
from oneclone.steps.call_markers import call_markers
from oneclone.steps.cluster_isolates import cluster_isolates
from oneclone.steps.count_pairs import count_pairs
from oneclone.steps.estimate_time import estimate_time
from oneclone.steps.find_mixtures import find_mixtures
from oneclone.steps.gather_calls import gather_calls
from oneclone.steps.index_reference import index_reference
from oneclone.steps.infer_local_trees import infer_local_trees
from oneclone.steps.isolate_calls import IsolateCaller
from oneclone.steps.judge_clones import judge_clones
from oneclone.steps.local_trees import LocalTreeSettings
from oneclone.steps.locate_stretches import locate_stretches
from oneclone.steps.measure_coverage import measure_coverage
from oneclone.steps.sketch_references import sketch_references
from oneclone.steps.type_isolates import type_isolates
from oneclone.steps.write_ledger import write_ledger
from oneclone.tables.run_plan import write_finished_batch
from oneclone.tables.tree_files import TreeSummary, write_placements, write_tree_summary


class VerdictRun:
    """The steps of one run that decide its verdict, below a working directory."""

    def __init__(
        self,
        folder: Path,
        isolates: Path,
        panel: Path,
        **config: Any,  # noqa: ANN401 (values of the configuration)
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.state = folder / ".oneclone"
        self.results = folder / "results"
        paths = {"isolates": str(isolates), "panel": str(panel)}
        settings = {**paths, "registry": "", **config}
        self.folder = folder
        self.plan: RunPlan = prepare_run(settings, folder, repository_folder())
        self.identity = prepare_history(self.plan, folder, {})

    def run(self) -> Path:
        """Run the steps; return the folder of the results."""
        self.call_missing()
        self.count()
        self.infer_without_tree()
        self.decide()
        return self.results

    @property
    def prepared(self) -> list[Path]:
        """The counting references."""
        return [self.state / f"references/{k}.npz" for k in self.plan.reference_key_of.values()]

    @property
    def joint(self) -> dict[str, Any]:
        """What the steps on all assemblies read."""
        return {
            "roster": self.state / "plan/roster.json",
            "panel": self.state / "plan/panel.json",
            "calls": self.gathered,
        }

    @property
    def core(self) -> dict[str, Any]:
        """What the steps on the core read."""
        return {**self.joint, "mask": self.state / "plan/mask.json", "prepared": self.prepared}

    @property
    def sketched(self) -> dict[str, Any]:
        """The sketches of the panel's references, and what finds those that are near."""
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
        self.gather()

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

    @cached_property
    def caller(self) -> IsolateCaller:
        """What calls assemblies, when all is prepared."""
        return IsolateCaller(
            panel=self.state / "plan/panel.json",
            **self.sketched,
            indexes=[path.with_suffix(".mmi") for path in self.prepared],
            prepared=self.prepared,
            settings=self.plan.settings.calling,
        )

    def gather(self) -> None:
        """Put the assessments into one table."""
        path = self.state / "called.json"
        write_finished_batch(path, [*self.plan.assembly_of])
        gather_calls(roster=self.state / "plan/roster.json", batches=[path], calls=self.gathered)

    @property
    def gathered(self) -> Path:
        """The gathered calls."""
        return self.state / "calls.json"

    def call_one(self, key: str) -> None:
        """Call the assembly with a calls key."""
        self.caller.call(
            self.state / "assemblies" / self.plan.assembly_of[key],
            assessment=self.state / f"calls/{key}.json",
            calls=self.state / f"calls/{key}.npz",
        )

    def call_missing(self) -> None:
        """Call what is not called yet."""
        calls = (self.state / f"calls/{key}.json" for key in self.plan.assembly_of)
        known = all(path.exists() for path in (*calls, *self.prepared))
        self.gather() if known else self.call()

    def count_pairs(self, distances: Path, stretches: Path) -> None:
        """Write distances into a folder, and the removed stretches."""
        count_pairs(
            **self.core,
            cases=self.state / "plan/cases.json",
            pairs=distances / "pairs.parquet",
            table=distances / "pairs.tsv",
            further=self.counted_pairs["further"],
            matrix=distances / "matrix.tsv",
            recombination=stretches,
            counted=self.state / "distances/counted.json",
            store=self.state / "pairs",
            settings=self.plan.settings.recombination,
            max_snps=self.plan.settings.pairs_max_snps,
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
            **self.counted_pairs,
            matrix=results / "distances/matrix.tsv",
            mixtures=results / "mixtures.tsv",
        )
        write_ledger(
            roster=self.joint["roster"],
            isolates=self.state / "plan/isolates.json",
            panel=self.joint["panel"],
            calls=self.gathered,
            mixtures=results / "mixtures.tsv",
            ledger=results / "ledger.tsv",
        )
        self.describe()
        type_isolates(**self.joint, **self.counted_pairs, typing=results / "typing.tsv")
        call_markers(
            **self.joint,
            loci=self.state / "plan/loci.json",
            prepared=self.prepared,
            assemblies=self.state / "assemblies",
            markers=results / "markers.tsv",
            settings=plan.settings.calling,
        )
        cluster_isolates(
            **self.evidence,
            history=self.state / "plan/history.json",
            clusters=results / "clusters.tsv",
            thresholds=plan.settings.thresholds,
        )

    def describe(self) -> None:
        """Write coverage and removed stretches."""
        results = self.results
        measure_coverage(**self.core, coverage_table=results / "distances/coverage.tsv")
        locate_stretches(
            panel=self.joint["panel"],
            genes=self.state / "plan/genes.json",
            stretches=self.stretches,
            recombination=results / "distances/recombination.tsv",
            regions=results / "distances/recombination.bed",
        )

    @property
    def counted_pairs(self) -> dict[str, Path]:
        """The pairs, and those that a large set keeps beside its results."""
        pairs, further = "distances/pairs.parquet", "distances/further.parquet"
        return {"pairs": self.results / pairs, "further": self.state / further}

    @property
    def stretches(self) -> Path:
        """The stretches that the recombination filter removed."""
        return self.state / "distances/stretches.tsv"

    @property
    def evidence(self) -> dict[str, Path]:
        """What the steps on clones read."""
        return {
            "isolates": self.state / "plan/isolates.json",
            "panel": self.joint["panel"],
            "ledger": self.results / "ledger.tsv",
            "typing": self.results / "typing.tsv",
            "pairs": self.results / "distances/pairs.parquet",
        }

    def infer_without_tree(self) -> None:
        """Write the local trees, and a whole tree without an isolate."""
        tree = self.results / "tree"
        write_placements(tree / "placement.tsv", [])
        nothing = TreeSummary("none", "not inferred", "", "none", "", 0, 0, 0, 0, 1, "")
        write_tree_summary(tree / "core.json", nothing)
        self.infer_local()

    def infer_local(self) -> None:
        """Write the local trees of the clones."""
        results, settings = self.results, self.plan.settings
        of_local = LocalTreeSettings(settings.core, settings.tree, settings.thresholds)
        of_clones: dict[str, Any] = {
            **self.core,
            **self.evidence,
            "recombination": self.stretches,
            "clusters": results / "clusters.tsv",
            "local_trees": results / "tree/local_trees.json",
        }
        infer_local_trees(**of_clones, settings=of_local)
        assess_robustness(
            **of_clones,
            assemblies=self.state / "assemblies",
            robustness=results / "robustness.tsv",
            settings=RobustnessStepSettings(settings.robustness, of_local, settings.recombination),
        )

    @property
    def judged(self) -> dict[str, Any]:
        """What the verdict is made of, and its files."""
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
