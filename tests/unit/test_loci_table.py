"""The marker loci of a panel: what is read, and every way to get a row wrong."""

from pathlib import Path

import pytest

from oneclone.errors import InputRefused
from oneclone.model.loci import LocusKind
from oneclone.tables.fasta import Assembly
from oneclone.tables.loci_table import COLUMNS, read_loci

GENE = b"ATGGACTGGTAA"  # Met Asp Trp stop
REFERENCE = Assembly("", ("chr", "plasmid"), (b"CC" + GENE + b"GG", b"TTACCAGTCCAT" + b"A"))
SITE = {
    "locus": "s",
    "gene": "g",
    "kind": "site",
    "contig": "chr",
    "start": "6",
    "end": "6",
    "strand": "+",
    "reference_allele": "G",
    "variants": "A, C",
    "reference_meaning": "as the reference",
    "variant_meaning": "changed",
    "citation": "a study",
}
CODON = {**SITE, "locus": "c", "kind": "codon", "end": "8", "reference_allele": "GAC"}
CODON["variants"] = "Asn,GGC"
WHOLE = {**SITE, "locus": "w", "kind": "gene", "start": "3", "end": "14"}
WHOLE |= {"reference_allele": "", "variants": "", "truncated_meaning": "cut"}
OTHER = {**WHOLE, "locus": "o", "contig": "plasmid", "start": "1", "end": "12", "strand": "-"}


def table(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "loci.tsv"
    lines = ["\t".join(row.get(column, "") for column in COLUMNS) for row in rows]
    path.write_text("\n".join(["\t".join(COLUMNS), *lines]) + "\n")
    return path


def problems(folder: Path, *rows: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(InputRefused) as refused:
        read_loci(table(folder, *rows), REFERENCE)
    return refused.value.problems


def test_read_loci_places_are_on_the_concatenated_reference(tmp_path):
    site, codon, whole, other = read_loci(table(tmp_path, SITE, CODON, WHOLE, OTHER), REFERENCE)
    assert (site.position, site.start, site.end, site.variants) == (6, 5, 6, ("A", "C"))
    assert (codon.kind, codon.start, codon.end) == (LocusKind.CODON, 5, 8)
    assert (whole.start, whole.end, whole.reverse) == (2, 14, False)
    assert (other.contig, other.position) == ("plasmid", 1)
    assert (other.start, other.end, other.reverse) == (16, 28, True)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({**SITE, "contig": "chrX"}, "contig 'chrX' is not in the species reference, whose"),
        ({**SITE, "start": "17", "end": "17"}, "place 17-17 does not lie inside contig 'chr'"),
        ({**SITE, "start": "0", "end": "0"}, "place 0-0 is none; start is 1 or more"),
        ({**SITE, "start": "x"}, "start 'x' and end '6' must be whole numbers"),
        ({**SITE, "reference_allele": "T"}, "'T', but the reference has 'G' at chr:6 on strand +"),
        ({**SITE, "strand": "-"}, "but the reference has 'C' at chr:6 on strand -"),
        ({**SITE, "kind": "snp"}, "kind 'snp' is none of site, codon, gene"),
        ({**SITE, "citation": " "}, "column 'citation' is empty"),
        ({**SITE, "locus": ""}, "column 'locus' is empty"),
        ({**SITE, "strand": "1"}, "strand '1' is neither + nor -"),
        ({**SITE, "end": "7"}, "a site is one base, 6-7 is 2"),
        ({**SITE, "variants": ""}, "column 'variants' is empty"),
        ({**SITE, "variants": "G"}, "variant 'G' is the base or codon of the reference itself"),
        ({**SITE, "variants": "R"}, "variant 'R' must be A, C, G or T"),
        ({**CODON, "variants": "GAC"}, "variant 'GAC' is the base or codon of the reference"),
        ({**CODON, "variants": "Asn,Asp"}, "variant 'Asp' is the amino acid of the reference"),
        ({**CODON, "end": "9"}, "a codon is three bases, 6-9 is 4"),
        ({**CODON, "variants": "Asx"}, "variant 'Asx' must be a codon or like Asn"),
        ({**WHOLE, "truncated_meaning": ""}, "column 'truncated_meaning' is empty"),
        ({**WHOLE, "end": "13"}, "a gene is whole codons, 3-13 is 11 bases"),
        ({**WHOLE, "end": "11"}, "the gene has no stop codon at its end, or one before"),
        ({**WHOLE, "strand": "-"}, "the gene starts with TTA, no start codon"),
        ({**WHOLE, "variants": "A"}, "a gene has no reference_allele and no variants"),
    ],
)  # fmt: skip
def test_read_loci_each_problem_is_named_with_file_and_row(tmp_path, row, problem):
    found = problems(tmp_path, CODON, row) if row["locus"] != "c" else problems(tmp_path, row)
    number = 3 if row["locus"] != "c" else 2
    (named,) = [each for each in found if problem in each]
    assert named.startswith(f"{tmp_path / 'loci.tsv'} row {number}: ")


def test_read_loci_another_codon_of_the_same_amino_acid_may_be_catalogued(tmp_path):
    (codon,) = read_loci(table(tmp_path, {**CODON, "variants": "GAT"}), REFERENCE)
    assert codon.variants == ("GAT",)


def test_read_loci_all_problems_come_at_once(tmp_path):
    found = problems(tmp_path, {**SITE, "contig": "x", "kind": "y"}, {**SITE, "citation": ""})
    assert len(found) == 4
    repeated = "rows 2, 3: locus 's' appears 2 times; names must be unique"
    assert f"{tmp_path / 'loci.tsv'} {repeated}" in found
