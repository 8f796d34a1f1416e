"""The panel's mask."""

from pathlib import Path

import pytest

from oneclone.errors import InputRefused
from oneclone.tables.contig_names import read_aliases
from oneclone.tables.mask_bed import read_mask_bed

CONTIGS = {"sha-1": {"chr": 1000, "plasmid": 200}, "sha-2": {"other": 500, "twice": 10}}


def read(folder: Path, text: str, contigs=CONTIGS):
    path = folder / "mask.bed"
    path.write_text(text)
    return read_mask_bed(path, contigs)


def test_read_mask_bed_second_contig_starts_where_the_first_ends(tmp_path: Path):
    found = read(tmp_path, "# comment\ntrack name=x\nplasmid\t10\t20\nchr\t0\t5\tname\nchr 3 9\n")
    assert list(found) == ["sha-1"]
    assert found["sha-1"].starts.tolist() == [0, 1010]
    assert found["sha-1"].ends.tolist() == [9, 1020]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("chr\t5", "line 1: 'chr\t5' has 2 fields; a BED line needs contig, start and end"),
        ("chr\t5\tx", "line 1: start '5' and end 'x' must both be whole numbers"),
        ("chr\t-5\t9", "line 1: start '-5' and end '9' must both be whole numbers"),
        ("absent\t5\t9", "line 1: contig 'absent' is in no reference of the panel"),
        ("chr\t9\t9", "line 1: region 9-9 holds no base; the end must be greater"),
        ("chr\t9\t1001", "line 1: region 9-1001 does not lie inside contig 'chr' of 1000"),
        ("absent\t9\t5", "line 1: region 9-5 holds no base"),
        ("absent\t9\t5", "line 1: contig 'absent' is in no reference of the panel"),
    ],
)
def test_read_mask_bed_bad_lines_are_refused(tmp_path: Path, line, expected):
    with pytest.raises(InputRefused, match="mask.bed") as caught:
        read(tmp_path, line + "\n")
    assert expected in str(caught.value)


def test_read_mask_bed_contig_of_two_references_is_refused(tmp_path: Path):
    contigs = {"sha-1": {"chr": 10}, "sha-2": {"chr": 10}}
    with pytest.raises(InputRefused, match="contig 'chr' is in 2 references"):
        read(tmp_path, "chr\t0\t5\n", contigs)


def test_read_mask_bed_contig_may_be_named_by_its_alias(tmp_path: Path):
    path = tmp_path / "mask.bed"
    path.write_text("NC_2\t10\t20\nNC_1\t0\t5\nchr\t5\t9\n")
    found = read_mask_bed(path, CONTIGS, {"sha-1": read_aliases("NC_1=chr;plasmid=NC_2")})
    assert found["sha-1"].starts.tolist() == [0, 1010]
    assert found["sha-1"].ends.tolist() == [9, 1020]


def test_read_mask_bed_alias_of_another_reference_is_refused(tmp_path: Path):
    path = tmp_path / "mask.bed"
    path.write_text("NC_1\t0\t5\n")
    with pytest.raises(InputRefused, match="contig 'NC_1' is in no reference of the panel"):
        read_mask_bed(path, CONTIGS, {"sha-2": read_aliases("NC_1=chr")})


def test_read_mask_bed_alias_that_two_references_share_is_refused(tmp_path: Path):
    path = tmp_path / "mask.bed"
    path.write_text("NC_1\t0\t5\n")
    both = {"sha-1": read_aliases("NC_1=chr"), "sha-2": read_aliases("NC_1=other")}
    with pytest.raises(InputRefused, match="contig 'NC_1' is in 2 references"):
        read_mask_bed(path, CONTIGS, both)
