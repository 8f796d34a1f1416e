"""What was published about the clones of a species: how close unrelated isolates come, and rates.

None of it enters a call, a distance or the calls' keys: it is what a finding is held against.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PublishedBackground:
    """How close isolates of one clone come to isolates of other countries, as published.

    Attributes
    ----------
    clone
        Name of the clone, as in the panel's references where it is one of them.
    isolates
        Isolates on which the figures rest.
    foreign_within
        Per cent of the isolates that have a different-country neighbour within this many SNPs.
    pairs_within
        Per cent of the different-country pairs of isolates within this many SNPs.
    citation
        Where the figures come from.
    note
        What limits them: how they were counted, what was sampled.
    patient_pairs_within
        Per cent of the different-country pairs of patients, by the least distance of their
        isolates, within this many SNPs; empty when not known.
    subspecies
        Of the clone, empty when not stated.

    Examples
    --------
    >>> figures = PublishedBackground("DCC4", 370, {10: 53.0, 20: 91.0}, {20: 24.9}, "c", "n")
    >>> figures.foreign_within[20]
    91.0
    """

    clone: str
    isolates: int
    foreign_within: Mapping[int, float]
    pairs_within: Mapping[int, float]
    citation: str
    note: str
    patient_pairs_within: Mapping[int, float] = field(default_factory=dict[int, float])
    subspecies: str = ""


@dataclass(frozen=True)
class KnownClone:
    """A circulating clone that was described, whether or not the panel has a reference of it.

    Counts are those of the study cited; `None` where it states none.
    """

    name: str
    subspecies: str
    also_known_as: tuple[str, ...]
    sequence_types: tuple[str, ...]
    isolates: int | None
    patients: int | None
    countries: int | None
    in_panel: bool
    citation: str
    note: str


@dataclass(frozen=True)
class CloneRate:
    """Substitutions per site and year of one clone, with the bounds of their interval."""

    clone: str
    per_site_per_year: float
    low: float
    high: float
    citation: str
    note: str
