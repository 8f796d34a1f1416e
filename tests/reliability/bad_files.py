"""Write an assembly in every way in which a file comes that is none, or an odd one.

Every writer takes the path to write and the plain FASTA of a good assembly.
"""

import bz2
import gzip
import io
import json
import lzma
import os
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from tests.properties.engine import other_strand

Write = Callable[[Path, bytes], None]
OFFICE_DOCUMENT = "word/document.xml"
LONG_HEADER_BYTES = 10_000
BOMB_BASES = 100_000_000


def made_by(change: Callable[[bytes], bytes]) -> Write:
    """Return the writer of what a function makes of the plain FASTA."""

    def write(path: Path, plain: bytes) -> None:
        path.write_bytes(change(plain))

    return write


def holding(content: bytes) -> Write:
    """Return the writer of a content that has nothing to do with the good assembly."""
    return made_by(lambda _: content)


def packed(plain: bytes) -> bytes:
    return gzip.compress(plain, mtime=0)


def contigs(plain: bytes) -> list[tuple[str, str]]:
    """Return headers and sequences of a plain FASTA."""
    records = plain.decode().split(">")[1:]
    return [
        (head, body.replace("\n", ""))
        for head, _, body in (record.partition("\n") for record in records)
    ]


def fasta(records: Sequence[tuple[str, str]], width: int = 80) -> bytes:
    lines: list[str] = []
    for head, body in records:
        lines += [f">{head}", *(body[at : at + width] for at in range(0, len(body), width))]
    return ("\n".join(lines) + "\n").encode("latin-1")


def recorded(change: Callable[[list[tuple[str, str]]], list[tuple[str, str]]]) -> Write:
    """Return the writer of changed headers and sequences."""
    return made_by(lambda plain: fasta(change(contigs(plain))))


def first_bases(replacement: str, at: int = 2000) -> Write:
    """Return the writer that puts letters over bases of the first contig."""

    def change(records: list[tuple[str, str]]) -> list[tuple[str, str]]:
        (head, body), *rest = records
        return [(head, body[:at] + replacement + body[at + len(replacement) :]), *rest]

    return recorded(change)


# --- gzip --------------------------------------------------------------------------------------


def flipped(content: bytes, at: int) -> bytes:
    changed = bytearray(content)
    changed[at] ^= 0xFF
    return bytes(changed)


def members(plain: bytes) -> bytes:
    """Return gzip of several members, as bgzip writes it, with its empty last one."""
    cut = [plain[at : at + 20_000] for at in range(0, len(plain), 20_000)]
    return b"".join(map(packed, [*cut, b""]))


def bomb(path: Path, _: bytes) -> None:
    path.write_bytes(packed(b">bomb\n" + b"A" * BOMB_BASES))


# --- archives ----------------------------------------------------------------------------------


def zipped(name: str) -> Write:
    def change(plain: bytes) -> bytes:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, plain)
        return held.getvalue()

    return made_by(change)


def tarred(plain: bytes) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        entry = tarfile.TarInfo("assembly.fasta")
        entry.size = len(plain)
        archive.addfile(entry, io.BytesIO(plain))
    return held.getvalue()


ARCHIVES: dict[str, Write] = {
    "zip": zipped("assembly.fasta"),
    "docx": zipped(OFFICE_DOCUMENT),
    "tar": made_by(tarred),
    "tar.gz": made_by(lambda plain: packed(tarred(plain))),
    "xz": made_by(lzma.compress),
    "bzip2": made_by(bz2.compress),
    "7z": made_by(lambda plain: b"7z\xbc\xaf\x27\x1c\x00\x04" + plain),
    "gzip in gzip": made_by(lambda plain: packed(packed(plain))),
}


# --- what is no file ---------------------------------------------------------------------------


def folder(path: Path, _: bytes) -> None:
    path.mkdir()


def pipe(path: Path, _: bytes) -> None:
    os.mkfifo(path)


def socket(path: Path, _: bytes) -> None:
    os.mknod(path, stat.S_IFSOCK | 0o600)


def device(path: Path, _: bytes) -> None:
    path.symlink_to("/dev/zero")


def link_beside(path: Path, plain: bytes) -> None:
    target = path.with_name("target of a link.fasta")
    target.write_bytes(plain)
    path.symlink_to(target.name)


def link_outside(path: Path, plain: bytes) -> None:
    target = path.parents[2] / "elsewhere.fasta"
    target.write_bytes(plain)
    path.symlink_to(target)


def link_to_nothing(path: Path, _: bytes) -> None:
    path.symlink_to("nothing")


def link_to_itself(path: Path, _: bytes) -> None:
    path.symlink_to(path.name)


# --- sequences ---------------------------------------------------------------------------------


def with_codes(share: int) -> Write:
    """Return the writer with an R or Y in place of every `share`-th base that it can mean."""

    def change(records: list[tuple[str, str]]) -> list[tuple[str, str]]:
        means = str.maketrans("AGCT", "RRYY")
        return [
            (head, "".join(b if i % share else b.translate(means) for i, b in enumerate(body, 1)))
            for head, body in records
        ]

    return recorded(change)


def rewritten(records: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return contigs in another order, every second on its other strand, under other names."""
    turned = [other_strand(body) if i % 2 else body for i, (_, body) in enumerate(records)]
    return [(f"node_{i}", body) for i, body in enumerate([*turned[1::2], *turned[::2]])]


def tiny(records: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return thousands of contigs of twenty bases."""
    pieces = [body[at : at + 20] for _, body in records for at in range(0, len(body), 20)]
    return [(f"piece_{number}", piece) for number, piece in enumerate(pieces)]


def foreign(path: Path, plain: bytes) -> None:
    """Write random bases, as many as the good assembly has."""
    length = sum(len(body) for _, body in contigs(plain))
    drawn = np.random.default_rng(5).choice(list("ACGT"), length)
    path.write_bytes(fasta([("another_species", "".join(drawn))]))


def copied(name: str) -> Write:
    """Return the writer that copies another file of the folder."""

    def write(path: Path, _: bytes) -> None:
        shutil.copy(path.with_name(name), path)

    return write


# --- other formats -----------------------------------------------------------------------------

FORMATS: dict[str, bytes] = {
    "FASTQ": b"@read/1\nACGT\n+\nIIII\n",
    "FASTQ.gz": packed(b"@read/1\nACGT\n+\nIIII\n"),
    "GenBank": b"LOCUS       CU458896   60000 bp    DNA     circular BCT\nORIGIN\n",
    "GFF3": b"##gff-version 3\nchr\t.\tgene\t1\t9\t.\t+\t.\tID=a\n",
    "EMBL": b"ID   CU458896; SV 1; circular; genomic DNA; STD; PRO; 60000 BP.\n",
    "SAM": b"@HD\tVN:1.6\n@SQ\tSN:chr\tLN:60000\n",
    "BAM": packed(b"BAM\1\0\0\0\0"),
    "VCF": b"##fileformat=VCFv4.2\n#CHROM\tPOS\n",
    "web page": b"<!DOCTYPE html>\n<html><title>502 Bad Gateway</title></html>\n",
    "JSON": json.dumps({"error": "no such assembly"}).encode(),
    "error text": b"404: Not Found\n",
    "Git LFS pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
}
