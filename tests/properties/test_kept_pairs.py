"""Pairs kept from earlier runs: the tables are those of counting everything, whatever is kept."""

import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, combinations_with_replacement
from pathlib import Path

import pyarrow as pa
import pytest

from oneclone.model.run_plan import RosterEntry
from oneclone.model.settings import RecombinationSettings
from oneclone.steps import pair_engine
from oneclone.steps.loading import Taxon
from oneclone.tables.json_files import read_json, write_json
from oneclone.tables.pair_segments import SCHEMA, Coverage, PairSegments
from tests.properties.pair_bench import Bench


def renamed(entries: Sequence[RosterEntry], chance: random.Random) -> list[RosterEntry]:
    """Return isolates under new names, which come in another order."""
    marks = chance.sample(range(100, 1000), len(entries))
    return [replace(e, name=f"{mark} {e.row_id}") for e, mark in zip(entries, marks, strict=True)]


def genomes_of_pairs(entries: Sequence[RosterEntry]) -> set[tuple[str, ...]]:
    """Return the pairs of genomes; one with itself is known as soon as it is there."""
    keys = [entry.calls_key for entry in entries]
    return {tuple(sorted(both)) for both in combinations_with_replacement(keys, 2)}


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
        monkeypatch.setattr(pair_engine, "BLOCK_BASES", 60_000 * chance.choice([8, 20, 400]))
        tables, counted, kept = bench.count(entries, threads=chance.choice([1, 2]))
        pairs = list(combinations(bench.used(entries), 2))
        new = [(a, b) for a, b in pairs if tuple(sorted((a.calls_key, b.calls_key))) not in known]
        assert (counted, kept) == (len(new), len(pairs) - len(new))
        known |= genomes_of_pairs(bench.used(entries))
        assert tables == bench.count_all(entries)
    assert all(b"PtA-CSF" not in path.read_bytes() for path in bench.segments)
    assert len(tables[2].splitlines()) > 1, "no removed stretch was compared"


def test_whole_cohort_twice_counts_nothing_and_loads_no_calls(bench: Bench, monkeypatch):
    entries = [*bench.references, *bench.isolates]
    first, counted, known = bench.count(entries)
    assert (counted > 0, known) == (True, 0)
    monkeypatch.setattr(Taxon, "calls", None)
    monkeypatch.setattr(pair_engine, "read_calls", None)
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
    assert bench.count(entries, bench.folder / "new", **changes)[0] == after[0]


# --- segments that are damaged or were left -----------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_damaged_bytes_change_no_table_and_are_said(bench: Bench, capsys, seed):
    chance = random.Random(seed)  # noqa: S311
    entries = [*bench.references, *bench.isolates]
    expected, counted, _ = bench.count(entries)
    path = max(bench.segments, key=lambda path: path.stat().st_size)
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 10, 300])):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    cut = chance.choice([len(content), len(content) // 2, 0])
    path.write_bytes(content[:cut])
    tables, again, known = bench.count(entries)
    assert tables == expected
    assert again + known == counted
    assert again > 0 < known, "the other reference's pairs are known, these are not"
    assert f"{path} is damaged: its pairs are counted again" in capsys.readouterr().err
    assert bench.count(entries) == (expected, 0, counted)
    assert capsys.readouterr().err == ""


def test_segment_that_was_lost_is_counted_again(bench: Bench):
    entries = [*bench.references, *bench.isolates]
    expected, counted, _ = bench.count(entries)
    lost, *_, kept = sorted(bench.segments, key=lambda path: -path.stat().st_size)
    lost.unlink()
    tables, again, known = bench.count(entries)
    assert tables == expected
    assert again + known == counted
    assert again > 0 < known
    assert kept in bench.segments


def test_segments_under_each_others_names_are_damaged(bench: Bench, capsys):
    entries = [*bench.references, *bench.isolates]
    expected, counted, _ = bench.count(entries)
    one, two, *_ = sorted(bench.segments, key=lambda path: -path.stat().st_size)
    content = one.read_bytes()
    two.replace(one)
    two.write_bytes(content)
    tables, again, known = bench.count(entries)
    assert (tables, again + known) == (expected, counted)
    assert again > 0
    assert capsys.readouterr().err.count("is damaged") == 2


def test_folder_of_segments_that_is_none_is_an_error_with_its_name(bench: Bench):
    store = bench.folder / "taken"
    store.write_text("no folder")
    with pytest.raises(OSError, match="taken"):
        bench.count(bench.references, store)


def test_process_that_is_killed_leaves_whole_segments(tmp_path: Path):
    program = (
        "import sys; from pathlib import Path\n"
        "import pyarrow as pa\n"
        "from oneclone.tables.pair_segments import SCHEMA, Coverage, PairSegments\n"
        "kept = PairSegments(Path(sys.argv[1]), 'code')\n"
        "def parts(n):\n"
        "    for i in range(40):\n"
        "        row = dict.fromkeys(SCHEMA.names) | {'one': n, 'two': i}\n"
        "        yield pa.Table.from_pylist([row] * 500, SCHEMA)\n"
        "for n in range(10**6):\n"
        "    kept.add(Coverage('rule', 'code', ('a',), (n,), None), parts(n))\n"
        "    print(n, flush=True)\n"
    )
    for _ in range(2):
        command = [sys.executable, "-c", program, str(tmp_path)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert child.stdout
        told = [child.stdout.readline() for _ in range(3)]
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert told[-1] == b"2\n"
        kept = PairSegments(tmp_path, "code")
        assert not kept.complaints
        whole = kept.of_rule("rule")
        assert len(whole) >= 3
        for each in whole:
            parts = list(each.parts(["one", "two"]))
            assert sum(len(part) for part in parts) == 20_000
            assert {one for part in parts for one in part["one"].to_pylist()} == {
                *each.coverage.rows
            }


def test_file_that_is_half_written_is_never_read(bench: Bench):
    entries = [*bench.references, *bench.isolates]
    expected, counted, _ = bench.count(entries)
    whole = bench.segments[0].read_bytes()
    (bench.store / "counted").write_bytes(whole[: len(whole) // 2])
    (bench.store / ".counted.1234").write_bytes(whole)
    assert bench.count(entries) == (expected, 0, counted)


def test_what_another_version_counted_is_removed(tmp_path: Path):
    row = dict.fromkeys(SCHEMA.names) | {"one": 0, "two": 1, "snps_raw": 10}
    coverage = Coverage("rule", "old", ("a", "b"), (0, 1), None)
    old = PairSegments(tmp_path, "old")
    old.add(coverage, [pa.Table.from_pylist([row], SCHEMA)])
    again = PairSegments(tmp_path, "old")
    assert [each.coverage for each in again.of_rule("rule")] == [coverage]
    assert again.of_rule("other rule") == []
    new = PairSegments(tmp_path, "new")
    assert new.of_rule("rule") == []
    assert new.complaints == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kept", "asked", "answers"),
    [
        (None, None, True), (None, 9, True), (9, None, False), (9, 9, True), (9, 8, True),
        (9, 10, False),
    ],
)  # fmt: skip
def test_segment_answers_for_pairs_up_to_its_own_limit(tmp_path: Path, kept, asked, answers):
    segments = PairSegments(tmp_path, "code")
    segments.add(Coverage("rule", "code", ("a",), (0,), kept), [])
    assert bool(segments.answering("rule", asked)) == answers
    assert segments.answering("other", asked) == []
    assert len(segments.of_rule("rule")) == 1
