"""An assembly through its link: canonical contigs, and a file that is not what was hashed."""

import hashlib

import pytest

from oneclone.errors import AssemblyRejected, OnecloneError
from oneclone.tables.linked_assembly import read_linked_contigs

FASTA = b">a\nacgta\n>b\nTTGACCA\n"


def test_read_linked_contigs_are_canonical(tmp_path):
    link = tmp_path / hashlib.sha256(FASTA).hexdigest()
    link.write_bytes(FASTA)
    assert read_linked_contigs(link, 100) == (b"TGGTCAA", b"ACGTA")


def test_read_linked_contigs_a_changed_file_is_refused_by_name(tmp_path):
    link = tmp_path / hashlib.sha256(FASTA).hexdigest()
    link.write_bytes(FASTA.replace(b"TTGACCA", b"TTGACCC"))
    with pytest.raises(OnecloneError, match=f"{link}: the file changed since the run started"):
        read_linked_contigs(link, 100)


@pytest.mark.parametrize("content", [None, b"", b">a\nMKV*\n"])
def test_read_linked_contigs_what_became_no_assembly_is_not_that_content_rejected(
    tmp_path, content
):
    link = tmp_path / hashlib.sha256(FASTA).hexdigest()
    if content is not None:
        link.write_bytes(content)
    with pytest.raises(OnecloneError, match=f"{link}: the file changed since the run started"):
        read_linked_contigs(link, 100)


def test_read_linked_contigs_of_what_never_was_an_assembly_says_why(tmp_path):
    link = tmp_path / hashlib.sha256(b"@r\nACGT\n").hexdigest()
    link.write_bytes(b"@r\nACGT\n")
    with pytest.raises(AssemblyRejected, match="sequencing reads"):
        read_linked_contigs(link, 100)
