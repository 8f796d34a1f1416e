"""Put together from files what a verdict rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oneclone.model.evidence import Evidence, LocalTree
from oneclone.model.isolates import Role
from oneclone.model.pairs import RemovedRegion
from oneclone.model.panel import with_thresholds
from oneclone.model.settings import ThresholdOverrides
from oneclone.tables.ledger import read_ledger
from oneclone.tables.pair_file import read_pairs
from oneclone.tables.run_plan import read_isolates, read_plan_panel
from oneclone.tables.typing_table import read_typing


@dataclass(frozen=True)
class EvidenceFiles:
    """Files of the plan (isolates, panel) and results that every judgement reads."""

    isolates: Path
    panel: Path
    ledger: Path
    typing: Path
    pairs: Path

    def load(
        self,
        thresholds: ThresholdOverrides,
        local_trees: Mapping[tuple[str, ...], LocalTree] | None = None,
        placements: Mapping[str, str] | None = None,
        removed: tuple[RemovedRegion, ...] = (),
    ) -> Evidence:
        """Return the evidence.

        Parameters
        ----------
        thresholds
            Thresholds of the configuration.
        local_trees
            Local trees by the members of their clones, when they are known already.
        placements
            Clone of the nearest reference in the whole tree, when it is known already.
        removed
            Stretches removed from pairs, when they are wanted.
        """
        isolates = read_isolates(self.isolates)
        cases = [name for name, isolate in isolates.items() if isolate.role is Role.CASE]
        return Evidence(
            panel=with_thresholds(read_plan_panel(self.panel), thresholds),
            isolates=isolates,
            ledger=read_ledger(self.ledger),
            typing=read_typing(self.typing),
            pairs=read_pairs(self.pairs, with_any=cases),
            local_trees=local_trees or {},
            placements=placements or {},
            removed=removed,
        )
