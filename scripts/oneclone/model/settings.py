"""The settings of a run: the configuration after validation, one dataclass per section."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CallingSettings:
    """How bases are called from alignments of an assembly to a reference."""

    preset: str
    end_trim_bp: int
    indel_margin_bp: int
    min_mapq: int
    min_block_bp: int
    max_ambiguous_percent: float


@dataclass(frozen=True)
class RepeatSettings:
    """How repeats are found on a reference itself."""

    kmer_bp: int
    window_bp: int
    min_identity_percent: float
    max_period_bp: int
    min_tandem_score: int


@dataclass(frozen=True)
class RecombinationSettings:
    """When a stretch of dense differences is removed from a pair."""

    family_wise_error: float
    min_snps: int
    max_stretch_bp: int
    contig_end_bp: int
    max_ambiguous_percent: float


@dataclass(frozen=True)
class CoreSettings:
    """Which sites make the core alignment of the trees."""

    min_isolates_percent: float


@dataclass(frozen=True)
class TreeSettings:
    """How trees are inferred; `engine` is `auto`, `iqtree` or `piqtree`.

    The tree of all isolates and references is built from distances when there are more than
    `large_set` of them, whatever the engine, and put together from parts beyond `very_large_set`.
    `mask_recombination` is `none` or `gubbins`, and concerns the whole tree alone.
    """

    engine: str
    alrt_replicates: int
    ufboot_replicates: int
    seed: int
    large_set: int
    very_large_set: int = 1000
    mask_recombination: str = "none"


@dataclass(frozen=True)
class RobustnessSettings:
    """Under what else the verdict is tried; `core_levels` in per cent of the taxa of a tree.

    A clone of more than `max_alignment_free` members is not counted without an alignment.
    """

    assess: bool
    core_levels: tuple[float, ...]
    max_alignment_free: int


@dataclass(frozen=True)
class ThresholdOverrides:
    """Thresholds of the configuration; `None` keeps the panel's."""

    linked: int | None
    possible: int | None
    unlinked: int | None


@dataclass(frozen=True)
class PrivacySettings:
    """What the report says of itself: `mode` is `internal` or `share`, `notes` are sentences."""

    mode: str = "internal"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """The whole configuration of a run; paths as typed, before they are resolved.

    Of more than `model.pairs.MAX_COMPLETE` isolates and references, pairs with more raw differences
    than `pairs_max_snps` are counted and kept only with a case.
    """

    isolates: str
    panel: str
    registry: str
    investigation: str
    thresholds: ThresholdOverrides
    calling: CallingSettings
    repeats: RepeatSettings
    recombination: RecombinationSettings
    core: CoreSettings
    tree: TreeSettings
    robustness: RobustnessSettings
    pairs_max_snps: int
    privacy: PrivacySettings = PrivacySettings()
