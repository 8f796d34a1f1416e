"""The registry: recorded as a whole or not at all, read as it was, refused when it is not one."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from oneclone.model.history import Change, ChangeKind
from oneclone.registry import database as database_module
from oneclone.registry.checking import contents, problems
from oneclone.registry.database import (
    MIGRATIONS,
    RegistryProblem,
    one_state,
    open_registry,
    place_problem,
)
from oneclone.registry.past import RunKey, previous_number, read_distances, read_history, read_pairs
from oneclone.registry.recording import RegistryMoved, record_run
from tests.reliability.trials import case
from tests.unit.registry_builder import distances, held, isolate, run, sha, take

A, B = isolate("A"), isolate("B")
KEY = RunKey("outbreak", "mabs", "another")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new folder" / "registry.sqlite"


def rows(path, query, *values):
    with closing(sqlite3.connect(path)) as opened:
        return opened.execute(query, values).fetchall()


def damage(path, *statements):
    """Change a registry behind its back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as opened:
        for statement in statements:
            opened.execute(statement)


def count(path):
    return rows(path, "SELECT count(*) FROM runs")[0][0]


def history(path, identity="another"):
    with open_registry(path) as opened:
        return read_history(opened, RunKey("outbreak", "mabs", identity))


# --- what is recorded is read again ------------------------------------------------------------


def test_a_run_is_read_as_it_was_recorded(path):
    unread = isolate("broken", "", genome="", state="quarantined", address=(), metadata={})
    first = run(A, B, unread)
    assert take(path, first) == [1]
    found = history(path)
    assert found.number == 1
    assert found.previous == first.snapshot
    assert found.clone_names == ("clone-a",)
    assert found.highest_labels == (1, 1)
    with open_registry(path) as opened:
        assert read_distances(opened, 1) == distances((A, B, unread))


def test_the_file_is_for_its_owner_alone(path):
    take(path, run(A))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_run_is_recorded_once_and_gives_the_same_history(path):
    take(path, run(A), run(A, B, identity="2", previous=1))
    again = history(path, "2")
    assert again.number == 1  # with which it was compared the first time, not with itself
    assert again.previous == run(A).snapshot
    assert take(path, run(A, B, identity="2", previous=again.number)) == [2]
    assert count(path) == 2


def test_settings_there_and_back_are_three_runs(path):
    assert take(path, run(A), run(A, identity="2", previous=1), run(A, previous=2)) == [1, 2, 3]
    assert history(path, "1").number == 2
    assert take(path, run(A, previous=2)) == [3]


def test_a_run_compared_with_an_older_one_is_refused_and_leaves_nothing(path):
    take(path, run(A))
    late = run(isolate("late", "clone-late"), identity="3", previous=None)
    with pytest.raises(RegistryMoved, match="run the same command again"):
        take(path, late)
    assert count(path) == 1
    assert rows(path, "SELECT count(*) FROM genomes") == [(1,)]
    assert take(path, replace(late, previous=1)) == [2]  # no number is lost by what was refused


def test_investigations_do_not_know_of_each_other(path):
    other = run(isolate("O", "clone-o"), investigation="other")
    assert take(path, run(A), other, run(B, identity="2", previous=1)) == [1, 2, 3]
    found = history(path)
    assert found.number == 3
    assert found.clone_names == ("clone-a",)
    assert [each.name for each in found.earlier] == ["A"]


def test_earlier_sightings_come_in_the_order_of_their_runs(path):
    """An address that is known last counts, even when the isolate had a clone only before."""
    as_case = isolate("X", "clone-x", address=(1, 1))
    as_context = isolate("X", "", role="context", address=(2, 2))
    take(path, run(as_case), run(as_context, identity="2", previous=1))
    take(path, run(A, identity="3", previous=2))
    assert [each.address for each in history(path).earlier] == [(1, 1), (2, 2)]


def test_highest_labels_and_names_are_those_ever_given(path):
    gone = isolate("gone", "clone-gone", address=(9, 4))
    take(path, run(gone), run(A, identity="2", previous=1))
    assert history(path).highest_labels == (9, 4)
    assert history(path).clone_names == ("clone-gone", "clone-a")


