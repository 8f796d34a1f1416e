"""What is said at the start of a run, at its end, and when it stops before.

REQUIRED INPUTS: the plan of the run, its jobs, and what they left
OUTPUTS: `results/provenance/run.json`; after a failure `results/failed.html`, and
`results/report.html` where a verdict stands
"""

from oneclone.run_record import FAILED_PAGE
from oneclone.written_files import forget_written


def announce_start():
    """Say what the run consists of, and every warning of its input.

    What an earlier run wrote and this one does not is removed, so that nothing stale lies beside
    the results.
    """
    Path("results", FAILED_PAGE).unlink(missing_ok=True)
    if not MASKED:
        Path("results/tree/gubbins.bed").unlink(missing_ok=True)
    for line in RUN.introduction():
        print(line, file=sys.stderr)


def announce_verdict():
    """Record the run; say the verdict and where the report is."""
    for line in RUN.conclude(Path("results")):
        print(line, file=sys.stderr)


def unfinished_jobs():
    """Return the jobs that failed and those that were not begun, in the order of the rules."""
    from oneclone.failed_run import UnfinishedJob

    failed = set(workflow.scheduler.failed)
    order = {each.name: number for number, each in enumerate(workflow.rules)}
    jobs = [
        UnfinishedJob(
            step=job.rule.name,
            title=job.message or "",
            logs=tuple(map(str, job.log)),
            outputs=tuple(map(str, job.output)),
            has_failed=job in failed,
        )
        for job in workflow.dag.needrun_jobs()
    ]
    return sorted(jobs, key=lambda job: (order[job.step], job.outputs))


def render_with_failed(parts):
    """Write the report without the parts that failed; it is none of its job's any more."""
    from oneclone.steps.render_report import render_report

    forget_written(rules.render_report.log[0])
    render_report(
        **paths(rules.render_report.input),
        **paths(rules.render_report.output),
        thresholds=SETTINGS.thresholds,
        failed=parts,
    )


def announce_failure():
    """Say what failed; write it down, and the report where a verdict stands.

    What draws and renders is imported here alone: every job reads these lines, and few runs fail.
    """
    from oneclone.failed_run import FailedRun

    run = FailedRun(Path.cwd(), unfinished_jobs())
    for line in run.conclude(
        dict(rules.render_report.input.items()), render_with_failed
    ):
        print(line, file=sys.stderr)
