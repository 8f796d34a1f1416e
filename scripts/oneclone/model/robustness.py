"""The verdict of each clone under other references, settings and sets of isolates."""

from dataclasses import dataclass
from enum import StrEnum


class RunKind(StrEnum):
    """What a robustness run changes."""

    SPECIES_REFERENCE = "species_reference"
    CORE_LEVEL = "core_level"
    WITHOUT_CASE = "without_case"
    RAW_COUNTS = "raw_counts"
    MASK_OFF = "mask_off"
    ALIGNMENT_FREE = "alignment_free"
    WITHOUT_BACKGROUND = "without_background"


DECISIVE = frozenset({RunKind.SPECIES_REFERENCE, RunKind.CORE_LEVEL, RunKind.WITHOUT_CASE})


class RunVerdict(StrEnum):
    """Verdict of a clone in a run; `NOT_ASSESSABLE`: too few bases to compare, it says nothing."""

    SINGLE_CLONE = "single_clone"
    INDETERMINATE = "indeterminate"
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True)
class RobustnessRun:
    """One clone judged again.

    `subject` is what the run is about: a core level in per cent, a reference, the isolate that is
    left out; empty when there is nothing to name. `base` is the verdict of the clone itself.
    `max_snps` (between members), the nearest background and `support` are those of the run;
    `note` says what it did. A run that is not made, because it could not differ or cannot be
    made here, carries the verdict of the clone and its `note` says why. `linked_range` are the
    `linked` thresholds from which to which a decisive run gives this verdict.
    """

    clone: str
    kind: RunKind
    subject: str
    base: RunVerdict
    verdict: RunVerdict
    max_snps: int | None
    nearest_background: str
    nearest_background_snps: int | None
    support: float | None
    reasons: tuple[str, ...] = ()
    note: str = ""
    is_made: bool = True
    linked_range: tuple[int, int] | None = None

    @property
    def is_decisive(self) -> bool:
        """Whether another verdict makes the clone indeterminate."""
        return self.kind in DECISIVE

    @property
    def is_changed(self) -> bool:
        """Whether the run gives another verdict than the clone has."""
        return self.verdict not in {RunVerdict.NOT_ASSESSABLE, self.base}


@dataclass(frozen=True)
class Robustness:
    """All runs, and the `linked` thresholds from which to which the verdict stands."""

    runs: tuple[RobustnessRun, ...]
    linked_from: int
    linked_to: int

    def changed_by(self, clone: str) -> tuple[RobustnessRun, ...]:
        """Return the decisive runs that give a clone another verdict."""
        return tuple(
            run for run in self.runs if run.clone == clone and run.is_decisive and run.is_changed
        )

    def hangs_on(self, clone: str) -> tuple[str, ...]:
        """Return the background isolates without each of which a clone has another verdict."""
        return tuple(
            run.subject
            for run in self.runs
            if run.clone == clone and run.kind is RunKind.WITHOUT_BACKGROUND and run.is_changed
        )