def test_details_of_pairs_are_kept_for_two_runs_of_each_investigation(path):
    take(path, run(A, B), run(A, B, identity="other", investigation="other"))
    take(path, run(A, B, identity="2", previous=1), run(A, B, identity="3", previous=3))
    kept = "SELECT number FROM runs WHERE distances IS NOT NULL"
    assert rows(path, kept) == [(2,), (3,), (4,)]
    assert rows(path, "SELECT number FROM runs WHERE pairs IS NOT NULL") == [(2,), (3,), (4,)]
    assert rows(path, "SELECT run FROM verdicts") == [(1,), (2,), (3,), (4,)]
    with open_registry(path) as opened:
        assert read_pairs(opened, 4) == run(A, B).snapshot.pairs != ()
        assert read_pairs(opened, 1) == ()
    assert rows(path, "SELECT distances_sha256 FROM runs WHERE number = 1") == [
        (sha(distances((A, B))),)
    ]


def test_a_file_keeps_every_genome_that_it_was_read_as(path):
    """The definition of a genome may change; a withdrawal must still find the file by either."""
    file = sha("one file")
    take(path, run(isolate("A", sha256=file)))
    take(path, run(isolate("A", sha256=file, genome="A anew"), identity="2", previous=1))
    assert rows(path, "SELECT genome FROM files WHERE sha256 = ? ORDER BY rowid", file) == [
        (sha("A"),),
        (sha("A anew"),),
    ]


def test_history_is_of_one_moment(path):
    take(path, run(A))
    with open_registry(path) as opened, one_state(opened):
        assert previous_number(opened, KEY) == 1
        writer = threading.Thread(
            target=lambda: take(path, run(B, identity="2", previous=1)), daemon=True
        )
        writer.start()
        writer.join(0.3)
        assert read_history(opened, KEY).number == 1
    writer.join(20)
    assert count(path) == 2


# --- all or nothing ----------------------------------------------------------------------------

CRASHING = """
import os, sys
from pathlib import Path
from oneclone.registry import recording
from tests.unit.registry_builder import isolate, run, take
left = int(sys.argv[2])
execute = recording._add_sighting
def dying(*args):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), 9)
    execute(*args)
recording._add_sighting = dying
take(Path(sys.argv[1]), run(*(isolate(f"I{n}") for n in range(4)), identity="2", previous=1))
"""


