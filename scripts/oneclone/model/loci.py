"""Marker loci of a panel and the genotype of an isolate at one of them."""

from dataclasses import dataclass
from enum import StrEnum


class LocusKind(StrEnum):
    """What of a locus is compared: one base, one codon, or a whole coding gene."""

    SITE = "site"
    CODON = "codon"
    GENE = "gene"


class Genotype(StrEnum):
    """What an assembly says about a locus; only `reference` claims that every base was read."""

    REFERENCE = "reference"
    VARIANT = "variant"
    TRUNCATED = "truncated"
    AMBIGUOUS = "ambiguous"
    NOT_COVERED = "not_covered"


@dataclass(frozen=True)
class Locus:
    """A marker locus on the species reference.

    `position` is the 1-based position on `contig` of the base with the lowest coordinate;
    `start` and `end` are 0-based half-open on the concatenated reference. `reverse` is True for a
    gene on the other strand, on which `reference_allele` (blank for a gene) and the catalogued
    `variants` are written. Variants of a codon are codons or three-letter amino acids. The
    meanings are genotype wording of the panel, `label` the name that the literature uses.
    """

    name: str
    gene: str
    kind: LocusKind
    contig: str
    position: int
    start: int
    end: int
    reverse: bool
    reference_allele: str
    reference_meaning: str
    variants: tuple[str, ...]
    variant_meaning: str
    truncated_meaning: str
    label: str
    citation: str
    note: str

    @property
    def length_bp(self) -> int:
        """Number of bases of the locus."""
        return self.end - self.start


@dataclass(frozen=True)
class Marker:
    """The genotype of one isolate at one locus.

    `allele` is on the strand of the gene and blank when nothing could be said of it; `read_bp` of
    the locus' bases were read; `detail` says why a genotype is what it is, blank when the allele
    says it all.
    """

    locus: Locus
    allele: str
    genotype: Genotype
    meaning: str
    read_bp: int
    detail: str
