"""An assembly through its link: canonical contigs, and a file that is not what was hashed."""

import hashlib

import pytest

from oneclone.errors import OnecloneError
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
