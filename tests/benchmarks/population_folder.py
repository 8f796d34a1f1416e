"""Where the files of a simulated population are; apart from what writes it, which imports much."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import TypeAdapter

from oneclone.model.panel import Panel
from oneclone.model.settings import Settings
from oneclone.tables.run_plan import read_plan_panel, read_roster
from oneclone.tables.schemas import complete, load_schema

STATE = Path(".oneclone")
KEY_DIGITS = 24  # of either half of a key


@dataclass(frozen=True)
class PopulationFolder:
    """The working directory of a population, with the files that joint steps are given."""

    working: Path
    settings: Settings

    @cached_property
    def panel(self) -> Panel:
        """The panel of the plan."""
        return read_plan_panel(self.plan("panel.json"))

    def plan(self, name: str) -> Path:
        """Return a file of the plan."""
        return self.working / STATE / "plan" / name

    @property
    def prepared(self) -> list[Path]:
        """Counting references in the order of the panel's `counting_assemblies`."""
        references = self.working / STATE / "references"
        found: list[Path] = []
        for assembly in self.panel.counting_assemblies:
            found += references.glob(f"{assembly[:KEY_DIGITS]}-*.npz")
        return found

    def calls(self, end: str) -> list[Path]:
        """Return the call files that end so (`.npz`, `.json`), sorted by key."""
        keys = {entry.calls_key for entry in read_roster(self.plan("roster.json"))}
        return [self.working / STATE / "calls" / f"{key}{end}" for key in sorted(keys)]


def settings_of_run() -> Settings:
    """Return the settings of a run with the defaults of the schema, without a registry."""
    given = {"isolates": "isolates.tsv", "panel": "panel", "registry": ""}
    return TypeAdapter(Settings).validate_python(complete(given, load_schema("config")))
