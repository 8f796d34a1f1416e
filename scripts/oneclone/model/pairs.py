"""SNP distances of pairs and what the recombination filter did to them."""

from dataclasses import dataclass
from enum import StrEnum


class FilterOutcome(StrEnum):
    """What the recombination filter did to a pair.

    `NOT_SCANNED`: the pair is too far apart, `snps` is `snps_raw`. `NOTHING_REMOVED`: scanned,
    both counts are the same. `DECIDES`: the filtered count decides. `MAY_NOT_DECIDE`: stretches
    were removed, but too many, too long or suspect ones.
    """

    NOT_SCANNED = "not_scanned"
    NOTHING_REMOVED = "nothing_removed"
    DECIDES = "decides"
    MAY_NOT_DECIDE = "may_not_decide"


MAX_COMPLETE = 2000  # contract: isolates and references up to which every pair is kept
NEIGHBOURS = 500  # contract: in a larger set, how many of those nearest to the cases are shown
MIN_ASSEMBLY_ERRORS = 10  # short indels of one isolate below which none is suspected


class Suspicion(StrEnum):
    """Why a removed stretch may be an artefact of the assembly instead of an import."""

    WHOLE_CONTIG = "whole_contig"
    CONTIG_END = "contig_end"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True)
class Stretch:
    """A stretch of a pair removed by the recombination filter.

    `start` and `end` are 0-based half-open on the concatenated reference, from the first to the
    last difference. `callable_bp` are the pair's callable bases inside. `carriers` are the
    isolates that may carry the foreign bases: one when it can be told, else both.
    """

    start: int
    end: int
    snps: int
    callable_bp: int
    log10_p: float
    carriers: tuple[str, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """SNP distance of two isolates or references, `first` < `second` by code point.

    `snps` and `snps_raw` are `None` when the pair is below the callable floor; `recombinant_bp`
    is `None` too when the pair was not scanned. `callable_bp` is before the filter.
    `first_indels` counts the insertions and deletions of at most two bases that only `first`
    has, at bases callable in `second`, and `second_indels` the other way round; `None` when the
    pair was not scanned.
    """

    first: str
    second: str
    reference: str
    reference_bp: int
    callable_bp: int
    snps: int | None
    snps_raw: int | None
    recombinant_bp: int | None
    filter: FilterOutcome
    filter_reason: str = ""
    first_indels: int | None = None
    second_indels: int | None = None

    @property
    def suspects(self) -> tuple[str, ...]:
        """Isolates whose SNPs may be assembly errors: more short indels of their own than SNPs.

        Clonal descent makes fewer indels than SNPs (12 beside 33 in a pair of published
        isolates), errors of a poor long-read assembly 729 beside 17 (docs/validation.md).
        """
        counts = ((self.first, self.first_indels), (self.second, self.second_indels))
        least = max(MIN_ASSEMBLY_ERRORS, (self.snps_raw or 0) + 1)
        return tuple(name for name, indels in counts if indels is not None and indels >= least)

    @property
    def is_assessable(self) -> bool:
        """Whether enough bases are callable in both isolates."""
        return self.snps is not None

    @property
    def callable_percent(self) -> float:
        """Bases compared, in per cent of the counting reference; 0 when its length is not known."""
        return 100 * self.callable_bp / self.reference_bp if self.reference_bp else 0.0

    @property
    def snps_per_mb(self) -> float | None:
        """SNPs per million bases compared (callable and not removed)."""
        if self.snps is None:
            return None
        compared = self.callable_bp - (self.recombinant_bp or 0)
        return 1e6 * self.snps / compared if compared else None

    @property
    def scaled_snps(self) -> float | None:
        """SNPs to be expected over the whole reference: snps x reference length / callable_bp."""
        if self.snps is None:
            return None
        return self.snps * self.reference_bp / self.callable_bp

    def other(self, name: str) -> str:
        """Return the name of the partner."""
        return self.second if name == self.first else self.first


@dataclass(frozen=True)
class RemovedRegion:
    """A removed stretch of a pair by name: `start` and `end` 0-based half-open on `contig`."""

    first: str
    second: str
    reference: str
    contig: str
    start: int
    end: int
    snps: int
    carriers: str
    suspicions: str


def ordered(one: str, two: str) -> tuple[str, str]:
    """Return two names in code point order, as every pair carries them.

    Examples
    --------
    >>> ordered("b", "a")
    ('a', 'b')
    """
    return (one, two) if one <= two else (two, one)
