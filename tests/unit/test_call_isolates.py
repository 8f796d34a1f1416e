"""The calls of a batch: what fails is named, and what is done stays."""

from collections.abc import Callable
from pathlib import Path

import pytest

from oneclone.errors import OnecloneError
from oneclone.model.run_plan import CallBatches, RosterEntry
from oneclone.model.settings import CallingSettings
from oneclone.run_guard import RunIsOver
from oneclone.steps import call_isolates as step
from oneclone.steps.call_isolates import CallsFailed, call_isolates
from oneclone.tables.run_plan import batches_text, read_finished_batch, roster_text

SETTINGS = CallingSettings("asm20", 100, 10, 20, 1000, 5)
Fault = Callable[[], None]


class Batch:
    """A batch of three isolates; calling one writes its key, unless it shall fail."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(step, "IsolateCaller", lambda **_: self)
        self.faults: dict[str, Exception] = {}
        self.called: list[str] = []
        plan = Path(".oneclone/plan")
        plan.mkdir(parents=True)
        (plan.parent / "calls").mkdir()
        entries = [RosterEntry(n, n, f"sha-{n}", f"key-{n}", False, "", "") for n in "ABC"]
        (plan / "roster.json").write_text(roster_text(entries))
        batches = CallBatches((), {"one": ("key-A", "key-B", "key-C")})
        (plan / "batches.json").write_text(batches_text(batches))
        self.done = Path(".oneclone/batches/one.json")

    def call(self, assembly: Path, *, assessment: Path, calls: Path) -> None:
        self.called.append(assembly.name)
        calls.write_text(assembly.name)
        if fault := self.faults.get(assembly.name):
            raise fault
        assessment.write_text(assembly.name)

    def run(self) -> list[str]:
        """Run the step; return what it called."""
        self.called.clear()
        plan = Path(".oneclone/plan")
        call_isolates(
            roster=plan / "roster.json",
            batches=plan / "batches.json",
            panel=plan / "panel.json",
            markers=Path("markers"),
            sketches=[],
            indexes=[],
            prepared=[],
            done=self.done,
            settings=SETTINGS,
        )
        return self.called


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    return Batch(tmp_path, monkeypatch)


def test_batch_calls_all_and_leaves_their_keys(batch: Batch):
    assert batch.run() == ["sha-A", "sha-B", "sha-C"]
    assert read_finished_batch(batch.done) == ("key-A", "key-B", "key-C")


def test_isolate_that_fails_is_named_and_the_others_are_called(batch: Batch, capsys):
    batch.faults = {"sha-A": OnecloneError("a.fna: gone"), "sha-B": ValueError("odd")}
    with pytest.raises(CallsFailed) as caught:
        batch.run()
    first, *rest = str(caught.value).splitlines()
    assert first == "2 assemblies of 3 could not be called; the others are done"
    assert rest[0] == "A: a.fna: gone"
    assert rest[1].startswith("B: a defect of oneclone (ValueError: odd); please report it")
    assert "raise fault\nValueError: odd" in capsys.readouterr().err
    assert not batch.done.exists()
    batch.faults = {}
    assert batch.run() == ["sha-A", "sha-B"]


@pytest.mark.parametrize("fault", [OSError(28, "no space"), RunIsOver("over")])
def test_fault_that_would_meet_all_ends_the_batch(batch: Batch, fault: Exception):
    batch.faults = {"sha-B": fault}
    with pytest.raises(type(fault)):
        batch.run()
    assert batch.called == ["sha-A", "sha-B"]
    batch.faults = {}
    assert batch.run() == ["sha-B", "sha-C"]


@pytest.mark.parametrize("suffix", ["json", "npz"])
def test_file_that_is_not_as_it_was_written_is_made_again(batch: Batch, suffix: str):
    batch.run()
    Path(f".oneclone/calls/key-B.{suffix}").write_text("altered")
    assert batch.run() == ["sha-B"]
    assert batch.run() == []


def test_log_names_the_isolate_at_work(batch: Batch, capsys):
    batch.run()
    assert capsys.readouterr().out.splitlines()[1] == "Calling bases: B (2 of 3)"
