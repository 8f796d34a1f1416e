"""Calls as VCF (block-compressed, indexed) and BED."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pysam
from numpy.typing import NDArray

from oneclone.core import bases_at
from oneclone.model.calls import Calls, Intervals, Positions, ReferenceSequence
from oneclone.sequences import LETTERS, MISSING
from oneclone.tables.atomic import replacing, write_text

GENOTYPE = '##FORMAT=<ID=GT,Number=1,Type=String,Description="0 reference base, . not callable">'
SITES_AT_ONCE = 20_000  # so that a large cohort needs no matrix of all its sites


def write_vcf(path: Path, calls: Mapping[str, Calls], reference: ReferenceSequence) -> None:
    """Write the sites at which any isolate differs from the reference, and their index.

    Parameters
    ----------
    path
        File to write, ending in `.vcf.gz`; the tabix index goes beside it.
    calls
        Calls on the reference by name, the mask taken out; the samples in this order.
    reference
        The reference; POS is 1-based on its contigs.

    Notes
    -----
    Genotypes are haploid: 0 the reference base, 1 and up the alternatives, `.` not callable.
    """
    found = [each.positions for each in calls.values()]
    sites = np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)
    with replacing(path) as temporary, pysam.BGZFile(str(temporary), "wb", None) as opened:
        opened.write(_header(list(calls), reference).encode())
        for start in range(0, len(sites), SITES_AT_ONCE):
            for line in _records(sites[start : start + SITES_AT_ONCE], calls, reference):
                opened.write(line.encode())
    pysam.tabix_index(str(path), preset="vcf", force=True)


def write_bed(path: Path, intervals: Intervals, reference: ReferenceSequence) -> None:
    """Write intervals as BED: contig, 0-based start, end; none spans two contigs."""
    lines: list[str] = []
    for name, (first, last) in zip(reference.names, pairwise(reference.offsets), strict=True):
        inside = (intervals.ends > first) & (intervals.starts < last)
        starts = np.maximum(intervals.starts[inside], first) - first
        ends = np.minimum(intervals.ends[inside], last) - first
        lines += [
            f"{name}\t{start}\t{end}\n"
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
    write_text(path, "".join(lines))


def _header(names: list[str], reference: ReferenceSequence) -> str:
    """Return the header lines of a VCF."""
    header = pysam.VariantHeader()
    for name, (start, end) in zip(reference.names, pairwise(reference.offsets), strict=True):
        header.add_line(f"##contig=<ID={name},length={end - start}>")
    header.add_line(GENOTYPE)
    for name in names:
        header.add_sample(name)
    return str(header)


def _records(
    sites: Positions, calls: Mapping[str, Calls], reference: ReferenceSequence
) -> Iterator[str]:
    """Give one line per site."""
    at_reference = reference.codes[sites]
    bases = np.stack([bases_at(sites, each, at_reference) for each in calls.values()])
    for site, own, column in zip(sites.tolist(), at_reference.tolist(), bases.T, strict=True):
        contig, position = reference.locate(site)
        alternatives = [code for code in np.unique(column).tolist() if code not in {own, MISSING}]
        alleles = _allele_names(own, alternatives)
        fields = (
            contig,
            str(position + 1),
            ".",
            _letter(own),
            ",".join(map(_letter, alternatives)),
            ".",
            ".",
            ".",
            "GT",
            *alleles[column].tolist(),
        )
        yield "\t".join(fields) + "\n"


def _allele_names(reference: int, alternatives: list[int]) -> NDArray[np.str_]:
    """Return the genotype of each code: 0, 1, 2, 3 or a dot."""
    names = np.full(MISSING + 1, ".", dtype="<U1")
    for number, code in enumerate((reference, *alternatives)):
        names[code] = str(number)
    return names


def _letter(code: int) -> str:
    """Return the letter of a base."""
    return chr(LETTERS[code])
