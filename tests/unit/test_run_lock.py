"""Locks of a run, and jobs that outlive it."""

import errno
import getpass
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from oneclone import run_guard
from oneclone.errors import OnecloneError
from oneclone.run_guard import (
    OVER,
    RunIsOver,
    RunMark,
    environment_of,
    is_held,
    read_note,
    refuse_when_over,
    write_note,
)
from oneclone.run_lock import RunIsLocked, describe_holder, lock_run
from oneclone.system_errors import explanation
from oneclone.tables.atomic import PART_SUFFIX, replacing, write_text
from tests.conftest import need
from tests.integration.workflow import snakemake
from tests.reliability.trials import Part, case, trial

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
HOLDER = """
import os, sys, time
from pathlib import Path
from oneclone.run_lock import lock_run
lock = lock_run(Path("state"), Path("results"))
print(lock.environment["ONECLONE_RUN"], flush=True)
time.sleep(60)
"""
JOB = """
import subprocess, sys, time
from oneclone import run_guard
from oneclone.jobs import step_log
run_guard.WATCH_S = 0.05
with step_log("job.log", {}):
    child = subprocess.Popen(["sleep", "60"])
    print(child.pid, flush=True)
    open("started", "w").close()
    time.sleep(60)
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def started(code: str, work: Path, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=work, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS), **environment},
    )  # fmt: skip


def begin(work: Path, monkeypatch) -> dict[str, str]:
    """Begin a run in this process, and be one of its jobs."""
    lock = lock_run(work / "state", work / "results")
    lock.release()
    monkeypatch.setenv("ONECLONE_RUN", lock.environment["ONECLONE_RUN"])
    return lock.environment


# --- locks -------------------------------------------------------------------------------------


def expected_holder() -> str:
    return f"user {getpass.getuser()}, process {os.getpid()} on {socket.gethostname()}, since 2"


@case(
    52,
    "a second run in another working directory whose `results` or `.oneclone` is the same folder",
    "refused; told user, process, host and start time of the first, which goes on",
)
@pytest.mark.parametrize("shared", ["state", "results"])
def test_lock_run_second_run_is_told_who_holds_the_lock(work: Path, monkeypatch, shared):
    monkeypatch.setattr("oneclone.run_lock.WAIT_S", 0)
    other = work / "elsewhere"
    other.mkdir()
    (work / shared).mkdir()
    (other / shared).symlink_to(work / shared)
    lock = lock_run(work / "state", work / "results")
    before = read_note(work / "state/lock.json")
    with pytest.raises(RunIsLocked) as refused:
        lock_run(other / "state", other / "results")
    assert f"another run is at work in {work / shared}" in str(refused.value)
    assert f"({expected_holder()}" in str(refused.value)
    assert "wait for it to end or use another --directory" in str(refused.value)
    assert read_note(work / "state/lock.json") == before
    lock.release()
    lock_run(other / "state", other / "results").release()


def test_lock_run_release_leaves_no_user_or_host_in_the_results(work: Path):
    lock = lock_run(work / "state", work / "results")
    lock.release()
    assert read_note(work / "results/provenance/.lock.json") == {"run": lock.mark.run}
    assert describe_holder(work / "results/provenance/.lock.json") == "holder unknown"


def test_lock_run_is_free_again_when_its_holder_was_killed(work: Path):
    with started(HOLDER, work) as holder:
        first = json.loads(holder.stdout.readline())["run"]
        holder.kill()
    lock = lock_run(work / "state", work / "results")
    assert lock.mark.run != first
    lock.release()


@trial(
    Part.FAULTS,
    "the working directory is on a network file system that gives no locks",
    "refused: path and remedy",
)
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_lock_run_file_system_gives_no_lock(work: Path, monkeypatch, number):
    refuse_locks(monkeypatch, number)
    with pytest.raises(OSError) as refused:
        lock_run(work / "state", work / "results")
    said = explanation(refused.value)
    assert said.startswith(f"{work / 'state/lock'}: ")
    assert "use another place (--directory)" in said


@pytest.mark.filterwarnings("ignore:flock not supported")
def test_lock_run_file_system_without_flock_has_another_lock_which_outlives_no_process(
    work: Path, monkeypatch
):
    """As Lustre mounted without `flock`."""
    refuse_locks(monkeypatch, errno.ENOSYS)
    monkeypatch.setattr("oneclone.run_lock.WAIT_S", 0)
    lock = lock_run(work / "state", work / "results")
    assert not is_held(work / "state/lock")
    with pytest.raises(RunIsLocked, match=re.escape(expected_holder())):
        lock_run(work / "state", work / "results")
    lock.release()
    lock_run(work / "state", work / "results").release()


def refuse_locks(monkeypatch, number: int) -> None:
    """Be a file system that answers every request for a lock with an error."""

    def flock(_opened: int, _how: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", flock)


@trial(Part.FAULTS, "results is a link that leads nowhere", "refused: path and remedy")
def test_lock_run_results_lead_nowhere(work: Path):
    (work / "results").symlink_to(work / "absent/results")
    with pytest.raises(OSError, match="results"):
        lock_run(work / "state", work / "results")


# --- jobs that outlive their run ---------------------------------------------------------------


def test_write_text_by_a_command_is_not_checked(work: Path, monkeypatch):
    monkeypatch.delenv("ONECLONE_RUN", raising=False)
    write_text(work / "table.tsv", "a")
    assert (work / "table.tsv").read_text() == "a"


@pytest.mark.parametrize("note", ["state/lock.json", "results/provenance/.lock.json"])
def test_write_text_by_a_job_of_the_run_until_another_begins(work: Path, monkeypatch, note):
    begin(work, monkeypatch)
    write_text(work / "table.tsv", "of its run")
    write_note(work / note, {"run": "another"})
    with pytest.raises(RunIsOver, match="the job ends and writes nothing"):
        write_text(work / "table.tsv", "of no run")
    assert (work / "table.tsv").read_text() == "of its run"
    assert not list(work.glob(".table*"))


def test_write_text_by_a_job_whose_note_is_gone_is_refused(work: Path, monkeypatch):
    begin(work, monkeypatch)
    (work / "state/lock.json").unlink()
    with pytest.raises(RunIsOver):
        write_text(work / "table.tsv", "a")


def test_refuse_when_over_note_that_cannot_be_read_is_no_other_run(work: Path, monkeypatch):
    begin(work, monkeypatch)
    refuse_when_over()
    lose_note(monkeypatch)
    with pytest.raises(OSError, match="Stale"):
        refuse_when_over()


def lose_note(monkeypatch) -> None:
    """Be a network file system that has lost a file for the moment."""
    read_text = Path.read_text

    def read(path: Path, *options, **more) -> str:
        if path.name == "lock.json":
            raise OSError(errno.ESTALE, "Stale file handle", str(path))
        return read_text(path, *options, **more)

    monkeypatch.setattr(Path, "read_text", read)


@trial(
    Part.FAULTS,
    "a file server is away for a moment while a job runs",
    "the job goes on",
)
@pytest.mark.parametrize("host", ["another-machine", socket.gethostname()])
def test_job_is_not_ended_by_a_file_system_that_does_not_answer(work: Path, monkeypatch, host):
    lock = lock_run(work / "state", work / "results")
    mark = RunMark(lock.mark.run, host, lock.mark.lock, lock.mark.notes)
    monkeypatch.setenv("ONECLONE_RUN", environment_of(mark)["ONECLONE_RUN"])
    monkeypatch.setattr(run_guard, "WATCH_S", 0.001)
    ended, asked = [], threading.Semaphore(0)
    monkeypatch.setattr(run_guard, "_end", lambda: ended.append(1))
    with run_guard.ended_with_its_run():
        lose_note(monkeypatch)
        refuse_locks(monkeypatch, errno.ENOLCK)
        is_noted = run_guard._is_noted
        monkeypatch.setattr(run_guard, "_is_noted", lambda mark: asked.release() or is_noted(mark))
        for _ in range(5):
            assert asked.acquire(timeout=30)
    monkeypatch.undo()
    lock.release()
    assert not ended


@trial(
    Part.FAULTS,
    "a job of a killed run leaves the queue of a cluster after the next run has begun",
    "it ends before Snakemake removes the files it was to write",
)
def test_job_that_begins_after_its_run_is_over_leaves_the_results_of_the_next(work: Path):
    lock = lock_run(work / ".oneclone", work / "results")
    lock.release()
    lock_run(work / ".oneclone", work / "results").release()
    (work / "results/typing.tsv").write_text("of the next run")
    printed = snakemake(
        work, "--mode", "remote", "--nolock", "--force", "--target-jobs", "type_isolates:",
        check=False, environment=lock.environment,
    )  # fmt: skip
    assert printed.returncode
    assert OVER in printed.stdout
    assert (work / "results/typing.tsv").read_text() == "of the next run"


@trial(
    Part.FAULTS,
    "a job that outlived its run is between check and move when the next run begins",
    "its file is gone, nothing is moved",
)
def test_lock_run_removes_what_a_job_of_an_earlier_run_was_about_to_move(work: Path, monkeypatch):
    begin(work, monkeypatch)

    def next_run_begins() -> None:
        """Stand in the place of the check, which has just let the job pass."""
        monkeypatch.delenv("ONECLONE_RUN")
        lock_run(work / "state", work / "results").release()

    monkeypatch.setattr("oneclone.tables.atomic.refuse_when_over", next_run_begins)
    table = work / "results/table.tsv"
    with pytest.raises(FileNotFoundError), replacing(table) as temporary:
        assert temporary.name.endswith(PART_SUFFIX)
        temporary.write_text("of no run")
    assert not table.exists()


def test_lock_run_leaves_what_a_command_is_about_to_move(work: Path):
    with replacing(work / "state/table.tsv") as temporary:
        temporary.write_text("of a command")
        lock_run(work / "state", work / "results").release()
    assert (work / "state/table.tsv").read_text() == "of a command"


def ended(job: subprocess.Popen, work: Path) -> str:
    """Expect that a job ends, and the program that it started; return its log."""
    assert job.wait(30) == 1
    child, said = (work / "job.log").read_text().splitlines()
    deadline = time.monotonic() + 30
    while is_alive(int(child)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(int(child))
    return said


def is_alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def job_of(variable: str, work: Path) -> subprocess.Popen:
    job = started(JOB, work, ONECLONE_RUN=variable)
    deadline = time.monotonic() + 60
    while not (work / "started").exists() and job.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert job.poll() is None
    return job


@case(
    51,
    "Snakemake alone is killed; its jobs live on",
    "they and the programs they started end within about a second, and write nothing once another "
    "run has begun",
)
def test_step_log_job_and_its_program_end_when_the_main_process_was_killed(work: Path):
    need(Path("/proc").is_dir(), "the kernel does not tell the children of a process")
    with started(HOLDER, work) as holder:
        variable = holder.stdout.readline()
        with job_of(variable, work) as job:
            assert job.poll() is None
            holder.send_signal(signal.SIGKILL)
            holder.wait()
            assert ended(job, work) == f"RunIsOver: {OVER}"


def test_step_log_job_on_another_machine_ends_when_the_next_run_begins(work: Path):
    """It cannot see the lock's holder there: it goes by the id."""
    lock = lock_run(work / "state", work / "results")
    lock.release()
    mark = RunMark(lock.mark.run, "another-machine", lock.mark.lock, lock.mark.notes)
    with job_of(environment_of(mark)["ONECLONE_RUN"], work) as job:
        assert job.poll() is None
        lock_run(work / "state", work / "results").release()
        assert ended(job, work) == f"RunIsOver: {OVER}"


def test_refusal_is_one_that_the_user_can_mend():
    assert issubclass(RunIsOver, OnecloneError)
    assert issubclass(RunIsLocked, OnecloneError)
