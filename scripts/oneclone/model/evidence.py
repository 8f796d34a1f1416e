"""What the judges of a clone look at: typing, local trees, background."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from oneclone.model.isolates import Isolate, Role, State
from oneclone.model.pairs import Pair, RemovedRegion, ordered
from oneclone.model.panel import Panel


@dataclass(frozen=True)
class LedgerEntry:
    """What became of one row; `reasons` are stable codes.

    `canonical_sha256` is equal for equal genomes, however their files were written.
    """

    name: str
    role: Role
    state: State
    reasons: tuple[str, ...]
    detail: str
    sha256: str
    canonical_sha256: str


@dataclass(frozen=True)
class Typing:
    """Subspecies, nearest reference and panel clone of an isolate; blank subspecies = ambiguous.

    `subspecies_rule` says how the subspecies was found, or why it is blank.
    """

    name: str
    subspecies: str
    nearest_reference: str
    ani_percent: float
    aligned_percent: float
    panel_clone: str
    panel_clone_snps: int | None
    panel_clone_rule: str
    subspecies_rule: str = ""


@dataclass(frozen=True)
class LocalTree:
    """The tree in which the exclusivity of one clone is tested.

    `clean_snps` counts sites at which all members share a base that no background tip has.
    What a search finds: `branch_snps` is the length of the branch that parts the members from
    every background tip, in SNPs (0 when there is no such branch); `ufboot` and `sh_alrt` are
    its supports in per cent, `None` when they were not computed. `support_kind` names the
    labels of `newick`, which has row ids as tips. `searched_newick` is the tree as the search
    wrote it, unrooted, one tip for each group of `identical` taxa (row ids). `not_called` are
    background isolates near enough for a tip that were not called on the tree's reference, their
    subspecies being ambiguous.
    """

    members: tuple[str, ...]
    tips: tuple[str, ...]
    reference: str
    core_bp: int
    variable_sites: int
    masked_bp: int
    clean_snps: int
    distinct_sequences: int = 0
    is_split: bool = False
    branch_snps: float = 0.0
    ufboot: float | None = None
    sh_alrt: float | None = None
    support_kind: str = "none"
    engine: str = ""
    newick: str = ""
    searched_newick: str = ""
    identical: tuple[tuple[str, ...], ...] = ()
    not_called: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """Everything on which a verdict rests.

    `isolates` has every row, references included, by name; `pairs` every pair with a case by its
    ordered names; `local_trees` one tree per clone by its members; `placements` the clone of the
    reference that is nearest in the whole tree; `removed` every stretch removed from a pair.
    """

    panel: Panel
    isolates: Mapping[str, Isolate]
    ledger: Mapping[str, LedgerEntry]
    typing: Mapping[str, Typing]
    pairs: Mapping[tuple[str, str], Pair]
    local_trees: Mapping[tuple[str, ...], LocalTree]
    placements: Mapping[str, str]
    removed: tuple[RemovedRegion, ...] = ()

    def names(self, *roles: Role) -> tuple[str, ...]:
        """Return the names of used isolates of some roles, sorted."""
        return tuple(
            sorted(
                name
                for name, isolate in self.isolates.items()
                if isolate.role in roles and self.ledger[name].state is State.USED
            )
        )

    def pair(self, one: str, two: str) -> Pair:
        """Return the pair of two names, in whichever order they are given."""
        return self.pairs[ordered(one, two)]

    def subspecies(self, name: str) -> str:
        """Return the subspecies of an isolate or reference, blank when ambiguous."""
        if name in self.typing:
            return self.typing[name].subspecies
        return self._declared_subspecies[name]

    @cached_property
    def _declared_subspecies(self) -> Mapping[str, str]:
        """Subspecies of the panel's references by name."""
        return {reference.name: reference.subspecies for reference in self.panel.references}
