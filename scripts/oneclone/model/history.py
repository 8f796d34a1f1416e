"""What earlier runs of an investigation found, and what changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

ADDRESS_SEPARATOR = "."
HELD_SEPARATOR = " + "
ALL_CASES = "all cases"  # subject of the verdict on all of them


def address_text(labels: Sequence[int]) -> str:
    """Return the SNP address of cluster labels that go from the smallest level to the greatest.

    Examples
    --------
    >>> address_text((9, 4, 1))
    '1.4.9'
    """
    return ADDRESS_SEPARATOR.join(map(str, reversed(labels)))


class ChangeKind(StrEnum):
    """What happened between two runs of an investigation; docs/formats.md explains each."""

    NEW_ISOLATE = "new_isolate"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    RENAMED = "renamed"
    INPUT_REPLACED = "input_replaced"
    INPUT_REWRITTEN = "input_rewritten"
    STATE_CHANGED = "state_changed"
    METADATA_CHANGED = "metadata_changed"
    JOINED = "joined"
    FOUNDED = "founded"
    MERGED = "merged"
    SPLIT = "split"
    ENDED = "ended"
    BRIDGE_ISOLATE = "bridge_isolate"
    ADDRESS_CHANGED = "address_changed"
    VERDICT_CHANGED = "verdict_changed"
    REASONS_CHANGED = "reasons_changed"
    SETTING_CHANGED = "setting_changed"
    VERSION_CHANGED = "version_changed"
    DISTANCE_CHANGED = "distance_changed"
    DISTANCES_UNCHANGED = "distances_unchanged"


class DecisionKind(StrEnum):
    """What a person decided about an isolate, to be known by its genome."""

    ACCEPT = "accept"
    HOLD = "hold"
    WITHDRAW = "withdraw"
    RESTORE = "restore"


@dataclass(frozen=True)
class Change:
    """One row of `changes.tsv`; `partner` is the second isolate of a pair."""

    kind: ChangeKind
    subject: str
    before: str = ""
    after: str = ""
    partner: str = ""
    reason: str = ""


@dataclass(frozen=True)
class KnownIsolate:
    """A row of the ledger as a run left it.

    `genome` is the canonical sha256 of the assembly, empty when there was none that could be
    read. `clone` is the published name of its clone; `settled_clone` the name that it keeps
    while the merging of names waits for a decision (empty for the isolate that waits).
    `address` are its cluster labels from the smallest SNP level to the greatest.
    """

    name: str
    role: str
    state: str
    reason: str
    sha256: str
    genome: str
    clone: str = ""
    settled_clone: str = ""
    address: tuple[int, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class KnownVerdict:
    """The verdict of a clone (`second` is empty) or of a pair of isolates."""

    first: str
    second: str
    verdict: str
    reason: str


@dataclass(frozen=True)
class Snapshot:
    """Everything of a run that later runs of its investigation compare with.

    `identity` stands for all that entered the run: two runs of one identity are the same run.
    """

    identity: str
    investigation: str
    panel: str
    panel_version: str
    verdict: str
    sentence: str
    reasons: tuple[str, ...]
    isolates: tuple[KnownIsolate, ...]
    clones: tuple[KnownVerdict, ...]
    pairs: tuple[KnownVerdict, ...]
    settings: Mapping[str, Any]
    versions: Mapping[str, str]


@dataclass(frozen=True)
class History:
    """What is known when a run begins.

    `number` and `previous` are the previous run of the investigation; `earlier` are the last
    sightings of isolates that were not in it. `clone_names` are all names ever given, the oldest
    first; `highest_labels` the greatest cluster label ever given at each SNP level.
    `decisions` are by genome.
    """

    number: int | None = None
    previous: Snapshot | None = None
    earlier: tuple[KnownIsolate, ...] = ()
    clone_names: tuple[str, ...] = ()
    highest_labels: tuple[int, ...] = ()
    decisions: Mapping[str, DecisionKind] = field(default_factory=dict[str, DecisionKind])

    @property
    def known(self) -> tuple[KnownIsolate, ...]:
        """Every isolate that was ever seen, as it was seen last."""
        return (*self.earlier, *(self.previous.isolates if self.previous else ()))


@dataclass(frozen=True)
class RunRecord:
    """A finished run, to be taken into the registry.

    `registry` is the path as the configuration gives it; `previous` the number of the run with
    which it was compared; `distances_sha256` belongs to the table that lies beside the record.
    """

    registry: str
    snapshot: Snapshot
    previous: int | None
    changes: tuple[Change, ...]
    distances_sha256: str
