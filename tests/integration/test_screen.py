"""`oneclone screen` on a small finished run: what is found, kept, refused and added."""

import csv
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from oneclone.cli import app
from oneclone.commands.screen import ScreenRequest, screen
from oneclone.errors import AssemblyRejected, InputRefused, OnecloneError, ToolFailed
from oneclone.plan import prepare_run
from oneclone.tables.checksum import file_sha256
from oneclone.worker_pool import worker_pool
from tests.integration.workflow import ROOT
from tests.reliability.trials import Part, trial
from tests.screened_run import ScreenedRun, finished_run

PLANTED = {"near-0": 0, "near-30": 30, "near-47": 47, "at-60": 60, "at-90": 90, "at-200": 200}


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> ScreenedRun:
    return finished_run(tmp_path_factory.mktemp("screen"), 60_000)


@pytest.fixture(scope="module")
def candidates(run) -> Path:
    """Write twenty candidates: relatives of a case, other lineages, and what is no genome."""
    folder = run.folder / "candidates"
    for number, (name, snps) in enumerate(PLANTED.items()):
        run.plant(folder / f"{name}.fna.gz", "PtA-CSF", snps, 1 + number % 3, seed=number)
    for number, parent in enumerate(("ABS_TYPE", "MAS_TYPE", "BOL_TYPE", "DCC3_REF") * 2):
        run.plant(folder / f"other-{number}.fna", parent, 40 * number, 4, seed=50 + number)
    shutil.copy(run.folder / "lab/asm/PtB-elbow.fna.gz", folder / "again.fna.gz")
    whole = (run.folder / "lab/panel/asm/MAS_TYPE.fna.gz").read_bytes()
    (folder / "torn.fna.gz").write_bytes(whole[: len(whole) // 2])
    run.plant(folder / "short.fna", "PtA-CSF", 2, 1, seed=90)
    lines = (folder / "short.fna").read_text().splitlines()
    (folder / "short.fna").write_text("\n".join(lines[: len(lines) // 3]) + "\n")
    (folder / "notes.txt").write_text("no genome")
    return folder


@pytest.fixture(scope="module")
def screened(run, candidates) -> tuple[list[dict[str, str]], str]:
    return look(run, candidates, run.folder / "screen.tsv")


def look(run, candidates, out, **options) -> tuple[list[dict[str, str]], str]:
    """Screen; return the rows and all that was said."""
    said: list[str] = []
    options = {"max_snps": 50, "cores": 2, **options}
    words = screen(run.working, ScreenRequest(candidates, out=out, **options), said.append)
    with out.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE))
    return rows, "\n".join([*said, words])


def test_screen_finds_the_planted_relatives_and_nothing_farther(screened):
    rows, said = screened
    near = {row["isolate"] for row in rows if row["state"] == "within"}
    assert near == {"near-0", "near-30", "near-47", "again"}
    by_name = {row["isolate"]: row for row in rows}
    for name, snps in PLANTED.items():
        row = by_name[name]
        if row["state"] != "not_similar":
            assert snps * 0.8 - 3 <= int(row["snps"]) <= snps + 3  # the nearest may be PtB-elbow
            assert int(row["max_snps_to_clone"]) >= int(row["snps"])
    assert by_name["at-60"]["state"] == by_name["at-90"]["state"] == "farther"
    assert "4 of 17 candidates are within 50 SNPs of clone" in said
    assert "1 of them with the genome of an isolate of the run" in said
    assert "Other files in the folder, which are no FASTA: 1." in said


def test_screen_accounts_for_every_candidate(screened):
    rows, _ = screened
    by_name = {row["isolate"]: row for row in rows}
    assert len(rows) == len(by_name) == 17
    assert (by_name["again"]["already_in_run"], by_name["again"]["snps"]) == ("PtB-elbow", "0")
    assert by_name["torn"]["reason"] == "truncated_gzip"
    assert (by_name["short"]["state"], by_name["short"]["reason"]) == ("quarantined", "too_short")
    assert {by_name[f"other-{n}"]["state"] for n in (0, 2, 4, 6)} == {"not_similar"}
    counted = [row for row in rows if row["snps"]]
    assert [int(row["rank"]) for row in counted] == list(range(1, len(counted) + 1))
    assert [int(row["snps"]) for row in counted] == sorted(int(row["snps"]) for row in counted)


def test_screen_of_a_table_in_another_order_gives_the_same_with_its_metadata(
    run, candidates, screened, tmp_path
):
    rows, _ = screened
    table = tmp_path / "c.tsv"
    lines = [
        f"{row['isolate']}\t{path}\tPeru {number}\tmine"
        for number, row in enumerate(sorted(rows, key=lambda row: row["sha256"]))
        for path in candidates.glob(f"{row['isolate']}.fna*")
    ]
    table.write_text("\n".join(["isolate\tassembly\tcountry\tstate", *lines]) + "\n")
    found, said = look(run, table, tmp_path / "out.tsv", cores=1)
    assert "0 of them sketched anew" in said
    assert [{key: row[key] for key in rows[0]} for row in found] == rows
    assert {row["candidate_state"] for row in found} == {"mine"}
    assert len({row["country"] for row in found}) == 17


def test_screen_for_the_genome_alone_searches_for_every_member(run, candidates, screened, tmp_path):
    rows, _ = screened
    found, said = look(run, candidates, tmp_path / "out.tsv", max_snps=0)
    expected = {row["isolate"] for row in rows if row["snps"] == "0"}
    assert {row["isolate"] for row in found if row["state"] == "within"} == expected
    assert {"near-0", "again"} <= expected
    assert f"{len(expected)} of 17 candidates are within 0 SNPs" in said


@trial(
    Part.FAULTS,
    "a process of a job is killed for lack of memory",
    "said so, with remedy; those of a killed job end by themselves",
)
def test_process_that_is_killed_is_said_so_and_one_of_a_killed_parent_ends():
    with pytest.raises(ToolFailed, match="lack of memory"), worker_pool(1) as pool:
        pool.submit(os.kill, pool.submit(os.getpid).result(), signal.SIGKILL).result()
    code = (
        "import os, signal\n"
        "from oneclone.worker_pool import worker_pool\n"
        "with worker_pool(1) as pool:\n"
        "    print(pool.submit(os.getpid).result(), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    # The worker holds the pipe too, so this returns only when it has ended.
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=False, timeout=30)
    assert done.returncode == -signal.SIGKILL
    assert int(done.stdout) > 0


@trial(Part.FAULTS, "the database of a screen cannot be written", "said with its path")
def test_screen_says_when_the_database_cannot_be_written(run, candidates, tmp_path):
    (tmp_path / "db").write_text("a file where the folder should be")
    with pytest.raises(OnecloneError, match="the sketch database cannot be written"):
        look(run, candidates, tmp_path / "out.tsv", database=tmp_path / "db")


@pytest.mark.usefixtures("screened")  # what it knows already
def test_screen_sketches_only_what_is_new_and_forgets_what_vanished(run, candidates, tmp_path):
    moved = tmp_path / "moved"
    shutil.copytree(candidates, moved)
    (moved / "near-0.fna.gz").unlink()
    run.plant(moved / "new.fna", "PtB-elbow", 10, 2, seed=77)
    rows, said = look(run, moved, tmp_path / "out.tsv")
    assert "17 candidates, 1 of them sketched anew" in said
    names = {row["isolate"]: row["state"] for row in rows}
    assert "near-0" not in names
    assert names["new"] == "within"


@pytest.mark.parametrize("damaged", ["sketch", "markers.bin", "shard.json", "files.sqlite"])
def test_screen_rebuilds_what_is_damaged_with_a_word(run, candidates, screened, tmp_path, damaged):
    rows, _ = screened
    database = tmp_path / "db"
    shutil.copytree(run.working / ".oneclone/screen", database)
    path = next(path for path in sorted(database.rglob("*")) if path.name.endswith(damaged))
    content = path.read_bytes()
    path.write_bytes(content[:20] + b"damage" + content[26 : len(content) // 2])
    (shards,) = database.glob("skani-*")
    (shards / ".part-left").mkdir()
    (shards / ".DS_Store").touch()  # a file manager's: no shard
    found, said = look(run, candidates, tmp_path / "out.tsv", database=database)
    assert "is damaged; " in said
    assert found == rows
    assert not list(database.glob("*/.part*"))
    assert "DS_Store" not in said
    assert (
        "0 of them sketched anew"
        in look(run, candidates, tmp_path / "out.tsv", database=database)[1]
    )


@trial(
    Part.FAULTS,
    "a screen is killed while another one waits for its database",
    "the other goes on; the table is the same",
)
def test_screen_waits_for_another_one_and_survives_its_kill(run, candidates, screened, tmp_path):
    rows, _ = screened
    database = tmp_path / "db"
    code = (
        "import sys, time; from pathlib import Path\n"
        "from oneclone import sketch_database\n"
        "from oneclone.worker_pool import worker_pool\n"
        "write_shard = sketch_database.write_shard\n"
        "def write_while_none_is_there(folder, files):\n"
        "    if list(folder.glob('*/shard.json')):\n"
        "        time.sleep(60)\n"
        "    return write_shard(folder, files)\n"
        "def say(line):\n"
        "    print(line, flush=True); time.sleep(60)\n"
        "sketch_database.write_shard = write_while_none_is_there\n"
        "sketch_database.SHARD_GENOMES = 2\n"
        "with worker_pool(2) as pool:\n"
        "    base = sketch_database.SketchDatabase(Path(sys.argv[1]), pool, 2, say)\n"
        "    base.extend(sorted(Path(sys.argv[2]).iterdir()))\n"
    )
    command = [sys.executable, "-c", code, str(database), str(candidates)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as other:
        assert other.stdout.readline().startswith("Sketching: 2 of ")
        with pytest.raises(TimeoutError):
            FileLock(database / "lock", timeout=0).acquire()
        other.send_signal(signal.SIGKILL)
    found, said = look(run, candidates, tmp_path / "out.tsv", database=database)
    assert found == rows
    assert "Waiting for another screen" not in said
    sketched = int(said.partition(" of them sketched anew")[0].split()[-1])
    assert 0 < sketched < 16


@pytest.mark.usefixtures("screened")
def test_screened_candidate_that_joins_the_run_costs_no_call(run, candidates, tmp_path):
    isolates = run.folder / "lab" / "more.tsv"
    shutil.copy(run.isolates, isolates)
    before = isolates.read_bytes()
    command = ["screen", str(candidates), "--directory", str(run.working), "--out",
               str(run.folder / "screen.tsv"), "--add", "near-30", "--add", "near-0",
               "--role", "context", "--isolates", str(isolates)]  # fmt: skip
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert "2 rows appended" in done.stdout
    assert isolates.read_bytes().startswith(before)
    added = isolates.read_bytes()[len(before) :].decode().splitlines()
    assert [line.split("\t")[:4] for line in added] == [
        ["near-30", "../candidates/near-30.fna.gz", "context", ""],
        ["near-0", "../candidates/near-0.fna.gz", "context", ""],
    ]
    folder = tmp_path / "work"
    shutil.copytree(run.working, folder, symlinks=True)
    config = {"isolates": str(isolates), "panel": str(run.folder / "lab/panel")}
    plan = prepare_run(config, folder, ROOT)
    missing = [
        key for key in plan.assembly_of if not (folder / f".oneclone/calls/{key}.npz").exists()
    ]
    assert missing == []
    assert file_sha256(candidates / "near-30.fna.gz") in plan.assembly_of.values()


@pytest.mark.parametrize(
    ("names", "role", "says"),
    [
        (["near-30"], "case", "case 'near-30' has no patient"),
        (["nobody"], "context", "no candidate 'nobody'"),
        (["near-47"], "context", "not the file"),
        (["torn"], "context", "candidate 'torn' has no readable assembly"),
        (["PtA-CSF"], "context", "isolate 'PtA-CSF' is in the table already"),
    ],
)
def test_add_refuses_and_leaves_the_table(run, candidates, tmp_path, names, role, says):
    folder = tmp_path / "candidates"
    shutil.copytree(candidates, folder)
    shutil.copy(candidates / "near-0.fna.gz", folder / "PtA-CSF.fna.gz")
    out = tmp_path / "screen.tsv"
    look(run, folder, out)
    shutil.copy(folder / "at-60.fna.gz", folder / "near-47.fna.gz")
    isolates = tmp_path / "isolates.tsv"
    isolates.write_bytes(run.isolates.read_bytes())
    options = [part for name in names for part in ("--add", name)]
    command = ["screen", str(folder), "--directory", str(run.working), "--out", str(out), *options,
               "--role", role, "--isolates", str(isolates)]  # fmt: skip
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 1
    assert says in done.stderr
    assert str(isolates) in done.stderr or str(folder) in done.stderr or str(out) in done.stderr
    assert isolates.read_bytes() == run.isolates.read_bytes()
    assert not list(tmp_path.glob(".isolates*"))


def test_screen_refuses_unknown_clones_absent_runs_and_other_versions(
    run, candidates, tmp_path, monkeypatch
):
    with pytest.raises(Exception, match="clone 'nope' is not in the run; known: clone-"):
        look(run, candidates, tmp_path / "out.tsv", clones=("nope",))
    with pytest.raises(Exception, match="no finished run here"):
        screen(tmp_path, ScreenRequest(candidates, 50), print)
    monkeypatch.setattr("oneclone.commands.screen.calls_digest", lambda *_: "0" * 64)
    with pytest.raises(Exception, match="made by another version of oneclone"):
        look(run, candidates, tmp_path / "out.tsv")
    assert not (tmp_path / "out.tsv").exists()


@pytest.mark.parametrize("edit", [("PtB-elbow\t", "PtB-2\t"), ("asm/PtB-elbow", "asm/CTX-near")])
def test_screen_refuses_clones_of_another_run_than_the_plan(run, candidates, tmp_path, edit):
    """Members that the plan knows no more, or as other genomes, would not be looked for."""
    folder = tmp_path / "work"
    shutil.copytree(run.working, folder, symlinks=True)
    isolates = run.folder / "lab" / "edited.tsv"
    isolates.write_text(run.isolates.read_text().replace(*edit))
    config = {"isolates": str(isolates), "panel": str(run.folder / "lab/panel")}
    prepare_run(config, folder, ROOT)
    with pytest.raises(OnecloneError, match="is not of the run that was begun last"):
        screen(folder, ScreenRequest(candidates, 50, out=tmp_path / "out.tsv"), print)
    assert not (tmp_path / "out.tsv").exists()


def test_screen_reads_again_what_another_version_of_the_reader_refused(
    run, candidates, screened, tmp_path, monkeypatch
):
    rows, _ = screened
    database = tmp_path / "db"
    with monkeypatch.context() as older:
        older.setattr("oneclone.sketch_database.source_digest", lambda _: "0" * 64)
        older.setattr("oneclone.sketch_shard.read_assembly", _refuse)
        found, _ = look(run, candidates, tmp_path / "out.tsv", database=database)
        assert {row["reason"] for row in found} == {"not_fasta"}
    assert look(run, candidates, tmp_path / "out.tsv", database=database)[0] == rows


def _refuse(*_: object) -> None:
    raise AssemblyRejected("not_fasta", "as an older reader said")


def test_screen_replaces_its_own_table_alone(run, candidates, tmp_path):
    isolates = tmp_path / "isolates.tsv"
    isolates.write_bytes(run.isolates.read_bytes())
    for out, says in ((isolates, "is there already and is not the table"), (tmp_path, "a folder")):
        with pytest.raises(InputRefused, match=says):
            look(run, candidates, out)
    assert isolates.read_bytes() == run.isolates.read_bytes()


def test_role_without_a_candidate_to_add_is_refused(candidates):
    done = CliRunner().invoke(app, ["screen", str(candidates), "--role", "case"])
    assert done.exit_code != 0
    assert "--add NAME" in done.output
