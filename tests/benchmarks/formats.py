"""Read what the rivals print: distances, differences and the bases they compared."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

import numpy as np
from Bio import SeqIO
from numpy.typing import NDArray

from oneclone.model.pairs import ordered
from oneclone.validation.accuracy import Counted, Pair
from tests.integration.workflow import rows

BASES = frozenset("ACGT")
END_BP = 500  # near an end of a contig
DISTANCE_COLUMN = 5  # of show-snps: to the nearest end of either sequence
Alleles = dict[tuple[str, int], str]  # of (contig, 1-based position) of the reference
Depth = dict[str, NDArray[np.int64]]  # alignments per position, by contig of the reference


def read_compare(path: Path, column: str) -> dict[Pair, Counted]:
    """Return the distances of `oneclone compare`; pairs without a count are left out."""
    return {
        ordered(row["isolate_a"], row["isolate_b"]): Counted(
            int(row[column]), int(row["callable_bp"])
        )
        for row in rows(path)
        if row[column]
    }


def read_ska(path: Path) -> dict[Pair, Counted]:
    """Return the SNPs of `ska distance`; compared are the split k-mers that both genomes have."""
    return {
        ordered(row["Sample 1"], row["Sample 2"]): Counted(
            int(row["SNPs"]), int(row["Matches"]) + int(row["SNPs"])
        )
        for row in rows(path)
    }


def read_mblocks(path: Path, names: Mapping[str, str]) -> dict[Pair, int]:
    """Return differences per pair in parsnp's SNP alignment; `names` by file name."""
    sequences = {
        names[record.description]: _letters(str(record.seq))
        for record in SeqIO.parse(path, "fasta")
        if record.description in names
    }
    return {
        ordered(one, two): int(
            (_are_bases(first, second) & (first != second)).sum()  # an N is no difference
        )
        for (one, first), (two, second) in combinations(sequences.items(), 2)
    }


def xmfa_blocks(path: Path) -> Iterator[dict[int, str]]:
    """Give the blocks of a parsnp alignment: aligned sequence by number of the genome."""
    block: dict[int, list[str]] = {}
    lines: list[str] = []
    for line in path.read_text("ascii").splitlines():
        if line.startswith("="):
            yield {number: "".join(parts) for number, parts in block.items()}
            block = {}
        elif line.startswith(">"):
            lines = block.setdefault(int(line[1:].partition(":")[0]), [])
        elif not line.startswith("#"):
            lines.append(line)


def xmfa_genomes(path: Path) -> dict[int, str]:
    """Return the file names of a parsnp alignment by number."""
    found: dict[int, str] = {}
    number = 0
    for line in path.read_text("ascii").splitlines():
        if line.startswith("##SequenceIndex"):
            number = int(line.split()[1])
        elif line.startswith("##SequenceFile"):
            found[number] = line.split(maxsplit=1)[1]
        elif line.startswith(">"):
            break
    return found


def count_aligned(path: Path, names: Mapping[str, str]) -> dict[Pair, int]:
    """Return the columns of a parsnp alignment in which both genomes of a pair have a base."""
    genomes = {n: names[file] for n, file in xmfa_genomes(path).items() if file in names}
    found = dict.fromkeys((ordered(*pair) for pair in combinations(genomes.values(), 2)), 0)
    for block in xmfa_blocks(path):
        sequences = {genomes[n]: _letters(text) for n, text in block.items() if n in genomes}
        for (one, first), (two, second) in combinations(sequences.items(), 2):
            found[ordered(one, two)] += int(_are_bases(first, second).sum())
    return found


def parse_show_snps(text: str, within_bp: int | None = None) -> Alleles:
    """Return the query's bases where they differ, of `show-snps -I -T -H`.

    `within_bp` keeps those at most so far from an end of either sequence.

    Examples
    --------
    >>> parse_show_snps("73\\tA\\tG\\t73\\t12\\t73\\t1\\t1\\tchr\\tcontig1\\n")
    {('chr', 73): 'G'}
    """
    found: Alleles = {}
    for line in text.splitlines():
        cells = line.split("\t")
        is_near = within_bp is None or int(cells[DISTANCE_COLUMN]) <= within_bp
        if is_near and {cells[1].upper(), cells[2].upper()} <= BASES:
            found[cells[-2], int(cells[0])] = cells[2].upper()
    return found


def parse_show_coords(text: str, lengths: Mapping[str, int]) -> Depth:
    """Return how many alignments cover each base of the reference, of `show-coords -T -H`."""
    changes = {name: np.zeros(length + 1, dtype=np.int64) for name, length in lengths.items()}
    for line in text.splitlines():
        cells = line.split("\t")
        start, end = sorted((int(cells[0]), int(cells[1])))
        changes[cells[-2]][start - 1] += 1
        changes[cells[-2]][end] -= 1
    return {name: change.cumsum()[:-1] for name, change in changes.items()}


def on_reference(one: tuple[Alleles, Depth], two: tuple[Alleles, Depth]) -> Counted:
    """Count the differences of two genomes that were aligned to one reference.

    Compared are the bases of the reference that exactly one alignment of either genome covers.
    """
    (first, first_depth), (second, second_depth) = one, two
    single = {name: (first_depth[name] == 1) & (second_depth[name] == 1) for name in first_depth}
    snps = sum(
        first.get(place) != second.get(place) and bool(single[place[0]][place[1] - 1])
        for place in first.keys() | second.keys()
    )
    return Counted(snps, sum(int(each.sum()) for each in single.values()))


def _letters(text: str) -> NDArray[np.uint8]:
    """Return a sequence as upper-case ASCII codes."""
    return np.frombuffer(text.upper().encode("ascii"), dtype=np.uint8)


def _are_bases(one: NDArray[np.uint8], two: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where both sequences have an unambiguous base."""
    bases = np.frombuffer(b"ACGT", dtype=np.uint8)
    return np.isin(one, bases) & np.isin(two, bases)
