"""Average nucleotide identity with skani (through pyskani)."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyskani

from oneclone.model.assessment import AniHit

MARKERS_FILE = "markers.bin"
SKETCH_SUFFIX = ".sketch"


def write_sketches(genomes: Iterable[tuple[str, Sequence[bytes]]], folder: Path) -> None:
    """Sketch genomes one by one and save the sketches, so that each search need not.

    Parameters
    ----------
    genomes
        Sha256 and contigs of each; only one at a time is held.
    folder
        Existing empty folder; it receives `markers.bin` and one `<sha256>.sketch` per genome.
    """
    database = pyskani.Database()
    for sha256, contigs in genomes:
        database.sketch(sha256, *contigs)
    database.save(folder)


def open_sketches(folder: Path) -> pyskani.Database:
    """Open the sketches that `write_sketches` wrote."""
    return pyskani.Database.load(folder)


def query(contigs: Sequence[bytes], sketches: pyskani.Database) -> tuple[AniHit, ...]:
    """Return the ANI of an assembly to each similar reference, sorted by sha256.

    References below about 80 % identity give no hit.
    """
    hits = sketches.query("isolate", *contigs)
    return tuple(
        sorted(
            (
                AniHit(hit.reference_name, 100 * hit.identity, 100 * hit.query_fraction)
                for hit in hits
            ),
            key=lambda hit: hit.reference,
        )
    )
