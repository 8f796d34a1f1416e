"""Sets of assemblies on which oneclone and its rivals do the same work, with what is known."""

import csv
import gzip
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np

from oneclone.model.pairs import ordered
from oneclone.sequences import Codes, decode
from oneclone.simulation.drafts import Draft, closed, draft, true_differences
from oneclone.simulation.genomes import Genome, evolve, random_backbone
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import GC_PERCENT, SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.simulated_folder import write_outbreak
from oneclone.validation.accuracy import Pair, Truth
from tests.conftest import SHARED_DATA
from tests.integration.workflow import read_json, rows

DIVERGENCES = (0.1, 0.5, 1.0, 2.0, 4.0)  # per cent between the isolates and the reference
DIVERGED_BP = 1_000_000
CASES = ("PtA-CSF", "PtB-elbow", "PtC-kneeL", "PtC-kneeR")
LISTERIA_CURATED = "ATCC_BAA-679_Listeria_monocytogenes.reference.fna.gz"


@dataclass(frozen=True)
class Comparison:
    """Assemblies and a reference, FASTA plain or gzip.

    `truth` is exact; `published` are distances that others counted on the same isolates.
    `only_close`: pairwise aligners align the close pairs alone. `divergence` in per cent.
    """

    name: str
    title: str
    reference: Path
    assemblies: Mapping[str, Path]
    truth: Mapping[Pair, Truth] = field(default_factory=dict[Pair, Truth])
    published: Mapping[Pair, int] = field(default_factory=dict[Pair, int])
    only_close: bool = False
    divergence: float | None = None


@dataclass(frozen=True)
class Source:
    """A comparison to be had: `needs` names the folders of real data, `build` makes it."""

    name: str
    needs: tuple[str, ...]
    build: Callable[[Path], Comparison]

    @property
    def absent(self) -> list[str]:
        """Folders of real data that are not beside the repository."""
        return [name for name in self.needs if not (SHARED_DATA / name).is_dir()]


def read_truth(path: Path) -> dict[Pair, Truth]:
    """Return the true pairs of a truth.json by ordered names."""
    return {
        ordered(pair.get("a") or pair["first"], pair.get("b") or pair["second"]): Truth(
            pair["raw"], pair["clonal"], pair["shared_bp"]
        )
        for pair in read_json(path)["pairs"]
    }


def plain(path: Path, target: Path) -> Path:
    """Write a FASTA file, gzip or not, without compression; return where."""
    data = path.read_bytes()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
    return target


def sources() -> Iterator[Source]:
    """Give every comparison, the simulated ones first."""
    for percent in DIVERGENCES:
        yield Source(f"diverged-{percent:g}", (), _diverged(percent))
    yield Source("simulated-import", (), _simulated_import)
    yield Source("mabs-clinic", ("mabs-clinic",), _mabs_clinic)
    yield Source("mabs-v0153", ("mabs-v0153", "mabs-atcc19977"), _v0153)
    yield Source("listeria-cfsan10", ("listeria-cfsan10", "listeria-cfsan"), _cfsan)
    for one, two in (("L01", "L02"), ("L03", "L04"), ("L05", "L06")):
        yield Source(
            f"ringtrial-{one}-{two}",
            ("listeria-ringtrial10", "listeria-polishing", "listeria-cfsan"),
            _ringtrial(one, two),
        )
    yield Source("listeria-polishing", ("listeria-polishing",), _polishing)
    yield Source("brucella", ("brucella",), _brucella)
    yield Source("mgenitalium", ("mgenitalium",), _mgenitalium)


