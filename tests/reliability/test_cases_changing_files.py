"""Cases 9 and 10: a file that changes while a run reads it."""

import gzip
import shutil
from pathlib import Path

import pytest

from oneclone.errors import OnecloneError
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.steps.index_reference import index_reference
from oneclone.steps.sketch_references import sketch_references
from oneclone.tables import hash_cache
from oneclone.tables.checksum import file_sha256
from oneclone.tables.simulated_folder import write_outbreak
from tests.integration.workflow import read_json
from tests.pipeline import Pipeline
from tests.reliability.trials import case
from tests.unit.small_world import SEQUENCE, World

KEPT = ("isolate\t", "PtA", "PtB", "CTX-near")
CHANGED = "the file changed since the run started; run again when it is whole"


@pytest.fixture(scope="module")
def outbreak(tmp_path_factory) -> Path:
    """Return a folder with an outbreak whose references are prepared, to be copied."""
    folder = tmp_path_factory.mktemp("outbreak")
    settings = SimulationSettings(1, 60_000, 4)
    write_outbreak(folder, simulate(scenario(ScenarioName.POINT_SOURCE, 60_000), settings))
    table = folder / "isolates.tsv"
    kept = [line for line in table.read_text().splitlines() if line.startswith(KEPT)]
    table.write_text("\n".join(kept) + "\n")
    pipeline(folder).prepare()
    return folder


@pytest.fixture
def mine(outbreak: Path, tmp_path: Path) -> Path:
    return shutil.copytree(outbreak, tmp_path / "mine", symlinks=True)


def pipeline(folder: Path) -> Pipeline:
    return Pipeline(folder / "work", folder / "isolates.tsv", folder / "panel")


def key_of(run: Pipeline, path: Path) -> str:
    """Return the calls key of a file that has not changed since the run began."""
    return next(k for k, sha in run.plan.assembly_of.items() if sha == file_sha256(path))


def replaced(path: Path) -> None:
    """Put an assembly with one other base in the place of a file."""
    text = gzip.decompress(path.read_bytes()).decode()
    place = text.index("\n") + 3001
    other = "A" if text[place] != "A" else "C"
    path.write_bytes(gzip.compress(f"{text[:place]}{other}{text[place + 1 :]}".encode()))


@case(
    9,
    "an assembly that is replaced after it was hashed, before it is called",
    "the step fails and names the file; nothing is computed from other bytes than those hashed, "
    "and the next run takes the new ones",
)
def test_assembly_that_changed_since_it_was_hashed_is_not_called(mine: Path):
    run = pipeline(mine)
    path = mine / "asm/CTX-near.fna.gz"
    key = key_of(run, path)
    replaced(path)
    with pytest.raises(OnecloneError) as caught:
        run.call_one(key)
    assert str(caught.value) == f"{path}: {CHANGED}"
    assert not list(run.state.glob("calls/*"))
    again = pipeline(mine)
    new = key_of(again, path)
    again.call_one(new)
    assert new != key
    assert read_json(run.state / f"calls/{new}.json")["assembly"] == file_sha256(path)


@case(
    9,
    "a reference that is replaced after it was hashed",
    "the step fails and names the file; no index or sketch is kept under the hash of other bytes",
)
def test_reference_that_changed_since_it_was_hashed_is_not_indexed(mine: Path):
    run = pipeline(mine)
    path = mine / "panel/asm/MAS_TYPE.fna.gz"
    link = run.state / "assemblies" / file_sha256(path)
    replaced(path)
    panel, made = run.state / "plan/panel.json", mine / "made"
    made.mkdir()
    settings = run.plan.settings
    with pytest.raises(OnecloneError, match=f"{path}: {CHANGED}"):
        index_reference(
            assembly=link,
            panel=panel,
            index=made / "index.mmi",
            prepared=made / "prepared.npz",
            preset=settings.calling.preset,
            settings=settings.repeats,
        )
    with pytest.raises(OnecloneError, match=f"{path}: {CHANGED}"):
        sketch_references(
            assemblies=[link],
            panel=panel,
            markers=made / "markers.bin",
            sketches=[made / f"{link.name}.sketch"],
        )
    assert not list(made.iterdir())


@case(9, "an assembly that is deleted after it was hashed", "the step fails and names the file")
def test_assembly_that_is_gone_since_it_was_hashed_is_named(mine: Path):
    run = pipeline(mine)
    path = mine / "asm/CTX-near.fna.gz"
    key = key_of(run, path)
    path.unlink()
    with pytest.raises(OnecloneError) as caught:
        run.call_one(key)
    assert str(caught.value) == f"{path}: {CHANGED}"


@case(
    10,
    "a file that is still being copied while it is hashed",
    "quarantined, `still_changing`: the file changed while it was read; run again when it is "
    "whole. The next run uses it",
)
def test_file_that_grows_while_it_is_hashed_is_quarantined(tmp_path: Path, monkeypatch):
    world = World(tmp_path)
    path = world.fasta("a.fna", SEQUENCE[1:800])

    def hashed_while_copied(read: Path) -> str:
        digest = file_sha256(read)
        if read == path:
            world.fasta("a.fna", SEQUENCE[1:])
        return digest

    monkeypatch.setattr(hash_cache, "file_sha256", hashed_while_copied)
    entry = {each.name: each for each in world.plan().roster}
    assert (entry["A"].problem, entry["A"].calls_key) == ("still_changing", "")
    assert entry["A"].detail == "the file changed while it was read; run again when it is whole"
    assert (entry["B"].problem, entry["REF"].problem) == ("", "")
    monkeypatch.undo()
    entry = {each.name: each for each in world.plan().roster}
    assert (entry["A"].problem, entry["A"].assembly) == ("", file_sha256(path))


@case(
    10,
    "a reference that is still being copied while the run looks at its contigs",
    "refused: the file changed while it was read; run again when it is whole",
)
def test_reference_that_changes_before_its_contigs_are_read_is_refused(tmp_path: Path, monkeypatch):
    """What is known of a genome is kept under the hash of its file, so it must be of that file."""
    world = World(tmp_path)
    path = world.folder / "panel/ref.fna"
    read = hash_cache.read_assembly

    def read_after_a_change(asked: Path, max_bases: int):
        path.write_text(f">contig 1\n{SEQUENCE[8:]}\n")
        return read(asked, max_bases)

    monkeypatch.setattr(hash_cache, "read_assembly", read_after_a_change)
    (found,) = world.problems()
    assert found == (
        "panel/references.tsv row 2: assembly 'ref.fna': the file changed while it was read; run "
        "again when it is whole"
    )
    monkeypatch.undo()
    plan = world.plan()
    assert [each.assembly for each in plan.panel.references] == [file_sha256(path)]
