"""Let oneclone and its rivals do the same work on one set; record accuracy and cost."""

import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from oneclone.validation.accuracy import (
    Counted,
    Pair,
    agreement,
    all_pairs,
    close_pairs,
    score,
)
from oneclone.validation.machine import usable_cores
from tests.benchmarks.datasets import Comparison, Source, plain, sources
from tests.benchmarks.measuring import ProgramFailed, bound_to
from tests.benchmarks.rivals import TOOLS, Result, Tool, Work

SIDE_BY_SIDE = 2  # sets measured at a time, each on a core of its own


def compare_all(folder: Path, only: Iterable[str] = ()) -> dict[str, Any]:
    """Measure every comparison, or those that are named.

    Returns
    -------
    dict
        `measured`: a record per set; `absent`: names of sets whose data are not at hand;
        `programs`: by tool the programs that are not on the path.
    """
    wanted = set(only)
    chosen = [source for source in sources() if not wanted or source.name in wanted]
    cores: SimpleQueue[int] = SimpleQueue()
    for core in usable_cores()[:SIDE_BY_SIDE]:
        cores.put(core)

    def work(source: Source) -> dict[str, Any]:
        core = cores.get()
        print(f"comparing: {source.name}", file=sys.stderr, flush=True)
        try:
            with bound_to(core):
                return measure(source.build(folder / source.name), folder / source.name)
        finally:
            cores.put(core)

    with ThreadPoolExecutor(cores.qsize()) as pool:
        measured = list(pool.map(work, (each for each in chosen if not each.absent)))
    absent = [source.name for source in chosen if source.absent]
    if absent:
        print(f"left out, no data at hand: {', '.join(absent)}", file=sys.stderr)
    return {
        "measured": measured,
        "absent": absent,
        "programs": {tool.name: tool.missing for tool in TOOLS if tool.missing},
    }


def merge_comparisons(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sets of two measurements; of a set in both, the later one."""
    found = {record["name"]: record for record in before.get("measured", [])}
    found |= {record["name"]: record for record in now["measured"]}
    order = [source.name for source in sources()]
    return {
        "measured": [found[name] for name in order if name in found],
        "absent": [name for name in order if name in {*before.get("absent", []), *now["absent"]}],
        "programs": now["programs"],
    }


def measure(comparison: Comparison, folder: Path) -> dict[str, Any]:
    """Run every tool at hand on a comparison; return what was measured as plain data."""
    inputs = folder / "plain"
    reference = plain(comparison.reference, inputs / "reference.fna")
    assemblies = {
        name: plain(path, inputs / f"{name}.fna") for name, path in comparison.assemblies.items()
    }
    close = sorted(close_pairs(comparison.truth))
    results = []
    for tool in TOOLS:
        if tool.missing:
            continue
        place = folder / tool.name.replace(" ", "-").replace(",", "")
        place.mkdir(parents=True)
        work = Work(reference, assemblies, place, close, comparison.only_close)
        results.append(_run(tool, work, comparison))
    return {
        "name": comparison.name,
        "title": comparison.title,
        "divergence": comparison.divergence,
        "genomes": len(assemblies),
        "pairs": len(all_pairs(list(assemblies))),
        "close_pairs": len(close),
        "truth_known": bool(comparison.truth),
        "published_known": bool(comparison.published),
        "results": results,
    }


def _run(tool: Tool, work: Work, comparison: Comparison) -> dict[str, Any]:
    """Run one tool; a tool that fails on a set is recorded with the end of its output."""
    try:
        result = tool.run(work)
    except ProgramFailed as failed:
        print(f"{tool.name} failed: {failed}", file=sys.stderr)
        return {"tool": tool.name, "failed": str(failed).strip().splitlines()[-1]}
    return {"tool": tool.name, "failed": "", **_record(result, comparison)}


def _record(result: Result, comparison: Comparison) -> dict[str, Any]:
    """Return cost, distances, scores and agreement of a result, over the pairs asked for."""
    asked = set(result.asked or all_pairs(list(comparison.assemblies)))
    close = {pair: t for pair, t in close_pairs(comparison.truth).items() if pair in asked}
    record: dict[str, Any] = {
        "cost": asdict(result.cost),
        "counted": _as_lists(result.pairs),
        "filtered": None if result.filtered is None else _as_lists(result.filtered),
        "near_ends": [[*pair, count] for pair, count in sorted(result.near_ends.items())],
    }
    if close:
        record["score"] = asdict(score(result.pairs, close))
        if result.filtered is not None:
            record["filtered_score"] = asdict(score(result.filtered, close, clonal=True))
    if published := {p: snps for p, snps in comparison.published.items() if p in asked}:
        near = {pair: published[pair] for pair in close or published}
        record["agreement_close"] = asdict(agreement(result.pairs, near))
        record["agreement_all"] = asdict(agreement(result.pairs, published))
    return record


def _as_lists(counted: Mapping[Pair, Counted]) -> list[list[Any]]:
    """Return distances as rows of names, SNPs and compared bases, by names."""
    return [[*pair, count.snps, count.compared_bp] for pair, count in sorted(counted.items())]
