"""Counts of some rows of a cohort whose calls are there already."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from oneclone.model.isolates import State
from oneclone.model.run_plan import RosterEntry
from oneclone.steps import count_pairs
from oneclone.steps.loading import load_assessments
from oneclone.tables.json_files import read_json
from oneclone.tables.pair_segments import ABOUT, COVERAGE, Coverage
from oneclone.tables.run_plan import read_roster, roster_text
from tests.properties.cohort import Cohort
from tests.properties.engine import default_settings

TABLES = ("pairs.tsv", "matrix.tsv", "stretches.tsv", "pairs.parquet", "further.parquet")


@dataclass(frozen=True)
class Bench:
    """Counts some rows of a cohort that was called already."""

    cohort: Cohort
    folder: Path

    @property
    def store(self) -> Path:
        return self.folder / "pairs"

    @property
    def segments(self) -> list[Path]:
        return sorted(self.store.iterdir())

    @property
    def references(self) -> list[RosterEntry]:
        return [entry for entry in self.roster if entry.is_reference]

    @property
    def isolates(self) -> list[RosterEntry]:
        """Rows of the table: one has no assembly, one is quarantined, two have one genome."""
        rows = [entry for entry in self.roster if not entry.is_reference]
        twin = next(entry for entry in rows if entry.name == "PtA-CSF")
        return [*rows, replace(twin, name="twin", row_id="Itwin")]

    @property
    def roster(self) -> tuple[RosterEntry, ...]:
        return read_roster(self.state / "plan/roster.json")

    @property
    def state(self) -> Path:
        return self.cohort.work / ".oneclone"

    @property
    def prepared(self) -> list[Path]:
        return sorted(self.state.glob("references/*.npz"))

    def count(
        self, entries: Sequence[RosterEntry], store: Path | None = None, **changes
    ) -> tuple[list[bytes], int, int]:
        """Return the tables, and how many pairs were counted and known."""
        roster = self.folder / "roster.json"
        roster.write_text(roster_text(sorted(entries, key=lambda entry: entry.name)))
        out, cases = self.folder / "out", self.folder / "cases.json"
        cases.write_text(json.dumps(sorted(changes.pop("cases", []))))
        arguments = {
            "roster": roster,
            "panel": self.state / "plan/panel.json",
            "mask": self.state / "plan/mask.json",
            "prepared": self.prepared,
            "calls": self.state / "calls.json",
            "cases": cases,
            "pairs": out / "pairs.parquet",
            "table": out / "pairs.tsv",
            "further": out / "further.parquet",
            "matrix": out / "matrix.tsv",
            "recombination": out / "stretches.tsv",
            "counted": out / "counted.json",
            "store": store or self.store,
            "settings": default_settings().recombination,
            "max_snps": 1000,
            "code": "one",
            "threads": 1,
            **changes,
        }
        count_pairs.count_pairs(**arguments)
        told = read_json(out / "counted.json")
        return [(out / name).read_bytes() for name in TABLES], told["counted"], told["known"]

    def count_all(self, entries: Sequence[RosterEntry]) -> list[bytes]:
        """Return the tables without anything kept."""
        store = self.folder / "nothing"
        shutil.rmtree(store, ignore_errors=True)
        return self.count(entries, store)[0]

    def used(self, entries: Sequence[RosterEntry]) -> list[RosterEntry]:
        known = load_assessments(entries, self.state / "calls.json")
        return [e for e in entries if e.calls_key and known[e.calls_key].state is State.USED]

    def new_store(self) -> Path:
        """Return a folder without a segment."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    @staticmethod
    def coverage(path: Path) -> Coverage:
        """Return what a segment answers for."""
        return COVERAGE.validate_json(pq.read_schema(path).metadata[ABOUT])
