"""`oneclone check`: what was altered after a run, in results, state, inputs and registry."""

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from oneclone.cli import app
from oneclone.plan import prepare_run
from oneclone.run_lock import lock_run
from oneclone.run_provenance import OWN_CHECKSUMS, PROVENANCE
from oneclone.run_record import RunRecord
from oneclone.tables.json_files import read_json
from oneclone.tables.manifest import read_manifest, write_manifest
from oneclone.tables.pair_segments import Coverage, PairSegments
from oneclone.written_files import forget_written, note_written
from tests.finished_run import CALLS, OF_LAST_JOB, RESULTS, WORKFLOW, write_finished_run
from tests.reliability.trials import Part, case, trial

OF_RUN = tuple(
    f"results/provenance/{name}"
    for name in ("run.json", "environment.json", "inputs.sha256", "panel.sha256", "Snakefile",
                 "ro-crate-metadata.json", "provenance.sha256")
)  # fmt: skip


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """Return the working directory of a run whose results are words."""
    return write_finished_run(tmp_path_factory.mktemp("finished"))


@pytest.fixture
def work(finished: Path, tmp_path: Path) -> Path:
    """Return a copy of the run that a test may damage; its inputs are those of the original."""
    return Path(shutil.copytree(finished, tmp_path / "work", symlinks=True))


def check(*options: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["check", *map(str, options)])
    return done.exit_code, done.output


def edit(path: Path) -> None:
    """Change the content of a file, but neither its size nor its date."""
    status, content = path.stat(), path.read_bytes()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def into_link(path: Path) -> None:
    path.rename(path.with_name("moved"))
    path.symlink_to(path.with_name("moved"))


def remove(path: Path) -> None:
    path.unlink()


DAMAGES = {
    edit: "was changed",
    empty: "is empty",
    remove: "is missing",
    into_folder: "is a folder",
    into_link: "is a link",
}


def damages() -> list:
    """Return damages with their words, each with the marker of case 56."""
    return [
        pytest.param(
            damage,
            words,
            id=damage.__name__,
            marks=case(56, f"a result {what}", "`oneclone check` names it and ends with status 1"),
        )
        for (damage, words), what in zip(
            DAMAGES.items(),
            ("edited, size and date kept", "emptied", "deleted", "replaced by a folder",
             "replaced by a link to the same content"),
            strict=True,
        )
    ]  # fmt: skip


def test_check_of_an_untouched_run_finds_nothing(work):
    status, said = check("--directory", work)
    assert status == 0, said
    assert said.startswith("15 files are as the run wrote them\n")
    assert "note" not in said


@pytest.mark.parametrize(("damage", "words"), damages())
def test_check_names_a_damaged_result_and_repair_deletes_nothing_else(work, damage, words):
    path = work / "results/distances/pairs.tsv"
    damage(path)
    there = {each for each in work.rglob("*") if each != path}
    status, said = check("--directory", work)
    assert status == 1
    assert "1 problem found" in said
    assert f"{path} {words}" in said
    status, said = check("--directory", work, "--repair")
    assert (status, "Run snakemake again" in said) == (0, True)
    assert (f"deleted: {path}" in said) == (damage is not remove)
    assert not (path.exists() or path.is_symlink())
    assert there <= {*work.rglob("*")}


@trial(
    Part.FAULTS,
    "a folder with files in the place of a result",
    "named; `--repair` deletes none of it",
)
def test_repair_deletes_no_folder_with_files(work):
    path = work / "results/distances/pairs.tsv"
    into_folder(path)
    (path / "mine.txt").touch()
    status, said = check("--directory", work, "--repair")
    assert status == 1
    assert f"{path}: a folder has taken the place of a file" in said
    assert (path / "mine.txt").exists()


@pytest.mark.parametrize("name", [*OF_RUN, *OF_LAST_JOB])
@trial(Part.FAULTS, "a file of `provenance/` edited", "named; `--repair` lets it be written anew")
def test_check_covers_every_file_of_provenance(work, name):
    edit(work / name)
    status, said = check("--directory", work)
    assert status == 1
    # What the last checksums say of others is wrong when they are edited themselves.
    named = "has a line that is none" if name.endswith("provenance.sha256") else f"{name} was"
    assert named in said or f"{work / 'results/provenance'}/" in said
    check("--directory", work, "--repair")
    assert not (work / "results/provenance/manifest.sha256").exists()
    assert (work / "results/report.html").exists()


