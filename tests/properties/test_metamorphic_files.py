"""Metamorphic relations M3 and M9 of whole runs: how the files of assemblies are written."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from oneclone.tables.fasta import read_assembly
from tests.integration.workflow import pairs_by_name, read_json, rows
from tests.pipeline import contents
from tests.properties.cohort import CALLED, NAMES, distances, stamps
from tests.properties.engine import other_strand
from tests.reliability.trials import case

OF_THE_FILES = {"ledger.tsv"}  # it gives the sha256 of each file

# --- M3: how a file is written -----------------------------------------------------------------


def fasta(contigs: list[str], width: int = 80, line_end: str = "\n") -> bytes:
    lines = []
    for number, contig in enumerate(contigs):
        lines.append(f">node_{number} length={len(contig)}")
        lines += [contig[at : at + width] for at in range(0, len(contig), width)]
    return (line_end.join(lines) + line_end).encode()


def shuffled(contigs: list[str]) -> list[str]:
    """Return contigs in an order that is neither theirs nor that of their lengths."""
    return [*contigs[1::2], *reversed(contigs[::2])]


def mixed_case(contigs: list[str]) -> list[str]:
    """Return contigs with soft-masked stretches."""
    return [c[:700] + c[700:1500].lower() + c[1500:] for c in contigs]


def in_members(content: bytes) -> bytes:
    """Return gzip of several members, as bgzip writes it."""
    return b"".join(
        gzip.compress(content[at : at + 20_000], mtime=0) for at in range(0, len(content), 20_000)
    )


def turned(contigs: list[str]) -> list[str]:
    """Return every second contig on its other strand."""
    return [other_strand(c) if i % 2 else c for i, c in enumerate(contigs)]


WRITERS: dict[str, Callable[[list[str]], bytes]] = {
    "contig order": lambda contigs: fasta(shuffled(contigs)),
    "strand": lambda contigs: fasta(turned(contigs)),
    "case and line width": lambda contigs: fasta(mixed_case(contigs), width=61),
    "one line, DOS line ends": lambda contigs: fasta(contigs, 10**9, "\r\n"),
    "gzip members": lambda contigs: in_members(fasta(contigs)),
    "all of it": lambda contigs: in_members(
        fasta(mixed_case(turned(shuffled(contigs))), 70, "\r\n")
    ),
}


@pytest.mark.parametrize("writer", WRITERS)
@case(
    31,
    "every file of a run written in another order, strand, case or packing",
    "the same bytes of every result but the ledger, which has the checksums",
)
def test_m3_way_of_writing_changes_no_byte_of_the_distances(tmp_path: Path, cohort, writer):
    mine = cohort.copy(tmp_path / "outbreak")
    for name in CALLED:
        path = mine.folder / f"asm/{name}.fna.gz"
        contigs = [contig.decode() for contig in read_assembly(path, 10**6).contigs]
        content = WRITERS[writer](contigs)
        assert content != path.read_bytes()
        path.write_bytes(content)
    pipeline = mine.pipeline(mine.work, [mine.line_of[name] for name in NAMES])
    pipeline.call()
    pipeline.count()
    assert len(stamps(mine.work)) == len(stamps(cohort.work)) + 2 * len(CALLED)  # called anew
    assert distances(pipeline.results) == distances(cohort.results)
    if writer == "all of it":
        pipeline.infer()
        pipeline.judge()
        mine, all_of_it = contents(pipeline.results), contents(cohort.results)
        assert {name for name in mine if mine[name] != all_of_it.get(name)} == OF_THE_FILES
        assert mine.keys() == all_of_it.keys()


# --- M9: all the same --------------------------------------------------------------------------


@case(38, "one genome under every name", "0 SNPs everywhere and a report")
def test_m9_isolates_that_are_all_identical_give_zeros_and_a_report(tmp_path: Path, cohort):
    """The same genome under every name, each written in another way."""
    mine = cohort.copy(tmp_path / "outbreak")
    source = mine.folder / "asm/CTX-near.fna.gz"
    contigs = [contig.decode() for contig in read_assembly(source, 10**6).contigs]
    for name, writer in zip(CALLED, WRITERS.values(), strict=False):
        (mine.folder / f"asm/{name}.fna.gz").write_bytes(writer(contigs))
    results = mine.run(mine.work, CALLED)
    pairs = pairs_by_name(results)
    among = [row for pair, row in pairs.items() if set(pair) <= set(CALLED)]
    assert len(among) == len(CALLED) * (len(CALLED) - 1) / 2
    assert {(row["snps"], row["snps_raw"]) for row in among} == {("0", "0")}
    for reference in {row["reference"] for row in pairs.values()}:
        to_isolates = [
            row for pair, row in pairs.items() if reference in pair and {*pair} & {*CALLED}
        ]
        assert len({row["snps"] for row in to_isolates}) == 1
    assert {row["snp_0"] for row in rows(results / "clusters.tsv")} == {"1"}
    assert (results / "report.html").exists()
    assert read_json(results / "verdict.json")["verdict"] != "multiple_clones"
