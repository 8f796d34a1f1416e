"""Batches of calls: every call is in one, and none is made twice."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from oneclone.call_batches import (
    FINISHED,
    batch_label,
    batch_size,
    load_batches,
    plan_batches,
)
from oneclone.model.run_plan import CallBatches, RosterEntry
from oneclone.plan import RunPlan
from oneclone.tables.run_plan import write_finished_batch


def run_plan(names: Iterable[str]) -> RunPlan:
    """Return the plan of a run as far as batches look at it."""
    entries = [
        RosterEntry(name, name, f"sha-{name}", name.lower(), False, "", "") for name in names
    ]
    return RunPlan(None, None, tuple(entries))  # type: ignore[arg-type]


def finish(working: Path, batches: CallBatches) -> None:
    """Leave what the jobs of waiting batches leave."""
    for name, keys in batches.waiting.items():
        write_finished_batch(working / FINISHED / f"{name}.json", keys)


def planned(
    working: Path, names: str, missing: str = "", altered: Iterable[str] = ()
) -> CallBatches:
    return plan_batches(run_plan(names), working, set(missing), set(altered), 1)


def test_every_call_is_in_one_batch_in_the_order_of_the_names(tmp_path: Path):
    batches = planned(tmp_path, "GFEDCBA", "abcdefg")
    assert [*batches.waiting.values()] == [("g", "f", "e", "d", "c"), ("b", "a")]
    assert batches.finished == ()
    assert load_batches(tmp_path) == batches


def test_finished_batches_wait_no_more_and_new_isolates_have_their_own(tmp_path: Path):
    first = planned(tmp_path, "AB", "ab")
    finish(tmp_path, first)
    again = planned(tmp_path, "AB")
    assert (again.finished, again.waiting) == (tuple(first.waiting), {})
    more = planned(tmp_path, "ABC", "c")
    assert (more.finished, [*more.waiting.values()]) == (tuple(first.waiting), [("c",)])
    assert planned(tmp_path, "C", "c").finished == ()


def test_batch_of_equal_keys_has_another_name_when_its_calls_are_gone(tmp_path: Path):
    """The file of the finished one is still there, and its job would not run."""
    first = planned(tmp_path, "AB", "ab")
    finish(tmp_path, first)
    again = planned(tmp_path, "AB", "ab")
    assert [*again.waiting.values()] == [("a", "b")]
    assert not {*again.waiting} & {*first.waiting}
    assert again.names == tuple(sorted([*first.waiting, *again.waiting]))


def test_calls_that_no_finished_batch_has_are_looked_at_once_more(tmp_path: Path):
    """An interrupted run has made them, or a screen."""
    assert [*planned(tmp_path, "AB", "b").waiting.values()] == [("a", "b")]


def test_altered_file_of_a_finished_batch_does_not_count(tmp_path: Path):
    first = planned(tmp_path, "A", "a")
    finish(tmp_path, first)
    (name,) = first.waiting
    path = tmp_path / FINISHED / f"{name}.json"
    path.write_text("half of th")
    again = planned(tmp_path, "A", altered=[f"{FINISHED}/{name}.json"])
    assert (again.finished, [*again.waiting.values()]) == ((), [("a",)])
    assert {*again.waiting} != {name}


@pytest.mark.parametrize(
    ("isolates", "places", "size"),
    [(0, 8, 1), (1, 8, 1), (36, 8, 5), (36, 2, 6), (1000, 2, 50), (1000, 100, 5), (10**4, 1000, 5)],
)
def test_batch_size_gives_every_place_work_and_few_starts(isolates: int, places: int, size: int):
    assert batch_size(isolates, places) == size


def test_label_names_the_first_isolate_and_the_batch():
    batches = CallBatches((), {"x": ("a",), "y": ("b", "c")})
    labels = [batch_label(run_plan("ABC"), batches, name) for name in "xy"]
    assert labels == ["A (batch 1 of 2)", "B and 1 more (batch 2 of 2)"]
