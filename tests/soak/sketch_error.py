"""How far the ANI of sketches is from the truth, for drafts of known distance.

Run by hand: `python -m tests.soak.sketch_error GENOME.fna [--pairs N]`; docs/screening.md has the
figures. Both assemblies of a pair are cut at random places, 3 % of the contigs get lost, and
each lies on a random strand.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from oneclone.ani import write_sketches
from oneclone.sequences import Codes, decode, encode, reverse_complement
from oneclone.sketch_search import search
from oneclone.tables.fasta import read_assembly

MAX_BASES = 50_000_000
MIN_CONTIG_BP = 200
LOST = 0.03
SNPS = (50, 100)
PIECES = {
    60_000: (4, 8, 15, 30),
    100_000: (8, 25, 50),
    200_000: (8, 50, 100),
    5_000_000: (100, 1000, 2500),
}


def mutated(random: np.random.Generator, genome: Codes, snps: int) -> Codes:
    """Return a genome with some substitutions."""
    found = genome.copy()
    places = random.choice(np.flatnonzero(genome < 4), size=snps, replace=False)
    found[places] = (found[places] + random.integers(1, 4, size=snps)) % 4
    return found


def drafted(random: np.random.Generator, genome: Codes, pieces: int) -> list[bytes]:
    """Return the contigs of a draft."""
    cuts = np.sort(random.choice(len(genome), size=pieces - 1, replace=False))
    kept = [
        piece
        for piece in np.split(genome, cuts)
        if len(piece) >= MIN_CONTIG_BP and random.random() >= LOST
    ]
    turned = [reverse_complement(piece) if random.random() < 0.5 else piece for piece in kept]
    return [decode(piece).encode() for piece in turned]


def main() -> None:
    """Print the errors for each length and number of pieces."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("genome", type=Path)
    parser.add_argument("--pairs", type=int, default=80)
    given = parser.parse_args()
    whole = encode(b"".join(read_assembly(given.genome, MAX_BASES).contigs))
    random = np.random.default_rng(1)
    for length, numbers in PIECES.items():
        genome = whole[:length]
        for pieces in numbers:
            errors: list[float] = []
            for number in range(given.pairs):
                snps = SNPS[number % len(SNPS)]
                one = drafted(random, mutated(random, genome, snps), pieces)
                with TemporaryDirectory() as folder:
                    write_sketches([("candidate", one)], Path(folder))
                    queries = {"member": drafted(random, genome, pieces)}
                    (hit,) = search(Path(folder), queries)["member"]
                errors.append(100 * (1 - snps / len(genome)) - hit.ani_percent)
            print(
                f"{length} bp in {pieces} pieces, {len(errors)} pairs: greatest {max(errors):.3f}, "
                f"median {np.median(errors):.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
