"""Read an assembly: FASTA, plain or gzip by content, or a stated reason why it is not one."""

import hashlib
import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from Bio.SeqIO.FastaIO import SimpleFastaParser

from oneclone.errors import AssemblyRejected
from oneclone.model.assessment import Remark
from oneclone.tables.limits import MAX_CONTIGS

GZIP_MAGIC = b"\x1f\x8b"
# Small: each gzip member, and there may be thousands in a chunk, copies what is left of it.
CHUNK_BYTES = 1 << 14
NUCLEOTIDES = b"ACGTRYSWKMBDHVNacgtryswkmbdhvn"
GAPS = b"-."
COMMENTS = re.compile(rb"\A(?:;[^\r\n]*\s*)+")  # of old FASTA files
PROTEIN_ONLY = b"EFILPQZJOXefilpqzjox"

SUFFIXES = {".gz", ".fasta", ".fa", ".fna", ".fas"}

ALIGNED = "aligned reads (SAM or BAM); assemble the reads, or give the assembly itself"
# What a file that is no FASTA begins with, and what that tells.
FOREIGN_STARTS = (
    (b"@HD\t", "not_fasta", ALIGNED),
    (b"@SQ\t", "not_fasta", ALIGNED),
    (b"@PG\t", "not_fasta", ALIGNED),
    (b"BAM\1", "not_fasta", ALIGNED),
    (b"@", "fastq", "sequencing reads (FASTQ); assemble them first"),
    (b"LOCUS", "not_fasta", "a GenBank record; export its sequence as FASTA"),
    (b"ID   ", "not_fasta", "an EMBL record; export its sequence as FASTA"),
    (b"##gff", "not_fasta", "a GFF annotation; give the assembly itself"),
    (b"##fileformat=VCF", "not_fasta", "a VCF of variants; give the assembly itself"),
    (b"%PDF-", "not_fasta", "a PDF document; give the assembly itself"),
    (b"<", "not_fasta", "a web page; the download failed"),
    (b"{", "not_fasta", "JSON; the download failed"),
    (b"version https://git-lfs", "not_fasta", "a Git LFS pointer; fetch the file behind it"),
)
FOREIGN_CONTAINERS = (
    (b"PK\x03\x04", "a zip archive (or an Office document); unpack it"),
    (b"\xd0\xcf\x11\xe0", "an Office document; export the sequence as FASTA"),
    (b"Rar!", "a RAR archive; unpack it"),
    (b"BZh", "bzip2; compress with gzip instead"),
    (b"\xfd7zXZ\x00", "xz; compress with gzip instead"),
    (b"7z\xbc\xaf\x27\x1c", "7z; unpack it"),
    (b"\x28\xb5\x2f\xfd", "zstd; compress with gzip instead"),
    (b"\xff\xfe", "UTF-16 text; save it as plain text"),
    (b"\xfe\xff", "UTF-16 text; save it as plain text"),
)
TAR_MAGIC, TAR_MAGIC_AT = b"ustar", 257
SHOWN = 40  # letters of a file that a message quotes


@dataclass(frozen=True)
class Assembly:
    """Contigs of an assembly file, upper-case, gaps read as N, of which there were `gaps_bp`."""

    sha256: str
    names: tuple[str, ...]
    contigs: tuple[bytes, ...]
    gaps_bp: int = 0

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What is odd about the file and does no harm, in the order of the codes."""
        repeated = len(self.names) - len(set(self.names))
        found = (
            (self.gaps_bp, "gap_characters", "gaps ('-' or '.') that are read as N"),
            (repeated, "repeated_contig_names", "contigs with the name of an earlier one"),
        )
        return tuple(Remark(code, f"{what}: {count}") for count, code, what in found if count)


def assembly_name(path: Path) -> str:
    """Return a file's name without FASTA suffixes.

    Examples
    --------
    >>> assembly_name(Path("drafts/EGD-e.1.fna.gz"))
    'EGD-e.1'
    """
    name = path.name
    while Path(name).suffix in SUFFIXES and Path(name).stem:
        name = Path(name).stem
    return name


def read_assembly(path: Path, max_bases: int) -> Assembly:
    """Read an assembly file, plain or gzip as its content says.

    Parameters
    ----------
    path
        The file; its name tells nothing.
    max_bases
        Reading stops beyond this number of decompressed bytes, so that a decompression bomb
        or a wrong file costs bounded memory.

    Raises
    ------
    AssemblyRejected
        With a stable reason code, if the file is not an assembly.
    """
    _refuse_special_file(path)
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        content = _decompressed(opened, digest.update, max_bases)
    return _parse(content, digest.hexdigest())


def _refuse_special_file(path: Path) -> None:
    """Refuse what would block or fail on opening."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise AssemblyRejected("unreadable_file", f"cannot be opened: {error.strerror}") from error
    if not S_ISREG(mode):
        raise AssemblyRejected("not_a_file", "a folder, pipe or device, not a file")


