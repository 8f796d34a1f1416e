"""A simulated outbreak of hundreds of isolates of small genomes, for what must stay fast."""

from pathlib import Path

import numpy as np

from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.fasta import read_assembly
from oneclone.tables.simulated_folder import write_outbreak

BASES = np.frombuffer(b"ACGT", dtype=np.uint8)
CITIES = (
    ("Mexico", "19.43", "-99.13"),
    ("Colombia", "4.71", "-74.07"),
    ("United States", "29.76", "-95.37"),
    ("Brazil", "-23.55", "-46.63"),
)
MOST_SNPS = 40
SEED = 7

Row = dict[str, str]


def write_large_outbreak(
    folder: Path, isolates: int, assemblies: int, genome_bp: int = 30_000
) -> Path:
    """Write a point source, and as many descendants of its context isolates as are wanted.

    Parameters
    ----------
    folder
        Folder to write to.
    isolates
        Rows of the isolate table that have an assembly.
    assemblies
        Greatest number of further assemblies; when there are fewer than isolates, several isolates
        have the same, which costs no calls.
    genome_bp
        Length of the genomes.

    Returns
    -------
    Path
        The isolate table; the panel lies beside it in `panel`.
    """
    settings = SimulationSettings(1, genome_bp, 4)
    write_outbreak(folder, simulate(scenario(ScenarioName.POINT_SOURCE, genome_bp), settings))
    table = folder / "isolates.tsv"
    header, *lines = table.read_text("utf-8").splitlines()
    columns = header.split("\t")
    rows = [dict(zip(columns, line.split("\t"), strict=True)) for line in lines]
    parents = [row for row in rows if row["role"] == "context" and row["assembly"]]
    random = np.random.default_rng(SEED)
    wanted = isolates - sum(bool(row["assembly"]) for row in rows)
    made = [
        _descendant(folder, parents[number % len(parents)], number, random)
        for number in range(min(wanted, assemblies))
    ]
    rows += [_row(made[number % len(made)], number) for number in range(wanted)]
    lines = ["\t".join(row[column] for column in columns) for row in rows]
    table.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return table


def _descendant(folder: Path, parent: Row, number: int, random: np.random.Generator) -> Row:
    """Write the assembly of a descendant; return the row of its parent with it."""
    contigs = read_assembly(folder / parent["assembly"], 10_000_000).contigs
    assembly = f"{Path(parent['assembly']).parent}/descendant-{number:04}.fna"
    records = [f">{at}\n{_mutated(contig, random)}\n" for at, contig in enumerate(contigs)]
    (folder / assembly).write_text("".join(records))
    return {**parent, "assembly": assembly}


def _row(descendant: Row, number: int) -> Row:
    """Return the row of an isolate of a patient of its own."""
    country, latitude, longitude = CITIES[number % len(CITIES)]
    return {
        **descendant,
        "isolate": f"CTX-{number:04}",
        "patient": f"P{number:04}",
        "clinic": f"Hospital {country} {number % 12}",
        "collection_date": f"{2010 + number % 13}-{1 + number % 12:02}",
        "country": country,
        "latitude": latitude,
        "longitude": longitude,
    }


def _mutated(contig: bytes, random: np.random.Generator) -> str:
    """Return a contig with a few SNPs."""
    bases = np.frombuffer(contig, dtype=np.uint8).copy()
    places = random.integers(0, len(bases), int(random.integers(1, MOST_SNPS)))
    bases[places] = random.choice(BASES, len(places))
    return bases.tobytes().decode("ascii")
