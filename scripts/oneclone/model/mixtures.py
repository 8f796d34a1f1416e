"""Signs that an assembly holds more than one strain, with the figures they rest on."""

from dataclasses import dataclass
from enum import StrEnum


class MixtureSign(StrEnum):
    """Why an assembly may be of a mixed or contaminated culture; codes of the ledger."""

    LENGTH = "longer_than_expected"
    DUPLICATED = "duplicated_core"
    TWO_BASE_CODES = "two_base_codes"
    MOSAIC = "mosaic_of_two_strains"


@dataclass(frozen=True)
class Mosaic:
    """How an isolate shares the bases at which two others differ.

    At positions callable in all three: `like_first` and `like_second` count the bases shared with
    one of the two, at sites where these differ; `own` those shared with neither, and those of
    sites where the two agree. `mixed_windows` of `windows` windows of the reference hold a fair
    share of both kinds; `changes` counts how often the isolate changes sides along the reference.
    """

    first: str
    second: str
    like_first: int
    like_second: int
    own: int
    windows: int
    mixed_windows: int
    changes: int

    @property
    def lesser(self) -> int:
        """Sites shared with that of the two which the isolate is less like."""
        return min(self.like_first, self.like_second)


@dataclass(frozen=True)
class MixtureFigures:
    """Figures of one used isolate.

    `longest_reference_bp` is the length of the panel's longest reference; `two_base_bp` counts
    IUPAC codes other than N; `duplicated_bp` of `single_copy_bp` bases of the species reference
    outside its repeats are covered by two alignments or more. `mosaic` is the pair of others
    between which the isolate lies most nearly, `None` when there is none that far apart.
    """

    name: str
    length_bp: int
    longest_reference_bp: int
    two_base_bp: int
    duplicated_bp: int
    single_copy_bp: int
    mosaic: Mosaic | None
