"""What dates and SNPs say about the age of a clone; no part of any verdict."""

from dataclasses import dataclass

from oneclone.model.panel import SubstitutionRate

NOTE = "Time is shown beside the verdict and is never a part of it."
CAVEAT = "source diversity unknown; rates from other lineages"


@dataclass(frozen=True)
class Estimate:
    """A value with the bounds of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Months:
    """A date with the bounds of its interval, as year and month (`2020-08`)."""

    value: str
    low: str
    high: str


@dataclass(frozen=True)
class DatedPair:
    """Two members with collection dates (as typed) and a SNP distance.

    `compared_bp` is L, the callable bases without the removed ones. `is_scanned` is false when
    the recombination filter did not look at the pair, so that nothing was taken off.
    """

    isolate_a: str
    isolate_b: str
    date_a: str
    date_b: str
    snps: int
    compared_bp: int
    is_scanned: bool


@dataclass(frozen=True)
class Floor:
    """The SNPs that time alone is expected to add to a pair, in `snps`; `years` lie between."""

    pair: DatedPair
    years: Estimate
    snps: Estimate


@dataclass(frozen=True)
class Mrca:
    """Date of the most recent common ancestor of a pair.

    `poisson_snps` are the exact limits of its SNPs. `years_before` counts back from the earlier
    isolate. `clipped` names what of the date would have been later than that isolate.
    """

    pair: DatedPair
    poisson_snps: tuple[float, float]
    date: Months
    years_before: Estimate
    floor_snps: Estimate
    clipped: tuple[str, ...]


@dataclass(frozen=True)
class TemporalSignal:
    """Regression of the distance from the root on the collection date, in SNPs and years.

    `p` is the share of permuted dates with a slope at least as steep. `root` says where the
    tree's root comes from: `background` or `midpoint`.
    """

    tips: int
    span_years: float
    snps_per_year: float
    r2: float
    p: float
    permutations: int
    seed: int
    root: str


@dataclass(frozen=True)
class TimeTree:
    """Root date and rate (substitutions per site and year) of a clone's dated tree.

    `years_before` counts back from the first isolate, `core_bp` are the sites of the tree.
    `clipped` names what of the root's date would have been later than the first isolate.
    """

    engine: str
    core_bp: int
    rate: Estimate
    date: Months
    years_before: Estimate
    clipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class CloneTime:
    """Everything about the age of one clone; `missing` says in words what there is not, and why.

    `refusal` says why no tree was dated; it is empty when one was.
    """

    name: str
    members: int
    dated: int
    undated: tuple[str, ...]
    rate: SubstitutionRate
    floor: Floor | None
    mrca: Mrca | None
    signal: TemporalSignal | None
    time_tree: TimeTree | None
    refusal: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class TimeReport:
    """The file `time.json`; `note` and `caveat` are always said."""

    schema_version: str
    note: str
    caveat: str
    clones: tuple[CloneTime, ...]
