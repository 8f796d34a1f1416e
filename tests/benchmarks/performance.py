"""Tables of docs/performance.md: what runs cost, how that grows, and ratios to other programs."""

from collections.abc import Mapping
from math import exp, log
from typing import Any

from tests.benchmarks.measuring import growth_exponent, ratio
from tests.benchmarks.wording import megabytes, seconds, times

Rows = list[dict[str, object]]
MEASURES = {"cpu_s": "CPU", "wall_s": "wall", "peak_mb": "peak memory"}
CALLING, COUNTING, TREE = "call_isolates", "count_pairs", "infer_core_tree"
BEFORE_BATCHES = "call_isolate"  # had a job for each isolate; figures that were measured then


def costs(measured: Mapping[str, Any]) -> Rows:
    """Return the cost of whole runs, as multiples of the first and in seconds."""
    found = [*measured.get("simulated", []), *measured.get("real", {}).get("measured", [])]
    return [
        {
            "Set": run["name"],
            "Genomes": run["genomes"],
            "Called": run["called"],
            "CPU, first = 1": times(ratio(found[0]["cpu_s"], run["cpu_s"])),
            "Wall": seconds(run["wall_s"]),
            "CPU": seconds(run["cpu_s"]),
            "Peak": megabytes(run["peak_mb"]),
        }
        for run in found
    ]


def growth(measured: Mapping[str, Any]) -> Rows:
    """Return the cost of runs with growing numbers of isolates."""
    found = measured["growth"]
    return [
        {
            "Context isolates": run["context"],
            "Genomes": run["genomes"],
            "Pairs": run["pairs"],
            "Wall, first = 1": times(ratio(found[0]["wall_s"], run["wall_s"])),
            "CPU, first = 1": times(ratio(found[0]["cpu_s"], run["cpu_s"])),
            "Peak, first = 1": times(ratio(found[0]["peak_mb"], run["peak_mb"])),
            "CPU per genome": seconds(run["cpu_s"] / run["genomes"]),
            "Call per genome": f"{1000 * _step(run, CALLING) / run['called']:.0f} ms",
            "Counting per pair": f"{1000 * _step(run, COUNTING) / run['pairs']:.1f} ms",
            "Whole tree": seconds(_step(run, TREE)),
            "Wall": seconds(run["wall_s"]),
            "Peak": megabytes(run["peak_mb"]),
        }
        for run in found
    ]


def exponents(measured: Mapping[str, Any]) -> dict[str, str]:
    """Return b of cost = a x genomes^b for the whole run and for its main steps."""
    found = measured["growth"]
    genomes = [run["genomes"] for run in found]
    series = {"whole run, CPU": [run["cpu_s"] for run in found]}
    names = {CALLING: "calls, together", COUNTING: "counting of pairs", TREE: "whole tree"}
    series |= {words: [_step(run, rule) for run in found] for rule, words in names.items()}
    exponent = {words: growth_exponent(genomes, values) for words, values in series.items()}
    return {words: f"{b:.2f}" for words, b in exponent.items() if b is not None}


def _step(run: Mapping[str, Any], rule: str) -> float:
    """Return the wall seconds of all jobs of a rule."""
    known = run["steps"]
    name = BEFORE_BATCHES if rule == CALLING and rule not in known else rule
    return known.get(name, {}).get("wall_s", 0.0)


def steps(run: Mapping[str, Any]) -> Rows:
    """Return where the time of a run goes, the dearest rule first."""
    whole = sum(step["wall_s"] for step in run["steps"].values())
    ranked = sorted(run["steps"].items(), key=lambda item: (-item[1]["wall_s"], item[0]))
    return [
        {
            "Rule": f"`{rule}`",
            "Jobs": int(step["jobs"]),
            "Share of the jobs' wall time": f"{100 * step['wall_s'] / whole:.0f} %",
            "Per job": seconds(step["wall_s"] / step["jobs"]),
            "Peak": megabytes(step["peak_mb"]),
        }
        for rule, step in ranked
    ]


