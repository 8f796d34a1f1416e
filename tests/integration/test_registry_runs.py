"""Runs of one investigation in a row: held names, decisions, withdrawn and replaced input."""

import gzip
import os
from pathlib import Path
from typing import Any

import pytest

from oneclone.model.history import ChangeKind, DecisionKind
from oneclone.registry.database import open_registry
from oneclone.registry.decisions import Decision, decide
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.change_table import read_changes
from oneclone.tables.simulated_folder import write_outbreak
from tests.integration.workflow import read_json, rows
from tests.properties.cohort import stamps
from tests.quick_verdict import QuickRun
from tests.reliability.trials import case

GENOME_BP = 60_000


class Investigation:
    """A chain of three patients' isolates: the one in the middle connects the other two."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        settings = SimulationSettings(1, GENOME_BP, 4)
        write_outbreak(folder, simulate(scenario(ScenarioName.BRIDGE, GENOME_BP), settings))
        self.header, *lines = (folder / "isolates.tsv").read_text().splitlines()
        self.lines = {line.split("\t")[0]: line for line in lines}

    def run(self, *without: str, **config: Any) -> list[tuple[str, str, str]]:
        """Run all rows but some; return kind, subject and what is now of every change."""
        table = self.folder / "some.tsv"
        chosen = [line for name, line in self.lines.items() if name not in without]
        table.write_text("\n".join([self.header, *chosen]) + "\n")
        work, panel = self.folder / "work", self.folder / "panel"
        self.results = QuickRun(work, table, panel, registry="registry.sqlite", **config).run()
        changes = read_changes(self.results / "changes.tsv")
        return [(str(row.kind), row.subject, row.after) for row in changes]

    def decide(self, kind: DecisionKind, isolate: str) -> None:
        with open_registry(self.folder / "work/registry.sqlite") as database:
            decide(database, isolate, Decision(kind, "looked at it", "me"))

    def clones(self) -> dict[str, tuple[str, str]]:
        """Return published and settled name of the clone of every case."""
        table = rows(self.results / "clusters.tsv")
        return {r["isolate"]: (r["clone"], r["settled_clone"]) for r in table if r["clone"]}

    def ledger(self, name: str) -> dict[str, str]:
        table = rows(self.results / "ledger.tsv")
        return next(row for row in table if row["isolate"] == name)


@pytest.fixture
def investigation(tmp_path: Path) -> Investigation:
    return Investigation(tmp_path / "chain")


@case(
    28,
    "an isolate that alone bridges two named clones",
    "caveat `bridge_isolate`; the names wait for a decision",
)
def test_isolate_that_bridges_two_named_clones_waits_for_a_decision(investigation):
    """The verdict does not wait: they are one clone; only the names are not merged yet."""
    assert investigation.run("PtK-1") == []
    before = investigation.clones()
    (first, _), (last, _) = before["PtJ-1"], before["PtL-1"]
    assert first != last
    changes = investigation.run()
    both = " + ".join(sorted([first, last]))
    assert ("bridge_isolate", "PtK-1", both) in changes
    assert not [row for row in changes if row[0] in {"merged", "joined", "founded"}]
    assert investigation.clones() == {
        "PtJ-1": (both, first),
        "PtK-1": (both, ""),
        "PtL-1": (both, last),
    }
    (clone,) = read_json(investigation.results / "verdict.json")["clones"]
    assert (clone["name"], clone["members"]) == (both, ["PtJ-1", "PtK-1", "PtL-1"])
    investigation.decide(DecisionKind.HOLD, "PtK-1")
    assert ("bridge_isolate", "PtK-1", both) in investigation.run()
    investigation.decide(DecisionKind.ACCEPT, "PtK-1")
    changes = investigation.run()
    ((published, settled),) = set(investigation.clones().values())
    assert published == settled
    assert published in {first, last}
    assert ("merged", published, published) in changes
    assert ("joined", "PtK-1", published) in changes


@case(
    58,
    "an isolate withdrawn by a decision, and its file packed anew",
    "quarantined, `withdrawn`, until it is restored; changes.tsv tells both",
)
def test_withdrawn_isolate_takes_no_part_until_it_is_restored(investigation):
    """It is known by its genome: packing the file anew does not bring it back."""
    investigation.run()
    named = investigation.clones()
    investigation.decide(DecisionKind.WITHDRAW, "PtK-1")
    path = investigation.folder / investigation.lines["PtK-1"].split("\t")[1]
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()), 1, mtime=7))
    changes = investigation.run()
    assert ("withdrawn", "PtK-1", "quarantined") in changes
    row = investigation.ledger("PtK-1")
    assert (row["state"], row["reason"]) == ("quarantined", "withdrawn")
    assert "looked at it; `oneclone registry restore` takes it back" in row["detail"]
    assert "PtK-1" not in investigation.clones()
    investigation.decide(DecisionKind.RESTORE, "PtK-1")
    assert ("restored", "PtK-1", "used") in investigation.run()
    assert investigation.clones() == named


@case(
    33,
    "an isolate with the assembly of another one",
    "`input_replaced` in changes.tsv with both checksums; the registry keeps both",
)
@case(
    55,
    "an assembly is replaced by one with an older date",
    "found: called anew, `input_replaced` in `changes.tsv`",
)
def test_replaced_file_is_found_and_named_though_it_is_older(investigation):
    cells = {name: line.split("\t")[1] for name, line in investigation.lines.items()}
    paths = {name: investigation.folder / cell for name, cell in cells.items() if cell}
    investigation.run()
    before = {name: investigation.ledger(name)["sha256"] for name in ("PtJ-1", "PtL-1")}
    paths["PtJ-1"].write_bytes(paths["PtL-1"].read_bytes())
    os.utime(paths["PtJ-1"], (1, 1))
    changes = investigation.run()
    assert ("input_replaced", "PtJ-1", before["PtL-1"]) in changes
    assert investigation.clones()["PtJ-1"] == investigation.clones()["PtL-1"]


@case(
    57,
    "another threshold than in the previous run",
    "no assembly is called and no pair counted again; changes.tsv has `setting_changed` with old "
    "and new value, and `verdict_changed` for every verdict that changed, no more and no less",
)
def test_other_threshold_counts_nothing_again_and_names_every_changed_verdict(investigation):
    def verdicts() -> dict[tuple[str, str], str]:
        table = rows(investigation.results / "verdict_pairs.tsv")
        return {(row["isolate_a"], row["isolate_b"]): row["verdict"] for row in table}

    investigation.run()
    before, made = verdicts(), stamps(investigation.folder / "work")
    stricter = {"linked": 5, "possible": 20, "unlinked": 30}
    investigation.run(thresholds=stricter)
    after = verdicts()
    assert stamps(investigation.folder / "work") == made
    state = investigation.folder / "work/.oneclone"
    assert read_json(state / "distances/counted.json")["counted"] == 0
    changes = read_changes(investigation.results / "changes.tsv")
    told = {row.subject: row for row in changes if row.kind is ChangeKind.SETTING_CHANGED}
    for name, value in stricter.items():
        assert told[f"thresholds.{name}"].after == str(value)
    changed = {pair for pair in before if before[pair] != after[pair]}
    assert len(changed) > 1
    verdict_changes = [row for row in changes if row.kind is ChangeKind.VERDICT_CHANGED]
    assert {(row.subject, row.partner) for row in verdict_changes if row.partner} == changed
    for row in verdict_changes:
        if row.partner:
            pair = (row.subject, row.partner)
            assert (row.before, row.after) == (before[pair], after[pair])