def _decompressed(opened: BinaryIO, take_in: Callable[[bytes], object], max_bytes: int) -> bytes:
    """Return the plain content; `take_in` is given every byte of the file as stored."""
    first = opened.read(CHUNK_BYTES)
    take_in(first)
    if not first:
        raise AssemblyRejected("empty_file", "the file has 0 bytes")
    _refuse_container(first)
    chunks: list[bytes] = []
    size = 0
    unpack = _Gunzip() if first.startswith(GZIP_MAGIC) else None
    chunk = first
    while chunk:
        plain = unpack.feed(chunk, max_bytes + 1 - size) if unpack else chunk
        chunks.append(plain)
        size += len(plain)
        if size > max_bytes:
            raise AssemblyRejected(
                "too_long", f"more than {max_bytes} bases; no genome of this species is that long"
            )
        chunk = opened.read(CHUNK_BYTES)
        take_in(chunk)
    if unpack and not unpack.complete:
        raise AssemblyRejected(
            "truncated_gzip", "the gzip stream ends too early; copy the file again"
        )
    return b"".join(chunks)


def _refuse_container(start: bytes) -> None:
    """Refuse archives and other packed files by their beginning; nothing is unpacked."""
    found = [what for magic, what in FOREIGN_CONTAINERS if start.startswith(magic)]
    if start[TAR_MAGIC_AT:].startswith(TAR_MAGIC):
        found.append("a tar archive; unpack it")
    if found:
        raise AssemblyRejected("unsupported_format", f"the file is {found[0]}")


class _Gunzip:
    """Decompress a gzip stream of one or many members with a bound on the output."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self._started = False

    @property
    def complete(self) -> bool:
        """Whether the last member that was begun has ended."""
        return self._member.eof or not self._started

    def feed(self, data: bytes, max_bytes: int) -> bytes:
        """Return what `data` decompresses to, at most `max_bytes` of it."""
        parts: list[bytes] = []
        size = 0
        while data and size < max_bytes:
            if self._member.eof:
                data = data.lstrip(b"\0")  # padding between members and at the end
                if not data:
                    break
                self._member = zlib.decompressobj(wbits=31)
            self._started = True
            try:
                part = self._member.decompress(data, max_bytes - size)
            except zlib.error as error:
                raise AssemblyRejected(
                    "corrupt_gzip", f"the gzip stream is damaged ({error}); copy the file again"
                ) from error
            parts.append(part)
            size += len(part)
            data = self._member.unconsumed_tail or self._member.unused_data
        return b"".join(parts)


def _parse(content: bytes, sha256: str) -> Assembly:
    """Return the assembly in plain FASTA content."""
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not content:
        raise AssemblyRejected("empty_file", "the file holds only blanks")
    _refuse_container(content)  # one that was packed by gzip on top
    _refuse_foreign_text(content)
    content = COMMENTS.sub(b"", content, count=1)
    if not content.startswith(b">"):
        first = content[:SHOWN].decode("latin-1").partition("\n")[0]
        raise AssemblyRejected(
            "not_fasta",
            f"the file begins with {quoted(first)}, FASTA with '>' and the name of a contig",
        )
    if (contigs := 1 + content.count(b"\n>") + content.count(b"\r>")) > MAX_CONTIGS:
        raise AssemblyRejected(
            "too_fragmented", f"{contigs} contigs, more than {MAX_CONTIGS}; assemble the reads anew"
        )
    text = io.StringIO(content.decode("latin-1"), newline=None)
    records = list(SimpleFastaParser(text))
    names = tuple(title.split(maxsplit=1)[0] if title.split() else "" for title, _ in records)
    read = [
        _nucleotides(sequence, name) for name, (_, sequence) in zip(names, records, strict=True)
    ]
    gaps = sum(contig.count(gap) for contig in read for gap in (b"-", b"."))
    to_n = bytes.maketrans(GAPS, b"NN")
    return Assembly(sha256, names, tuple(each.upper().translate(to_n) for each in read), gaps)


def _refuse_foreign_text(content: bytes) -> None:
    """Refuse a file of another format by its beginning."""
    for start, code, what in FOREIGN_STARTS:
        if content.startswith(start):
            raise AssemblyRejected(code, f"the file looks like {what}")
    if content.startswith(GZIP_MAGIC):
        raise AssemblyRejected("unsupported_format", "the file is packed twice; unpack it once")
    if b"\0" in content:
        raise AssemblyRejected("not_fasta", "the file is binary, not text")


def quoted(text: str) -> str:
    r"""Return the beginning of a text that a file holds, harmless to table and terminal.

    Examples
    --------
    >>> quoted("contig\x1b[31m_1")
    "'contig?[31m_1'"
    """
    shown = "".join(letter if letter.isprintable() else "?" for letter in text[:SHOWN])
    return f"'{shown}'"


def _nucleotides(sequence: str, name: str) -> bytes:
    """Return the letters of a contig; refuse what is not nucleotide sequence."""
    letters = sequence.encode("latin-1").translate(None, delete=b" \t\v\f")
    contig = f"contig {quoted(name)}"
    if not letters:
        raise AssemblyRejected("empty_contig", f"{contig} has a header but no sequence")
    foreign = bytes(sorted(set(letters.translate(None, delete=NUCLEOTIDES + GAPS))))
    if foreign:
        shown = quoted(foreign[:10].decode("latin-1"))
        if set(foreign) <= set(b"Uu"):
            raise AssemblyRejected("rna", f"{contig} holds U; write DNA with T")
        if set(foreign) & set(PROTEIN_ONLY):
            raise AssemblyRejected(
                "protein", f"{contig} holds the letters {shown}: protein, not DNA"
            )
        raise AssemblyRejected(
            "illegal_characters",
            f"{contig} holds the characters {shown}; give a FASTA file of nucleotides alone",
        )
    return letters
