"""Removed stretches by place, with genes, and as files."""

from pathlib import Path

from oneclone.model.regions import Gene, Removal
from oneclone.regions import genes_of, merge_by_place, region_name
from oneclone.tables.pair_table import write_stretches
from oneclone.tables.recombination_files import (
    BED_COLUMNS,
    read_removals,
    write_regions,
    write_removals,
)

GENES = {"REF": {"chr": (Gene(0, 150, "g1"), Gene(120, 180, "g2"), Gene(900, 990, "g3"))}}


def removal(first, second, start=100, end=200, snps=8, p=-6.0, reference="REF", suspicions=()):
    carriers = (second,)
    return Removal(first, second, reference, "chr", start, end, snps, 90, p, carriers, suspicions)


def test_merge_by_place_other_end_or_reference_is_another_region():
    removals = [
        removal("b", "c", snps=7),
        removal("a", "b", snps=9, p=-8.5, suspicions=("contig_end",)),
        removal("a", "c", end=201),
        removal("a", "c", reference="OTHER"),
    ]
    regions = merge_by_place(removals, GENES)
    assert regions == merge_by_place(removals[::-1], GENES)
    assert [(r.end, r.reference, r.pairs) for r in regions] == [
        (200, "OTHER", 1),
        (200, "REF", 2),
        (201, "REF", 1),
    ]
    both = regions[1]
    assert (both.carriers, both.max_snps, both.min_log10_p) == (("b", "c"), 9, -8.5)
    assert (both.suspicions, both.genes) == (("contig_end",), ("g1", "g2"))
    assert len({region_name(region) for region in regions}) == 3


def test_genes_of_no_annotation_is_not_the_same_as_no_gene():
    assert genes_of(removal("a", "b"), {}) is None
    assert genes_of(removal("a", "b", 180, 900), GENES) == ()
    assert genes_of(removal("a", "b", 179, 901), GENES) == ("g2", "g3")


def test_write_removals_keeps_what_was_counted_and_adds_genes(tmp_path: Path):
    both = ("a", "b; c")
    located = [
        Removal(*both, "REF", "chr", 100, 200, 56, 300, -90.25, both[1:], ("contig_end",)),
        Removal(*both, "REF", "chr", 300, 400, 9, 80, -9.0, both, ()),
    ]
    write_stretches(tmp_path / "s.tsv", located)
    removals = read_removals(tmp_path / "s.tsv")
    assert [each.carriers for each in removals] == [("b; c",), ("a", "b; c")]
    write_removals(tmp_path / "r.tsv", removals, GENES)
    before = (tmp_path / "s.tsv").read_text().splitlines()
    after = (tmp_path / "r.tsv").read_text().splitlines()
    assert after == [
        f"{before[0]}\tgenes",
        f"{before[1]}\tg1,g2",
        f"{before[2]}\tintergenic",
    ]
    write_removals(tmp_path / "r.tsv", removals, {})
    assert (tmp_path / "r.tsv").read_text().splitlines()[1] == f"{before[1]}\t"
    assert read_removals(tmp_path / "r.tsv") == removals


def test_write_regions_is_bed_with_bounded_scores_and_no_empty_field(tmp_path: Path):
    removals = [removal("a", "b", p=-6.04), removal("a", "c", 300, 900, p=-250.0)]
    write_regions(tmp_path / "r.bed", merge_by_place(removals, GENES))
    header, *lines = [x.split("\t") for x in (tmp_path / "r.bed").read_text().splitlines()]
    assert header == ["#contig", *BED_COLUMNS[1:]]
    assert all(cell for line in lines for cell in line)
    assert [line[:3] for line in lines] == [["chr", "100", "200"], ["chr", "300", "900"]]
    assert [line[4:8] for line in lines] == [["60", ".", "REF", "1"], ["1000", ".", "REF", "1"]]
    assert [line[8:] for line in lines] == [
        ["b", "8", "-6.0", ".", "g1,g2"],
        ["c", "8", "-250.0", ".", "intergenic"],
    ]
