"""Readers of zips from elsewhere: clone bundles, offline bundles, packages of the archive.

Mutated bytes of a zip rarely get past its checksums, so an input mostly replaces one file, or one
array, inside a sound zip.
"""

import contextlib
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from oneclone import bundled_clones
from oneclone.bundled_clones import read_clone_bundle
from oneclone.tables.assembly_bundle import read_bundle, unpack_from_bundle
from oneclone.tables.assembly_package import CHECKSUMS, REPORT, unpack_assembly
from oneclone.tables.clone_bundle import FORMAT, MANIFEST
from oneclone.tables.fetched_table import FetchedAssembly, file_name, write_fetched
from tests.soak.fuzzing.reader import Reader, chosen

ACCESSION = "GCF_000069185.1"
FASTA = b">CU458896.1 x\nACGTACGTAC\n"
MAX_SEED_BYTES = 1 << 14
MAX_BASES = 50_000
ZIP_WORDS = (
    b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"../x", b"/etc/x",
    b"..\\x", b"\xff\xff\xff\xff", b"\x93NUMPY\x01\0", b"\x93NUMPY\x02\0", b"'descr': '|O'", b"<i8",
    b"'fortran_order': True", b"(9999999999,)", b"(-1,)", b"null", b"NaN", b"1e999", b"[[[[[[[[",
    b'{"a":', b"\\ud800", b"true", b"-1", b"99999999999999999999",
)  # fmt: skip


class BundleReader(Reader):
    """The clone bundle, as `oneclone compare` reads it."""

    name = "bundle"
    max_bytes = 1 << 16
    words = (b"# clone bundle of oneclone, format 1\n", b"members/", b"plan/panel.json", *ZIP_WORDS)

    def __init__(self, folder: Path, run: Path) -> None:
        super().__init__(folder, run)
        self.zip = folder / "clones.zip"
        with zipfile.ZipFile(run / "clones.zip") as opened:
            self.sound = {name: opened.read(name) for name in opened.namelist()}
        del self.sound[MANIFEST]
        self.arrays = {
            (name, array): content
            for name in sorted(self.sound)
            if name.endswith(".npz")
            for array, content in unzipped(self.sound[name]).items()
        }
        # skani reads them in a process of its own, which is what holds there
        bundled_clones._check_sketches = lambda _: None
        self.places: list[Callable[[bytes], bytes]] = [
            lambda content: content,
            self._with_manifest,
            *(self._replacer(name) for name in sorted(self.sound)),
            *(self._array_replacer(*place) for place in self.arrays),
        ]

    def seeds(self) -> Iterable[bytes]:
        contents = [zipped(self.sound), self._manifest(self.sound)]
        contents += [self.sound[name] for name in sorted(self.sound)]
        contents += self.arrays.values()
        for number, content in enumerate(contents):
            if len(content) <= MAX_SEED_BYTES:
                yield bytes([number]) + content

    def read(self, data: bytes) -> None:
        number, content = chosen(data, len(self.places))
        self.zip.write_bytes(self.places[number](content))
        target = self.folder / "unpacked"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        read_clone_bundle(self.zip, target)

    def _replacer(self, name: str) -> Callable[[bytes], bytes]:
        return lambda content: self._bundle({**self.sound, name: content})

    def _array_replacer(self, name: str, array: str) -> Callable[[bytes], bytes]:
        held = {part: content for (file, part), content in self.arrays.items() if file == name}
        return lambda content: self._bundle({**self.sound, name: zipped({**held, array: content})})

    def _with_manifest(self, content: bytes) -> bytes:
        return zipped({MANIFEST: content, **self.sound})

    def _bundle(self, files: Mapping[str, bytes]) -> bytes:
        return zipped({MANIFEST: self._manifest(files), **files})

    def _manifest(self, files: Mapping[str, bytes]) -> bytes:
        lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
        return (f"# clone bundle of oneclone, format {FORMAT}\n" + "".join(lines)).encode()


class DownloadReader(Reader):
    """What `oneclone panel fetch` reads: packages of the archive, offline bundles."""

    name = "downloads"
    words = (b"accession", b"assemblyInfo", b"suppressed", b"md5", ACCESSION.encode(), *ZIP_WORDS)
    genome = f"ncbi_dataset/data/{ACCESSION}/{ACCESSION}_x_genomic.fna"

    def __init__(self, folder: Path, run: Path) -> None:
        super().__init__(folder, run)
        self.row = FetchedAssembly(
            ACCESSION, file_name(ACCESSION), hashlib.sha256(FASTA).hexdigest(), "", 10, 1, "M", "x",
            "current", "NCBI", "2026-01-01",
        )  # fmt: skip
        record = folder / "fetched.tsv"
        write_fetched(record, {ACCESSION: self.row})
        member = f"assemblies/{file_name(ACCESSION)}"
        self.bundle = MappingProxyType({"fetched.tsv": record.read_bytes(), member: FASTA})
        report = {
            "accession": ACCESSION,
            "organism": {"organismName": "M", "infraspecificNames": {"strain": "x"}},
            "assemblyInfo": {"assemblyStatus": "suppressed", "suppressionReason": "y"},
        }
        md5 = hashlib.md5(FASTA, usedforsecurity=False).hexdigest()
        sums = f"{md5}  {self.genome}\n".encode()
        self.package = MappingProxyType(
            {self.genome: FASTA, CHECKSUMS: sums, REPORT: json.dumps(report).encode()}
        )

    def seeds(self) -> Iterable[bytes]:
        contents = (zipped(self.bundle), zipped(self.package), *self.bundle.values())
        for number, content in enumerate((*contents, *self.package.values())):
            yield bytes([number]) + content

    def read(self, data: bytes) -> None:
        bundle, package = list(self.bundle), list(self.package)
        number, content = chosen(data, 2 + len(bundle) + len(package))
        path, target = self.folder / "given.zip", self.folder / "genome.fna"
        place = number - 2
        if number < 2:
            path.write_bytes(content)
        elif place < len(bundle):
            path.write_bytes(zipped({**self.bundle, bundle[place]: content}))
        else:
            path.write_bytes(zipped({**self.package, package[place - len(bundle)]: content}))
        if number == 0 or 0 <= place < len(bundle):
            if row := read_bundle(path).get(ACCESSION):
                unpack_from_bundle(path, row, target, MAX_BASES)
        else:
            unpack_assembly(path, ACCESSION, target, MAX_BASES)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files as they are."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as opened:
        for name, content in files.items():
            opened.writestr(zipfile.ZipInfo(name), content)
    return held.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip."""
    with contextlib.closing(zipfile.ZipFile(io.BytesIO(content))) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
