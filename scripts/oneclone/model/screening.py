"""The screen for further cases: which candidates there are and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class ScreenState(StrEnum):
    """What became of a candidate, nearest first; docs/screening.md explains each.

    `UNDECIDED`: the filtered count is within the limit, the raw one is not, and the filter may
    not decide. `NOT_SIMILAR`: below the cut-off of the sketches, so not compared exactly.
    """

    WITHIN = "within"
    UNDECIDED = "undecided"
    FARTHER = "farther"
    NOT_ASSESSABLE = "not_assessable"
    QUARANTINED = "quarantined"
    UNREADABLE = "unreadable"
    NOT_SIMILAR = "not_similar"


@dataclass(frozen=True)
class Candidate:
    """An assembly to be screened; `path` is `None` where its row names none."""

    name: str
    path: Path | None
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Sketched:
    """What is known of a candidate's file; `reason` and `detail` tell why it has no sketch.

    `canonical_sha256` is equal for equal genomes, however their files were written.
    """

    sha256: str
    canonical_sha256: str = ""
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True)
class SketchHit:
    """Nearness of a sketched genome to a queried one, in per cent.

    `aligned_percent` is the share of the queried genome that could be compared.
    """

    sha256: str
    ani_percent: float
    aligned_percent: float


@dataclass(frozen=True)
class ScreenRow:
    """A candidate beside one clone, or by itself where it was compared with none.

    `members_compared` of the clone's `members` have enough bases in common with it; the numbers
    are of the nearest of them, `max_snps_to_clone` of the farthest.
    """

    isolate: str
    state: ScreenState
    sketched: Sketched
    reason: str = ""
    clone: str = ""
    nearest_member: str = ""
    snps: int | None = None
    snps_raw: int | None = None
    callable_bp: int | None = None
    max_snps_to_clone: int | None = None
    members_compared: int | None = None
    members: int | None = None
    ani_percent: float | None = None
    aligned_percent: float | None = None
    subspecies: str = ""
    detail: str = ""
    already_in_run: str = ""


@dataclass(frozen=True)
class ScreenSettings:
    """Section `screen` of the configuration; no other result of a run depends on it."""

    candidates: str
    max_snps: int
    database: str
