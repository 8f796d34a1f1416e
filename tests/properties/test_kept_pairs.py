"""Pairs kept from earlier runs: the tables are those of counting everything, whatever is kept."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import pytest
from oneclone.tables.pair_store import KeptPair, PairStore

from oneclone.model.isolates import State
from oneclone.model.run_plan import RosterEntry
from oneclone.model.settings import RecombinationSettings
from oneclone.steps import count_pairs
from oneclone.steps.loading import load_assessments
from oneclone.tables.json_files import read_json, write_json
from oneclone.tables.run_plan import read_roster, roster_text
from tests.properties.cohort import Cohort
from tests.properties.engine import default_settings

TABLES = ("pairs.tsv", "matrix.tsv", "stretches.tsv")
KEYS = ("a" * 24, "b" * 24)


@dataclass(frozen=True)
class Bench:
    """Counts some rows of a cohort that was called already."""

    cohort: Cohort
    folder: Path

    @property
    def store(self) -> Path:
        return self.folder / "pairs.sqlite"

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
        out = self.folder / "out"
        arguments = {
            "roster": roster,
            "panel": self.state / "plan/panel.json",
            "mask": self.state / "plan/mask.json",
            "prepared": self.prepared,
            "calls": self.state / "calls.json",
            "pairs": out / "pairs.tsv",
            "matrix": out / "matrix.tsv",
            "recombination": out / "stretches.tsv",
            "counted": out / "counted.json",
            "store": store or self.store,
            "settings": default_settings().recombination,
            "code": "one",
            "threads": 1,
            **changes,
        }
        count_pairs.count_pairs(**arguments)
        told = read_json(out / "counted.json")
        return [(out / name).read_bytes() for name in TABLES], told["counted"], told["known"]

    def count_all(self, entries: Sequence[RosterEntry]) -> list[bytes]:
        """Return the tables without anything kept."""
        store = self.folder / "nothing.sqlite"
        store.unlink(missing_ok=True)
        return self.count(entries, store)[0]

    def used(self, entries: Sequence[RosterEntry]) -> list[RosterEntry]:
        known = load_assessments(entries, self.state / "calls.json")
        return [e for e in entries if e.calls_key and known[e.calls_key].state is State.USED]


@pytest.fixture
def bench(cohort: Cohort, tmp_path: Path) -> Bench:
    return Bench(cohort, tmp_path)


def renamed(entries: Sequence[RosterEntry], chance: random.Random) -> list[RosterEntry]:
    """Return isolates under new names, which come in another order."""
    marks = chance.sample(range(100, 1000), len(entries))
    return [replace(e, name=f"{mark} {e.row_id}") for e, mark in zip(entries, marks, strict=True)]


def genomes_of_pairs(entries: Sequence[RosterEntry]) -> set[tuple[str, ...]]:
    return {tuple(sorted((a.calls_key, b.calls_key))) for a, b in combinations(entries, 2)}


# --- the tables do not depend on what is kept --------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_isolates_that_arrive_one_by_one_give_the_tables_of_counting_everything(
    bench: Bench, monkeypatch, seed
):
    chance = random.Random(seed)  # noqa: S311
    arriving = chance.sample(bench.isolates, len(bench.isolates))
    here, known = list(bench.references), set()
    while arriving:
        here += [arriving.pop() for _ in range(chance.randint(1, min(4, len(arriving))))]
        isolates = renamed([entry for entry in here if not entry.is_reference], chance)
        entries = [*bench.references, *isolates]
        monkeypatch.setattr(count_pairs, "BLOCK_BASES", 60_000 * chance.choice([1, 3, 100]))
        tables, counted, kept = bench.count(entries, threads=chance.choice([1, 2]))
        pairs = list(combinations(bench.used(entries), 2))
        new = [each for each in pairs if not genomes_of_pairs(each) <= known]
        of_genomes = genomes_of_pairs(bench.used(entries)) - known
        assert len(of_genomes) <= counted <= len(new)  # a twin's pair is known from block to block
        assert counted + kept == len(pairs)
        known |= genomes_of_pairs(bench.used(entries))
        assert tables == bench.count_all(entries)
    assert b"PtA-CSF" not in bench.store.read_bytes()
    assert len(tables[2].splitlines()) > 1, "no removed stretch was compared"


def test_whole_cohort_twice_counts_nothing_and_loads_no_calls(bench: Bench, monkeypatch):
    entries = [*bench.references, *bench.isolates]
    first, counted, known = bench.count(entries)
    assert (counted > 0, known) == (True, 0)
    monkeypatch.setattr(count_pairs.Taxon, "calls", None)
    assert bench.count(entries) == (first, 0, counted)


@pytest.mark.parametrize("change", ["code", "settings", "floor", "removed", "mask", "prepared"])
def test_whatever_else_enters_a_count_is_counted_again(bench: Bench, change):
    entries = [*bench.references, *bench.isolates]
    before = bench.count(entries)
    panel = read_json(bench.state / "plan/panel.json")
    other = bench.folder / "other.json"
    if change == "code":
        changes = {"code": "two"}
    elif change == "settings":
        changes = {"settings": RecombinationSettings(0.02, 6, 100_000, 500, 1)}
    elif change == "mask":
        assemblies = {ref["assembly"] for ref in panel["references"]}
        write_json(other, {assembly: [[100, 5000]] for assembly in assemblies})
        changes = {"mask": other}
    elif change == "prepared":
        paths = [bench.folder / f"{number}.npz" for number in range(len(bench.prepared))]
        for path, own in zip(paths, bench.prepared, strict=True):
            path.write_bytes(own.read_bytes())
        changes = {"prepared": paths}
    else:
        name = {"floor": "min_callable_percent", "removed": "max_recombinant_percent"}[change]
        write_json(other, {**panel, name: 1.0})
        changes = {"panel": other}
    after = bench.count(entries, **changes)
    assert after[1:] == before[1:]
    assert bench.count(entries, bench.folder / "new.sqlite", **changes)[0] == after[0]


# --- a store that is damaged or cannot be used -------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_damaged_bytes_change_no_table(bench: Bench, seed):
    chance = random.Random(seed)  # noqa: S311
    entries = [*bench.references, *bench.isolates]
    expected = bench.count(entries)[0]
    content = bytearray(bench.store.read_bytes())
    for _ in range(chance.choice([1, 10, 300])):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    bench.store.write_bytes(content[: chance.choice([len(content), len(content) // 2])])
    assert bench.count(entries)[0] == expected
    assert bench.count(entries)[0] == expected


def test_rows_that_were_changed_are_counted_again_and_said(bench: Bench, capsys):
    entries = [*bench.references, *bench.isolates]
    expected, counted, _ = bench.count(entries)
    with sqlite3.connect(bench.store) as database:
        rows = database.execute("UPDATE pairs SET snps = snps + 1 WHERE one < 3").rowcount
        database.execute("UPDATE pairs SET scan = replace(scan, '1', '2') WHERE scan LIKE '%1%'")
    tables, again, known = bench.count(entries)
    assert tables == expected
    assert again >= rows > 0
    assert again + known == counted
    assert "damaged and counted again" in capsys.readouterr().err
    assert bench.count(entries) == (expected, 0, counted)


def test_genomes_that_changed_places_are_counted_again(bench: Bench):
    entries = [*bench.references, *bench.isolates]
    expected = bench.count(entries)[0]
    with sqlite3.connect(bench.store) as database:
        keys = dict(database.execute("SELECT id, calls_key FROM genomes"))
        first, second, *_ = keys
        swap = [("", first), (keys[first], second), (keys[second], first)]
        database.executemany("UPDATE genomes SET calls_key = ? WHERE id = ?", swap)
    tables, counted, known = bench.count(entries)
    assert tables == expected
    assert counted > 0 < known


@pytest.mark.parametrize("what", ["text", "folder", "other", "no folder"])
def test_store_that_is_none_is_said_and_done_without(bench: Bench, capsys, what):
    entries = [*bench.references, *bench.isolates]
    store = bench.folder / "broken.sqlite"
    if what == "text":
        store.write_text("no database\n" * 500)
    elif what == "folder":
        store.mkdir()
    elif what == "other":
        with sqlite3.connect(store) as database:
            database.execute("CREATE TABLE pairs (name TEXT)")
    else:
        store = bench.folder / "nowhere" / "pairs.sqlite"
    assert bench.count(entries, store)[0] == bench.count_all(entries)
    assert str(store) in capsys.readouterr().err
    is_new = what in {"text", "other"}  # what is damaged is made anew
    assert (bench.count(entries, store)[1] == 0) == is_new


def test_store_that_another_process_holds_is_done_without(bench: Bench, monkeypatch, capsys):
    entries = [*bench.references, *bench.isolates]
    expected, counted, _ = bench.count(entries)
    monkeypatch.setattr("oneclone.tables.pair_store.TIMEOUT_S", 0.05)
    with sqlite3.connect(bench.store) as database:
        database.execute("BEGIN EXCLUSIVE")
        assert bench.count(entries) == (expected, counted, 0)
    database.close()
    assert "locked" in capsys.readouterr().err
    assert bench.count(entries) == (expected, 0, counted)


def test_process_that_is_killed_leaves_whole_pairs(tmp_path: Path):
    store = tmp_path / "pairs.sqlite"
    program = (
        "import sys; from pathlib import Path\n"
        "from oneclone.tables.pair_store import KeptPair, PairStore\n"
        "with PairStore(Path(sys.argv[1]), 'code') as store:\n"
        "    for n in range(10**6):\n"
        "        store.keep('rule', [((f'{i:04d}', f'{n:09d}'), KeptPair(n, i, None))"
        " for i in range(500)])\n"
    )
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", program, str(store)])
        time.sleep(0.4)
        while not store.exists():
            time.sleep(0.05)
        child.send_signal(signal.SIGKILL)
        child.wait()
        with PairStore(store, "code") as kept:
            rows, columns = [f"{i:04d}" for i in range(500)], [f"{n:09d}" for n in range(200)]
            known = kept.known("rule", rows, columns)
            assert len(known) % 500 == 0
            assert all(pair == KeptPair(int(b), int(a), None) for (a, b), pair in known.items())
            assert not kept.complaints


def test_what_another_version_counted_is_dropped(tmp_path: Path):
    store, kept = tmp_path / "pairs.sqlite", KeptPair(10, 2, json.dumps([1]))
    with PairStore(store, "old") as old:
        old.keep("rule", [(KEYS, kept)])
        assert old.known("rule", KEYS[:1], KEYS[1:]) == {KEYS: kept}
        assert old.known("rule", KEYS[1:], KEYS[:1]) == {KEYS: kept}
        assert old.known("rule", KEYS[:1], KEYS[:1]) == {}
        assert old.known("other rule", KEYS[:1], KEYS[1:]) == {}
    with PairStore(store, "new") as new:
        assert new.known("rule", KEYS, KEYS) == {}
        new.keep("rule", [(KEYS, kept)])
        assert new.known("rule", KEYS, KEYS) == {KEYS: kept}
