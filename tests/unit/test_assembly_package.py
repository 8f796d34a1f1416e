"""Zips of the archive, honest and hostile."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from oneclone.tables.assembly_package import PackagedAssembly, unpack_assembly
from oneclone.tables.zip_files import ZipDamaged, ZipRefused, open_zip
from tests.archive import fasta, package, report, zipped

ACCESSION = "GCF_000069185.1"
GENOME = f"ncbi_dataset/data/{ACCESSION}/{ACCESSION}_ASM1_genomic.fna"
CONTENT = fasta(1, bases=1000)


def unpack(folder: Path, content: bytes, max_bytes: int = 5000) -> PackagedAssembly:
    (folder / "package.zip").write_bytes(content)
    return unpack_assembly(folder / "package.zip", ACCESSION, folder / "target", max_bytes)


def test_unpack_assembly_writes_the_published_bytes_and_tells_what_they_are(tmp_path):
    found = unpack(tmp_path, package(ACCESSION, CONTENT))
    assert (tmp_path / "target").read_bytes() == CONTENT
    assert (found.organism, found.strain) == ("Mycobacteroides abscessus", "ATCC 19977")
    assert (found.status, found.notices, len(found.md5)) == ("current", (), 32)


def test_unpack_assembly_what_the_archive_leaves_out_is_said(tmp_path):
    found = unpack(tmp_path, package(ACCESSION, CONTENT, checksums=None, report=None))
    assert found.notices == (
        "the archive gave no md5 of the file",
        "the archive gave no data report",
    )
    assert (found.md5, found.organism, found.status) == ("", "", "")


def test_unpack_assembly_suppressed_and_replaced_ones_are_said(tmp_path):
    line = report(ACCESSION, assemblyStatus="suppressed", suppressionReason="conta\tminated")
    line["currentAccession"] = "GCF_000069185.2"
    found = unpack(tmp_path, package(ACCESSION, CONTENT, report=json.dumps(line).encode()))
    assert found.status == "suppressed"
    assert found.notices == (
        "its status is 'suppressed' (conta minated)",
        "the archive has another version by now, GCF_000069185.2",
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (package(ACCESSION, CONTENT)[:-30], "cut or corrupt"),
        (package(ACCESSION, CONTENT)[:300], "cut or corrupt"),
        (b"", "cut or corrupt"),
        (package(ACCESSION, CONTENT, checksums=f"{'0' * 32}  {GENOME}\n".encode()), "md5"),
        (package(ACCESSION, CONTENT, report=b"{"), "not JSON"),
        (package(ACCESSION, CONTENT, report=b"[" * 100_000), "not JSON"),
    ],
)
def test_unpack_assembly_damaged_zip_is_worth_another_try(tmp_path, content, expected):
    with pytest.raises(ZipDamaged, match=expected):
        unpack(tmp_path, content)


def test_unpack_assembly_one_changed_byte_is_found(tmp_path):
    content = bytearray(package(ACCESSION, CONTENT))
    content[content.index(b"genomic.fna") + 60] ^= 1
    with pytest.raises(ZipDamaged):
        unpack(tmp_path, bytes(content))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (package("GCF_000069185.2", CONTENT), "holds GCF_000069185.2 instead"),
        (
            package(ACCESSION, CONTENT, report=json.dumps(report("GCF_9.1")).encode()),
            "data report in the answer is of GCF_9.1 instead",
        ),
        (zipped({"README.md": b"x"}), "holds no sequence"),
        (zipped({GENOME.replace("ASM1", "a"): b">a", GENOME: b">a"}), "2 files with its sequence"),
        (package(ACCESSION, fasta(1, bases=6000)), "more than 5000 bytes"),
        (zipped({GENOME: b">a\nA", "../../.bashrc": b"x"}), "leads out of it"),
        (zipped({GENOME: b">a\nA", "/etc/passwd": b"x"}), "leads out of it"),
        (zipped({GENOME: b">a\nA", "..\\..\\x": b"x"}), "leads out of it"),
        (zipped({GENOME: b">a\nA", "md5sum.txt": b"x" * (17 << 20)}), "more than 16777216 bytes"),
    ],
)
def test_unpack_assembly_wrong_or_hostile_zip_is_refused(tmp_path, content, expected):
    with pytest.raises(ZipRefused, match=expected):
        unpack(tmp_path, content)
    assert {path.name for path in tmp_path.iterdir()} <= {"package.zip", "target"}


def test_unpack_assembly_file_that_is_larger_than_the_zip_states_is_refused(tmp_path):
    bomb = bytearray(zipped({GENOME: b">a\n" + b"A" * 50_000}))
    size = (50_003).to_bytes(4, "little")
    while size in bomb:
        at = bomb.index(size)
        bomb[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises((ZipDamaged, ZipRefused)):
        unpack(tmp_path, bytes(bomb))
    assert (tmp_path / "target").stat().st_size <= 5000


def test_open_zip_two_files_of_one_name_and_encrypted_ones_are_refused(tmp_path):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened, pytest.warns(UserWarning):
        opened.writestr("a", b"1")
        opened.writestr("a", b"2")
    (tmp_path / "z").write_bytes(written.getvalue())
    with pytest.raises(ZipRefused, match="two files of one name"), open_zip(tmp_path / "z"):
        pass
    content = bytearray(zipped({"a": b"1"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "z").write_bytes(content)
    with pytest.raises(ZipRefused, match="'a' encrypted"), open_zip(tmp_path / "z"):
        pass
