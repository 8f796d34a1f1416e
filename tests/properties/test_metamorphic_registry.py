"""Metamorphic relations M7 and M12: runs with a registry, one after the other, on one outbreak.

Every result is that of one run of everything, byte for byte, but for what is history: names of
clones, cluster labels (equal as partitions) and what changed.
"""

import re
from pathlib import Path

import pytest

from oneclone.model.history import Snapshot
from oneclone.registry.database import damages, open_registry
from oneclone.registry.past import read_snapshot
from oneclone.tables.change_table import read_changes
from tests.integration.workflow import rows
from tests.pipeline import contents
from tests.properties.cohort import NAMES, stamps

REGISTRY = "registry.sqlite"
CHANGES = re.compile(rb'<div class="changes".*?</div>', re.DOTALL)
ORDERS = {
    "cases first": (NAMES[:3], NAMES[:1] + NAMES[4:6], NAMES),
    "context first": (NAMES[3:6], NAMES[1:], NAMES),
}


def without_history(results: Path) -> dict[str, bytes]:
    """Return all results with clones named by their members, labels and changes left out."""
    table = rows(results / "clusters.tsv")
    members: dict[str, list[str]] = {}
    for row in table:
        members.setdefault(row["clone"], []).append(row["isolate"])
    found = contents(results, ["changes.tsv", "clusters.tsv"])
    for clone in sorted(filter(None, members), key=len, reverse=True):
        spelled = f"clone of {members[clone][0]}".encode()
        found = {name: text.replace(clone.encode(), spelled) for name, text in found.items()}
    found["report.html"] = CHANGES.sub(b"", found["report.html"])
    return found


def partitions(results: Path) -> set[tuple[str, frozenset[str]]]:
    """Return the clusters of every level, and the clones, as sets of members."""
    table = rows(results / "clusters.tsv")
    columns = [column for column in table[0] if column != "isolate"]
    return {
        (column, frozenset(row["isolate"] for row in table if row[column] == label))
        for column in columns
        for label in {row[column] for row in table}
    }


def recorded(work: Path) -> list[Snapshot]:
    """Return all runs of the registry, which must be sound."""
    with open_registry(work / REGISTRY) as database:
        assert damages(database) == []
        numbers = [n for (n,) in database.execute("SELECT number FROM runs ORDER BY number")]
        return [read_snapshot(database, number) for number in numbers]


@pytest.mark.parametrize("order", ORDERS)
def test_m12_any_order_of_arrival_is_all_at_once_but_for_history(tmp_path: Path, cohort, order):
    """From an empty working directory; what was called stays as it is."""
    work = tmp_path / "work"
    for names in ORDERS[order][:-1]:
        results = cohort.run(work, names, registry=REGISTRY)
    before = stamps(work)
    results = cohort.run(work, ORDERS[order][-1], registry=REGISTRY)
    assert without_history(results) == without_history(cohort.results)
    assert partitions(results) == partitions(cohort.results)
    assert before.items() <= stamps(work).items()
    assert len(recorded(work)) == len(ORDERS[order])


def test_m7_isolates_removed_and_added_again_are_as_if_never_away(tmp_path: Path, cohort):
    gone = {"PtA-CSF", "CTX-DCC3-1"}
    work = cohort.with_calls(tmp_path / "work")
    before = stamps(work)
    cohort.run(work, NAMES, registry=REGISTRY)
    (first,) = recorded(work)  # verdicts of pairs are kept for the last two runs alone
    rest = [name for name in NAMES if name not in gone]
    changes = read_changes(cohort.run(work, rest, registry=REGISTRY) / "changes.tsv")
    assert {row.subject for row in changes if row.kind == "withdrawn"} == gone
    results = cohort.run(work, NAMES, registry=REGISTRY)
    changes = read_changes(results / "changes.tsv")
    assert {row.subject for row in changes if row.kind == "restored"} == gone
    _, between, last = recorded(work)
    assert (first.isolates, first.clones, first.pairs) == (last.isolates, last.clones, last.pairs)
    assert between.isolates != first.isolates
    assert without_history(results) == without_history(cohort.results)
    assert stamps(work) == before