@trial(
    Part.FAULTS, "calls of an assembly edited below `.oneclone/`", "named; `--repair` deletes them"
)
def test_check_covers_calls(work):
    edit(work / CALLS)
    status, said = check("--directory", work, "--repair")
    assert (status, (work / CALLS).exists()) == (0, False)
    assert f"deleted: {work / CALLS}" in said


def test_check_names_a_damaged_segment_of_pairs_and_repair_deletes_it(work):
    segments = PairSegments(work / ".oneclone/pairs", "code")
    for number in range(2):
        segments.add(Coverage("rule", "code", ("a", "b"), (number,), None), [])
    damaged, sound = sorted((work / ".oneclone/pairs").iterdir())
    assert check("--directory", work)[0] == 0
    edit(damaged)
    status, said = check("--directory", work)
    assert status == 1
    assert f"{damaged} is not as it was written" in said
    assert str(sound) not in said
    check("--directory", work, "--repair")
    assert (damaged.exists(), sound.exists()) == (False, True)


@trial(
    Part.FAULTS, "a result edited, and the manifest with it", "named: jobs noted what they wrote"
)
def test_check_finds_an_edit_that_the_manifest_was_adapted_to(work):
    path, manifest = work / "results/typing.tsv", work / "results/provenance/manifest.sha256"
    edit(path)
    before = manifest.read_text()
    write_manifest_again(work)
    assert manifest.read_text() != before
    status, said = check("--directory", work)
    assert status == 1
    assert f"{path} was changed" in said


def write_manifest_again(work: Path) -> None:
    """Write both manifests of the results as they are by now."""
    results = work / "results"
    folder = results / "provenance"
    names = read_manifest(folder / "manifest.sha256")
    write_manifest(folder / "manifest.sha256", results, [results / name for name in names])
    others = [folder / name for name in PROVENANCE if name != OWN_CHECKSUMS]
    write_manifest(folder / OWN_CHECKSUMS, folder, others)


@pytest.mark.parametrize("name", ["isolates.tsv", "panel/panel.yaml", "panel/mask.bed"])
@trial(
    Part.FAULTS, "isolate table, assembly or panel changed after the run", "named, never deleted"
)
def test_check_names_a_changed_input_and_repair_leaves_it(finished, work, name):
    path = finished / "given" / name
    content = path.read_bytes()
    path.write_bytes(content + b"#\n")
    try:
        status, said = check("--directory", work, "--repair")
        assert path.read_bytes() == content + b"#\n"
    finally:
        path.write_bytes(content)
    assert status == 1
    assert f"{path} " in said
    assert "put the file of the run back, or run snakemake again" in said
    assert "deleted" not in said


@trial(Part.FAULTS, "an assembly gone after the run", "said; the results are sound all the same")
def test_check_says_that_an_assembly_is_gone(finished, work):
    path = next((finished / "given").glob("**/*.fna.gz"))
    path.rename(path.with_suffix(".away"))
    try:
        status, said = check("--directory", work)
    finally:
        path.with_suffix(".away").rename(path)
    assert status == 0
    assert f"note: {path} is not there any more" in said


def test_check_says_what_no_run_wrote_and_names_what_takes_a_name(work):
    (work / "results/notes.txt").touch()
    assert check("--directory", work)[0] == 0
    (work / "results/Report.HTML").touch()
    status, said = check("--directory", work)
    assert status == 1
    assert f"note: {work / 'results/notes.txt'} was not written by the run" in said
    assert f"{work / 'results/Report.HTML'} has the name of a result but for case" in said


@trial(
    Part.FAULTS, "a copy of `results/` alone, damaged", "`oneclone check --results` names the file"
)
def test_check_of_a_copy_needs_no_state(work, tmp_path):
    copy = shutil.copytree(work / "results", tmp_path / "copy")
    assert check("--results", copy)[0] == 0
    edit(copy / "report.html")
    status, said = check("--results", copy)
    assert (status, f"{copy / 'report.html'} was changed" in said) == (1, True)
    assert check("--results", copy, "--repair")[0] == 2
    assert (copy / "report.html").exists()


