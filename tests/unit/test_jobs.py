"""What a job says when it fails, and where."""

import contextlib
import errno
import os
import sys
from pathlib import Path

import pytest

from oneclone.errors import ToolFailed
from oneclone.jobs import step_log
from oneclone.system_errors import full_disks
from oneclone.tables.atomic import write_text
from oneclone.tables.hash_cache import HashCache
from tests.reliability.trials import Part, case, trial

FAULTS = {
    errno.ENOSPC: "No space left on device; free some space, then run again",
    errno.EDQUOT: "Disk quota exceeded; your quota is used up; delete files or ask for more",
    errno.EROFS: "Read-only file system; the file system is mounted for reading only; use another",
    errno.EACCES: "Permission denied; check owner and permissions, or use another place",
    errno.EMFILE: "Too many open files; more files may not be open at once; raise the limit",
    errno.EIO: "Input/output error; the disk or its connection fails; have it checked",
}


@contextlib.contextmanager
def job(log: Path):
    """Be a job, which prints to the descriptors that it redirects; pytest puts others there."""
    with pytest.MonkeyPatch.context() as patch:
        for number, name in ((1, "stdout"), (2, "stderr")):
            stream = os.fdopen(number, "w", buffering=1, closefd=False)
            patch.setattr(sys, name, stream)
        with step_log(str(log), {}):
            yield


@case(53, "the disk, or the quota, is full in a job", "the job fails: path, reason, remedy")
@pytest.mark.parametrize("number", FAULTS)
def test_step_log_what_the_operating_system_refuses_is_no_defect(
    tmp_path: Path, monkeypatch, number
):
    """The error of a write names no file: what is being written is named."""
    kept = tmp_path / "table.tsv"
    kept.write_text("earlier")

    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    log = tmp_path / "logs/job.log"
    with pytest.raises(SystemExit), job(log):
        write_text(kept, "new")
    assert log.read_text().startswith(f"{kept}: {FAULTS[number]}")
    assert "defect" not in log.read_text()
    assert kept.read_text() == "earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["logs", "table.tsv"]


def test_step_log_a_defect_is_said_with_its_traceback(tmp_path: Path):
    with pytest.raises(SystemExit), job(tmp_path / "job.log"):
        raise KeyError("x")
    said = (tmp_path / "job.log").read_text()
    assert said.startswith("A defect of oneclone; please report it:\nTraceback")
    assert "KeyError: 'x'" in said


def test_step_log_an_error_of_a_library_on_a_full_disk_is_no_defect(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("oneclone.system_errors.FULL_BELOW_BYTES", 1e30)
    with pytest.raises(SystemExit), job(tmp_path / "job.log"):
        raise RuntimeError("cannot write index")
    said = (tmp_path / "job.log").read_text()
    assert said.startswith("the disk is full: ")
    assert "free some space, then run again" in said


def test_full_disks_is_silent_when_there_is_room(tmp_path: Path):
    assert full_disks(tmp_path, tmp_path / "absent") == ""


@trial(Part.FAULTS, "the folder of logs is a file", "the job fails and says so on the screen")
def test_step_log_without_a_log_says_why_on_the_screen(tmp_path: Path, capfd):
    (tmp_path / "logs").write_text("a file")
    with pytest.raises(SystemExit), job(tmp_path / "logs/job.log"):
        raise ToolFailed("never reached")
    said = capfd.readouterr().err
    assert said.startswith(f"the log of the job cannot be written: {tmp_path / 'logs'}")
    assert "something else is in the place of a folder" in said


@trial(Part.FAULTS, "the log cannot take the message of a failed job", "it is on the screen")
def test_step_log_with_a_full_log_says_it_on_the_screen(tmp_path: Path, capfd, monkeypatch):
    def full(_: Path) -> int:
        return os.open("/dev/full", os.O_WRONLY)

    monkeypatch.setattr("oneclone.jobs._fresh_log", full)
    with pytest.raises(SystemExit), job(tmp_path / "job.log"):
        raise ToolFailed("gubbins ended with status 1")
    assert "ToolFailed: gubbins ended with status 1" in capfd.readouterr().err


def test_step_log_of_a_later_job_is_another_file(tmp_path: Path):
    """A job that lives on after its run was killed still writes to the log that it opened."""
    log = tmp_path / "job.log"
    with log.open("w") as of_orphan:
        with job(log):
            sys.stdout.write("of the next run\n")
        of_orphan.write("of the killed run")
    assert log.read_text() == "of the next run\n"


@case(53, "no space for the cache of hashes", "refused before any job: path, reason, remedy")
def test_hash_cache_that_cannot_be_written_is_said_with_its_path(tmp_path: Path):
    (tmp_path / "inputs.sqlite").mkdir()
    with pytest.raises(Exception, match="inputs.sqlite: unable to open database file; free some"):
        HashCache(tmp_path / "inputs.sqlite")


@trial(Part.FAULTS, "the cache of hashes is damaged", "refused: delete it, it only saves time")
def test_hash_cache_that_is_damaged_is_said_with_its_path(tmp_path: Path):
    (tmp_path / "inputs.sqlite").write_text("no database" * 1000)
    with pytest.raises(Exception, match="it only saves time, so delete it and run again"):
        HashCache(tmp_path / "inputs.sqlite")
