"""Readers of what a user writes: assemblies, isolate table, panel, configuration, candidates."""

import datetime
import gzip
from collections.abc import Iterable
from pathlib import Path

import yaml

from oneclone.errors import Problems
from oneclone.plan import read_settings
from oneclone.plan_input import _half_of_demo, _input_paths
from oneclone.registry.database import place_problem
from oneclone.sequences import canonical_contigs, canonical_sha256
from oneclone.tables.annotation import read_annotation
from oneclone.tables.candidate_list import _looks_like_fasta, read_candidates
from oneclone.tables.config_file import read_config_file, repeated_key_problems
from oneclone.tables.delimited import read_lines, read_table
from oneclone.tables.fasta import Assembly, read_assembly
from oneclone.tables.fetched_table import read_record
from oneclone.tables.isolate_table import (
    examine_isolate_table,
    isolate_rows,
)
from oneclone.tables.isolate_warnings import isolate_warnings
from oneclone.tables.loci_table import read_loci
from oneclone.tables.mask_bed import read_mask_bed
from oneclone.tables.panel_folder import examine_panel
from oneclone.tables.schemas import load_schema
from tests.soak.fuzzing.reader import Reader, chosen, numbered

ROOT = Path(__file__).resolve().parents[3]
DEMO = ROOT / "tests" / "data" / "demo"
PANEL = ROOT / "config" / "panels" / "mabscessus"
MAX_BASES = 50_000
LAST_DAY = datetime.date(2030, 1, 1)
TEXT_WORDS = (
    b"\t", b"\n", b"\r\n", b"\r", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80\xae",
    b"\xe2\x80\x8b", b"\xcc\x88", b"\xed\xa0\x80", b"$(id)", b"../../x", b"{b}", b"%s", b"=1+1",
    b"<script>", b"1e400", b"-1", b"99999999999999999999", b"nan", b"inf", b"NA", b"\xc2\xb2",
)  # fmt: skip
YAML_WORDS = (
    b"&a ", b"*a", b"<<: *a", b"!!python/object/apply:os.system", b"!!binary ", b"!!timestamp ",
    b"!!set", b"!!omap", b"2020-13-45", b"0x", b"1_0", b"190:20:30", b".inf", b"? ", b"---\n",
    b"...\n", b"|\n", b">-\n", b"[[[[[[[[", b"{{{{{{{{", b"- - - - ", b"null", b"~", b"%YAML 9.9\n",
)  # fmt: skip
SPECIES = Assembly(
    "0" * 64, ("c1", "c2"), (b"ATGAAATTTGGGCCCTAAACGTACGT" * 20, b"TTACATNNNNACGTACGTAC" * 9)
)
LOCI = """locus gene kind contig start end strand reference_allele variants reference_meaning \
variant_meaning truncated_meaning label citation note
s1 rrl site c1 1 1 + A C,G,T susceptible_genotype variant - s1 cited -
c1 erm codon c1 4 6 + AAA Asn,AAG reference variant - c1 cited -
g1 whib gene c1 1 18 + - - whole truncated truncated g1 cited -
"""
GFF = (
    "##gff-version 3\nc1\tx\tgene\t1\t18\t.\t+\t.\tID=g1;locus_tag=MAB_1\n"
    "c2\tx\tCDS\t3\t12\t.\t-\t0\tID=p1;Name=p%201\n"
)


class AssemblyReader(Reader):
    """FASTA, plain or gzip."""

    name = "assembly"
    max_bytes = 1 << 15
    words = (
        b">",
        b">c1 x\n",
        b";",
        b"\x1f\x8b\x08",
        b"ACGTN",
        b"-.",
        b"Uu",
        b"@",
        b"\r",
        *TEXT_WORDS,
    )

    def seeds(self) -> Iterable[bytes]:
        plain = b">c1 first\nACGTNRYK\nacgt-.\r\n>c2|x,'\"\nTTTT\n; comment\n"
        packed = gzip.compress(plain * 9, mtime=0)
        whole = (DEMO / "asm" / "PtA-CSF.fna.gz").read_bytes()
        yield from (
            plain,
            b"\xef\xbb\xbf; old\n" + plain,
            packed,
            packed + packed,
            packed + b"\0\0",
        )
        yield from (whole[: 1 << 14], gzip.decompress(whole)[: 1 << 14])
        yield from (
            b"@r\nACGT\n+\nFFFF\n",
            b"LOCUS x",
            b"<html>",
            b">p\nMKLVEFIPQ\n",
            b">r\nACGU\n",
        )

    def read(self, data: bytes) -> None:
        path = self.folder / "a.fna"
        path.write_bytes(data)
        _looks_like_fasta(path)
        assembly = read_assembly(path, MAX_BASES)
        assert sum(map(len, assembly.contigs)) <= MAX_BASES
        assert len(canonical_sha256(canonical_contigs(assembly.contigs))) == 64


class IsolateReader(Reader):
    """The isolate table."""

    name = "isolates"
    words = (
        b"isolate", b"assembly", b"role", b"case", b"context", b"source", b"patient", b"clinic",
        b"collection_date", b"latitude", b"longitude", b"2022-10-18", b"2022", b"2022-02-30",
        b"GCF_000069185.1", *TEXT_WORDS,
    )  # fmt: skip

    def seeds(self) -> Iterable[bytes]:
        yield (DEMO / "isolates.tsv").read_bytes()
        yield (DEMO / "isolates-later.tsv").read_bytes()
        header = "isolate\tassembly\trole\tpatient\tlatitude\tlongitude\tx\n"
        yield f"{header}Ä\ta\tcase\tA\t1.5\t-2\t\n".encode()

    def read(self, data: bytes) -> None:
        path = self.folder / "isolates.tsv"
        path.write_bytes(data)
        problems = Problems()
        table = examine_isolate_table(path, LAST_DAY, problems)
        problems.refuse()
        rows = [row.isolate for row in isolate_rows(table)]
        isolate_warnings(table, [row.name for row in rows], rows)