def _ours(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return our result on a set, None where there is none."""
    ours = record["results"][0]
    return None if ours["failed"] or ours["tool"] != "oneclone" else ours


def ratios(measured: Mapping[str, Any]) -> Rows:
    """Return CPU, wall time and peak memory of each tool as multiples of ours."""
    records = measured["comparisons"]["measured"]
    tools = list(dict.fromkeys(r["tool"] for each in records for r in each["results"][1:]))
    rows: Rows = []
    for record in records:
        ours = _ours(record)
        if ours is None:
            continue
        found = {result["tool"]: result for result in record["results"]}
        cost = ours["cost"]
        rows.append(
            {
                "Set": record["title"],
                "Genomes, pairs": f"{record['genomes']}, {record['pairs']}",
                "oneclone = 1": f"{seconds(cost['cpu_s'])}, {seconds(cost['wall_s'])}, "
                f"{megabytes(cost['peak_mb'])}",
                **{tool: _ratio(cost, found.get(tool), record["pairs"]) for tool in tools},
            }
        )
    return rows


def _ratio(ours: Mapping[str, float], result: Mapping[str, Any] | None, pairs: int) -> str:
    """Return three ratios, and how many of the pairs a tool did when not all."""
    if result is None or result["failed"]:
        return "absent" if result is None else "failed"
    three = ", ".join(times(ratio(ours[key], result["cost"][key])) for key in MEASURES)
    done = len(result["counted"])
    return three if done == pairs else f"{three} ({done} of {pairs} pairs)"


def mean_ratios(measured: Mapping[str, Any]) -> Rows:
    """Return the geometric means of the ratios over all sets, and the range of CPU."""
    found: dict[str, dict[str, list[float]]] = {}
    for record in measured["comparisons"]["measured"]:
        ours = _ours(record)
        for result in record["results"][1:]:
            if ours is not None and not result["failed"]:
                kinds = found.setdefault(result["tool"], {key: [] for key in MEASURES})
                for key, values in kinds.items():
                    values.append(ratio(ours["cost"][key], result["cost"][key]))
    return [
        {
            "Program": tool,
            "Sets": len(kinds["cpu_s"]),
            **{words: times(_geometric_mean(kinds[key])) for key, words in MEASURES.items()},
            "CPU, from to": f"{times(min(kinds['cpu_s']))} to {times(max(kinds['cpu_s']))}",
        }
        for tool, kinds in found.items()
    ]


def _geometric_mean(values: list[float]) -> float:
    """Return the geometric mean."""
    return exp(sum(log(value) for value in values) / len(values))


def trees(measured: Mapping[str, Any]) -> Rows:
    """Return the tree steps by engine; multiples of our search with IQ-TREE where it is there."""
    rows: Rows = []
    for record in measured["trees"]["measured"]:
        engines = record["engines"]
        first = next(iter(engines.values()))["whole_tree"]
        for engine, found in engines.items():
            rows.append(
                {
                    "Set": record["name"],
                    "Search": f"oneclone, {engine}",
                    "Whole tree": times(ratio(first["wall_s"], found["whole_tree"]["wall_s"])),
                    "Seconds": seconds(found["whole_tree"]["wall_s"]),
                    "Peak": megabytes(found["whole_tree"]["peak_mb"]),
                    "Local trees": seconds(found["local_trees"]["wall_s"]),
                    "Verdict": f"`{found['verdict']}`",
                }
            )
        if plain := record["plain_iqtree"]:
            rows.append(
                {
                    "Set": record["name"],
                    "Search": "IQ-TREE, `-m GTR+G -B 1000`",
                    "Whole tree": times(ratio(first["wall_s"], plain["wall_s"])),
                    "Seconds": seconds(plain["wall_s"]),
                    "Peak": megabytes(plain["peak_mb"]),
                    "Local trees": "",
                    "Verdict": "",
                }
            )
    return rows
