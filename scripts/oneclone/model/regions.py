"""Genes of a reference, and the places of a reference at which stretches were removed."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Gene:
    """A gene on its contig: `start` and `end` 0-based half-open."""

    start: int
    end: int
    name: str


Annotation = Mapping[str, tuple[Gene, ...]]
"""Genes of one reference by contig, sorted by place."""


@dataclass(frozen=True)
class Removal:
    """A stretch removed from one pair: `start` and `end` 0-based half-open on `contig`.

    `carriers` are the isolates that may carry the foreign bases, `suspicions` the codes of what
    makes the stretch suspect.
    """

    first: str
    second: str
    reference: str
    contig: str
    start: int
    end: int
    snps: int
    callable_bp: int
    log10_p: float
    carriers: tuple[str, ...]
    suspicions: tuple[str, ...]


@dataclass(frozen=True)
class Region:
    """A place of a reference at which the same stretch was removed from one or more pairs.

    `carriers` and `suspicions` are those of any pair; `max_snps` and `min_log10_p` the greatest
    count and the least chance in a pair. `genes` is `None` when the reference has no annotation.
    """

    reference: str
    contig: str
    start: int
    end: int
    pairs: int
    carriers: tuple[str, ...]
    max_snps: int
    min_log10_p: float
    suspicions: tuple[str, ...]
    genes: tuple[str, ...] | None
