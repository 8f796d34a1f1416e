"""What is said of a run that did not finish: which step failed, why, and what stands all the same.

Written by the main process when the workflow has stopped. A report that has its verdict shows a
part that decides nothing as failed. Where there is no verdict, the report of an earlier run is
left as it is; the page `failed.html` beside it says so.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oneclone.phrases import counted
from oneclone.reporting.failure_page import FailedStep, FailurePage, failure_page
from oneclone.run_record import FAILED_PAGE
from oneclone.steps.call_isolates import AT_WORK
from oneclone.steps.render_report import OPTIONAL_PARTS
from oneclone.tables.atomic import write_text

REPORT = "results/report.html"
REPORT_STEP = "render_report"
LOG_LINES = 12
SILENT = (
    "it left no message: it was stopped from outside, most often because memory ran out (use "
    "fewer cores, or give it more by --set-resources {step}:mem_mb=MB), or it could not be started"
)
WHOLE = "report.html is of this run and complete; the files named below are not."
EARLIER = "There is no verdict of this run. A report.html in the folder is of an earlier run."


@dataclass(frozen=True)
class UnfinishedJob:
    """A job that failed, or that was not begun.

    `step` is its rule, `title` what that says of itself. `logs` and `outputs` are paths from the
    working directory.
    """

    step: str
    title: str
    logs: tuple[str, ...]
    outputs: tuple[str, ...]
    has_failed: bool


@dataclass(frozen=True)
class FailedRun:
    """A run that has stopped: its working directory, and the jobs that are not done."""

    working: Path
    jobs: Sequence[UnfinishedJob]

    def conclude(
        self, inputs: Mapping[str, str], render: Callable[[Sequence[str]], None]
    ) -> Iterator[str]:
        """Write the page, and the report where a verdict stands; give what to say, line by line.

        Parameters
        ----------
        inputs
            The files that the report is made of, by the names that its step gives them.
        render
            Writes the report; it receives the names of the files that failed.
        """
        unfinished = {output for job in self.jobs for output in job.outputs}
        parts = [name for name, path in inputs.items() if path in unfinished]
        report = WHOLE if self._has_report() else EARLIER
        if report == EARLIER and self._can_have_report() and set(parts) <= set(OPTIONAL_PARTS):
            report = self._rendered(parts, render)
            if report != EARLIER:
                unfinished.discard(REPORT)
        page = self._page(report, sorted(filter(_is_result, unfinished)))
        path = self.working / "results" / FAILED_PAGE
        write_text(path, failure_page(page))
        yield f"oneclone: {page.lead}"
        for step in page.failed:
            yield f"oneclone: failed: {step.title}: {step.message.splitlines()[-1]}"
        yield f"oneclone: {page.report}"
        yield f"oneclone: what failed and what to do: {path.resolve()}"

    def _rendered(self, parts: Sequence[str], render: Callable[[Sequence[str]], None]) -> str:
        """Write the report without parts that failed, and return what it is worth."""
        try:
            render(parts)
        except Exception:
            return EARLIER
        return _partial([OPTIONAL_PARTS[each] for each in parts])

    def _has_report(self) -> bool:
        """Return whether the job that writes the report is done."""
        return all(job.step != REPORT_STEP for job in self.jobs)

    def _can_have_report(self) -> bool:
        """Return whether the job that writes the report has only waited for others."""
        return all(job.step != REPORT_STEP or not job.has_failed for job in self.jobs)

    def _page(self, report: str, outputs: Sequence[str]) -> FailurePage:
        """Return what the page says; `outputs` are the results that this run did not write."""
        failed = [self._step(job) for job in self.jobs if job.has_failed]
        waiting = [job.title for job in self.jobs if not job.has_failed and job.title]
        there = [each for each in outputs if (self.working / each).exists()]
        missing = [each for each in outputs if each not in there]
        return FailurePage(
            _lead(failed), report, failed, list(dict.fromkeys(waiting)), there, missing
        )

    def _step(self, job: UnfinishedJob) -> FailedStep:
        """Return a failed job as the page shows it."""
        texts = [_end_of_log(self.working / log) for log in job.logs]
        message = "\n".join(filter(None, texts))
        silent = SILENT.format(step=job.step)
        if message.startswith(AT_WORK):  # nothing but the isolate that it was stopped at
            message = f"{message}: {silent}"
        return FailedStep(job.title, message or silent, ", ".join(job.logs))


def _lead(failed: Sequence[FailedStep]) -> str:
    """Return what happened in one sentence."""
    if not failed:
        return "The run was stopped before its end; no step failed."
    return f"The run did not finish: {counted(len(failed), 'step')} failed."


def _partial(parts: Sequence[str]) -> str:
    """Return what a report is that has a verdict, and parts that failed."""
    return (
        "report.html has the verdict of this run, which does not depend on what failed. It shows "
        f"as failed: {', '.join(parts)}."
    )


def _is_result(path: str) -> bool:
    """Return whether a file is one of the results."""
    return path.startswith("results/")


def _end_of_log(path: Path) -> str:
    """Return the last lines of a log, empty when there are none.

    Of the isolates that the job has worked on, the last is named when the job says no more.
    """
    try:
        text = path.read_text("utf-8", errors="replace")
    except OSError:
        return ""
    lines = text.strip().splitlines()
    told = [line for line in lines if not line.startswith(AT_WORK)]
    return "\n".join(told[-LOG_LINES:] or lines[-1:])
