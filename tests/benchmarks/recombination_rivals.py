"""Compare the pairwise filter with Gubbins and ClonalFrameML on one simulated alignment.

Ten genomes of 1 Mb in two clones, five of them with imports of 1 to 10 kb from donors 0.5 to 3 %
away. All get the same whole-genome alignment; ClonalFrameML also the tree of IQ-TREE. Gubbins and
ClonalFrameML see the tree, the pairwise filter two genomes at a time.
"""

import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np
from Bio import Phylo
from numpy.typing import NDArray

from oneclone.distances import Comparison, pack
from oneclone.gubbins import PROGRAMS, find_imports
from oneclone.model.settings import RecombinationSettings
from oneclone.recombination import find_stretches
from oneclone.sequences import Codes, decode
from oneclone.tree_engine import BINARIES

GENOME_BP = 1_000_000
CLONE_SNPS = 400  # from the root to each clone
TIP_SNPS = 10
TIPS = 5  # of each clone
MISSING_SHARE = 0.03  # of each genome, in gaps
IMPORTS = (  # taxon, length, divergence of the donor in per cent
    ("A1", 1000, 3.0),
    ("A3", 5000, 1.0),
    ("A4", 10_000, 2.0),
    ("B0", 2000, 2.0),
    ("B2", 3000, 0.5),
)
SETTINGS = RecombinationSettings(0.01, 6, 100_000, 500, 1)

Flags = NDArray[np.bool_]
Rows = list[Mapping[str, object]]


@dataclass(frozen=True)
class World:
    """Aligned genomes, and the same without imports; `imports` by taxon, 0-based half-open."""

    genomes: Mapping[str, Codes]
    clonal: Mapping[str, Codes]
    imports: Mapping[str, tuple[int, int]]

    def within_clones(self) -> Iterator[tuple[str, str]]:
        """Give the pairs of genomes of one clone."""
        return (pair for pair in combinations(self.genomes, 2) if pair[0][0] == pair[1][0])


@dataclass
class Found:
    """Masked positions by taxon, or by pair for a method that knows pairs only."""

    by_taxon: dict[str, Flags] = field(default_factory=dict[str, Flags])
    by_pair: dict[tuple[str, str], Flags] = field(default_factory=dict[tuple[str, str], Flags])

    def mask(self, pair: tuple[str, str]) -> Flags:
        """Return what is masked in a pair."""
        nothing = np.zeros(GENOME_BP, dtype=bool)
        one, two = (self.by_taxon.get(name, nothing) for name in pair)
        return self.by_pair.get(pair, nothing) | one | two


def world(seed: int = 1) -> World:
    """Return the simulated genomes."""
    random = np.random.default_rng(seed)

    def mutated(genome: Codes, snps: int) -> Codes:
        """Return a descendant."""
        places = random.choice(GENOME_BP, snps, replace=False)
        changed = genome.copy()
        changed[places] = (changed[places] + random.integers(1, 4, snps)) % 4
        return changed

    root = random.integers(0, 4, GENOME_BP).astype(np.uint8)
    clones = {name: mutated(root, CLONE_SNPS) for name in "AB"}
    clonal = {f"{n}{i}": mutated(each, TIP_SNPS) for n, each in clones.items() for i in range(TIPS)}
    genomes = {name: genome.copy() for name, genome in clonal.items()}
    imports: dict[str, tuple[int, int]] = {}
    for number, (taxon, length, percent) in enumerate(IMPORTS):
        start = int((number + 0.5) * GENOME_BP / len(IMPORTS))
        donor = mutated(clones[taxon[0]], int(GENOME_BP * percent / 100))
        genomes[taxon][start : start + length] = donor[start : start + length]
        imports[taxon] = (start, start + length)
    for name, genome in genomes.items():
        while (genome == 4).mean() < MISSING_SHARE:
            start = int(random.integers(0, GENOME_BP))
            if not any(a - 2000 < start < b + 500 for a, b in imports.values()):
                end = start + int(random.integers(50, 1500))
                genome[start:end] = clonal[name][start:end] = 4
    return World(genomes, clonal, imports)


def by_pairs(data: World, folder: Path) -> Found:  # noqa: ARG001 (one signature for all)
    """Return what the pairwise filter removes."""
    found = Found()
    for one, two in combinations(data.genomes, 2):
        first, second = data.genomes[one], data.genomes[two]
        both = (first < 4) & (second < 4)
        differences = np.flatnonzero(both & (first != second))
        comparison = Comparison(int(both.sum()), differences, pack(both))
        stretches = find_stretches(comparison, np.array([0, GENOME_BP]), SETTINGS)
        flags = np.zeros(GENOME_BP, dtype=bool)
        for stretch in stretches or []:
            flags[stretch.start : stretch.end] = True
        found.by_pair[one, two] = flags
    return found


