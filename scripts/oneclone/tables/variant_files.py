"""Calls as VCF (block-compressed, indexed) and BED."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
import pysam
from numpy.typing import NDArray

from oneclone.core import bases_at
from oneclone.model.calls import Calls, Intervals, Positions, ReferenceSequence
from oneclone.sequences import BASES, LETTERS, MISSING, Codes
from oneclone.tables.atomic import replacing, write_text
from oneclone.tables.core_files import CoreSite

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
    parts = (
        _records(sites[start : start + SITES_AT_ONCE], calls, reference)
        for start in range(0, len(sites), SITES_AT_ONCE)
    )
    _write_lines(path, _header(calls, reference.contigs), chain.from_iterable(parts))
    pysam.tabix_index(str(path), preset="vcf", force=True)


def write_core_vcf(
    path: Path,
    codes: Mapping[str, Codes],
    sites: Sequence[CoreSite],
    contigs: Iterable[tuple[str, int]],
) -> None:
    """Write the variable sites of a core alignment, without an index.

    Parameters
    ----------
    path
        File to write, ending in `.vcf.gz`.
    codes
        Bases at the sites by name, 4 where a base was not called; the samples in this order.
    sites
        Where the sites lie, sorted as on the reference.
    contigs
        Names and lengths of the reference's contigs.

    Notes
    -----
    Genotypes are those of `write_vcf`: a base that was not called is `.`, never the reference.
    """
    columns = np.stack(list(codes.values())).T if codes else np.zeros((0, 0), dtype=np.uint8)
    lines = (
        _line(site.contig, site.position, BASES.index(site.reference_base), column)
        for site, column in zip(sites, columns, strict=True)
    )
    _write_lines(path, _header(codes, contigs), lines)


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


def _write_lines(path: Path, header: str, lines: Iterable[str]) -> None:
    """Write a block-compressed VCF."""
    with replacing(path) as temporary, pysam.BGZFile(str(temporary), "wb", None) as opened:
        opened.write(header.encode())
        for line in lines:
            opened.write(line.encode())


def _header(names: Iterable[str], contigs: Iterable[tuple[str, int]]) -> str:
    """Return the header lines of a VCF."""
    header = pysam.VariantHeader()
    for name, length in contigs:
        header.add_line(f"##contig=<ID={name},length={length}>")
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
        yield _line(contig, position + 1, own, column)


def _line(contig: str, position: int, reference: int, bases: Codes) -> str:
    """Return the line of a site: its 1-based position, and the code of each sample."""
    alternatives = [code for code in np.unique(bases).tolist() if code not in {reference, MISSING}]
    alleles = _allele_names(reference, alternatives)
    fields = (
        contig,
        str(position),
        ".",
        _letter(reference),
        ",".join(map(_letter, alternatives)),
        ".",
        ".",
        ".",
        "GT",
        *alleles[bases].tolist(),
    )
    return "\t".join(fields) + "\n"


def _allele_names(reference: int, alternatives: list[int]) -> NDArray[np.str_]:
    """Return the genotype of each code: 0, 1, 2, 3 or a dot."""
    names = np.full(MISSING + 1, ".", dtype="<U1")
    for number, code in enumerate((reference, *alternatives)):
        names[code] = str(number)
    return names


def _letter(code: int) -> str:
    """Return the letter of a base."""
    return chr(LETTERS[code])
