"""Measure the tree of thousands on simulated truth: branches missed, CPU time, peak memory.

    python -m tests.benchmarks.run --only very_large_trees

The population is a coalescent of lineages: some are clones of hundreds or thousands of isolates,
most a single isolate. Only the core alignment is made, row by row, and no genome.
"""

import heapq
import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from oneclone.distance_tree import infer_by_distances
from oneclone.model.settings import TreeSettings
from oneclone.sequences import MISSING, Codes
from oneclone.tables.core_files import read_core, write_core
from oneclone.tables.core_rows import open_core_rows
from oneclone.tables.core_size_files import CoreSummary
from oneclone.trees import add_identical, read_supported, root_tree, sort_branches, to_newick
from oneclone.very_large_tree import infer_very_large
from tests.benchmarks.measuring import run_measured

SIZES = (300, 1000, 2000, 5000, 10_000)
WHOLE_UP_TO = 1000  # taxa of which the tree of one distance matrix is measured beside the other
CONSTANT = 1_200_000  # sites of each base
MISSING_SHARE = 0.03  # on average; an isolate lacks from none to twice as much
SETTINGS = TreeSettings("auto", 1000, 1000, 1, 100)
METHODS = ("whole", "parts")


@dataclass(frozen=True)
class Branch:
    """A branch above the tips from `first` to before `last`, with its substitutions."""

    first: int
    last: int
    snps: int