@trial(
    Part.PAYLOADS, "a manifest that names files outside of the results", "none is read or deleted"
)
def test_repair_follows_no_name_out_of_the_results(work, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    manifest = work / "results/provenance/manifest.sha256"
    names = (f"{outside}", f"../../{outside.name}", "../given/isolates.tsv")
    manifest.write_text("".join(f"{'0' * 64}  {name}\n" for name in names))
    status, said = check("--directory", work, "--repair")
    assert (status, outside.read_text()) == (1, "mine")
    assert f"has a line that is none: '{outside}'" in said


@trial(
    Part.FAULTS, "`oneclone check` while a run is at work", "refused, and told who holds the folder"
)
def test_check_refuses_while_a_run_is_at_work(work):
    lock = lock_run(work / ".oneclone", work / "results")
    try:
        status, said = check("--directory", work)
    finally:
        lock.release()
    assert (status, "another run is at work" in said) == (1, True)
    assert check("--directory", work)[0] == 0


@trial(
    Part.FAULTS, "results of a run that was killed half-way", "no damage: named as unfinished, kept"
)
def test_check_tells_an_unfinished_run_from_damage(work, monkeypatch):
    monkeypatch.chdir(work)
    path = Path("results/typing.tsv")
    path.write_text("of the next run\n")
    note_written("logs/typing.log", [path])
    status, said = check("--repair")
    assert status == 1
    assert "typing.tsv is of a run that did not come to its end; run snakemake again" in said
    assert path.exists()


def test_check_without_a_run_says_so(tmp_path):
    status, said = check("--directory", tmp_path)
    assert (status, "no results of a run" in said) == (1, True)


# --- at the start of the next run --------------------------------------------------------------


def next_run(work: Path) -> RunRecord:
    """Return the record of a run that begins in the same working directory."""
    plan = prepare_run({"isolates": "given/isolates.tsv", "panel": "given/panel"}, work, WORKFLOW)
    return RunRecord.begin(plan, work / ".oneclone/calls")


def find_altered(run: RunRecord, *, remove: bool = True) -> list[str]:
    return list(run.find_altered(RESULTS, remove=remove))


def test_next_run_finds_nothing_altered_in_an_untouched_run(work):
    run = next_run(work)
    assert (find_altered(run), run.altered) == ([], [])
    assert (work / "results/provenance/manifest.sha256").exists()


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@case(
    56,
    "a result altered, then a run",
    "named in a warning, made again byte for byte; `provenance/run.json` says that it was altered",
)
def test_next_run_removes_what_was_altered_and_records_it(work, damage):
    path = work / "results/distances/pairs.tsv"
    damage(path)
    run = next_run(work)
    (warning,) = find_altered(run)
    assert "warning: results/distances/pairs.tsv was altered after a job wrote it" in warning
    assert not (path.exists() or path.is_symlink())
    assert (work / "results/typing.tsv").exists()
    path.write_text("content of results/distances/pairs.tsv\n")  # made again
    said = "\n".join(run.conclude(work / "results"))
    assert "altered before this run, made again by it: results/distances/pairs.tsv" in said
    figures = read_json(work / "results/provenance/run.json")
    assert figures["altered"] == ["results/distances/pairs.tsv"]


def test_next_run_after_all_results_were_deleted_names_ten(work):
    shutil.rmtree(work / "results")
    needed = [f"results/{number:02d}.tsv" for number in range(12)]
    (work / ".oneclone/written/many.sha256").write_text(
        "".join(f"{'0' * 64}  {name}\n" for name in needed)
    )
    run = next_run(work)
    said = list(run.find_altered(needed, remove=True))
    assert len(said) == 11
    assert said[-1].endswith("so were 2 more; it is made again")
    assert run.altered == needed


@trial(Part.FAULTS, "a result altered, then a dry run", "named, not removed")
def test_dry_run_names_what_was_altered_and_removes_nothing(work):
    path = work / "results/report.html"
    empty(path)
    assert len(find_altered(next_run(work), remove=False)) == 1
    assert path.exists()


def test_next_run_takes_a_file_of_an_unfinished_job_for_no_altered_one(work, monkeypatch):
    monkeypatch.chdir(work)
    Path("results/typing.tsv").write_text("half of th")
    forget_written("logs/typing.log")
    remove(Path("results/report.html"))
    forget_written("logs/report.log")
    assert find_altered(next_run(work)) == []


def test_next_run_takes_what_it_does_not_deliver_for_no_deleted_result(work):
    remove(work / CALLS)
    assert find_altered(next_run(work)) == []


@pytest.mark.parametrize("name", [OF_RUN[0], OF_RUN[-1]])
def test_next_run_writes_the_rest_of_provenance_anew(work, name):
    remove(work / name)
    assert find_altered(next_run(work)) == []
    assert not (work / "results/provenance/manifest.sha256").exists()  # so that a job runs
