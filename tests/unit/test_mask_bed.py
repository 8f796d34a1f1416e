"""The panel's mask."""

from pathlib import Path

import pytest

from oneclone.errors import InputRefused
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
        ("chr\t5", "line 1: a BED line needs contig, start and end"),
        ("chr\t5\tx", "line 1: a BED line needs contig, start and end"),
        ("absent\t5\t9", "line 1: contig 'absent' is in no reference of the panel"),
        ("chr\t9\t9", "line 1: region 9-9 does not lie inside contig 'chr' of 1000 bases"),
        ("chr\t9\t1001", "line 1: region 9-1001 does not lie inside contig 'chr'"),
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
