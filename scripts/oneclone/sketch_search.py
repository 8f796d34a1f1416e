"""Search kept sketches for genomes near to given ones, with skani (pyskani)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyskani

from oneclone.model.screening import SketchHit


def search(folder: Path, queries: Mapping[str, Sequence[bytes]]) -> dict[str, list[SketchHit]]:
    """Return the similar genomes of a folder of sketches for each queried one, by sha256.

    skani compares pieces of the queried genome and gives the mean of their identities. The median
    is taken instead: small contigs and imports spoil some pieces, never most of those of a near
    relative (docs/screening.md). The learned correction is off: it was fitted to distances between
    strains of a species. Genomes below about 80 % identity, or with less than 15 % in common, give
    no hit.

    Parameters
    ----------
    folder
        What `ani.write_sketches` wrote.
    queries
        Contigs by a name of the queried genome.
    """
    database = pyskani.Database.load(folder)
    return {
        name: sorted(
            (
                SketchHit(hit.reference_name, 100 * hit.identity, 100 * hit.query_fraction)
                for hit in database.query(name, *contigs, learned_ani=False, median=True)
            ),
            key=lambda hit: hit.sha256,
        )
        for name, contigs in queries.items()
    }
