"""`oneclone registry`: what it lists and shows, and what it lets people decide."""

import getpass
import hashlib
import shutil
import stat
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from oneclone.cli import app
from oneclone.model.history import Change, ChangeKind
from oneclone.registry.database import open_registry
from oneclone.registry.decisions import withdrawn
from oneclone.registry.past import RunKey, read_history
from tests.reliability.trials import case
from tests.unit.registry_builder import distances, held, isolate, run, sha, take

BOTH = "clone-a + clone-b"
A, B, H = isolate("A"), isolate("B", "clone-b", address=(2, 1)), held("H", "clone-a", "clone-b")
FOUNDED = (
    Change(ChangeKind.FOUNDED, "clone-b", "", "B"),
    Change(ChangeKind.NEW_ISOLATE, "B", "", "used"),
    Change(ChangeKind.METADATA_CHANGED, "A", "clone-b", "B", reason="ward"),
    Change(ChangeKind.SETTING_CHANGED, "mode", "1", "2"),
)
BRIDGED = (Change(ChangeKind.BRIDGE_ISOLATE, "H", "clone-a, clone-b", BOTH, reason="links"),)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Three runs of one investigation, the last with an isolate that waits; one of another."""
    path = tmp_path_factory.mktemp("made") / "registry.sqlite"
    together = (replace(A, clone=BOTH), replace(B, clone=BOTH), H)
    take(
        path,
        run(A),
        run(A, B, identity="2", previous=1, changes=FOUNDED),
        run(*together, identity="3", previous=2, changes=BRIDGED),
        run(isolate("O", "clone-o"), isolate("R", "", role="reference"), investigation="other"),
    )
    return path


@pytest.fixture
def call(made, tmp_path, monkeypatch):
    """Return a function that calls a command in a folder with a registry of the default name."""
    shutil.copy(made, tmp_path / "registry.sqlite")
    monkeypatch.chdir(tmp_path)

    def called(*arguments, fails=False):
        done = CliRunner().invoke(app, ["registry", *arguments])
        assert done.exit_code == int(fails), done.output
        return done.output

    return called


def cells(text):
    return [line.split("\t") for line in text.splitlines()]


# --- list --------------------------------------------------------------------------------------


def test_list_of_runs(call):
    header, *rows = cells(call("list", "--tsv"))
    assert header[:2] == ["run", "recorded"]
    assert [row[:1] + row[2:] for row in rows] == [
        ["1", "outbreak", "mabs", "1.0.0", "1", "1", "single_clone", ""],
        ["2", "outbreak", "mabs", "1.0.0", "2", "2", "single_clone", "1"],
        ["3", "outbreak", "mabs", "1.0.0", "3", "3", "single_clone", "2"],
        ["4", "other", "mabs", "1.0.0", "1", "1", "single_clone", ""],
    ]


def test_list_of_isolates_is_of_their_last_run(call):
    call("withdraw", "B", "--reason", "mixed")
    header, *rows = cells(call("list", "--isolates", "--investigation", "outbreak", "--tsv"))
    assert header[0] == "isolate"
    assert [row[:1] + row[3:] for row in rows] == [
        ["A", sha("A"), "1", "3", "used", BOTH, "1.1", ""],
        ["B", sha("B"), "2", "3", "used", BOTH, "1.2", "yes"],
        ["H", sha("H"), "3", "3", "used", BOTH, "1.1", ""],
    ]


def test_list_of_clones_names_who_waits(call):
    assert cells(call("list", "--clones", "--tsv"))[1:] == [
        ["clone-o", "other", "mabs", "1", "single_clone", "4", "4", ""],
        ["clone-a", "outbreak", "mabs", "1", "single_clone", "1", "3", "H"],
        ["clone-b", "outbreak", "mabs", "1", "single_clone", "2", "3", "H"],
    ]


def test_list_for_people_is_aligned_and_shortens_hashes(call):
    lines = call("list", "--isolates").splitlines()
    assert lines[0].index("genome") == lines[1].index(sha("O")[:12])
    assert sha("O")[:13] not in lines[1]


def test_an_unknown_investigation_is_told_with_those_that_are_there(call):
    assert "those that have: 'other', 'outbreak'" in call(
        "list", "--investigation", "x", fails=True
    )


# --- show --------------------------------------------------------------------------------------


def test_show_an_isolate(call):
    call("withdraw", "A", "--reason", "wrong tube", "--user", "someone")
    text = call("show", "A")
    assert f"genome {sha('A')}; withdrawn" in text
    seen = [line.split() for line in text.splitlines() if sha("A")[:12] in line][1:]
    assert [row[0] for row in seen] == ["1", "2", "3"]
    assert "metadata_changed" in text
    assert "new_isolate" not in text  # of another isolate
    assert "someone  withdraw  A        wrong tube" in text


def test_show_by_the_beginning_of_the_hash_of_a_file_or_genome(call):
    assert call("show", sha("H")[:8]) == call("show", "H") == call("show", H.sha256[:9].upper())
    assert "accept merges clone-a and clone-b" in call("show", "H")


def test_show_a_clone(call):
    text = call("show", "clone-b")
    assert f"single_clone (as {BOTH})" in text
    kinds = [each.kind for each in (*FOUNDED, *BRIDGED) if each.kind in text]
    assert kinds == ["founded", "bridge_isolate"]  # not the ward of A that is called like it


def test_show_what_is_an_isolate_and_a_clone(tmp_path):
    path = tmp_path / "registry.sqlite"
    take(path, run(isolate("clone-a"), isolate("B")))
    done = CliRunner().invoke(app, ["registry", "show", "clone-a", "--registry", str(path)])
    assert "isolate clone-a\n" in done.output
    assert "\nclone clone-a\n" in done.output


def test_an_unknown_name_is_told_with_those_near_it(call):
    assert "near it: clone-b" in call("show", "Clone-B ", fails=True)
    assert "list --isolates" in call("show", "nothing like it", fails=True)
    assert "no isolate or clone of this name" in call("show", " ", fails=True)


def test_a_renamed_isolate_is_shown_with_its_other_names(call, tmp_path):
    renamed = isolate("H2", BOTH, genome="H", settled_clone="")
    change = Change(ChangeKind.RENAMED, "H2", "H", "H2")
    take(tmp_path / "registry.sqlite", run(renamed, identity="4", previous=3, changes=(change,)))
    assert "also known as H2" in call("show", "H")
    assert "renamed" in call("show", "H")
    assert "isolate H\n" in call("show", sha("H")[:10])
    assert "isolate H2\n" in call("show", sha("H")[:10])
    assert "accept: H, H2; the next run merges" in call("accept", "H", "--reason", "r")


# --- export and check --------------------------------------------------------------------------


def test_export_is_whole_private_and_certified(call, tmp_path):
    call("withdraw", "B", "--reason", "mixed")
    call("export", "out")
    out = tmp_path / "out"
    lines = (out / "manifest.sha256").read_text().splitlines()
    listed = {line[66:]: line[:64] for line in lines}
    assert listed == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in out.iterdir()
        if path.name != "manifest.sha256"
    }
    assert {name for name in listed if "run-" in name} == {
        f"{what}-of-run-{number}.tsv" for what in ("distances", "pairs") for number in (2, 3, 4)
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    assert (out / "distances-of-run-2.tsv").read_text() == distances((A, B))
    assert cells((out / "pairs-of-run-2.tsv").read_text())[1:] == [["A", "B", "same_clone", ""]]
    sightings = cells((out / "sightings.tsv").read_text())
    assert [len(sightings), sightings[1][:2], sightings[1][-1]] == [
        9, ["1", "A"], '{"role": "case", "clinic": "Ä"}',
    ]  # fmt: skip
    assert [row[-1] for row in cells((out / "decisions.tsv").read_text())] == ["reason", "mixed"]


def test_export_refuses_a_folder_that_is_not_empty(call, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("")
    assert "is not an empty folder; choose another" in call("export", "out", fails=True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine"]


def test_check(call, tmp_path):
    assert call("check") == "4 runs, 4 isolates, 3 clones: no problem found\n"
    with open_registry(tmp_path / "registry.sqlite") as opened:
        opened.execute("DELETE FROM events")
        opened.execute("UPDATE runs SET previous = NULL WHERE number = 3")
    text = call("check", fails=True)
    assert "registry.sqlite: 2 problems; restore it from a backup" in text
    assert "  1. run 3: compared with none" in text
    assert "  2. clone clone-b: first in run 2" in text


# --- decisions ---------------------------------------------------------------------------------


def decisions(tmp_path):
    with open_registry(tmp_path / "registry.sqlite") as opened:
        return opened.execute("SELECT kind, isolate, user, reason FROM decisions").fetchall()


@case(58, "a decision to withdraw an isolate", "the registry keeps who decided, when and why")
def test_withdraw_and_restore(call, tmp_path):
    said = call("withdraw", "B", "--reason", " mixed culture ", "--user", "me")
    assert said.startswith("withdraw: B; the next run leaves it out")
    with open_registry(tmp_path / "registry.sqlite") as opened:
        (gone,) = withdrawn(opened)
    assert (gone.genome, gone.files, gone.isolate) == (sha("B"), {B.sha256}, "B")
    assert "is withdrawn already" in call("withdraw", "B", "--reason", "again", fails=True)
    assert "takes it in again" in call("restore", sha("B")[:8], "--reason", "cultured anew")
    assert "is not withdrawn" in call("restore", "B", "--reason", "again", fails=True)
    first, second = decisions(tmp_path)
    assert first == ("withdraw", "B", "me", "mixed culture")
    assert second == ("restore", "B", getpass.getuser(), "cultured anew")
    with open_registry(tmp_path / "registry.sqlite") as opened:
        assert withdrawn(opened) == ()


def test_a_name_is_restored_though_its_file_was_replaced_since(call, tmp_path):
    call("withdraw", "B", "--reason", "mixed")
    replaced = isolate("B", "clone-b", genome="B anew")
    take(tmp_path / "registry.sqlite", run(A, replaced, identity="4", previous=3))
    assert "the next run takes it in again" in call("restore", "B", "--reason", "r")
    assert "is not withdrawn" in call("restore", "B", "--reason", "r", fails=True)


def test_a_withdrawn_isolate_is_listed_and_found_though_it_is_not_read(call, tmp_path):
    call("withdraw", "B", "--reason", "mixed")
    unread = replace(B, name="B2", genome="", state="quarantined", clone="", settled_clone="")
    take(tmp_path / "registry.sqlite", run(A, unread, identity="4", previous=3))
    listed = {row[0]: row for row in cells(call("list", "--isolates", "--tsv"))}
    assert (listed["B2"][3], listed["B2"][9]) == (sha("B"), "yes")
    assert call("restore", "B2", "--reason", "r").startswith("restore: B, B2;")


@pytest.mark.parametrize(
    ("kind", "effect"),
    [
        ("accept", "the next run merges the names clone-a and clone-b\n"),
        ("hold", "the next run keeps the names clone-a and clone-b apart\n"),
    ],
)
def test_a_decision_over_names_reaches_the_next_run(call, tmp_path, kind, effect):
    assert call(kind, "H", "--reason", "r").endswith(effect)
    with open_registry(tmp_path / "registry.sqlite") as opened:
        history = read_history(opened, RunKey("outbreak", "mabs", "4"))
        other = read_history(opened, RunKey("other", "mabs", "4"))
    assert history.decisions == {sha("H"): kind}
    assert other.decisions == {}


def test_the_last_decision_counts(call, tmp_path):
    for kind in ("accept", "hold", "accept"):
        call(kind, "H", "--reason", "r")
    with open_registry(tmp_path / "registry.sqlite") as opened:
        decided = read_history(opened, RunKey("outbreak", "mabs", "4")).decisions
    assert decided == {sha("H"): "accept"}


def test_accept_names_the_others_that_wait(call, tmp_path):
    more = (
        replace(A, clone=BOTH),
        replace(B, clone=BOTH),
        H,
        replace(H, name="H2", genome=sha("X")),
    )
    take(tmp_path / "registry.sqlite", run(*more, identity="4", previous=3))
    assert "unless others that wait still hold them apart: H2" in call(
        "accept", "H", "--reason", "r"
    )


@pytest.mark.parametrize("kind", ["accept", "hold"])
@pytest.mark.parametrize("name", ["A", "O"])
def test_who_does_not_wait_needs_no_decision(call, tmp_path, kind, name):
    assert "does not wait for a decision" in call(kind, name, "--reason", "r", fails=True)
    assert decisions(tmp_path) == []


def test_who_no_longer_waits_needs_no_decision(call, tmp_path):
    take(tmp_path / "registry.sqlite", run(A, isolate("H"), identity="4", previous=3))
    assert "does not wait for a decision" in call("accept", "H", "--reason", "r", fails=True)
    assert "waits for a decision" not in call("show", "H")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (("B", "--reason", " "), "the reason is blank"),
        (("B", "--reason", "a\nb"), "the reason holds a control character"),
        (("B", "--reason", "r", "--user", ""), "the user is blank"),
        (("B", "--reason", "r", "--user", "a\x1b[1m"), "the user holds a control character"),
        (("R", "--reason", "r"), "no isolate with an assembly"),  # a reference of the panel
        ((sha("R")[:20], "--reason", "r"), "no isolate with an assembly"),
        ((sha("B")[:7], "--reason", "r"), "no isolate with an assembly"),
    ],
)
def test_what_is_refused_leaves_nothing(call, tmp_path, given, problem):
    assert problem in call("withdraw", *given, fails=True)
    assert decisions(tmp_path) == []


def test_a_name_of_two_genomes_is_not_guessed(call, tmp_path):
    take(
        tmp_path / "registry.sqlite",
        run(isolate("B", genome="B of others"), investigation="third"),
    )
    text = call("withdraw", "B", "--reason", "r", fails=True)
    assert f"{sha('B')[:12]} in 'outbreak', {sha('B of others')[:12]} in 'third'" in text
    assert call("withdraw", sha("B of others")[:12], "--reason", "r").startswith("withdraw: B;")


def test_composed_and_decomposed_names_are_one(tmp_path, call):
    take(tmp_path / "registry.sqlite", run(isolate("é"), investigation="third"))
    assert call("withdraw", " e\u0301", "--reason", "r").startswith("withdraw: é;")


def test_an_absent_registry_is_told_and_not_made(call, tmp_path):
    assert "there is no registry" in call("list", "--registry", "else.sqlite", fails=True)
    assert not (tmp_path / "else.sqlite").exists()
