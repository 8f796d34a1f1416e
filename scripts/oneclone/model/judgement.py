"""Verdicts: of pairs, of clones and of the whole set of case isolates."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from oneclone.model.pairs import Pair, RemovedRegion
from oneclone.model.published import PublishedBackground
from oneclone.model.robustness import Robustness


class PairVerdict(StrEnum):
    """Verdict of a pair of case isolates."""

    LINKED = "linked"
    INDETERMINATE = "indeterminate"
    NOT_LINKED = "not_linked"
    NOT_ASSESSABLE = "not_assessable"


class CloneVerdict(StrEnum):
    """Verdict of one clone."""

    SINGLE_CLONE = "single_clone"
    ONE_PATIENT = "one_patient"
    INDETERMINATE = "indeterminate"


class SetVerdict(StrEnum):
    """Verdict of all case isolates together."""

    SINGLE_CLONE = "single_clone"
    MULTIPLE_CLONES = "multiple_clones"
    INDETERMINATE = "indeterminate"
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True)
class PairJudgement:
    """A pair of case isolates: the verdict of its numbers and the one that is published."""

    first: str
    second: str
    base: PairVerdict
    published: PairVerdict
    reasons: tuple[str, ...]
    nearest_background_snps: int | None


@dataclass(frozen=True)
class Exclusivity:
    """Whether a clone is set apart from every background isolate; `None` = nothing to compare.

    `support` in per cent is that of the branch, `support_kind` names the test.
    """

    exclusive: bool | None
    reasons: tuple[str, ...]
    caveats: tuple[str, ...]
    support: float | None
    support_kind: str


@dataclass(frozen=True)
class BackgroundFigures:
    """How many context isolates, of how many patients from how many countries."""

    isolates: int
    patients: int
    countries: int


@dataclass(frozen=True)
class Neighbour:
    """A neighbour of a clone and its least SNP distance to a member."""

    name: str
    snps: int


@dataclass(frozen=True)
class CloneDistances:
    """SNP distances of the members of a clone, of the pairs above the callable floor.

    `min_callable_percent` is of the counting reference; `not_compared` counts the other pairs.
    """

    max_snps: int | None
    max_snps_raw: int | None
    min_callable_bp: int | None
    min_callable_percent: float | None
    not_compared: int


@dataclass(frozen=True)
class HandledTogether:
    """Two isolates with 0-2 SNPs, not of one patient, and what they share in the laboratory."""

    first: str
    second: str
    shared: tuple[str, ...]


@dataclass(frozen=True)
class CloneJudgement:
    """A clone: connected case isolates, and what is to be said about them.

    `panel_clone` is blank, or the panel clones of the members, joined. `background` counts the
    context isolates of its subspecies that could be compared with a member,
    `background_not_comparable` the others, `background_as_close` those within
    `close_within_snps` of a member: `linked`, or the greatest distance of two members if more.
    `others_as_close` counts the context isolates of another or an ambiguous subspecies within it.
    `published_background` is what was published of the panel clone in which the members lie.
    """

    name: str
    verdict: CloneVerdict
    members: tuple[str, ...]
    patients: tuple[str, ...]
    clinics: tuple[str, ...]
    distances: CloneDistances
    exclusivity: Exclusivity
    panel_clone: str
    nearest_reference: Neighbour | None
    nearest_background: Neighbour | None
    background_within_linked: tuple[Neighbour, ...]
    background: BackgroundFigures
    background_not_comparable: int
    background_as_close: BackgroundFigures
    others_as_close: int
    close_within_snps: int
    published_background: PublishedBackground | None
    sources: tuple[Neighbour, ...]
    clinic_distance_km: float | None
    clinics_located: int
    bridges: tuple[str, ...]
    handled_together: tuple[HandledTogether, ...]
    removed: tuple[RemovedRegion, ...]
    reasons: tuple[str, ...]
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class PatientDiversity:
    """The isolates of one patient: how far apart, and in which clones.

    `max_snps` and `max_snps_raw` are `None` when no pair could be compared.
    """

    patient: str
    isolates: tuple[str, ...]
    clones: tuple[str, ...]
    max_snps: int | None
    max_snps_raw: int | None


@dataclass(frozen=True)
class SuspectedAssembly:
    """An isolate whose SNPs may be assembly errors, with the pair that shows it most.

    `short_indels` are those that only this isolate has, `snps_raw` the raw distance of the pair.
    """

    name: str
    partner: str
    short_indels: int
    snps_raw: int


@dataclass(frozen=True)
class SuspectedMixture:
    """A case isolate whose assembly looks like that of a mixed culture, and by which signs."""

    name: str
    signs: tuple[str, ...]
    detail: str


@dataclass(frozen=True)
class NotAssessed:
    """A case row without a usable assembly."""

    name: str
    patient: str
    reason: str


@dataclass(frozen=True)
class Judgement:
    """The whole verdict; `set_aside` gives context isolates that are no background, and why.

    `clones_compared` are the reference clones with which every assessed case could be compared.
    `within_patients` has the patients of more than one assessed isolate, `closest_across` is the
    pair of the fewest SNPs across two clones, `None` with one clone or no assessable pair.
    `robustness` is `None` when the verdict was not tried under other references and settings.
    """

    verdict: SetVerdict
    exclusive: bool | None
    distinct_from_panel: bool | None
    clones_compared: tuple[str, ...]
    clones: tuple[CloneJudgement, ...]
    pairs: tuple[PairJudgement, ...]
    not_assessed: tuple[NotAssessed, ...]
    suspected: tuple[SuspectedAssembly, ...]
    within_patients: tuple[PatientDiversity, ...]
    closest_across: Pair | None
    mixtures: tuple[SuspectedMixture, ...]
    reasons: tuple[str, ...]
    caveats: tuple[str, ...]
    set_aside: Mapping[str, str]
    robustness: Robustness | None = None
