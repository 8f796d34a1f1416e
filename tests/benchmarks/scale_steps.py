"""The joint steps as the benchmark of scale runs them: one step, one process.

    python -m tests.benchmarks.scale_steps FOLDER count_pairs

A step is given its files by the names of its parameters: a new input needs one more line in
`_inputs`, a new output one in `STEPS`. Both are those of workflow/rules/. What a step needs is
imported where it is needed: it would count as memory of all the others.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

from oneclone.exports.files import EXPORTS
from oneclone.model.settings import Settings
from tests.benchmarks.population_folder import STATE, PopulationFolder, settings_of_run

PLAN = ("roster", "isolates", "cases", "panel", "mask", "genes", "loci", "history")
STRETCHES = f"{STATE}/distances/stretches.tsv"
STORE = f"{STATE}/pairs"
FURTHER = f"{STATE}/distances/further.parquet"
GATHERED = f"{STATE}/calls.json"
CORES = 2

Values = Callable[[Settings], Mapping[str, Any]]


def _no_values(_: Settings) -> Mapping[str, Any]:
    """Return the parameters of a step that has none beside files."""
    return {}


@dataclass(frozen=True)
class JointStep:
    """A step: the files that it writes by parameter, and what it is given beside files.

    `kept` are files that count as written beside the outputs.
    """

    name: str
    outputs: Mapping[str, str | tuple[str, ...]]
    values: Values = _no_values
    kept: tuple[str, ...] = ()

    def written(self, working: Path) -> list[Path]:
        """Return the files that the step has written, and those in folders that it keeps."""
        named = (each if isinstance(each, tuple) else (each,) for each in self.outputs.values())
        paths = [working / path for each in (*named, self.kept) for path in each]
        inside = [file for path in paths if path.is_dir() for file in path.rglob("*")]
        return [path for path in (*paths, *inside) if path.is_file()]


def _thresholds(settings: Settings) -> Mapping[str, Any]:
    """Return the thresholds of the configuration."""
    return {"thresholds": settings.thresholds}


def _local_trees(settings: Settings) -> Mapping[str, Any]:
    """Return the settings of the local trees."""
    from oneclone.steps.local_trees import LocalTreeSettings  # noqa: PLC0415 (see above)

    return {"settings": LocalTreeSettings(settings.core, settings.tree, settings.thresholds)}


def _robustness(settings: Settings) -> Mapping[str, Any]:
    """Return the settings of the judgement under other settings."""
    from oneclone.steps.assess_robustness import RobustnessStepSettings  # noqa: PLC0415 (see above)

    return {
        "settings": RobustnessStepSettings(
            runs=settings.robustness,
            local_trees=_local_trees(settings)["settings"],
            recombination=settings.recombination,
        )
    }


def _judgement(settings: Settings) -> Mapping[str, Any]:
    """Return what the verdict shows of a run."""
    paths = {"isolates", "panel", "registry"}
    shown = {key: value for key, value in asdict(settings).items() if key not in paths}
    return {"settings": shown, "versions": {}, "thresholds": settings.thresholds}


STEPS = (
    JointStep("gather_calls", {"calls": GATHERED}),
    JointStep(
        "count_pairs",
        {
            "pairs": "results/distances/pairs.parquet",
            "table": "results/distances/pairs.tsv",
            "further": FURTHER,
            "matrix": "results/distances/matrix.tsv",
            "recombination": STRETCHES,
            "counted": f"{STATE}/distances/counted.json",
        },
        lambda settings: {
            "store": Path(STORE),
            "settings": settings.recombination,
            "max_snps": settings.pairs_max_snps,
            "code": "benchmark",
            "threads": CORES,
        },
        kept=(STORE,),
    ),
    JointStep(
        "locate_stretches",
        {
            "recombination": "results/distances/recombination.tsv",
            "regions": "results/distances/recombination.bed",
        },
    ),
    JointStep("measure_coverage", {"coverage_table": "results/distances/coverage.tsv"}),
    JointStep("find_mixtures", {"mixtures": "results/mixtures.tsv"}),
    JointStep("write_ledger", {"ledger": "results/ledger.tsv"}),
    JointStep("type_isolates", {"typing": "results/typing.tsv"}),
    JointStep(
        "call_markers",
        {"markers": "results/markers.tsv"},
        lambda settings: {"settings": settings.calling},
    ),
    JointStep("cluster_isolates", {"clusters": "results/clusters.tsv"}, _thresholds),
    JointStep(
        "build_core_alignment",
        {
            "alignment": "results/alignment/core.snps.fasta",
            "summary": "results/alignment/core.json",
            "sites": "results/alignment/core_sites.tsv",
            "curve": "results/alignment/core_curve.tsv",
            "by_isolate": "results/alignment/core_by_isolate.tsv",
        },
        lambda settings: {"settings": settings.core},
    ),
    JointStep(
        "infer_core_tree",
        {
            "tree": "results/tree/core.nwk",
            "summary": "results/tree/core.json",
            "placement": "results/tree/placement.tsv",
        },
        lambda settings: {"settings": settings.tree},
    ),
    JointStep(
        "infer_local_trees",
        {"local_trees": "results/tree/local_trees.json"},
        _local_trees,
    ),
    JointStep(
        "assess_robustness",
        {"robustness": "results/robustness.tsv"},
        _robustness,
    ),
    JointStep(
        "judge_clones",
        {"verdict": "results/verdict.json", "verdict_pairs": "results/verdict_pairs.tsv"},
        _judgement,
    ),
    JointStep(
        "estimate_time",
        {"time": "results/time.json"},
        lambda settings: {"seed": settings.tree.seed},
    ),
    JointStep(
        "note_changes",
        {
            "changes": "results/changes.tsv",
            "record": f"{STATE}/record/run.json",
            "distances": f"{STATE}/record/distances.tsv",
        },
        lambda _: {"registry": "registry.sqlite", "identity": "0" * 64},
    ),
    JointStep(
        "draw_figures",
        {
            **{
                name: (f"results/figures/{name}.svg", f"results/figures/{name}.png")
                for name in ("tree", "heatmap", "spanning_tree", "closeness")
            },
            "captions": "results/figures/captions.txt",
        },
        _thresholds,
    ),
    JointStep("render_report", {"report": "results/report.html"}, _thresholds),
    JointStep(
        "write_exports",
        {"exports": EXPORTS},
        lambda settings: {"thresholds": settings.thresholds, "date_epoch": ""},
    ),
)


def _inputs(folder: PopulationFolder) -> dict[str, Path | list[Path]]:
    """Return every input of a joint step by the name of its parameter."""
    results = {
        "ledger": "ledger.tsv",
        "typing": "typing.tsv",
        "markers": "markers.tsv",
        "mixtures": "mixtures.tsv",
        "clusters": "clusters.tsv",
        "robustness": "robustness.tsv",
        "verdict": "verdict.json",
        "verdict_pairs": "verdict_pairs.tsv",
        "time": "time.json",
        "changes": "changes.tsv",
        "pairs": "distances/pairs.parquet",
        "matrix": "distances/matrix.tsv",
        "coverage": "distances/coverage.tsv",
        "alignment": "alignment/core.snps.fasta",
        "alignment_summary": "alignment/core.json",
        "core_summary": "alignment/core.json",
        "core_sites": "alignment/core_sites.tsv",
        "core_curve": "alignment/core_curve.tsv",
        "core_by_isolate": "alignment/core_by_isolate.tsv",
        "tree_summary": "tree/core.json",
        "placement": "tree/placement.tsv",
        "local_trees": "tree/local_trees.json",
    }
    return {
        **{name: folder.plan(f"{name}.json") for name in PLAN},
        "earlier_distances": folder.plan("earlier_distances.tsv"),
        **{name: folder.working / "results" / path for name, path in results.items()},
        "further": folder.working / FURTHER,
        "recombination": folder.working / STRETCHES,
        "stretches": folder.working / STRETCHES,
        "prepared": folder.prepared,
        "batches": sorted((folder.working / STATE / "batches").glob("*.json")),
        "calls": folder.working / GATHERED,
        "assemblies": folder.working / STATE / "assemblies",
    }


def run_step(working: Path, name: str) -> None:
    """Run a joint step on a population below a working directory.

    Raises
    ------
    KeyError
        If the step has a parameter that nothing here gives.
    """
    step = next(each for each in STEPS if each.name == name)
    function = getattr(import_module(f"oneclone.steps.{name}"), name)
    folder = PopulationFolder(working, settings_of_run())
    given: dict[str, Any] = {
        parameter: tuple(working / path for path in paths)
        if isinstance(paths, tuple)
        else working / paths
        for parameter, paths in step.outputs.items()
    }
    given |= step.values(folder.settings)
    if "store" in given:
        given["store"] = working / given["store"]
    inputs = _inputs(folder)
    wanted = signature(function).parameters.values()
    for parameter in wanted:
        if parameter.name not in given and parameter.default is Parameter.empty:
            given[parameter.name] = inputs[parameter.name]
    function(**given)


if __name__ == "__main__":
    run_step(Path(sys.argv[1]), sys.argv[2])
