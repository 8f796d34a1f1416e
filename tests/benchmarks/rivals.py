"""Count SNPs between all pairs of assemblies with oneclone and with each of its rivals.

Every function gets the same plain FASTA files and one core, and returns a distance per pair.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from Bio import SeqIO

from oneclone.validation.accuracy import Counted, Pair, all_pairs
from tests.benchmarks import formats
from tests.benchmarks.measuring import Cost, run_measured
from tests.integration.workflow import ROOT

MOST_PAIRS = 10
PACKAGES = Path(__file__).with_name("packages.txt")


@dataclass(frozen=True)
class Work:
    """What is to be compared: plain FASTA files, and where to write.

    `close` are the pairs that matter; a program that aligns pair by pair aligns at most
    `MOST_PAIRS` of these alone when `only_close` is set, because all pairs would take too long.
    """

    reference: Path
    assemblies: Mapping[str, Path]
    folder: Path
    close: Sequence[Pair] = ()
    only_close: bool = False


@dataclass(frozen=True)
class Result:
    """Distances by pair, the cost, and after the recombination filter where there is one.

    `near_ends` are the SNPs of a pair near an end of a contig, of programs that tell; `asked`
    the pairs that a program was asked for, where these are not all.
    """

    pairs: Mapping[Pair, Counted]
    cost: Cost
    filtered: Mapping[Pair, Counted] | None = None
    near_ends: Mapping[Pair, int] = field(default_factory=dict[Pair, int])
    asked: Sequence[Pair] = ()


@dataclass(frozen=True)
class Tool:
    """A program to measure; `programs` have to be on the path, `package` is Debian's."""

    name: str
    how: str
    programs: tuple[str, ...]
    package: str
    run: Callable[[Work], Result]

    @property
    def missing(self) -> list[str]:
        """Programs that are not on the path."""
        return [program for program in self.programs if shutil.which(program) is None]


def run_oneclone(work: Work) -> Result:
    """Run `oneclone compare`: our calls, distances and recombination filter, no workflow."""
    out = work.folder / "oneclone.tsv"
    command = [sys.executable, "-c", "from oneclone.cli import app; app()", "compare"]
    _, cost = run_measured(
        [*command, work.reference, *work.assemblies.values(), "--out", out],
        work.folder,
        environment={"PYTHONPATH": str(ROOT / "scripts")},
    )
    raw, filtered = (formats.read_compare(out, column) for column in ("snps_raw", "snps"))
    return Result(raw, cost, filtered)


def run_parsnp(work: Work) -> Result:
    """Run parsnp on all assemblies (`-c`), without its tree; its own SNP alignment is counted."""
    out = work.folder / "parsnp"
    options = ["-c", "-p", "1", "--skip-phylogeny", "-o", out, "-r", work.reference]
    _, cost = run_measured(
        ["parsnp", *options, "-d", *work.assemblies.values()],
        work.folder,
    )
    names = {path.name: name for name, path in work.assemblies.items()}
    snps = formats.read_mblocks(out / "parsnp.snps.mblocks", names)
    aligned = formats.count_aligned(out / "parsnp.xmfa", names)
    return Result({pair: Counted(count, aligned[pair]) for pair, count in snps.items()}, cost)


def run_ska(work: Work) -> Result:
    """Run `ska fasta` on each assembly and `ska distance` on all, k as its default."""
    cost = Cost()
    for name, path in work.assemblies.items():
        _, spent = run_measured(["ska", "fasta", "-o", name, path], work.folder)
        cost += spent
    files = [f"{name}.skf" for name in work.assemblies]
    _, spent = run_measured(["ska", "distance", "-c", "-o", "ska", *files], work.folder)
    return Result(formats.read_ska(work.folder / "ska.distances.tsv"), cost + spent)


def run_nucmer_pairs(work: Work) -> Result:
    """Align each pair with nucmer; count what `show-snps -C -I` shows."""
    cost = Cost()
    found: dict[Pair, Counted] = {}
    near_ends: dict[Pair, int] = {}
    asked = work.close[:MOST_PAIRS] if work.only_close else all_pairs(list(work.assemblies))
    for pair in asked:
        one, two = (work.assemblies[name] for name in pair)
        shown, depth, spent = _nucmer(one, two, work.folder)
        covered = sum(int((each > 0).sum()) for each in depth.values())
        found[pair] = Counted(len(formats.parse_show_snps(shown)), covered)
        near_ends[pair] = len(formats.parse_show_snps(shown, formats.END_BP))
        cost += spent
    return Result(found, cost, near_ends=near_ends, asked=asked)


def run_nucmer_reference(work: Work) -> Result:
    """Align each assembly to the reference with nucmer; compare what `show-snps -C -I` shows."""
    cost = Cost()
    aligned: dict[str, tuple[formats.Alleles, formats.Depth]] = {}
    for name, path in work.assemblies.items():
        shown, depth, spent = _nucmer(work.reference, path, work.folder)
        aligned[name] = formats.parse_show_snps(shown), depth
        cost += spent
    pairs = all_pairs(list(aligned))
    counted = {pair: formats.on_reference(aligned[pair[0]], aligned[pair[1]]) for pair in pairs}
    return Result(counted, cost)


def _nucmer(one: Path, two: Path, folder: Path) -> tuple[str, formats.Depth, Cost]:
    """Return differences and coverage on the first genome; the cost leaves coverage out."""
    delta = folder / "nucmer.delta"
    _, aligning = run_measured(["nucmer", "--prefix", "nucmer", one, two], folder)
    shown, showing = run_measured(["show-snps", "-C", "-I", "-T", "-H", delta], folder)
    coordinates, _ = run_measured(["show-coords", "-T", "-H", delta], folder)
    lengths = {record.id: len(record) for record in SeqIO.parse(one, "fasta")}
    return shown, formats.parse_show_coords(coordinates, lengths), aligning + showing


MUMMER = ("nucmer", "show-snps", "show-coords")
TOOLS = (
    Tool("oneclone", "`oneclone compare`", (), "", run_oneclone),
    Tool("parsnp", "`parsnp -c`, its SNP alignment", ("parsnp",), "parsnp", run_parsnp),
    Tool("ska", "`ska fasta`, `ska distance`, default k", ("ska",), "ska", run_ska),
    Tool(
        "nucmer, pair by pair",
        "`nucmer`, `show-snps -C -I` on each pair",
        MUMMER,
        "mummer",
        run_nucmer_pairs,
    ),
    Tool(
        "nucmer, on the reference",
        "`nucmer`, `show-snps -C -I` of each assembly on the reference, compared by position",
        MUMMER,
        "mummer",
        run_nucmer_reference,
    ),
)


def package_versions() -> dict[str, str]:
    """Return the version of each package of the list that is installed."""
    if shutil.which("dpkg-query") is None:
        return {}
    query = ["dpkg-query", "--show", "--showformat=${Version}"]
    environment = {**os.environ, "LC_ALL": "C"}
    found = {}
    for package in PACKAGES.read_text("utf-8").split():
        done = subprocess.run(
            [*query, package], capture_output=True, text=True, check=False, env=environment
        )
        if version := done.stdout.strip():
            found[package] = version
    return found