class PanelReader(Reader):
    """The tables of a panel; where one is tried, the others are those of a sound panel."""

    name = "panel"
    files = (
        "panel.yaml", "references.tsv", "background.tsv", "clones.tsv", "mask.bed", "loci.tsv",
        "a.gff3",
    )  # fmt: skip
    words = (
        b"type_strain", b"clone", b"thresholds", b"linked", b"substitution_rates",
        b"contig_aliases", b"c1=x;c2=y", b"within_10_percent", b"Asn", b"site", b"codon",
        b"gene", b"##FASTA", *TEXT_WORDS, *YAML_WORDS,
    )  # fmt: skip

    def __init__(self, folder: Path, run: Path) -> None:
        super().__init__(folder, run)
        self.sound = {name: (PANEL / name).read_bytes() for name in self.files[:4]}
        keys = yaml.safe_load(self.sound["panel.yaml"])
        fewer = {key: keys[key] for key in load_schema("panel")["required"]}
        self.sound["panel.yaml"] = yaml.safe_dump(fewer).encode()  # it is read each time
        for name, content in self.sound.items():
            (folder / name).write_bytes(content)

    def seeds(self) -> Iterable[bytes]:
        mask = b"# x\ntrack y\nc1\t1\t20\tname\nc2 0 5\nx\t3\t9\n"
        loci = LOCI.replace(" ", "\t").replace("\t-\t", "\t\t").replace("\t-\t", "\t\t").encode()
        gff = GFF.encode()
        yield from numbered([*self.sound.values(), mask, loci, gff])
        yield b"\0" + (PANEL / "panel.yaml").read_bytes()
        yield bytes([6]) + gzip.compress(gff, mtime=0)

    def read(self, data: bytes) -> None:
        number, content = chosen(data, len(self.files))
        name = self.files[number]
        path = self.folder / name
        path.write_bytes(content)
        try:
            self._read(path)
        finally:
            path.write_bytes(self.sound.get(name, b""))

    def _read(self, path: Path) -> None:
        contigs = {"s": dict(zip(SPECIES.names, map(len, SPECIES.contigs), strict=True))}
        aliases = (frozenset({"c1", "x"}),)
        if path.name == "mask.bed":
            read_mask_bed(path, contigs, {"s": aliases})
        elif path.name == "loci.tsv":
            read_loci(path, SPECIES)
        elif path.name == "a.gff3":
            read_annotation(path, contigs["s"], "references.tsv row 2", aliases)
        else:
            problems = Problems()
            examine_panel(self.folder, problems)
            problems.refuse()


class ConfigReader(Reader):
    """The configuration, as commands read it and as Snakemake hands it on."""

    name = "config"
    words = (
        b"isolates: ", b"panel: ", b"registry: ", b"thresholds: ", b"linked", b"seed", b"tree",
        b"true", *TEXT_WORDS, *YAML_WORDS,
    )  # fmt: skip

    def seeds(self) -> Iterable[bytes]:
        shipped = (ROOT / "config" / "config.yaml").read_bytes()
        plain = yaml.safe_dump(yaml.safe_load(shipped)).encode()
        yield from (shipped, plain, b"isolates: i.tsv\npanel: p\nthresholds: {linked: '5'}\n")

    def read(self, data: bytes) -> None:
        path = self.folder / "config.yaml"
        path.write_bytes(data)
        problems = Problems()
        problems.add(repeated_key_problems([path]))
        given = problems.attempt(read_config_file, path) or {}
        problems.attempt(read_settings, given)
        paths = _input_paths(given, self.folder, ROOT)
        _half_of_demo(paths, ROOT)
        for each in paths.values():
            problems.attempt(read_lines, each)
        if isinstance(registry := given.get("registry"), str):
            place_problem(self.folder / registry)
        problems.refuse()


class ListReader(Reader):
    """Candidates of a screen, and the record of fetched assemblies."""

    name = "lists"
    words = (b"isolate\tassembly", b"GCF_000069185.1", b">", b"current", *TEXT_WORDS)

    def seeds(self) -> Iterable[bytes]:
        columns = "accession file sha256 md5 bases contigs organism strain status source date"
        cells = (
            "GCF_000069185.1", "GCF_000069185.1.fna", "0" * 64, "0" * 32, "5067172", "2",
            "M. abscessus", "x", "current", "NCBI", "2026-01-01",
        )  # fmt: skip
        fetched = columns.replace(" ", "\t") + "\n" + "\t".join(cells) + "\n"
        yield from numbered([b"isolate\tassembly\nA\ta.fna\n", fetched.encode()])
        yield from (b"\0GCF_000069185.1\nGCA_000069185.1\n", b"\2a\tb\n1\t2\n")

    def read(self, data: bytes) -> None:
        number, content = chosen(data, 3)
        path = self.folder / "list"
        path.write_bytes(content)
        (read_candidates, read_record, lambda each: read_table(each, ()))[number](path)
