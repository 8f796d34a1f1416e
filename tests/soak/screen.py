"""Screen hundreds of simulated genomes and compare with the exact distance of every one.

Run by hand: `python -m tests.soak.screen [--genomes N] [--seed S] [--genome-bp L]`.
"""

import argparse
import csv
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from oneclone.commands.screen import ScreenRequest, screen
from oneclone.steps.candidate_calls import CandidateCalls, is_used
from oneclone.steps.counting import PairCounter, counting_rules
from oneclone.steps.loading import load_references, load_taxa
from oneclone.tables.checksum import file_sha256
from tests.screened_run import MEMBERS, ScreenedRun, finished_run

MAX_SNPS = 50
CONTIGS = (1, 3, 8, 20, 40)
NEAR_LIMIT = range(45, 61)
OTHERS = ("ABS_TYPE", "MAS_TYPE", "BOL_TYPE", "DCC2_REF", "DCC3_REF", "DCC6_REF", "CTX-near")


def plant(run: ScreenedRun, folder: Path, genomes: int, seed: int) -> None:
    """Write relatives at 0 to 200 SNPs, many of them near the limit, and other lineages."""
    random = np.random.default_rng(seed)
    wanted = [(name, snps) for name in MEMBERS for snps in (*range(0, 201, 5), *NEAR_LIMIT)]
    wanted += [(name, snps) for name in MEMBERS for snps in NEAR_LIMIT for _ in range(2)]
    others = [name for name in OTHERS if name in run.outbreak.genomes]
    while len(wanted) < genomes:
        wanted.append((others[len(wanted) % len(others)], int(random.integers(0, 300))))
    for number, (parent, snps) in enumerate(wanted):
        contigs = int(random.choice(CONTIGS))
        path = folder / f"{number:04}_{parent}_{snps}_{contigs}.fna.gz"
        run.plant(path, parent, snps, contigs, seed=1000 * seed + number)


def is_relative(name: str) -> bool:
    """Return whether a candidate was planted within the limit, whatever is left of its draft."""
    _, rest = name.split("_", 1)
    parent, snps, _ = rest.rsplit("_", 2)
    return parent in MEMBERS and int(snps) <= MAX_SNPS


def exact(run: ScreenedRun, files: list[Path]) -> dict[str, int | None]:
    """Return the least distance of every candidate to the clone, without any sketch."""
    pipeline, plan = run.pipeline, run.pipeline.plan
    joint = pipeline.joint
    references = sorted({reference.assembly for reference in plan.panel.references})
    sketches = pipeline.state / "sketches" / plan.panel_key
    calls = CandidateCalls(
        state=pipeline.state,
        panel=joint["panel"],
        markers=sketches / "markers.bin",
        sketches=[sketches / f"{assembly}.sketch" for assembly in references],
        indexes=[path.with_suffix(".mmi") for path in pipeline.prepared],
        prepared=pipeline.prepared,
        settings=plan.settings.calling,
        calls_key=next(iter(plan.assembly_of)),
    )
    taxa = load_taxa(joint["roster"], plan.panel, joint["calls"])
    members = [taxon for taxon in taxa if taxon.name in MEMBERS]
    loaded = load_references(plan.panel, pipeline.state / "plan/mask.json", pipeline.prepared)
    rules = counting_rules(plan.panel, loaded, plan.settings.recombination)
    counter = PairCounter(members, plan.panel, rules)
    found: dict[str, int | None] = {}
    for path in files:
        sha256 = file_sha256(path)
        calls.call(sha256, path)
        taxon = calls.taxon(sha256)
        pairs = [each.pair for each in counter.pairs_of(taxon)] if is_used(taxon) else []
        counts = [pair.snps for pair in pairs if pair.snps is not None]
        found[path.name.removesuffix(".fna.gz")] = min(counts, default=None)
    return found


def memory_mb() -> tuple[int, int]:
    """Return the greatest memory of this process and of its greatest worker."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return tuple(resource.getrusage(each).ru_maxrss // 1024 for each in who)


def main() -> None:
    """Plant, screen twice, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--genomes", type=int, default=520)
    parser.add_argument("--genome-bp", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        run = finished_run(folder, given.genome_bp, given.seed)
        plant(run, folder / "candidates", given.genomes, given.seed)
        files = sorted((folder / "candidates").iterdir())
        out = folder / "screen.tsv"
        request = ScreenRequest(folder / "candidates", MAX_SNPS, out=out, cores=2)
        for _ in range(2):
            started = time.perf_counter()
            words = screen(run.working, request, lambda _: None)
            print(f"{time.perf_counter() - started:.1f} s for {len(files)} candidates", flush=True)
        print(words, "MB of this process and of its greatest worker:", *memory_mb())
        with out.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened, delimiter="\t"))
        found = {row["isolate"]: int(row["snps"]) for row in rows if row["state"] == "within"}
        undecided = {row["isolate"] for row in rows if row["state"] == "undecided"}
        truth = exact(run, files)
    near = {name: snps for name, snps in truth.items() if snps is not None and snps <= MAX_SNPS}
    not_counted = sum(snps is None for snps in truth.values())
    print(f"exact: {len(near)} of {len(truth)} within {MAX_SNPS}, {not_counted} not countable")
    print(f"undecided: {sorted(undecided)}")
    lost = sorted(near.keys() - found.keys() - undecided)
    false = sorted(found.keys() - near.keys())
    print(f"lost: {lost}; farther but shown as near: {false}")
    planted = {name for name in truth if is_relative(name)}
    dropped = [
        r["isolate"] for r in rows if r["isolate"] in planted and r["state"] == "not_similar"
    ]
    print(
        f"planted relatives: {len(planted)}; of them below the cut-off of the sketches: {dropped}"
    )
    compared = sum(bool(row["nearest_member"]) for row in rows)
    print(
        f"compared exactly: {compared}; SNPs differ: {[n for n in found if found[n] != truth[n]]}"
    )
    ani = [float(row["ani_percent"]) for row in rows if row["isolate"] in near]
    print(f"least ANI of a near one: {min(ani)}")
    sys.exit(bool(dropped) or found != {name: near[name] for name in near if name not in undecided})


if __name__ == "__main__":
    main()
