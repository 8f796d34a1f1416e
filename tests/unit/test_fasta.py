"""Reading assemblies: what is accepted, and why the rest is not."""

import gzip
import os
import tracemalloc
from pathlib import Path

import pytest

from oneclone.errors import AssemblyRejected
from oneclone.tables.checksum import file_sha256
from oneclone.tables.fasta import read_assembly
from tests.reliability.trials import case

PLAIN = b">one first contig\nACGTAC\nGTTT\n>two\nGGCC\n"
CONTIGS = (b"ACGTACGTTT", b"GGCC")
LIMIT = 10_000


def gzipped(content: bytes) -> bytes:
    """Compress without a time stamp: a test's name must be the same in every process."""
    return gzip.compress(content, mtime=0)


def write(folder: Path, content: bytes, name: str = "assembly.txt") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def rejection(path: Path, limit: int = LIMIT) -> AssemblyRejected:
    with pytest.raises(AssemblyRejected) as caught:
        read_assembly(path, limit)
    return caught.value


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        gzipped(PLAIN),
        gzipped(PLAIN[:20]) + gzipped(PLAIN[20:]),
        gzipped(PLAIN) + b"\0" * 512,
        PLAIN.replace(b"\n", b"\r\n"),
        PLAIN.replace(b"\n", b"\r"),
        PLAIN.rstrip(b"\n"),
        b"\xef\xbb\xbf" + PLAIN,
        b"\n\n  " + PLAIN,
        b"; an old comment\n" + PLAIN,
        PLAIN.replace(b"ACGTAC", b"acgt AC\t"),
    ],
    ids=[
        "plain",
        "gzip",
        "several gzip members",
        "padded gzip",
        "DOS line ends",
        "old Mac line ends",
        "no final newline",
        "byte order mark",
        "leading blanks",
        "comment",
        "lower case and blanks",
    ],
)
def test_read_assembly_any_writing_gives_the_same_contigs(tmp_path: Path, content: bytes):
    path = write(tmp_path, content, "plain.gz")  # the name tells nothing
    assembly = read_assembly(path, LIMIT)
    assert assembly.contigs == CONTIGS
    assert assembly.names == ("one", "two")
    assert assembly.sha256 == file_sha256(path)


def test_read_assembly_gaps_become_n_and_iupac_codes_stay(tmp_path: Path):
    assembly = read_assembly(write(tmp_path, b">a\nAC-GT.RYN\n"), LIMIT)
    assert assembly.contigs == (b"ACNGTNRYN",)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"  \n\n", "empty_file"),
        (gzipped(PLAIN * 50)[:-9], "truncated_gzip"),
        (gzipped(PLAIN)[:-8] + b"\1\2\3\4\5\6\7\x08", "corrupt_gzip"),
        (b"PK\x03\x04rest", "unsupported_format"),
        (b"BZh91AY", "unsupported_format"),
        (b"\xff\xfe>\0a\0", "unsupported_format"),
        (b"@read1\nACGT\n+\nIIII\n", "fastq"),
        (b"LOCUS       NC_010397", "not_fasta"),
        (b"##fileformat=VCFv4.2\n", "not_fasta"),
        (b"<!doctype html><html>404</html>", "not_fasta"),
        (b'{"error": "not found"}', "not_fasta"),
        (b"version https://git-lfs.github.com/spec/v1\n", "not_fasta"),
        (b"ACGTACGT\n", "not_fasta"),
        (b">a\nAC\0GT\n", "not_fasta"),
        (b">a\nACGUACGU\n", "rna"),
        (b">a\nMKVLFEQ\n", "protein"),
        (b">a\nACGT*ACGT\n", "illegal_characters"),
        (b">a\nACGT12\n", "illegal_characters"),
        (b">a\n>b\nACGT\n", "empty_contig"),
        (b">a\n", "empty_contig"),
    ],
)
def test_read_assembly_what_is_no_assembly_is_rejected(tmp_path: Path, content: bytes, code: str):
    assert rejection(write(tmp_path, content)).code == code


@case(
    6,
    "the memory that a decompression bomb takes",
    "no more than a few times what the longest genome of the species would",
)
def test_read_assembly_decompression_bomb_stops_at_the_limit(tmp_path: Path):
    bomb = write(tmp_path, gzipped(b">a\n" + b"A" * 50_000_000))
    tracemalloc.start()
    found = rejection(bomb, limit=1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.code == "too_long"
    assert "1000000" in found.detail
    assert peak < 3_000_000


def test_read_assembly_thousands_of_empty_gzip_members_are_read(tmp_path: Path):
    content = gzipped(b"") * 10_000 + gzipped(PLAIN)
    assert read_assembly(write(tmp_path, content), LIMIT).contigs == CONTIGS


def test_read_assembly_what_a_message_quotes_is_harmless_to_a_terminal(tmp_path: Path):
    found = rejection(write(tmp_path, b">a\x1b[31m\x9b\nACGT*\x1b\n"))
    assert found.detail.isprintable()
    assert "contig 'a?[31m?'" in found.detail
    assert rejection(write(tmp_path, b"404\x1b[2J\n")).detail.isprintable()


def test_read_assembly_folder_and_pipe_are_rejected_without_blocking(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    assert rejection(tmp_path).code == "not_a_file"
    assert rejection(tmp_path / "pipe").code == "not_a_file"


def test_read_assembly_missing_file_is_rejected(tmp_path: Path):
    assert rejection(tmp_path / "absent").code == "unreadable_file"
