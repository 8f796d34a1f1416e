"""Average nucleotide identity with skani (through pyskani)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyskani

from oneclone.model.assessment import AniHit

MARKERS_FILE = "markers.bin"
SKETCH_SUFFIX = ".sketch"


def write_sketches(references: Mapping[str, Sequence[bytes]], folder: Path) -> None:
    """Sketch reference assemblies and save the sketches, so that each isolate need not.

    Parameters
    ----------
    references
        Contigs by sha256 of the assembly.
    folder
        Existing folder; it receives `markers.bin` and one `<sha256>.sketch` per reference.
    """
    database = pyskani.Database()
    for assembly in sorted(references):
        database.sketch(assembly, *references[assembly])
    database.save(folder)


def query(contigs: Sequence[bytes], folder: Path) -> tuple[AniHit, ...]:
    """Return the ANI of an assembly to each similar reference, sorted by sha256.

    References below about 80 % identity give no hit.
    """
    database = pyskani.Database.load(folder)
    hits = database.query("isolate", *contigs)
    return tuple(
        sorted(
            (
                AniHit(hit.reference_name, 100 * hit.identity, 100 * hit.query_fraction)
                for hit in hits
            ),
            key=lambda hit: hit.reference,
        )
    )