def _diverged(percent: float) -> Callable[[Path], Comparison]:
    """Return what simulates four isolates of one clone, some way from the reference."""

    def build(folder: Path) -> Comparison:
        random = np.random.default_rng(1)
        backbone = random_backbone(random, DIVERGED_BP, GC_PERCENT, DIVERGED_BP // 50_000)
        root = Genome(backbone.bases, backbone.bases)
        source = evolve(random, root, backbone, round(percent * DIVERGED_BP / 100))
        made: dict[str, tuple[Genome, Draft]] = {}
        for number in range(1, 5):
            genome = evolve(random, source, backbone, 25)
            made[f"isolate{number}"] = (genome, draft(random, genome, backbone, 25))
        reference = write_fasta(folder / "root.fna", closed(root).contigs)
        return Comparison(
            name=f"diverged-{percent:g}",
            title=f"simulated, {percent:g} % from the reference",
            reference=reference,
            assemblies={
                name: write_fasta(folder / f"{name}.fna", each.contigs)
                for name, (_, each) in made.items()
            },
            truth={
                (one, two): Truth(*true_differences(made[one], made[two], backbone))
                for one, two in combinations(sorted(made), 2)
            },
            divergence=percent,
        )

    return build


def write_fasta(path: Path, contigs: tuple[Codes, ...]) -> Path:
    """Write contigs as plain FASTA, one line each; return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f">contig{n}\n{decode(each)}\n" for n, each in enumerate(contigs, start=1))
    path.write_text(text, "ascii")
    return path


def _simulated_import(folder: Path) -> Comparison:
    """Simulate an outbreak in which one case took up a foreign stretch."""
    outbreak = simulate(
        scenario(ScenarioName.IMPORT, DIVERGED_BP), SimulationSettings(1, DIVERGED_BP, 25)
    )
    write_outbreak(folder, outbreak)
    names = (*CASES, "CTX-near", "CTX-mid")
    return Comparison(
        name="simulated-import",
        title="simulated, 3 kb imported by one case, 1 Mb",
        reference=folder / "panel/asm/MAS_TYPE.fna.gz",
        assemblies={name: folder / f"asm/{name}.fna.gz" for name in names},
        truth=_among(names, read_truth(folder / "truth.json")),
    )


def _mabs_clinic(_: Path) -> Comparison:
    """Return eight massiliense of the semi-real outbreak."""
    place = SHARED_DATA / "mabs-clinic"
    names = (*CASES, "CTX-eDCC30-0", "CTX-eDCC30-1", "CTX-DCC7-1", "CTX-DCC7-2")
    return Comparison(
        name="mabs-clinic",
        title="semi-real *M. abscessus*, 5 Mb",
        reference=place / "asm/MAS_TYPE.fna.gz",
        assemblies={name: place / f"asm/{name}.fna.gz" for name in names},
        truth=_among(names, read_truth(place / "truth.json")),
        only_close=True,
    )


def _v0153(_: Path) -> Comparison:
    """Return an isolate with 33 published SNPs, and the reference as a second assembly."""
    reference = SHARED_DATA / "mabs-atcc19977/GCA_000069185.1_ATCC19977.fna.gz"
    table = rows(SHARED_DATA / "mabs-v0153/V0153_vs_ATCC19977.tsv")
    snps = sum(row["type"] == "SNP" for row in table)
    return Comparison(
        name="mabs-v0153",
        title="*M. abscessus* V0153 and ATCC 19977",
        reference=reference,
        assemblies={
            "ATCC_19977": reference,
            "V0153": SHARED_DATA / "mabs-v0153/V0153_reconstructed.fna.gz",
        },
        truth={("ATCC_19977", "V0153"): Truth(snps, snps)},
    )


def _cfsan(_: Path) -> Comparison:
    """Return ten isolates rebuilt from the SNP matrix of a real outbreak."""
    place = SHARED_DATA / "listeria-cfsan10"
    with (place / "truth_distances.tsv").open(encoding="utf-8", newline="") as opened:
        header, *matrix = list(csv.reader(opened, delimiter="\t"))
    published = {
        ordered(row[0], name): int(cell)
        for row in matrix
        for name, cell in zip(header[1:], row[1:], strict=True)
        if name != row[0]
    }
    return Comparison(
        name="listeria-cfsan10",
        title="*L. monocytogenes* outbreak (CFSAN)",
        reference=SHARED_DATA / "listeria-cfsan/CFSAN023463.HGAP.draft.fna.gz",
        assemblies={name: place / f"{name}.fna.gz" for name in header[1:]},
        truth={pair: Truth(snps, snps) for pair, snps in published.items()},
        published=published,
        only_close=True,
    )


def _ringtrial(one: str, two: str) -> Callable[[Path], Comparison]:
    """Return what gives two drafts of a proficiency panel, with nucmer's published count."""

    def build(_: Path) -> Comparison:
        place = SHARED_DATA / "listeria-ringtrial10"
        files = {name: f"LC04-21-RV3-P64-{name}.fna.gz" for name in (one, two)}
        reference = SHARED_DATA / "listeria-polishing" / LISTERIA_CURATED
        if one == "L05":
            reference = SHARED_DATA / "listeria-cfsan/CFSAN023463.HGAP.draft.fna.gz"
        published = next(
            int(row["snps_unique_regions"])
            for row in rows(place / "measured_nucmer.tsv")
            if {row["a"], row["b"]} == set(files.values())
        )
        return Comparison(
            name=f"ringtrial-{one}-{two}",
            title=f"*L. monocytogenes* ring trial, {one} and {two}",
            reference=reference,
            assemblies={name: place / file for name, file in files.items()},
            published={(one, two): published},
        )

    return build


def _polishing(_: Path) -> Comparison:
    """Return one strain assembled three ways: no true difference."""
    place = SHARED_DATA / "listeria-polishing"
    stem = "ATCC_BAA-679_Listeria_monocytogenes"
    names = {"curated": "reference", "long-read": "ont", "low-quality": "lowqual"}
    return Comparison(
        name="listeria-polishing",
        title="one *L. monocytogenes* strain assembled three ways",
        reference=place / LISTERIA_CURATED,
        assemblies={name: place / f"{stem}.{kind}.fna.gz" for name, kind in names.items()},
        truth={pair: Truth(0, 0) for pair in combinations(sorted(names), 2)},
    )


def _brucella(_: Path) -> Comparison:
    """Return four genomes of two chromosomes; nobody knows the true distances."""
    place = SHARED_DATA / "brucella"
    names = ("abortus1", "abortus3", "melitensis-bv1", "melitensis-bv1b")
    return Comparison(
        name="brucella",
        title="*Brucella*, two chromosomes",
        reference=place / "Brucella_abortus1.fna.gz",
        assemblies={name: place / f"Brucella_{name}.fna.gz" for name in names},
    )


def _mgenitalium(_: Path) -> Comparison:
    """Return four small complete genomes; nobody knows the true distances."""
    place = SHARED_DATA / "mgenitalium"
    names = ("NC_000908", "NC_018495", "NC_018496", "NC_018497")
    return Comparison(
        name="mgenitalium",
        title="*M. genitalium*, complete genomes",
        reference=place / "NC_000908.fna.gz",
        assemblies={name: place / f"{name}.fna.gz" for name in names},
    )


def _among(names: tuple[str, ...], truth: Mapping[Pair, Truth]) -> dict[Pair, Truth]:
    """Return the pairs of which both are named."""
    return {pair: true for pair, true in truth.items() if set(pair) <= set(names)}
