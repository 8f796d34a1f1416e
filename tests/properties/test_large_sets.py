"""Sets beyond the complete tables: the same rows, fewer of them, and the same verdict.

What counts as large is made small: all of the cohort is, and a few isolates are a neighbourhood.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from oneclone.model.run_plan import RosterEntry
from oneclone.steps import count_pairs, note_changes, pair_engine
from oneclone.tables import run_plan
from oneclone.tables.pair_file import read_pairs
from oneclone.tables.pair_segments import PairSegments
from oneclone.worker_pool import worker_pool
from tests.integration.workflow import read_json, rows
from tests.pipeline import contents
from tests.properties.cohort import NAMES, Cohort
from tests.properties.pair_bench import Bench
from tests.quick_verdict import QuickRun

CASES = ("PtA-CSF", "PtB-elbow")
NEIGHBOURS = 3
FAR_BELOW_FLOOR = 5000  # of a pair that is not assessed the table has no count
Row = dict[str, str]


@pytest.fixture
def large(monkeypatch):
    """Make every set a large one, counted in small blocks and groups."""
    for module in (count_pairs, note_changes, run_plan):
        monkeypatch.setattr(module, "MAX_COMPLETE", 1)
    monkeypatch.setattr(count_pairs, "NEIGHBOURS", NEIGHBOURS)
    monkeypatch.setattr(pair_engine, "FEW_ROWS", 0)
    monkeypatch.setattr(pair_engine, "BLOCK_BASES", 720_000)


def in_full(monkeypatch) -> None:
    monkeypatch.setattr(count_pairs, "MAX_COMPLETE", 2000)


def row_ids(entries: Sequence[RosterEntry], names: Sequence[str] = CASES) -> list[str]:
    return [entry.row_id for entry in entries if entry.name in names]


def table(content: bytes) -> dict[tuple[str, str], Row]:
    """Return the rows of a table of pairs by both names."""
    header, *lines = (line.split("\t") for line in content.decode().splitlines())
    found = (dict(zip(header, line, strict=True)) for line in lines)
    return {(row["isolate_a"], row["isolate_b"]): row for row in found}


def matrix(content: bytes) -> dict[tuple[str, str], str]:
    (_, *names), *lines = (line.split("\t") for line in content.decode().splitlines())
    assert [line[0] for line in lines] == names == sorted(names)
    return {
        (line[0], name): cell for line in lines for name, cell in zip(names, line[1:], strict=True)
    }


def nearest(complete: dict[tuple[str, str], Row], cases: Sequence[str]) -> set[str]:
    """Return the cases and those nearest to any of them, ties by name."""
    least: dict[str, int] = {}
    for both, row in complete.items():
        for one, other in (both, both[::-1]):
            if one in cases and other not in cases and row["snps"]:
                least[other] = min(least.get(other, 10**9), int(row["snps"]))
    return {*cases, *sorted(least, key=lambda name: (least[name], name))[:NEIGHBOURS]}


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("limit", [0, 20, 250, 100_000])
def test_large_set_has_the_rows_of_the_complete_tables_that_the_contract_names(
    bench: Bench, monkeypatch, limit
):
    entries = [*bench.references, *bench.isolates]
    found, counted, known = bench.count(entries, cases=row_ids(entries), max_snps=limit)
    further = read_pairs(bench.folder / "out/further.parquet")
    in_full(monkeypatch)
    whole = bench.count_all(entries)
    complete, kept = table(whole[0]), table(found[0])
    assert (counted, known) == (len(complete), 0)
    assert kept == {
        both: row
        for both, row in complete.items()
        if {*both} & {*CASES} or int(row["snps_raw"] or FAR_BELOW_FLOOR) <= limit
    }
    shown, every = matrix(found[1]), matrix(whole[1])
    near = nearest(complete, CASES)
    assert shown == {both: every[both] for both in every if {*both} <= near}
    removed = [line.split("\t") for line in whole[2].decode().splitlines()]
    assert [line.split("\t") for line in found[2].decode().splitlines()] == [
        removed[0], *(line for line in removed[1:] if (line[0], line[1]) in kept)
    ]  # fmt: skip
    references = {entry.name for entry in bench.references}
    assert {*further} == {
        both for both in complete.keys() - kept.keys() if {*both} & references or {*both} <= near
    }
    assert {
        both: ("" if pair.snps is None else str(pair.snps), str(pair.callable_bp))
        for both, pair in further.items()
    } == {both: (complete[both]["snps"], complete[both]["callable_bp"]) for both in further}
    if limit == 20:
        assert len(kept) < len(complete) - 40
        assert further


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("seed", range(4))
def test_whatever_was_counted_before_the_tables_are_those_of_a_new_folder(
    bench: Bench, monkeypatch, seed
):
    """Isolates, cases, limit and size change from run to run; segments of all of them lie there."""
    chance = random.Random(seed)  # noqa: S311
    for _ in range(6):
        isolates = chance.sample(bench.isolates, chance.randint(2, len(bench.isolates)))
        entries = [*bench.references, *isolates]
        changes = {
            "cases": row_ids(entries, [e.name for e in isolates if chance.random() < 0.3]),
            "max_snps": chance.choice([0, 5, 30, 200, 1000, 50_000]),
            "threads": chance.choice([1, 1, 2]),
        }
        monkeypatch.setattr(count_pairs, "MAX_COMPLETE", chance.choice([1, 1, 2000]))
        monkeypatch.setattr(pair_engine, "BLOCK_BASES", 60_000 * chance.choice([8, 20, 400]))
        tables, counted, known = bench.count(entries, **changes)
        fresh, of_all, nothing = bench.count(entries, bench.new_store(), **changes)
        assert tables == fresh
        assert (counted + known, nothing) == (of_all, 0)
        assert bench.count(entries, **changes) == (tables, 0, of_all)


@pytest.mark.usefixtures("large")
def test_one_isolate_added_to_a_large_set_counts_its_pairs_alone(bench: Bench):
    entries = [*bench.references, *bench.isolates]
    late = next(entry for entry in entries if entry.name == "CTX-mid")
    before = [entry for entry in entries if entry is not late]
    changes = {"cases": row_ids(entries), "max_snps": 30}
    _, counted, _ = bench.count(before, **changes)
    _, new, known = bench.count(entries, **changes)
    assert (new, known) == (len(bench.used(before)), counted)


@pytest.mark.usefixtures("large")
def test_isolate_that_becomes_a_case_is_counted_in_full_with_all_others(bench: Bench):
    entries = [*bench.references, *bench.isolates]
    bench.count(entries, cases=row_ids(entries), max_snps=10)
    late = next(entry for entry in entries if entry.name == "CTX-DCC3-1")
    segments = {*bench.segments}
    cases = [*row_ids(entries), late.row_id]
    found, new, _ = bench.count(entries, cases=cases, max_snps=10)
    assert new == 0, "of each pair it was known whether it is near"
    kept = [both for both in table(found[0]) if late.name in both]
    assert len(kept) == len(bench.used(entries)) - 1
    added = [path for path in bench.segments if path not in segments]
    rules = (bench.coverage(path) for path in added)
    assert {each.keys[row] for each in rules for row in each.rows} >= {late.calls_key}


@pytest.mark.parametrize("is_large", [True, False])
def test_threads_and_processes_change_no_byte(bench: Bench, monkeypatch, request, is_large):
    if is_large:
        request.getfixturevalue("large")
    entries = [*bench.references, *bench.isolates]
    changes = {"cases": row_ids(entries), "max_snps": 60}
    found = [bench.count(entries, bench.new_store(), threads=n, **changes) for n in (1, 2, 3)]
    assert found[0] == found[1] == found[2]
    monkeypatch.setattr(count_pairs, "worker_pool", lambda _: worker_pool(1))
    assert bench.count(entries, bench.new_store(), threads=3, **changes) == found[0]


# --- a whole run -------------------------------------------------------------------------------


class LimitedRun(QuickRun):
    """A run that keeps pairs with few differences, fewer than a configuration may ask for."""

    def limit_to(self, max_snps: int) -> None:
        settings = replace(self.plan.settings, pairs_max_snps=max_snps)
        self.plan = replace(self.plan, settings=settings)


@pytest.fixture(scope="module")
def complete(cohort: Cohort, tmp_path_factory) -> Path:
    """Return the results of a run with complete tables."""
    return finished(cohort, tmp_path_factory.mktemp("complete"), None)


def finished(cohort: Cohort, work: Path, max_snps: int | None) -> Path:
    lines = [cohort.line_of[name] for name in NAMES]
    run = LimitedRun(cohort.with_calls(work), cohort.table(lines), cohort.folder / "panel")
    if max_snps is not None:
        run.limit_to(max_snps)
    return run.run()


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("max_snps", [250, 1000])
def test_verdict_of_a_large_set_is_that_of_the_complete_one(
    cohort: Cohort, complete: Path, tmp_path: Path, max_snps
):
    """The verdict at 10 000 uses the case neighbourhood, exactly as it does at 34."""
    found = finished(cohort, tmp_path, max_snps)
    pairs = rows(found / "distances/pairs.tsv")
    assert len(pairs) < len(rows(complete / "distances/pairs.tsv"))
    one, other = (read_json(each / "verdict.json") for each in (found, complete))
    for each in (one, other):
        each["settings"].pop("pairs_max_snps", None)
    assert one == other
    same = contents(found, {"distances", "verdict.json", "mixtures.tsv"})
    whole = contents(complete, {"distances", "verdict.json", "mixtures.tsv"})
    assert same.keys() == whole.keys() >= {"typing.tsv", "clusters.tsv", "verdict_pairs.tsv"}
    assert [name for name in same if same[name] != whole[name]] == []


@pytest.mark.usefixtures("large")
def test_clusters_of_a_large_set_rest_on_what_is_kept(
    cohort: Cohort, complete: Path, tmp_path: Path
):
    """Levels up to the limit are those of the complete run where no filtered pair was beyond it."""
    found = finished(cohort, tmp_path, 0)
    one, other = (rows(each / "clusters.tsv") for each in (found, complete))
    cases = [number for number, row in enumerate(other) if row["isolate"] in CASES]
    assert [one[number]["clone"] for number in cases] == [other[n]["clone"] for n in cases]
    kept = {(p["isolate_a"], p["isolate_b"]) for p in rows(found / "distances/pairs.tsv")}
    assert not any({*both} <= {"CTX-DCC1-1", "CTX-DCC3-1"} for both in kept)
    assert (found / "typing.tsv").read_bytes() == (complete / "typing.tsv").read_bytes()


@pytest.mark.usefixtures("large")
def test_coverage_of_segments_is_read_back(bench: Bench):
    entries = [*bench.references, *bench.isolates]
    bench.count(entries, cases=row_ids(entries), max_snps=77)
    limits = [bench.coverage(path).limit for path in bench.segments]
    assert {*limits} == {77, None}
    assert PairSegments(bench.store, "another version").complaints == []
