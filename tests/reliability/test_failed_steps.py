"""A step that fails: what is said, and what the report shows all the same."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from oneclone.failed_run import FailedRun, UnfinishedJob
from oneclone.steps.call_isolates import AT_WORK
from tests.integration.workflow import read_json
from tests.reliability.small_run import SmallRun
from tests.reliability.trials import Part, case, trial

INPUTS = {"verdict": "results/verdict.json", "markers": "results/markers.tsv"}
MARKERS = UnfinishedJob(
    "call_markers", "Calling genotypes", ("logs/m.log",), ("results/markers.tsv",), True
)
REPORT = UnfinishedJob("render_report", "Rendering", (), ("results/report.html",), False)


@trial(
    Part.FAULTS,
    "a step that decides nothing fails (markers)",
    "exit status not 0; the report has the verdict and shows that part as failed; run again: equal",
)
def test_step_that_decides_nothing_fails_and_the_report_says_so(small_run: SmallRun):
    before = small_run.contents()
    (small_run.results / "markers.tsv").unlink()
    printed = small_run.again(broken_step="call_markers")
    assert printed.returncode == 1
    assert "failed: Calling genotypes at the marker loci: it left no message" in printed.stdout
    assert "It shows as failed: markers." in printed.stdout
    report = (small_run.results / "report.html").read_text("utf-8")
    sentence = read_json(small_run.results / "verdict.json")["sentence"]
    assert sentence in report
    assert "Failed in this run, and shown as failed below: markers." in report
    assert report.count("This part failed; it is not known") == 1
    assert "Log: <code>logs/call_markers.log</code>" in failed_page(small_run)
    assert "Failed" not in small_run.again().stdout
    assert small_run.contents() == before


@trial(
    Part.FAULTS,
    "a step that the verdict needs fails",
    "exit status not 0; `failed.html` says why and which files are of an earlier run; the earlier "
    "report is untouched",
)
def test_step_that_the_verdict_needs_fails_and_earlier_results_stay(small_run: SmallRun):
    before = small_run.contents()
    (small_run.results / "distances/pairs.tsv").unlink()
    printed = small_run.again(broken_step="count_pairs")
    assert printed.returncode == 1
    assert "There is no verdict of this run." in printed.stdout
    page = failed_page(small_run)
    assert "<h3>Counting SNP distances</h3>" in page
    assert "<li>Judging pairs, clones and the whole set</li>" in page
    assert "<code>results/verdict.json</code>" in page.partition("of an earlier run, left")[2]
    after = small_run.contents()
    removed = {f"distances/{name}" for name in ("pairs.tsv", "pairs.parquet", "matrix.tsv")}
    assert {name: after.get(name) for name in before if name not in removed} == {
        name: content for name, content in before.items() if name not in removed
    }


def failed_page(run: SmallRun) -> str:
    return (run.results / "failed.html").read_text("utf-8")


# --- without a run -----------------------------------------------------------------------------


class Stopped:
    """A run that stopped with some jobs undone; `rendered` are the parts a report did without."""

    def __init__(self, working: Path, *jobs: UnfinishedJob) -> None:
        self.rendered: list[Sequence[str]] = []
        run = FailedRun(working, jobs)
        self.said = "\n".join(run.conclude(INPUTS, self.rendered.append))
        self.page = (working / "results/failed.html").read_text("utf-8")


def test_failed_message_is_the_end_of_the_log_and_is_escaped(tmp_path: Path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/m.log").write_text("first\n" * 20 + "ToolFailed: <b>no & space</b>\n")
    stopped = Stopped(tmp_path, MARKERS, REPORT)
    assert stopped.rendered == [["markers"]]
    assert "failed: Calling genotypes: ToolFailed: <b>no & space</b>" in stopped.said
    assert "ToolFailed: &lt;b&gt;no &amp; space&lt;/b&gt;" in stopped.page
    assert stopped.page.count("first\n") == 11


def test_failed_report_itself_is_not_tried_again(tmp_path: Path):
    stopped = Stopped(tmp_path, UnfinishedJob("render_report", "R", (), (), True))
    assert stopped.rendered == []
    assert "There is no verdict of this run." in stopped.said


def test_failed_figures_leave_the_report_whole(tmp_path: Path):
    stopped = Stopped(tmp_path, UnfinishedJob("draw_figures", "Drawing", (), (), True))
    assert stopped.rendered == []
    assert "report.html is of this run and complete" in stopped.said


def test_stopped_run_without_a_failed_step_says_so(tmp_path: Path):
    stopped = Stopped(tmp_path, REPORT, UnfinishedJob("x", "X", (), (INPUTS["verdict"],), False))
    assert stopped.rendered == []
    assert "The run was stopped before its end; no step failed." in stopped.said


def test_report_that_cannot_be_rendered_does_not_cost_the_page(tmp_path: Path):
    def broken(_parts: Sequence[str]) -> None:
        raise ValueError("broken")

    said = "\n".join(FailedRun(tmp_path, [MARKERS, REPORT]).conclude(INPUTS, broken))
    assert "There is no verdict of this run." in said


@case(60, "one of many assemblies cannot be worked on", "not 0; the others are done; it is named")
def test_isolate_at_which_a_batch_was_stopped_is_named(tmp_path: Path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/b.log").write_text(f"{AT_WORK}PtB (1 of 3)\n{AT_WORK}PtA-1 (2 of 3)\n")
    title = "Calling bases: PtB and 2 more (batch 1 of 4)"
    job = UnfinishedJob("call_isolates", title, ("logs/b.log",), ("a",), True)
    stopped = Stopped(tmp_path, job)
    assert f"failed: {title}: Calling bases: PtA-1 (2 of 3): it left no message" in stopped.said
    assert "--set-resources call_isolates:mem_mb=MB" in stopped.said


def test_isolates_that_could_not_be_called_are_named_without_the_others(tmp_path: Path):
    (tmp_path / "logs").mkdir()
    told = "CallsFailed: 1 assembly of 2 could not be called; the others are done\nPtA-1: changed"
    (tmp_path / "logs/b.log").write_text(
        f"{AT_WORK}PtB (1 of 2)\n{AT_WORK}PtA-1 (2 of 2)\n{told}\n"
    )
    job = UnfinishedJob("call_isolates", "Calling", ("logs/b.log",), ("a",), True)
    stopped = Stopped(tmp_path, job)
    assert "failed: Calling: PtA-1: changed" in stopped.said
    assert told in stopped.page
    assert AT_WORK not in stopped.page


@trial(
    Part.FAULTS,
    "calls of two isolates gone or damaged, and the job that makes them again is killed",
    "exit status not 0; the batch is named; run again: only the two are called, results equal",
)
def test_batch_that_is_killed_is_named_and_run_again(small_run: SmallRun):
    before = small_run.contents()
    names = sorted((small_run.work / ".oneclone/calls").iterdir())
    gone, damaged = names[1], names[4]
    gone.unlink()
    damaged.write_bytes(damaged.read_bytes()[:-1])
    printed = small_run.again(broken_step="call_isolates")
    assert printed.returncode == 1
    assert "(batch 1 of 2): it left no message" in printed.stdout
    assert sorted((small_run.work / ".oneclone/calls").iterdir()) == [
        name for name in names if name not in (gone, damaged)
    ]
    assert "2 assemblies to call" in small_run.again().stdout
    assert read_json(small_run.results / "provenance/run.json")["isolates_called"] == 2
    assert small_run.contents() == before
    assert "Nothing to be done" in small_run.again().stdout


@pytest.mark.parametrize("written", [True, False])
def test_verdict_command_warns_after_a_run_that_failed(small_run: SmallRun, written: bool):
    from typer.testing import CliRunner  # noqa: PLC0415

    from oneclone.cli import app  # noqa: PLC0415

    if written:
        Stopped(small_run.work, MARKERS, REPORT)
    done = CliRunner().invoke(app, ["verdict", str(small_run.results)])
    assert done.exit_code == 0
    assert ("the last run did not finish" in done.output) is written
