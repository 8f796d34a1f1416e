"""Calls as VCF and BED: places, genotypes, hard names."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pysam

from oneclone.intervals import from_flags
from oneclone.model.calls import Calls, Intervals, ReferenceSequence, no_calls
from oneclone.sequences import encode
from oneclone.tables.variant_files import write_bed, write_vcf

HARD_NAMES = ('say "A"', "it's", "=1+1", "Pt é", "a,b;c", "#x", "NA", "001", "{x} %s ${HOME}")
REFERENCE = ReferenceSequence(
    ("chr", "plasmid.1"), np.array([0, 10, 16]), encode(b"ACGTACGTACGGTTAA")
)


def calls_of(letters: str) -> Calls:
    """Return the calls that letters stand for; N is not callable."""
    codes = encode(letters.encode())
    flags = codes < 4
    positions = np.flatnonzero(flags & (codes != REFERENCE.codes))
    return replace(
        no_calls(), callable=from_flags(flags), positions=positions, bases=codes[positions]
    )


def test_write_vcf_places_alleles_and_missing_genotypes(tmp_path: Path):
    calls = {
        "reference-like": calls_of("ACGTACGTACGGTTAA"),
        "one": calls_of("TCGTACGTACGGTTAC"),
        "two": calls_of("NCGTACGTATAGTTAG"),
    }
    path = tmp_path / "variants.vcf.gz"
    write_vcf(path, calls, REFERENCE)
    with pysam.VariantFile(str(path)) as opened:
        assert list(opened.header.samples) == list(calls)
        assert {name: contig.length for name, contig in opened.header.contigs.items()} == {
            "chr": 10,
            "plasmid.1": 6,
        }
        records = [
            (record.chrom, record.pos, record.alleles, [s["GT"] for s in record.samples.values()])
            for record in opened
        ]
        fetched = [record.pos for record in opened.fetch("plasmid.1", 0, 2)]
    assert records == [
        ("chr", 1, ("A", "T"), [(0,), (1,), (None,)]),
        ("chr", 10, ("C", "T"), [(0,), (0,), (1,)]),
        ("plasmid.1", 1, ("G", "A"), [(0,), (0,), (1,)]),
        ("plasmid.1", 6, ("A", "C", "G"), [(0,), (1,), (2,)]),
    ]
    assert fetched == [1]


def test_write_vcf_keeps_hard_names_and_allows_no_difference(tmp_path: Path):
    same = calls_of("ACGTACGTACGGTTAA")
    path = tmp_path / "variants.vcf.gz"
    write_vcf(path, dict.fromkeys(HARD_NAMES, same), REFERENCE)
    with pysam.VariantFile(str(path)) as opened:
        assert list(opened.header.samples) == list(HARD_NAMES)
        assert not list(opened)
    write_vcf(path, {}, REFERENCE)
    with pysam.VariantFile(str(path)) as opened:
        assert not list(opened)


def test_write_bed_splits_intervals_at_contigs(tmp_path: Path):
    write_bed(tmp_path / "a.bed", Intervals(np.array([2, 8]), np.array([4, 13])), REFERENCE)
    assert (tmp_path / "a.bed").read_text() == "chr\t2\t4\nchr\t8\t10\nplasmid.1\t0\t3\n"
