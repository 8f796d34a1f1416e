"""Genomes that evolve along a tree: substitutions, insertions, deletions, imports.

Every genome keeps the coordinates of the root genome (the backbone), so that the true
differences of any two can be counted exactly. Beside its bases each carries those that it
would have without imports.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from oneclone.sequences import MISSING, Codes

DELETED = MISSING
SNPS_PER_INDEL = 10  # one insertion or deletion for ten substitutions
MAX_INDEL_BP = 12
REPEAT_BP = 1000

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Backbone:
    """The root genome and which of its positions lie in repeats (identical copies)."""

    bases: Codes
    is_repeat: Flags


@dataclass(frozen=True)
class Genome:
    """A genome on backbone coordinates.

    `bases` are codes, 4 where the genome has lost a position; `clonal` the same without
    imports. `inserted` gives the codes inserted after a position.
    """

    bases: Codes
    clonal: Codes
    inserted: Mapping[int, Codes] = field(default_factory=dict[int, Codes])


@dataclass(frozen=True)
class Import:
    """A stretch of the backbone, 0-based half-open, that a genome took up from a donor."""

    start: int
    end: int
    donor: str


def random_backbone(
    random: np.random.Generator, length_bp: int, gc_percent: float, repeats: int
) -> Backbone:
    """Return a random root genome with copies of one element of 1 000 bases.

    Parameters
    ----------
    random
        Source of randomness.
    length_bp
        Length; each repeat needs 5 000 bases of it.
    gc_percent
        Share of G and C.
    repeats
        Copies of the repeated element, evenly spread.
    """
    gc = gc_percent / 200
    bases = random.choice(4, size=length_bp, p=[0.5 - gc, gc, gc, 0.5 - gc]).astype(np.uint8)
    is_repeat = np.zeros(length_bp, dtype=bool)
    element = bases[:REPEAT_BP].copy()
    for place in np.linspace(0, length_bp, repeats + 2)[1:-1].astype(int):
        bases[place : place + REPEAT_BP] = element
        is_repeat[place : place + REPEAT_BP] = True
    is_repeat[:REPEAT_BP] = repeats > 0
    return Backbone(bases, is_repeat)


def evolve(
    random: np.random.Generator,
    parent: Genome,
    backbone: Backbone,
    snps: int,
    span: tuple[float, float] = (0.0, 1.0),
) -> Genome:
    """Return a descendant with exactly `snps` substitutions and one indel for ten of them.

    Repeats do not change, as if their copies were kept alike. `span` is the share of the genome,
    from and to, on which the changes fall.
    """
    is_free = (parent.bases < DELETED) & ~backbone.is_repeat
    start, end = (round(share * len(is_free)) for share in span)
    is_free[:start] = is_free[end:] = False
    free = np.flatnonzero(is_free)
    places = np.sort(random.choice(free, size=snps, replace=False))
    shifts = random.integers(1, 4, size=snps)
    bases, clonal = parent.bases.copy(), parent.clonal.copy()
    bases[places] = (bases[places] + shifts) % 4
    has_clonal = clonal[places] < DELETED
    clonal[places[has_clonal]] = (clonal[places[has_clonal]] + shifts[has_clonal]) % 4
    inserted = dict(parent.inserted)
    is_free[places] = False
    away = np.flatnonzero(is_free)
    for place in random.choice(away, size=snps // SNPS_PER_INDEL, replace=False):
        size = int(random.integers(1, MAX_INDEL_BP + 1))
        if random.random() < 0.5:
            bases[place : place + size] = DELETED
            clonal[place : place + size] = DELETED
        else:
            inserted[int(place)] = random.integers(0, 4, size=size).astype(np.uint8)
    return Genome(bases, clonal, inserted)


def take_up(genome: Genome, donor: Genome, stretch: Import) -> Genome:
    """Return a genome whose bases in a stretch are the donor's; its clonal bases stay."""
    bases = genome.bases.copy()
    bases[stretch.start : stretch.end] = donor.bases[stretch.start : stretch.end]
    outside = {p: c for p, c in genome.inserted.items() if not stretch.start <= p < stretch.end}
    inside = {p: c for p, c in donor.inserted.items() if stretch.start <= p < stretch.end}
    return Genome(bases, genome.clonal, {**outside, **inside})


def share(genome: Genome, places: NDArray[np.int64]) -> Genome:
    """Return a genome with a substitution at each place, the same in every genome alike there."""
    bases, clonal = genome.bases.copy(), genome.clonal.copy()
    for codes in (bases, clonal):
        kept = places[codes[places] < DELETED]
        codes[kept] = (codes[kept] + 1) % 4
    return Genome(bases, clonal, genome.inserted)


def without(genome: Genome, start: int, end: int) -> Genome:
    """Return a genome of which the positions from `start` to `end`, half-open, are missing."""
    bases, clonal = genome.bases.copy(), genome.clonal.copy()
    bases[start:end] = clonal[start:end] = DELETED
    inserted = {p: c for p, c in genome.inserted.items() if not start <= p < end}
    return Genome(bases, clonal, inserted)


def stretch_of(genome: Genome, start: int, end: int) -> Codes:
    """Return the bases of a genome from position `start` to `end`, half-open, as they stand."""
    sequence, places = letters(genome)
    inside = np.flatnonzero((places >= start) & (places < end))
    return sequence[inside[0] : inside[-1] + 1]


def letters(genome: Genome) -> tuple[Codes, NDArray[np.int64]]:
    """Return the genome as it stands in a FASTA file, and the backbone position of each base.

    Inserted bases have position -1.

    Examples
    --------
    >>> bases = np.array([0, 4, 2], dtype=np.uint8)
    >>> sequence, places = letters(Genome(bases, bases, {0: np.array([3], dtype=np.uint8)}))
    >>> sequence.tolist(), places.tolist()
    ([0, 3, 2], [0, -1, 2])
    """
    parts: list[Codes] = []
    places: list[NDArray[np.int64]] = []
    last = 0
    every = np.arange(len(genome.bases))
    for position in [*sorted(genome.inserted), len(genome.bases) - 1]:
        kept = genome.bases[last : position + 1] < DELETED
        parts.append(genome.bases[last : position + 1][kept])
        places.append(every[last : position + 1][kept])
        if position in genome.inserted:
            parts.append(genome.inserted[position])
            places.append(np.full(len(genome.inserted[position]), -1))
        last = position + 1
    return np.concatenate(parts), np.concatenate(places)
