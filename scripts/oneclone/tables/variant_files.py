"""Calls as VCF (block-compressed, indexed) and BED."""

import re
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
# Section 1.4.7 of the VCF specification 4.3
CONTIG = re.compile(r"[0-9A-Za-z!#$%&+./:;?@^_|~-][0-9A-Za-z!#$%&*+./:;=?@^_|~-]*")
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
    names: Sequence[str],
    sites: Iterable[tuple[CoreSite, Codes]],
    contigs: Iterable[tuple[str, int]],
    note: str = "",
) -> None:
    """Write the variable sites of a core alignment, without an index.

    Parameters
    ----------
    path
        File to write, ending in `.vcf.gz`.
    names
        The samples, in the order of the codes.
    sites
        Where the sites lie, sorted as on the reference, each with the codes of the samples, 4
        where a base was not called.
    contigs
        Names and lengths of the reference's contigs.
    note
        What a line of the header says of the samples; nothing = no line.

    Notes
    -----
    Genotypes are those of `write_vcf`: a base that was not called is `.`, never the reference.
    """
    contigs = tuple(contigs)
    shown = contig_names([name for name, _ in contigs])
    lines = (
        _line(shown[site.contig], site.position, BASES.index(site.reference_base), codes)
        for site, codes in sites
    )
    _write_lines(path, _header(names, contigs, note), lines)


def write_bed(path: Path, intervals: Intervals, reference: ReferenceSequence) -> None:
    """Write intervals as BED: contig, 0-based start, end; none spans two contigs."""
    lines: list[str] = []
    shown = contig_names(reference.names)
    for name, (first, last) in zip(reference.names, pairwise(reference.offsets), strict=True):
        inside = (intervals.ends > first) & (intervals.starts < last)
        starts = np.maximum(intervals.starts[inside], first) - first
        ends = np.minimum(intervals.ends[inside], last) - first
        lines += [
            f"{shown[name]}\t{start}\t{end}\n"
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
    write_text(path, "".join(lines))


def contig_names(names: Sequence[str]) -> dict[str, str]:
    """Return what contigs are called in VCF and BED: as in the FASTA file, where VCF allows it.

    Others are called `contig_` and their number in the reference.

    Examples
    --------
    >>> contig_names(["CU458896.1", "<a>", "$(b)", "contig_2"])
    {'CU458896.1': 'CU458896.1', '<a>': 'contig_2_', '$(b)': 'contig_3', 'contig_2': 'contig_2'}
    """
    found: dict[str, str] = {}
    for number, name in enumerate(names, start=1):
        shown = name if CONTIG.fullmatch(name) else f"contig_{number}"
        while shown != name and shown in names:
            shown += "_"
        found[name] = shown
    return found


def _write_lines(path: Path, header: str, lines: Iterable[str]) -> None:
    """Write a block-compressed VCF."""
    with replacing(path) as temporary, pysam.BGZFile(str(temporary), "wb", None) as opened:
        opened.write(header.encode())
        for line in lines:
            opened.write(line.encode())


def _header(names: Iterable[str], contigs: Iterable[tuple[str, int]], note: str = "") -> str:
    """Return the header lines of a VCF."""
    header = pysam.VariantHeader()
    lengths = dict(contigs)
    for name, shown in contig_names(list(lengths)).items():
        header.add_line(f"##contig=<ID={shown},length={lengths[name]}>")
    header.add_line(GENOTYPE)
    if note:
        header.add_line(f"##oneclone={note}")
    for name in names:
        header.add_sample(name)
    return str(header)


def _records(
    sites: Positions, calls: Mapping[str, Calls], reference: ReferenceSequence
) -> Iterator[str]:
    """Give one line per site."""
    at_reference = reference.codes[sites]
    shown = contig_names(reference.names)
    bases = np.stack([bases_at(sites, each, at_reference) for each in calls.values()])
    for site, own, column in zip(sites.tolist(), at_reference.tolist(), bases.T, strict=True):
        contig, position = reference.locate(site)
        yield _line(shown[contig], position + 1, own, column)


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
