"""The cases of bad files: what each is, and what has to become of its isolate."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.reliability import bad_files as files
from tests.reliability.bad_files import Write, fasta, first_bases, holding, made_by, recorded
from tests.reliability.trials import case

GOOD_FILE = "CTX-mid"  # the isolate that the odd writings are writings of


@dataclass(frozen=True)
class FileCase:
    """A file, and the row of the ledger that it has to give.

    `detail` has to occur in the ledger's; `same` says that the genome is still that of the good
    file, so that every distance has to be the same too. An isolate without `code` is used.
    """

    number: int
    what: str
    write: Write
    code: str = ""
    detail: str = ""
    same: bool = True
    is_used: bool = False

    @property
    def name(self) -> str:
        return f"{self.number:02} {self.what}"

    @property
    def used(self) -> bool:
        return self.is_used or not self.code

    @property
    def outcome(self) -> str:
        if not self.used:
            return f"quarantined, `{self.code}`: {self.detail}"
        flag = f", flagged `{self.code}`: {self.detail}" if self.code else ""
        return f"used{', every distance as of the plain file' if self.same else ''}{flag}"

    @property
    def marked(self):
        """The case as a row of a parametrization, under the marker that documents it."""
        return pytest.param(self, marks=case(self.number, self.what, self.outcome), id=self.name)


def used(number: int, what: str, write: Write) -> FileCase:
    """Return a case that has to be read as the plain file is."""
    return FileCase(number, what, write)


def flagged(number: int, what: str, write: Write, code: str, detail: str, same=True) -> FileCase:
    """Return a case that is used, with a code in the ledger."""
    return FileCase(number, what, write, code, detail, same, is_used=True)


def out(number: int, what: str, write: Write, code: str, detail: str) -> FileCase:
    """Return a case whose isolate has to be quarantined."""
    return FileCase(number, what, write, code, detail, same=False)


def _lower(plain: bytes) -> bytes:
    return fasta([(head, body.lower()) for head, body in files.contigs(plain)])


CASES = (
    # --- packed files
    out(1, "gzip cut in the middle", made_by(lambda p: files.packed(p)[:9000]),
        "truncated_gzip", "the gzip stream ends too early; copy the file again"),
    out(1, "gzip that lacks its last bytes", made_by(lambda p: files.packed(p)[:-5]),
        "truncated_gzip", "the gzip stream ends too early; copy the file again"),
    out(2, "gzip with a wrong CRC", made_by(lambda p: files.flipped(files.packed(p), -8)),
        "corrupt_gzip", "the gzip stream is damaged"),
    out(2, "gzip with a damaged byte", made_by(lambda p: files.flipped(files.packed(p), 5000)),
        "corrupt_gzip", "the gzip stream is damaged"),
    used(3, "gzip in a file that is not named so", made_by(files.packed)),
    used(4, "gzip of several members", made_by(files.members)),
    *(out(5, f"{name} archive", write, "unsupported_format", hint) for (name, write), hint in zip(
        files.ARCHIVES.items(),
        ("zip archive (or an Office document); unpack it",
         "zip archive (or an Office document); unpack it",
         "a tar archive; unpack it", "a tar archive; unpack it", "compress with gzip instead",
         "compress with gzip instead", "7z; unpack it", "packed twice; unpack it once"),
        strict=True)),
    out(6, "decompression bomb, 97 kB that hold 100 MB", files.bomb,
        "too_long", "no genome of this species is that long"),
    # --- too little
    out(7, "0 bytes", holding(b""), "empty_file", "the file has 0 bytes"),
    out(7, "a header and nothing else", holding(b">contig_1\n"),
        "empty_contig", "contig 'contig_1' has a header but no sequence"),
    out(7, "blanks and line ends", holding(b" \n\t\n\n"),
        "empty_file", "the file holds only blanks"),
    out(8, "FASTA cut off in the middle of a record", made_by(lambda p: p[:20_000]),
        "too_short", "the species has at least 48000"),
    # --- no regular file
    out(11, "a folder", files.folder, "not_a_file", "a folder, pipe or device, not a file"),
    out(11, "a named pipe that nobody writes to", files.pipe,
        "not_a_file", "a folder, pipe or device, not a file"),
    out(11, "a socket", files.socket, "not_a_file", "a folder, pipe or device, not a file"),
    out(11, "an endless device", files.device,
        "not_a_file", "a folder, pipe or device, not a file"),
    used(12, "a symbolic link", files.link_beside),
    used(12, "a symbolic link out of the folder of the table", files.link_outside),
    out(12, "a symbolic link to nothing", files.link_to_nothing,
        "unreadable_file", "a link that leads nowhere"),
    out(12, "a symbolic link to itself", files.link_to_itself,
        "unreadable_file", "a link that leads nowhere"),
    # --- ways of writing text
    used(13, "DOS line ends", made_by(lambda p: p.replace(b"\n", b"\r\n"))),
    used(13, "line ends of old Macs", made_by(lambda p: p.replace(b"\n", b"\r"))),
    used(13, "no line end at the end", made_by(lambda p: p.rstrip(b"\n"))),
    used(13, "blanks at the ends of lines", made_by(lambda p: p.replace(b"\n", b" \t\n"))),
    used(14, "byte order mark of UTF-8", made_by(lambda p: b"\xef\xbb\xbf" + p)),
    out(14, "UTF-16", made_by(lambda p: p.decode().encode("utf-16")),
        "unsupported_format", "UTF-16 text; save it as plain text"),
    out(14, "UTF-16 without a mark", made_by(lambda p: p.decode().encode("utf-16-le")),
        "not_fasta", "the file is binary, not text"),
    used(14, "Latin-1 in headers", recorded(lambda r: [(f"{h} Zürich", b) for h, b in r])),
    used(15, "lower-case bases", made_by(_lower)),
    # --- letters
    flagged(16, "a few IUPAC codes", first_bases("RYKMSW"), "two_base_codes",
            "6 codes for two or three bases", same=False),
    out(16, "IUPAC codes in a tenth of the bases", files.with_codes(10),
        "too_ambiguous", "bases are ambiguous, more than 5 %"),
    FileCase(17, "a run of N", first_bases("N" * 200), same=False),
    flagged(17, "gaps written - and .", first_bases("--..--", at=3000), "gap_characters",
            "gaps ('-' or '.') that are read as N: 6", same=False),
    out(17, "a stop codon's * in the sequence", first_bases("*"),
        "illegal_characters", "holds the characters '*'"),
    out(17, "numbered lines", first_bases("61 "),
        "illegal_characters", "holds the characters '16'"),
    out(18, "RNA", made_by(lambda p: fasta([
        (head, body.replace("T", "U")) for head, body in files.contigs(p)])),
        "rna", "holds U; write DNA with T"),
    out(19, "protein", holding(fasta([("dnaA", "MKVLFEQARN" * 90)])),
        "protein", "contig 'dnaA' holds the letters 'EFLQ': protein, not DNA"),
    # --- other formats
    *(out(number, name, holding(files.FORMATS[name]), code, detail)
      for number, name, code, detail in (
        (20, "FASTQ", "fastq", "sequencing reads (FASTQ); assemble them first"),
        (20, "FASTQ.gz", "fastq", "sequencing reads (FASTQ); assemble them first"),
        (21, "GenBank", "not_fasta", "a GenBank record; export its sequence as FASTA"),
        (21, "GFF3", "not_fasta", "a GFF annotation; give the assembly itself"),
        (21, "EMBL", "not_fasta", "an EMBL record; export its sequence as FASTA"),
        (21, "SAM", "not_fasta", "aligned reads (SAM or BAM)"),
        (21, "BAM", "not_fasta", "aligned reads (SAM or BAM)"),
        (21, "VCF", "not_fasta", "a VCF of variants; give the assembly itself"),
        (22, "web page", "not_fasta", "a web page; the download failed"),
        (22, "JSON", "not_fasta", "JSON; the download failed"),
        (22, "error text", "not_fasta", "the file begins with '404: Not Found'"),
        (22, "Git LFS pointer", "not_fasta", "a Git LFS pointer; fetch the file behind it"),
      )),
    # --- contigs
    flagged(23, "one name for all contigs", recorded(lambda r: [("contig", b) for _, b in r]),
            "repeated_contig_names", "contigs with the name of an earlier one: "),
    used(24, "headers with pipes, commas, quotes and markup", recorded(
        lambda r: [(f"gi|{i}|,;'\"`$(x)<b>{{}}%s\\", b) for i, (_, b) in enumerate(r)])),
    used(24, "headers of 10 kB", recorded(
        lambda r: [(h + "x" * files.LONG_HEADER_BYTES, b) for h, b in r])),
    out(25, "> alone", holding(b">\n"), "empty_contig", "has a header but no sequence"),
    out(25, "sequence before the first header", made_by(lambda p: p.partition(b"\n")[2]),
        "not_fasta", "FASTA with '>' and the name of a contig"),
    used(25, "comment lines that begin with ;", made_by(lambda p: b"; one\n;two\n" + p)),
    out(26, "3000 contigs of 20 bases", recorded(files.tiny), "too_fragmented",
        "half of its bases lie in contigs of 20 bases or less"),
    used(26, "each contig on one line", made_by(lambda p: fasta(files.contigs(p), 10**9))),
    out(26, "a genome of many times the length", made_by(lambda p: p * 9),
        "too_long", "no genome of this species is that long"),
    # --- genomes
    out(27, "another species", files.foreign,
        "wrong_species", "no panel reference is similar enough"),
    flagged(30, "the same bytes under another name", files.copied(f"{GOOD_FILE}.fna.gz"),
            "identical_assembly", "the same genome as "),
    flagged(31, "the same genome in another order, on other strands, under other names",
            recorded(files.rewritten), "identical_assembly", "the same genome as "),
)  # fmt: skip


def numbered() -> Iterator[tuple[str, FileCase]]:
    """Give every case with the name of its file, which tells nothing of the content."""
    for number, each in enumerate(CASES):
        yield f"file {number}.fasta.gz", each
