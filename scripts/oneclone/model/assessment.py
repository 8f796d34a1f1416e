"""What is known of one assembly file by itself."""

from dataclasses import dataclass

from oneclone.model.isolates import State
from oneclone.sequences import AssemblyStatistics


@dataclass(frozen=True)
class AniHit:
    """ANI of an isolate to one reference, both in per cent.

    `reference` is the sha256 of the reference's assembly; `aligned_percent` is the share of the
    isolate's assembly that could be compared.
    """

    reference: str
    ani_percent: float
    aligned_percent: float


@dataclass(frozen=True)
class Remark:
    """What is odd about a file and does no harm: a code of the ledger and a sentence."""

    code: str
    detail: str


@dataclass(frozen=True)
class Assessment:
    """Checks, statistics, ANI and subspecies of an assembly.

    `references` are the sha256 of the references on which its bases were called. Of the
    `single_copy_bp` bases of the species reference outside its repeats, `duplicated_bp` are
    covered by two alignments or more. A quarantined assembly has a reason, a detail and none of
    these; remarks are of the file of a used one.
    """

    assembly: str
    canonical_sha256: str
    state: State
    reason: str
    detail: str
    statistics: AssemblyStatistics | None
    ani: tuple[AniHit, ...]
    subspecies: str
    references: tuple[str, ...]
    duplicated_bp: int = 0
    single_copy_bp: int = 0
    remarks: tuple[Remark, ...] = ()