def by_gubbins(data: World, folder: Path) -> Found:  # noqa: ARG001 (makes a folder of its own)
    """Return what Gubbins predicts."""
    found = Found({name: np.zeros(GENOME_BP, dtype=bool) for name in data.genomes})
    for region in find_imports(data.genomes):
        for taxon in region.taxa:
            found.by_taxon[taxon][region.start : region.end] = True
    return found


def by_clonalframeml(data: World, folder: Path) -> Found:
    """Return what ClonalFrameML predicts on the tree of IQ-TREE; a branch masks its tips."""
    alignment = folder / "all.fasta"
    records = (f">{name}\n{decode(codes)}\n" for name, codes in data.genomes.items())
    alignment.write_text("".join(records))
    iqtree = next(path for name in BINARIES if (path := shutil.which(name)))
    run([iqtree, "-s", alignment.name, "-m", "GTR+G", "-fast", "-seed", "1", "-T", "1", "-quiet"],
        folder)  # fmt: skip
    run(["ClonalFrameML", f"{alignment.name}.treefile", alignment.name, "cfml"], folder)
    tree = Phylo.read(folder / "cfml.labelled_tree.newick", "newick")
    tips = {clade.name: [tip.name for tip in clade.get_terminals()] for clade in tree.find_clades()}
    found = Found({name: np.zeros(GENOME_BP, dtype=bool) for name in data.genomes})
    for line in (folder / "cfml.importation_status.txt").read_text().splitlines()[1:]:
        node, start, end = line.split("\t")
        for taxon in tips[node]:
            found.by_taxon[taxon][int(start) - 1 : int(end)] = True
    return found


def run(command: Sequence[str], folder: Path) -> None:
    """Run a program in a folder."""
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


METHODS: Mapping[str, tuple[Callable[[World, Path], Found], tuple[str, ...]]] = {
    "pairwise filter": (by_pairs, ()),
    "Gubbins": (by_gubbins, PROGRAMS),
    "ClonalFrameML": (by_clonalframeml, ("ClonalFrameML",)),
}


def compare(folder: Path) -> Rows:
    """Return a row for each method whose program is installed; a missing one is named."""
    data, rows = world(), []
    for name, (method, programs) in METHODS.items():
        if programs and not any(shutil.which(program) for program in programs):
            rows.append({**dict.fromkeys(rows[0], ""), "method": f"{name} (not installed)"})
            continue
        place = folder / name.replace(" ", "-")
        place.mkdir(parents=True, exist_ok=True)
        by_pairs(data, place)  # compiled before it is timed
        began, used = time.monotonic(), cpu_seconds()
        found = method(data, place)
        cost = time.monotonic() - began, cpu_seconds() - used
        rows.append({"method": name, **scores(data, found), "wall s": f"{cost[0]:.1f}",
                     "CPU s": f"{cost[1]:.1f}"})  # fmt: skip
    return rows


def cpu_seconds() -> float:
    """Return the CPU time of this process and of the programs it ran."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def scores(data: World, found: Found) -> Mapping[str, object]:
    """Return how well the masks of the pairs within the clones fit the imports.

    An import is found when it is masked in every pair of its taxon; its share is the least over
    these pairs. A false prediction is a masked run of a pair that touches no import of the two.
    """
    shares: dict[str, list[float]] = {name: [] for name in data.imports}
    false = masked_bp = 0
    errors: list[int] = []
    for pair in data.within_clones():
        mask = found.mask(pair)
        truth = np.zeros(GENOME_BP, dtype=bool)
        for name in set(pair) & set(data.imports):
            start, end = data.imports[name]
            truth[start:end] = True
            shares[name].append(float(mask[start:end].mean()))
        edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.view(np.int8), [0]))))
        runs = zip(edges[0::2], edges[1::2], strict=True)
        false += sum(not truth[start:end].any() for start, end in runs)
        masked_bp += int((mask & ~truth).sum())
        one, two = (data.genomes[name] for name in pair)
        left = int(((one != two) & (one < 4) & (two < 4) & ~mask).sum())
        first, second = (data.clonal[name] for name in pair)
        clonal = (first != second) & (first < 4) & (second < 4)
        errors.append(left - int((clonal & ~truth).sum()))
    least = [min(each) for each in shares.values()]
    return {
        "imports found": f"{sum(share > 0 for share in least)} of {len(least)}",
        "share of their length": f"{100 * np.mean(least):.0f} %",
        "false predictions, all pairs": false,
        "masked outside imports, kb, all pairs": f"{masked_bp / 1000:.1f}",
        "distance error within clones, median": f"{np.median(errors):+g}",
        "range": f"{min(errors):+d} to {max(errors):+d}",
        "pairs": len(errors),
    }