def population(random: np.random.Generator, taxa: int) -> list[Branch]:
    """Return the branches of a population: half of it clones, a tenth small groups, else single."""
    sizes = [taxa // 4, taxa // 8, taxa // 16, *[taxa // 32] * 2]
    sizes += [5] * (taxa // 50)
    sizes += [1] * (taxa - sum(sizes))
    starts = np.concatenate([[0], np.cumsum(sizes)]).tolist()
    deep = coalescent(random, len(sizes), 30 * len(sizes))
    branches = [Branch(starts[each.first], starts[each.last], each.snps) for each in deep]
    for start, size in zip(starts, sizes, strict=False):
        branches += [
            Branch(start + each.first, start + each.last, each.snps)
            for each in coalescent(random, size, 4 * size)
        ]
    return branches


def coalescent(random: np.random.Generator, tips: int, snps: int) -> list[Branch]:
    """Return the branches of a random tree, tips in the order in which it is drawn."""
    nodes, height = list(range(tips)), [0.0] * tips
    children: dict[int, tuple[int, int]] = {}
    size = [1] * tips
    now = 0.0
    while len(nodes) > 1:
        now += random.exponential(2 / (len(nodes) * (len(nodes) - 1)))
        pair = []
        for _ in range(2):
            place = int(random.integers(len(nodes)))
            nodes[place], nodes[-1] = nodes[-1], nodes[place]
            pair.append(nodes.pop())
        children[len(height)] = (pair[0], pair[1])
        nodes.append(len(height))
        height.append(now)
        size.append(size[pair[0]] + size[pair[1]])
    found: list[tuple[int, int, float]] = []
    pending = [(nodes[0], 0)]
    while pending:
        node, first = pending.pop()
        for child in children.get(node, ()):
            found.append((first, first + size[child], height[node] - height[child]))
            pending.append((child, first))
            first += size[child]
    total = sum(length for *_, length in found)
    return [Branch(one, two, int(random.poisson(snps * each / total))) for one, two, each in found]


def rows(
    random: np.random.Generator, branches: Sequence[Branch], taxa: int, sites: int
) -> Iterator[Codes]:
    """Give the bases of each tip in turn; a site changes on one branch."""
    places = random.permutation(sites)
    ends = np.cumsum([each.snps for each in branches])
    begins = sorted(range(len(branches)), key=lambda each: branches[each].first)
    row = random.integers(0, MISSING, sites, dtype=np.uint8)
    changes = random.integers(1, MISSING, sites, dtype=np.uint8)
    open_branches: list[tuple[int, int]] = []
    at = 0
    for tip in range(taxa):
        while open_branches and open_branches[0][0] == tip:
            ended = heapq.heappop(open_branches)[1]
            where = places[ends[ended] - branches[ended].snps : ends[ended]]
            row[where] = (row[where] + MISSING - changes[where]) % MISSING
        while at < len(begins) and branches[begins[at]].first == tip:
            begun = begins[at]
            where = places[ends[begun] - branches[begun].snps : ends[begun]]
            row[where] = (row[where] + changes[where]) % MISSING
            heapq.heappush(open_branches, (branches[begun].last, begun))
            at += 1
        shown = row.copy()
        shown[random.random(sites) < MISSING_SHARE * random.uniform(0, 2)] = MISSING
        yield shown


def write_population(folder: Path, taxa: int) -> None:
    """Write the core alignment of a population, its rows in random order, and its branches."""
    random = np.random.default_rng(taxa)
    branches = population(random, taxa)
    sites = sum(each.snps for each in branches)
    order = random.permutation(taxa).tolist()
    folder.mkdir(parents=True)
    about = CoreSummary(
        *("simulated", taxa, 95.0, taxa, 4 * CONSTANT, 4 * CONSTANT, sites),
        *((CONSTANT,) * 4, (CONSTANT,) * 4),
    )
    made = ((f"I{tip:06}", each) for tip, each in enumerate(rows(random, branches, taxa, sites)))
    names = {f"I{tip:06}": "x" for tip in range(taxa)}
    write_core(folder / "in_turn.fasta", folder / "core.json", made, names, about)
    with open_core_rows(folder / "in_turn.fasta") as drawn:
        mixed = ((drawn.taxa[tip], drawn.row(tip)) for tip in order)
        write_core(folder / "core.fasta", folder / "core.json", mixed, names, about)
    (folder / "in_turn.fasta").unlink()
    known = [(each.first, each.last, each.snps) for each in branches]
    (folder / "branches.json").write_text(json.dumps(known))


def infer(folder: Path, method: str) -> dict[str, Any]:
    """Infer the tree, put what belongs to it in order, and compare it with the truth."""
    started = time.process_time()
    if method == "whole":
        inferred = infer_by_distances(
            read_core(folder / "core.fasta", folder / "core.json"), SETTINGS
        )
    else:
        with open_core_rows(folder / "core.fasta") as opened:
            inferred = infer_very_large(opened, (CONSTANT,) * 4, SETTINGS)
    tree_s = time.process_time() - started
    tree = read_supported(inferred.newick)
    add_identical(tree, inferred.identical)
    root_tree(tree, {})
    order = {name: number for number, name in enumerate(sorted(tree.get_leaf_names()))}
    sort_branches(tree, order)
    (folder / f"{method}.nwk").write_text(to_newick(tree))
    return {
        "tree_cpu_s": round(tree_s, 1),
        "after_cpu_s": round(time.process_time() - started - tree_s, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6),
        "reason": inferred.reason,
        **_score(tree, json.loads((folder / "branches.json").read_text())),
    }


def _score(tree: Any, branches: Sequence[tuple[int, int, int]]) -> dict[str, Any]:
    """Return how many true branches were missed, and how many false ones are supported."""
    names = sorted(tree.get_leaf_names())
    keys = np.random.default_rng(1).integers(0, 1 << 62, len(names)).tolist()
    sums = [0]
    for key in keys:
        sums.append(sums[-1] ^ key)
    snps: dict[int, int] = {}
    for first, last, many in branches:
        if 1 < last - first < len(names) - 1:
            split = sums[first] ^ sums[last]
            split = min(split, split ^ sums[-1])
            snps[split] = snps.get(split, 0) + many
    key_of = dict(zip(names, keys, strict=True))
    below: dict[Any, int] = {}
    found: dict[int, float] = {}
    for node in tree.traverse("postorder"):
        below[node] = key_of[node.name] if node.is_leaf() else 0
        for child in node.children:
            below[node] ^= below[child]
        found[min(below[node], below[node] ^ sums[-1])] = node.support
    bands = {"1": (1, 2), "2": (2, 3), "3-5": (3, 6), "6+": (6, 1 << 30)}
    return {
        "branches": {
            band: sum(low <= each < high for each in snps.values())
            for band, (low, high) in bands.items()
        },
        "missed": {
            band: sum(low <= each < high and split not in found for split, each in snps.items())
            for band, (low, high) in bands.items()
        },
        "supported": sum(found.get(split, 0.0) >= 95 for split, many in snps.items() if many >= 3),
        "falsely_supported": sum(
            each >= 95
            for split, each in found.items()
            if not snps.get(split) and split in below.values() and split not in set(keys)
        ),
    }


def measure_very_large_trees(folder: Path) -> list[dict[str, Any]]:
    """Measure trees of growing populations."""
    measured: list[dict[str, Any]] = []
    for taxa in SIZES:
        place = folder / f"very_large_trees-{taxa}"
        write_population(place, taxa)
        for method in METHODS:
            if method == "whole" and taxa > WHOLE_UP_TO:
                continue
            print(f"very large trees: {taxa} taxa, {method}", file=sys.stderr, flush=True)
            command = [sys.executable, "-m", __name__, str(place), method]
            printed, cost = run_measured(command, Path.cwd())
            found = json.loads(printed.splitlines()[-1])
            measured.append({"taxa": taxa, "method": method, "cpu_s": cost.cpu_s, **found})
    return measured


if __name__ == "__main__":
    print(json.dumps(infer(Path(sys.argv[1]), sys.argv[2])))
