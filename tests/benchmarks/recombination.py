"""Measure error and power of the recombination filter, alone and beside other programs.

Pairs are drawn on a genome of 5 Mb as positions of differences, so that thousands of them cost
seconds; the comparison with Gubbins and ClonalFrameML is in `recombination_rivals.py`. Every
number is drawn with a fixed seed. `measure` returns the tables, `main` prints them.
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oneclone.distances import Comparison, pack
from oneclone.model.settings import RecombinationSettings
from oneclone.recombination import find_stretches
from tests.benchmarks import recombination_rivals

GENOME_BP = 5_000_000
SETTINGS = RecombinationSettings(0.01, 6, 100_000, 500, 1)  # the defaults of the schema
ONE_CONTIG = np.array([0, GENOME_BP])
CLONAL_PAIRS = 2000  # per distance
CLONAL_SNPS = (0, 5, 20, 100, 500, 1500)
MISSING_SHARE = 0.15  # of the genome, in gaps of very different lengths
IMPORT_PAIRS = 100  # per cell of the table
IMPORT_BP = (500, 1000, 2000, 5000, 10_000, 20_000)
DONOR_PERCENT = (0.5, 1.0, 2.0, 3.0)
IMPORT_CLONAL = (3, 20, 100)
PATCH_BP = 500  # a patchy donor has its own divergence in each
PATCH_SHAPE = 0.5  # of the gamma distribution of these divergences
ALONE_BP = 50_000  # around four mutations within 1 kb there is no other difference
NEIGHBOUR_BP = 5000  # clonal differences this near to an import are its neighbours

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]
Rows = list[Mapping[str, object]]


@dataclass(frozen=True)
class Genome:
    """The callable part of a pair's genome: its places, and the same as packed bits."""

    places: Places
    words: NDArray[np.uint64]

    def pair(self, differences: Places) -> Comparison:
        """Return a pair that differs at some callable places."""
        return Comparison(len(self.places), np.unique(differences), self.words)


@dataclass(frozen=True)
class Trial:
    """What the filter did to a pair with one import; counts of differences, by origin."""

    found: bool
    stretches: int
    import_snps: int
    import_removed: int
    outside: int
    outside_removed: int
    near: int
    near_removed: int
    inside: int
    inside_removed: int

    @property
    def error(self) -> int:
        """Filtered distance minus the clonal differences outside the import."""
        kept_inside = self.inside - self.inside_removed
        return self.import_snps - self.import_removed - self.outside_removed + kept_inside


def whole_genome() -> Genome:
    """Return a genome of which every base is callable."""
    return Genome(np.arange(GENOME_BP), pack(np.ones(GENOME_BP, dtype=bool)))


def gappy_genome(seed: int) -> Genome:
    """Return a genome with missing data in gaps of 20 to 50 000 bases, crowded in places."""
    random = np.random.default_rng(seed)
    callable_ = np.ones(GENOME_BP, dtype=bool)
    while (~callable_).mean() < MISSING_SHARE:
        centre = random.integers(0, GENOME_BP)
        for _ in range(random.integers(1, 20)):
            start = max(0, int(centre + random.normal(0, 20_000)))
            callable_[start : start + int(np.exp(random.uniform(np.log(20), np.log(50_000))))] = 0
    return Genome(np.flatnonzero(callable_), pack(callable_))


def family_wise_error(pairs: int = CLONAL_PAIRS) -> Rows:
    """Return the share of pairs without imports that lose any stretch."""
    rows: Rows = []
    for label, genomes in (
        ("complete", [whole_genome()]),
        ("15 % missing in uneven gaps", [gappy_genome(seed) for seed in range(5)]),
    ):
        for snps in CLONAL_SNPS:
            losing = lost = 0
            for number in range(pairs):
                random = np.random.default_rng((snps, number))
                genome = genomes[number % len(genomes)]
                drawn = random.choice(genome.places, snps, replace=False, shuffle=False)
                found = find_stretches(genome.pair(drawn), ONE_CONTIG, SETTINGS) or []
                losing += bool(found)
                lost += sum(stretch.snps for stretch in found)
            rows.append(
                {
                    "callable": label,
                    "clonal SNPs": snps,
                    "pairs": pairs,
                    "pairs that lose a stretch": losing,
                    "share": f"{losing / pairs:.4f}",
                    "SNPs lost": lost,
                }
            )
    return rows


def four_mutations(pairs: int = 200) -> Rows:
    """Return how often four mutations within 1 kb are taken for an import."""
    genome, rows = whole_genome(), []
    for snps in IMPORT_CLONAL:
        taken = 0
        for number in range(pairs):
            random = np.random.default_rng((4, snps, number))
            start = int(random.integers(0, GENOME_BP - 1000))
            four = start + random.choice(1000, 4, replace=False)
            others = random.choice(GENOME_BP, snps, replace=False, shuffle=False)
            others = others[(others < start - ALONE_BP) | (others > start + ALONE_BP)]
            drawn = np.concatenate((four, others))
            taken += bool(find_stretches(genome.pair(drawn), ONE_CONTIG, SETTINGS))
        rows.append({"clonal SNPs": snps, "pairs": pairs, "taken for an import": taken})
    return rows


