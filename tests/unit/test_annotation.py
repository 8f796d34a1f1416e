"""The annotation of a reference: which genes, named how, and what is refused."""

import gzip
from pathlib import Path

import pytest

from oneclone.errors import InputRefused
from oneclone.model.regions import Gene
from oneclone.regions import genes_between
from oneclone.tables.annotation import read_annotation
from oneclone.tables.contig_names import read_aliases

CONTIGS = {"chr.1": 1000, "plasmid": 200}
WHERE = "references.tsv row 2: annotation 'a.gff'"


def gff(*features: str) -> str:
    lines = [feature.replace(" ", "\t") for feature in features]
    return "\n".join(["##gff-version 3", *lines]) + "\n"


def read(folder: Path, content: str | bytes, contigs=CONTIGS):
    path = folder / "a.gff"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_annotation(path, contigs, WHERE)


def refusal(folder: Path, content: str | bytes) -> str:
    with pytest.raises(InputRefused) as caught:
        read(folder, content)
    (problem,) = caught.value.problems
    assert problem.startswith(WHERE)
    assert "leave the cell empty" in problem
    return problem


def test_read_annotation_genes_are_half_open_and_named_by_locus_tag_name_gene_id(tmp_path: Path):
    found = read(
        tmp_path,
        gff(
            "chr.1 x region 1 1000 . + . ID=whole;Name=whole",
            "chr.1 x gene 11 20 . + . ID=g1;Name=dnaA;locus_tag=MAB_1",
            "chr.1 x CDS 11 20 . + 0 ID=c1;Parent=g1;note=a=b",
            "plasmid x pseudogene 1 5 . - . ID=g4",
            "chr.1 x gene 31 40 . - . ID=g3;gene=recF",
            "chr.1 x gene 21 30 . - . ID=g2;Name=dnaN;gene=other",
        ),
    )
    assert found == {
        "chr.1": (Gene(10, 20, "MAB_1"), Gene(20, 30, "dnaN"), Gene(30, 40, "recF")),
        "plasmid": (Gene(0, 5, "g4"),),
    }


def test_read_annotation_file_without_genes_gives_coding_sequences_and_rna(tmp_path: Path):
    text = gff(
        "chr.1 x CDS 1 9 . + 0 ID=c;locus_tag=P_1",
        "chr.1 x tRNA 20 29 . + . ID=t;locus_tag=P_2",
        "chr.1 x repeat_region 40 50 . + . ID=r",
    )
    found = read(tmp_path, text + "##FASTA\n>chr.1\nACGT\n")
    assert [gene.name for gene in found["chr.1"]] == ["P_1", "P_2"]


@pytest.mark.parametrize("name", ["chr", "chr.1"])
def test_read_annotation_contigs_with_and_without_version(tmp_path: Path, name: str):
    assert list(read(tmp_path, gff(f"{name} x gene 1 9 . + . ID=g"))) == ["chr.1"]
    found = read(tmp_path, gff("chr.1 x gene 1 9 . + . ID=g"), {"chr": 1000})
    assert list(found) == ["chr"]


def test_read_annotation_gene_over_the_end_of_a_circle_goes_on_at_the_start(tmp_path: Path):
    found = read(tmp_path, gff("plasmid x gene 191 215 . + . ID=rep"))
    assert found == {"plasmid": (Gene(0, 15, "rep"), Gene(190, 200, "rep"))}


def test_read_annotation_gzip_is_told_by_content(tmp_path: Path):
    packed = gzip.compress(gff("chr.1 x gene 1 9 . + . ID=g").encode())
    assert read(tmp_path, packed)["chr.1"] == (Gene(0, 9, "g"),)
    assert "cannot be read" in refusal(tmp_path, packed[:-9])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (gff("other.1 x gene 1 9 . + . ID=g"), "contig 'other.1' is not in the reference"),
        (gff("chr.2 x gene 1 9 . + . ID=g", "x y gene 1 9 . + . ID=h"), "contig 'x'"),
        (gff("chr.1 x gene 1001 1010 . + . ID=g"), "'g' at 1001-1010 is outside 'chr.1'"),
        (gff("chr.1 x gene 1 9 . + ."), "line 2 has 8 columns, not 9"),
        (gff("chr.1 x gene one 9 . + . ID=g"), "not GFF3 (invalid literal"),
        (gff("chr.1 x gene 1 9 . + frame ID=g"), "not GFF3 (unknown value for phase column"),
        ("##gff-version 3\n", "no feature in the file"),
        (b"\xff\xfe\x00", "cannot be read"),
        (">chr\nACGT\n", "line 1 has 1 columns"),
    ],
)
def test_read_annotation_what_is_no_annotation_of_the_reference_is_refused(
    tmp_path: Path, content, expected
):
    assert expected in refusal(tmp_path, content)


def test_read_annotation_missing_file_is_refused_with_its_place(tmp_path: Path):
    with pytest.raises(InputRefused, match="does not exist") as caught:
        read_annotation(tmp_path / "absent.gff", CONTIGS, WHERE)
    assert str(tmp_path / "absent.gff") in str(caught.value)


def test_read_annotation_atcc_19977_has_its_genes_on_both_contigs(shared_data):
    path = shared_data("mabs-atcc19977") / "GCA_000069185.1.gff.gz"
    found = read_annotation(path, {"CU458896.1": 5_067_172, "CU458745.1": 23_319}, WHERE)
    assert {contig: len(genes) for contig, genes in found.items()} == {
        "CU458745.1": 22,
        "CU458896.1": 4970,
    }
    assert found["CU458896.1"][0] == Gene(0, 1476, "MAB_0001")
    # erm(41)
    assert "MAB_2297" in genes_between(found["CU458896.1"], 2_345_955, 2_346_476)
    assert genes_between(found["CU458896.1"], 1476, 2168) == ()


def test_read_annotation_contig_may_be_named_by_its_alias_with_or_without_version(tmp_path: Path):
    path = tmp_path / "a.gff"
    path.write_text(gff("NC_1.2 x gene 11 20 . + . ID=one", "NC_2 x gene 1 9 . + . ID=two"))
    found = read_annotation(path, CONTIGS, WHERE, read_aliases("chr.1=NC_1.2;plasmid=NC_2.1"))
    assert found == {"chr.1": (Gene(10, 20, "one"),), "plasmid": (Gene(0, 9, "two"),)}
    with pytest.raises(InputRefused, match="contig 'NC_1.2' is not in the reference"):
        read_annotation(path, CONTIGS, WHERE, read_aliases("plasmid=NC_2.1"))
