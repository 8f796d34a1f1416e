"""Candidates of a screen: folders, tables, lists, and what is refused of them."""

import gzip
import os
import re
from pathlib import Path

import pytest

from oneclone.candidate_files import find_candidates, link_candidate
from oneclone.errors import InputRefused
from oneclone.tables.candidate_list import read_candidates
from oneclone.tables.checksum import file_sha256

FASTA = b">c1\nACGT\n"


def test_folder_gives_what_begins_as_fasta_or_is_named_so(tmp_path: Path):
    (tmp_path / "b.fna.gz").write_bytes(gzip.compress(FASTA))
    (tmp_path / "plain").write_bytes(FASTA)
    (tmp_path / "packed.bin").write_bytes(gzip.compress(b"\n" + FASTA))
    (tmp_path / "empty.fasta").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("not a genome")
    (tmp_path / "sums.gz.md5").write_bytes(b"\x1f\x8bbroken")
    (tmp_path / ".hidden.fna").write_bytes(FASTA)
    (tmp_path / "below.fna").mkdir()
    listed = read_candidates(tmp_path)
    found = {each.name: each.path for each in find_candidates(listed)}
    assert sorted(found) == ["b", "empty", "packed.bin", "plain"]
    assert found["b"] == tmp_path / "b.fna.gz"
    assert listed.skipped == 2


def test_folder_refuses_two_files_of_one_name_and_none_at_all(tmp_path: Path):
    with pytest.raises(InputRefused, match="no FASTA file in this folder"):
        read_candidates(tmp_path)
    for name in ("a.fna", "a.fasta.gz"):
        (tmp_path / name).write_bytes(FASTA)
    with pytest.raises(InputRefused, match="isolate 'a' appears 2 times"):
        read_candidates(tmp_path)


def test_table_keeps_its_metadata_and_its_paths_are_relative_to_it(tmp_path: Path):
    (tmp_path / "asm").mkdir()
    (tmp_path / "asm" / "x.fna").write_bytes(FASTA)
    table = tmp_path / "c.tsv"
    table.write_text("country\tassembly\tisolate\nPeru\tasm/x.fna\t X 1\n\t\tnone\n")
    listed = read_candidates(table)
    one, two = find_candidates(listed)
    assert (one.name, one.path, one.metadata) == (
        "X 1",
        tmp_path / "asm/x.fna",
        {"country": "Peru"},
    )
    assert (two.name, two.path) == ("none", None)
    assert listed.metadata_columns == ("country",)


def test_table_names_every_file_that_is_absent(tmp_path: Path):
    table = tmp_path / "c.tsv"
    table.write_text("isolate\tassembly\nA\ta.fna\nB\tb.fna\n")
    with pytest.raises(InputRefused) as refused:
        find_candidates(read_candidates(table))
    first, second = refused.value.problems
    assert "c.tsv row 2: assembly 'a.fna' does not exist" in first
    assert "c.tsv row 3: assembly 'b.fna' does not exist" in second


@pytest.mark.parametrize("is_table", [False, True])
def test_accessions_that_were_not_fetched_are_refused_with_the_command(tmp_path, is_table):
    path = tmp_path / "my list.txt"
    accessions = ["GCF_000000001.1", "GCA_000000002.3"]
    lines = ["isolate\tassembly", *(f"{a}\t{a}" for a in accessions)] if is_table else accessions
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(InputRefused) as refused:
        find_candidates(read_candidates(path))
    (problem,) = refused.value.problems
    assert f"run `oneclone panel fetch --candidates '{path}'`" in problem
    assert problem.endswith(", ".join(accessions))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("GCF_000000001\n", "line 1: 'GCF_000000001' has no version"),
        ("GCF_000000001.1\na.fna\n", "line 2: 'a.fna' is no assembly accession; a list holds"),
        (">c1\nACGT\n", "a FASTA file; give the folder"),
        ("isolate\tfile\nA\ta\n", "column 'assembly' is missing"),
        ("isolate\tassembly\nA\n", "row 2: 1 cells under 2 columns"),
        ("isolate\tassembly\n \tx\n", "row 2: the candidate has no name"),
        ("isolate\tassembly\nA\x07\tx\n", "holds a control character (code 7)"),
        ("GCF_000000001.1\nGCF_000000001.1\n", "appears 2 times"),
        ("isolate\tassembly\n", "no candidate"),
    ],
)
def test_wrong_list_is_refused(tmp_path: Path, text: str, says: str):
    path = tmp_path / "c.txt"
    path.write_text(text)
    with pytest.raises(InputRefused, match=re.escape(says)):
        read_candidates(path)


def test_link_of_the_run_stays_and_a_stale_one_is_renewed(tmp_path: Path):
    ours, theirs = tmp_path / "a.fna", tmp_path / "b.fna"
    for path in (ours, theirs):
        path.write_bytes(FASTA)
    sha256 = file_sha256(ours)
    link = link_candidate(tmp_path / "state/assemblies", sha256, ours)
    assert link_candidate(link.parent, sha256, theirs).readlink() == ours
    ours.write_bytes(FASTA + FASTA)
    assert link_candidate(link.parent, sha256, theirs).readlink() == theirs


def test_file_name_that_is_no_text_is_refused_and_shown(tmp_path: Path):
    (tmp_path / os.fsdecode(b"x\xff.fna")).write_bytes(FASTA)
    with pytest.raises(InputRefused, match=r"'x\\udcff' holds a control character"):
        read_candidates(tmp_path)