def import_sites(
    random: np.random.Generator, length: int, percent: float, *, patchy: bool
) -> Places:
    """Return the places, from 0, at which an import differs from the bases it replaced."""
    rates = np.full(-(-length // PATCH_BP), percent / 100)
    if patchy:
        rates = rates * random.gamma(PATCH_SHAPE, 1 / PATCH_SHAPE, len(rates))
    return np.flatnonzero(random.random(length) < np.repeat(rates, PATCH_BP)[:length])


def try_import(
    genome: Genome, seed: Sequence[int], length: int, percent: float, clonal: int, *, patchy: bool
) -> Trial:
    """Return what the filter did to one pair with one import."""
    random = np.random.default_rng(seed)
    start = int(random.integers(NEIGHBOUR_BP, GENOME_BP - length - NEIGHBOUR_BP))
    tract = start + import_sites(random, length, percent, patchy=patchy)
    own = random.choice(GENOME_BP, clonal, replace=False, shuffle=False)
    own = own[~np.isin(own, tract)]
    inside = own[(own >= start) & (own < start + length)]
    outside = own[(own < start) | (own >= start + length)]
    near = outside[(outside >= start - NEIGHBOUR_BP) & (outside < start + length + NEIGHBOUR_BP)]
    drawn = np.concatenate((tract, own))
    found = find_stretches(genome.pair(drawn), ONE_CONTIG, SETTINGS) or []

    def removed(places: Places) -> int:
        """Return how many places lie in a removed stretch."""
        return sum(int(((places >= s.start) & (places < s.end)).sum()) for s in found)

    return Trial(
        found=any(s.start < start + length and s.end > start for s in found),
        stretches=len(found),
        import_snps=len(tract),
        import_removed=removed(tract),
        outside=len(outside),
        outside_removed=removed(outside),
        near=len(near),
        near_removed=removed(near),
        inside=len(inside),
        inside_removed=removed(inside),
    )


def power(pairs: int = IMPORT_PAIRS, *, patchy: bool = False) -> Rows:
    """Return, for each kind of import, how much of it was found and what else was lost."""
    genome = whole_genome()
    rows: Rows = []
    for length in IMPORT_BP:
        for percent in DONOR_PERCENT:
            for clonal in IMPORT_CLONAL:
                seeds = [(length, round(10 * percent), clonal, number) for number in range(pairs)]
                trials = [
                    try_import(genome, seed, length, percent, clonal, patchy=patchy)
                    for seed in seeds
                ]
                rows.append(power_row(length, percent, clonal, trials))
    return rows


def power_row(
    length: int, percent: float, clonal: int, trials: Sequence[Trial]
) -> Mapping[str, object]:
    """Return the row of one kind of import."""
    found = [trial for trial in trials if trial.found]
    errors = [trial.error for trial in found]
    enough = [trial for trial in trials if trial.import_snps >= SETTINGS.min_snps]

    def pooled(removed: str, total: str) -> str:
        """Return two summed counts as a share of the pairs with a found import."""
        return f"{sum(getattr(t, removed) for t in found)}/{sum(getattr(t, total) for t in found)}"

    return {
        "import kb": length / 1000,
        "donor %": percent,
        "clonal SNPs": clonal,
        "pairs": len(trials),
        "found": len(found),
        f"with >= {SETTINGS.min_snps} SNPs": len(enough),
        "import SNPs removed": pooled("import_removed", "import_snps"),
        "clonal SNPs lost outside": pooled("outside_removed", "outside"),
        "of them within 5 kb": pooled("near_removed", "near"),
        "lost inside": pooled("inside_removed", "inside"),
        "error, median": f"{np.median(errors):+g}" if errors else "",
        "error, range": f"{min(errors):+d} to {max(errors):+d}" if errors else "",
        "more than +1": sum(error > 1 for error in errors),
    }


def total(rows: Rows) -> Rows:
    """Return what a table of power says in one row for each clonal distance."""
    found: Rows = []
    for clonal in IMPORT_CLONAL:
        chosen = [row for row in rows if row["clonal SNPs"] == clonal]
        enough = f"with >= {SETTINGS.min_snps} SNPs"
        counts = {
            name: sum(int(str(row[name])) for row in chosen)
            for name in ("pairs", "found", enough, "more than +1")
        }
        pooled = {
            name: summed(str(row[name]) for row in chosen)
            for name in ("import SNPs removed", "clonal SNPs lost outside", "lost inside")
        }
        found.append({"clonal SNPs": clonal, **counts, **pooled})
    return found


def summed(fractions: Iterable[str]) -> str:
    """Return fractions as one, numerators and denominators summed."""
    parts = [fraction.split("/") for fraction in fractions]
    return f"{sum(int(part[0]) for part in parts)}/{sum(int(part[1]) for part in parts)}"


def measure(folder: Path) -> Mapping[str, Rows]:
    """Return every table by its title.

    Parameters
    ----------
    folder
        An empty folder for the files of other programs.
    """
    even, patchy = power(), power(patchy=True)
    return {
        "Pairs without imports": family_wise_error(),
        "Four mutations within 1 kb": four_mutations(),
        "Imports, donor evenly divergent": even,
        "Imports, donor evenly divergent, in sum": total(even),
        "Imports, donor divergent in patches": patchy,
        "Imports, donor divergent in patches, in sum": total(patchy),
        "Beside other programs": recombination_rivals.compare(folder),
    }


def table(rows: Rows) -> str:
    """Return rows as a Markdown table."""
    header = list(rows[0])
    lines = [header, ["---"] * len(header), *([str(row[name]) for name in header] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        for title, rows in measure(Path(folder)).items():
            print(f"{title}\n\n{table(rows)}\n")


if __name__ == "__main__":
    main()