@case(51, "killed while the registry takes the run", "the run is in it whole or not at all")
def test_a_run_killed_while_it_is_recorded_is_not_there_and_can_be_recorded(path):
    take(path, run(A))
    before = history(path)
    command = [sys.executable, "-c", CRASHING, str(path), "3"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    killed = subprocess.run(command, env=environment, check=False, capture_output=True)
    assert killed.returncode == -9, killed.stderr
    assert history(path) == before
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert take(path, run(A, B, identity="2", previous=1)) == [2]


@case(53, "the disk is full when the registry takes a run", "said with remedy; it is as it was")
def test_a_full_disk_leaves_the_registry_as_it_was(path):
    take(path, run(A))
    before = history(path)
    many = run(*(isolate(f"I{n:03}") for n in range(100)), identity="2", previous=1)
    with (
        pytest.raises(RegistryProblem, match=r"disk is full; free some space and run again"),
        open_registry(path) as opened,
    ):
        (pages,) = opened.execute("PRAGMA page_count").fetchone()
        opened.execute(f"PRAGMA max_page_count = {pages + 2}")
        record_run(opened, many, "")
    assert history(path) == before
    assert take(path, many) == [2]


@case(52, "two runs record in one registry at once", "both are in, or one is told")
def test_two_processes_that_record_at_once_are_both_in_or_one_is_told(path):
    take(path, run(A))
    results = []

    def take_one(name):
        record = run(isolate(name), identity=name, previous=1)
        try:
            results.extend(take(path, record))
        except RegistryMoved as moved:
            results.append(str(moved))

    threads = [threading.Thread(target=take_one, args=(f"T{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count(2) == 1
    assert sum("not as it was when this run began" in str(each) for each in results) == 5
    assert count(path) == 2


def test_two_investigations_that_record_at_once_are_both_in(path):
    take(path, run(A))
    threads = [
        threading.Thread(target=take, args=(path, run(A, investigation=f"other {n}")))
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(path) == 7


def test_two_processes_that_make_a_registry_at_once_make_one(path):
    threads = [
        threading.Thread(target=take, args=(path, run(A, investigation=f"other {n}")))
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows(path, "SELECT number FROM runs ORDER BY 1") == [(n,) for n in range(1, 7)]


# --- versions ----------------------------------------------------------------------------------

NEXT = (*MIGRATIONS, "ALTER TABLE runs ADD COLUMN note TEXT; CREATE TABLE notes (id INTEGER)")


def test_an_older_registry_is_migrated_after_a_backup(path):
    take(path, run(A))
    with open_registry(path, migrations=NEXT) as opened:
        assert opened.execute("SELECT note FROM runs").fetchall() == [(None,)]
        assert opened.execute("PRAGMA user_version").fetchone() == (len(NEXT),)
    backup = path.with_name("registry.sqlite.version-1.backup")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert history(backup).previous == run(A).snapshot
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name, backup.name]


def test_an_interrupted_migration_leaves_the_old_version_and_goes_on_later(path):
    take(path, run(A))
    broken = (MIGRATIONS[0], f"{NEXT[1]}; CREATE TABLE notes (twice INTEGER)")
    with (
        pytest.raises(RegistryProblem, match="already exists"),
        open_registry(path, migrations=broken),
    ):
        pass
    assert history(path).previous == run(A).snapshot  # of the old version still
    with open_registry(path, migrations=NEXT) as opened:
        assert opened.execute("SELECT count(*) FROM notes").fetchone() == (0,)


def test_no_backup_is_overwritten(path):
    backup = path.with_name("registry.sqlite.version-1.backup")
    take(path, run(A))
    backup.write_text("of another year")
    with open_registry(path, migrations=NEXT):
        pass
    assert backup.read_text() == "of another year"
    assert count(path.with_name("registry.sqlite.version-1-2.backup")) == 1


def test_two_processes_that_migrate_at_once_make_one_whole_backup(path):
    take(path, run(A))

    def migrate():
        with open_registry(path, migrations=NEXT):
            pass

    threads = [threading.Thread(target=migrate) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    backup = path.with_name("registry.sqlite.version-1.backup")
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name, backup.name]
    assert rows(backup, "PRAGMA user_version") == [(1,)]


def test_a_newer_registry_is_refused_and_stays(path):
    take(path, run(A))
    damage(path, "PRAGMA user_version = 9")
    with pytest.raises(
        RegistryProblem, match=r"version 9, this oneclone knows 1; use the oneclone"
    ):
        history(path)
    assert count(path) == 1


# --- files that are no registry, or a damaged one ----------------------------------------------


def test_another_database_is_refused_and_not_touched(path):
    path.parent.mkdir()
    damage(path, "CREATE TABLE theirs (id)")
    before = path.read_bytes()
    with pytest.raises(RegistryProblem, match="a database, but no registry of oneclone"):
        take(path, run(A))
    assert path.read_bytes() == before


def test_another_empty_database_with_a_version_is_refused(path):
    path.parent.mkdir()
    damage(path, "PRAGMA user_version = 1")
    with pytest.raises(RegistryProblem, match="a database, but no registry of oneclone"):
        take(path, run(A))


def test_a_text_file_is_refused_and_not_touched(path):
    path.parent.mkdir()
    path.write_text("isolate\tclone\n" * 100)
    with pytest.raises(RegistryProblem, match=r"the file is damaged or no registry. Restore it"):
        take(path, run(A))
    assert path.read_text() == "isolate\tclone\n" * 100


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(RegistryProblem, match="a folder; name a file in it"):
        take(tmp_path, run(A))
    assert "a folder" in place_problem(tmp_path)


def test_a_name_that_means_something_to_sqlite_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    take(Path(":memory:"), run(A))
    assert history(Path(":memory:")).number == 1


def test_an_absent_registry_is_not_made_by_reading(path):
    with pytest.raises(RegistryProblem, match="there is no registry"):
        history(path)
    assert not path.parent.exists()


def test_a_damaged_page_is_told(path):
    take(path, run(*(isolate(f"I{n:03}") for n in range(200))))
    content = bytearray(path.read_bytes())
    (root,) = rows(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'sightings'")[0]
    content[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(RegistryProblem, match="damaged or no registry. Restore it from a backup"):
        history(path)


@pytest.mark.parametrize(
    "statement", ["UPDATE runs SET distances = x'78'", "UPDATE runs SET pairs = x'78'"]
)
def test_a_packed_table_that_cannot_be_read_is_told(path, statement):
    take(path, run(A, B))
    damage(path, statement)
    with pytest.raises(RegistryProblem, match="the registry is damaged: a packed table"):
        history(path)
        with open_registry(path) as opened:
            read_distances(opened, 1)


def test_a_lost_table_is_told(path):
    take(path, run(A))
    damage(path, "DROP TABLE verdicts")
    with pytest.raises(RegistryProblem, match="a part of the registry is missing; restore it"):
        history(path)


@case(54, "the registry can only be read", "it can be looked at; a run is refused with the path")
def test_what_cannot_be_written_can_be_read(path, monkeypatch):
    take(path, run(A))
    connect = sqlite3.connect
    monkeypatch.setattr(
        database_module.sqlite3,
        "connect",
        lambda name, **more: connect(f"file:{name}?mode=ro", uri=True, **more),
    )
    assert history(path).number == 1
    with pytest.raises(RegistryProblem, match="check that file and folder can be written"):
        take(path, run(B, identity="2", previous=1))


def test_a_registry_that_another_process_writes_is_told(path, monkeypatch):
    take(path, run(A))
    monkeypatch.setattr(database_module, "TIMEOUT_S", 0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RegistryProblem, match="another process has been writing"):
            take(path, run(B, identity="2", previous=1))


# --- check -------------------------------------------------------------------------------------


def found(path):
    with open_registry(path) as opened:
        return problems(opened)


def test_a_sound_registry_has_no_problem(path):
    founded = (Change(ChangeKind.FOUNDED, "clone-b", "", "B"),)
    second = run(A, isolate("B", "clone-b", address=(2, 1)), identity="2", previous=1)
    third = run(A, held("H", "clone-a", "clone-b"), identity="3", previous=2)
    other = run(A, investigation="other")
    take(path, run(A), replace(second, changes=founded), other, third)
    assert found(path) == []
    with open_registry(path) as opened:
        assert contents(opened) == (4, 4, 3)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE runs SET previous = NULL WHERE number = 3", "run 3: compared with none, but"),
        ("UPDATE runs SET previous = 2 WHERE number = 3", "run 3: compared with run 2, but"),
        ("UPDATE runs SET previous = 3 WHERE number = 1", "run 1: compared with run 3, but"),
        ("DELETE FROM events", "clone clone-b: first in run 3, which has no event"),
        ("UPDATE sightings SET address = '2.1' WHERE isolate = 'B'", "run 3: 'A' and 'B' share"),
        ("UPDATE runs SET distances = x'00' WHERE number = 3", "run 3: its table of distances"),
        ("UPDATE runs SET distances_sha256 = '' WHERE number = 1", "run 1: its table of distances"),
        ("UPDATE runs SET pairs = x'00' WHERE number = 3", "run 3: its settings, versions"),
        ("UPDATE runs SET settings = '{' WHERE number = 1", "run 1: its settings, versions"),
        ("UPDATE decisions SET kind = 'like'", "decision 1: the kind 'like' is unknown"),
        ("UPDATE decisions SET isolate = 'B'", "decision 1: 'B' never had the genome"),
        ("UPDATE sightings SET run = 7 WHERE isolate = 'B'", "points to a row of runs"),
        ("UPDATE decisions SET genome = ''", "points to a row of genomes"),
    ],
)
def test_what_makes_no_sense_is_told(path, statement, problem):
    founded = (Change(ChangeKind.FOUNDED, "clone-b", "", "B"),)
    second = run(A, isolate("B", "clone-b", address=(2, 2)), identity="2", previous=1)
    take(path, run(A), run(A, investigation="other"), replace(second, changes=founded))
    damage(
        path,
        "INSERT INTO decisions SELECT 1, '', 'u', 'withdraw', genome, 'A', 'r' "
        "FROM genomes WHERE genome = (SELECT genome FROM sightings WHERE isolate = 'A')",
    )
    assert found(path) == []
    damage(path, statement)
    assert problem in "; ".join(found(path))


def test_an_empty_file_is_told_and_not_taken_for_a_new_registry(tmp_path: Path):
    """A copy that failed leaves one; to begin anew silently would give clones other names."""
    path = tmp_path / "registry.sqlite"
    path.touch()
    problem = pytest.raises(RegistryProblem, match="empty, so a copy of it may have failed")
    with problem, open_registry(path, make=True):
        pass
    assert path.stat().st_size == 0


def test_a_registry_is_made_whole_and_private_and_nothing_lies_beside_it(tmp_path: Path):
    path = tmp_path / "folder" / "registry.sqlite"
    with open_registry(path, make=True):
        pass
    assert [each.name for each in path.parent.iterdir()] == ["registry.sqlite"]
    assert path.stat().st_mode & 0o777 == 0o600
