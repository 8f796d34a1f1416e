"""Clones shared as a bundle: the receiver counts what a run with all assemblies counts."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from oneclone.bundled_clones import BundledClones, read_clone_bundle
from oneclone.cli import app
from oneclone.commands.share_clones import share_clones
from oneclone.comparison_words import comparison_words
from oneclone.errors import InputRefused, OnecloneError
from oneclone.model.pairs import FilterOutcome, Pair
from oneclone.software_differences import software_differences
from oneclone.tables import array_checks, clone_bundle
from oneclone.tables.delimited import write_table
from tests.integration.workflow import rows
from tests.quick_verdict import QuickRun
from tests.shared_outbreak import SharedOutbreak, share_outbreak

MEMBERS = ("PtA-1", "PtB-1", "PtG-1", "PtH-1")


@pytest.fixture(scope="module")
def outbreak(tmp_path_factory) -> SharedOutbreak:
    return share_outbreak(tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="module")
def bundle(outbreak, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("bundle") / "clones.zip"
    share_clones(outbreak.work, path)
    return path


@pytest.fixture(scope="module")
def compared(outbreak, bundle):
    """Compare all isolates of the other laboratory, and two files that are no isolates of it."""
    folder = next(iter(outbreak.files.values())).parent
    foreign, reads = folder / "foreign.fa", folder / "reads.fa"
    foreign.write_text(f">a\n{'ACGTTGCAAC' * 6000}\n")
    reads.write_text("@r\nACGT\n+\nFFFF\n")
    return compare(bundle, *outbreak.files.values(), foreign, reads)


def compare(*arguments: object):
    return CliRunner().invoke(app, ["compare", *map(str, arguments)])


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_distances_from_the_bundle_are_those_of_a_run_with_all_assemblies(outbreak, compared):
    assert compared.exit_code == 0, compared.stderr
    found = list(csv.DictReader(io.StringIO(compared.stdout), delimiter="\t"))
    names = [f"our {name}" for name in outbreak.files]
    expected = {*((m, n) for m in MEMBERS for n in names)}
    expected |= {(a, b) for a in names for b in names if a < b}
    assert [(row["isolate_a"], row["isolate_b"]) for row in found] == sorted(expected)
    for row in found:
        one, two = row["isolate_a"].removeprefix("our "), row["isolate_b"].removeprefix("our ")
        of_run = outbreak.pairs[tuple(sorted((one, two)))]
        if one > two:  # the other name came first in the run
            of_run = {
                **of_run,
                "short_indels_a": of_run["short_indels_b"],
                "short_indels_b": of_run["short_indels_a"],
            }
        new = {"isolate_a": row["isolate_a"], "isolate_b": row["isolate_b"]}
        assert row == {**of_run, **new}
    assert {row["filter"] for row in found} == {
        *("", "not_scanned", "nothing_removed", "decides", "may_not_decide")
    }
    assert len({row["reference"] for row in found}) == 3  # both references, and none


def test_words_name_the_nearest_member_its_range_and_never_a_verdict(compared):
    said = compared.stderr
    own = "in the range of linked pairs (up to 10 SNPs)"
    assert "our PtT-1: nearest is PtA-1 of clone-" in said
    assert "Compared with 4 members of clone-" in said
    lines = {line.partition(":")[0]: line for line in said.splitlines() if "nearest is" in line}
    assert own in lines["our PtT-1"]
    assert "removed; the filtered distance decides" in lines["our PtT-1"]
    assert "so the filter may not decide" in lines["our PtU-1"]
    assert "of another subspecies (abscessus, not massiliense): not linked" in lines["our PtE-1"]
    assert "at 0 SNPs" in lines["our PtCopy"]
    assert "both isolates have exactly the same assembly" in lines["our PtCopy"]
    assert "in the range of pairs that are not linked" in lines["our PtM-1"]
    assert "foreign is not compared: wrong_species (no panel reference is similar" in said
    assert "reads is not compared: fastq (the file looks like sequencing reads" in said
    assert "linked up to 10, possible up to 30, not linked above 38 (linked: Bryant 2013" in said
    assert said.splitlines()[-1].startswith("This is no verdict")
    assert "warning" not in said


def test_bundle_is_the_same_for_the_same_run_elsewhere(outbreak, bundle, tmp_path):
    shutil.copytree(outbreak.work, tmp_path / "moved", symlinks=True)
    share_clones(tmp_path / "moved", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()


def test_manifest_is_checked_by_sha256sum_and_nothing_else_is_in_the_bundle(bundle, tmp_path):
    with zipfile.ZipFile(bundle) as opened:
        opened.extractall(tmp_path)
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "MANIFEST"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    files = unpacked(bundle)
    listed = [line.split(b"  ")[1].decode() for line in files["MANIFEST"].splitlines()[1:]]
    assert set(listed) == set(files) - {"MANIFEST"}
    assert not [data for data in files.values() if str(tmp_path.parents[1]).encode() in data]


def test_results_in_the_bundle_are_those_of_the_run(outbreak, bundle):
    files = unpacked(bundle)
    results = outbreak.work / "results"
    assert files["results/pairs.tsv"] == (results / "distances/pairs.tsv").read_bytes()
    assert files["results/verdict.json"] == (results / "verdict.json").read_bytes()


def test_share_one_clone_gives_away_the_calls_of_its_members_alone(outbreak, tmp_path):
    clones = sorted({row["clone"] for row in rows(outbreak.work / "results/clusters.tsv")} - {""})
    table = rows(outbreak.work / "results/clusters.tsv")
    out = tmp_path / "one.zip"
    options = ["share", str(out), "--directory", str(outbreak.work), "--clone", clones[1]]
    done = CliRunner().invoke(app, options)
    assert done.exit_code == 0
    own = [row["isolate"] for row in table if row["clone"] == clones[1]]
    assert done.stdout.splitlines()[0] == f"{clones[1]}: {', '.join(own)}"
    archives = [name for name in unpacked(out) if name.startswith("members/") and "npz" in name]
    assert len(archives) == len(own) == 2
    found = compare(out, outbreak.files["PtT-1"])
    assert len(found.stdout.splitlines()) == 1 + 2


def test_share_refuses_an_unknown_clone_and_names_the_known(outbreak, tmp_path):
    with pytest.raises(InputRefused, match="clone 'X' is not in the run; known: clone-"):
        share_clones(outbreak.work, tmp_path / "x.zip", ["X"])
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ("results/verdict.json", "verdict.json is not of the run that was begun last"),
        ("results/provenance/inputs.tsv", "inputs.tsv is not of the run that was begun last"),
        ("results/provenance/settings.json", "no finished run here"),
        ("results/tree/core.nwk", "core.nwk is not of the run that was begun last"),
        (".oneclone/plan/panel.json", "manifest.sha256 is not of the run that was begun last"),
    ],
)
def test_share_refuses_results_that_are_not_of_one_finished_run(outbreak, tmp_path, changed, says):
    work = tmp_path / "work"
    shutil.copytree(outbreak.work, work, symlinks=True)
    if "settings" in changed or "core" in changed:
        (work / changed).unlink()
    elif "panel" in changed:
        (work / changed).write_text((work / changed).read_text())
    else:
        (work / changed).write_text((work / changed).read_text() + "PtZ\t00\n")
    with pytest.raises(OnecloneError, match=says):
        share_clones(work, tmp_path / "x.zip")


def test_share_refuses_calls_of_a_run_that_was_begun_with_other_settings(outbreak, tmp_path):
    work, table = tmp_path / "work", outbreak.work.parent / "ours.tsv"
    shutil.copytree(outbreak.work, work, symlinks=True)
    begun = QuickRun(work, table, table.parent / "panel", calling={"min_block_bp": 3000})
    begun.call()
    with pytest.raises(OnecloneError, match=r"manifest\.sha256 is not of the run"):
        share_clones(work, tmp_path / "x.zip")


def test_share_refuses_a_run_without_a_clone(outbreak, tmp_path):
    work = tmp_path / "work"
    shutil.copytree(outbreak.work, work, symlinks=True)
    table, manifest = work / "results/clusters.tsv", work / "results/provenance/manifest.sha256"
    before = hashlib.sha256(table.read_bytes()).hexdigest()
    found = [{**row, "clone": ""} for row in rows(table)]
    write_table(table, list(found[0]), found)
    after = hashlib.sha256(table.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text().replace(before, after))
    with pytest.raises(InputRefused, match="the run has no clone: no case isolate was assessed"):
        share_clones(work, tmp_path / "x.zip")


def test_compare_refuses_what_cannot_be_told_apart_and_what_is_absent(outbreak, bundle, tmp_path):
    taken = tmp_path / "PtA-1.fna"
    shutil.copy(outbreak.files["PtT-1"], taken)
    done = compare(bundle, taken)
    assert done.exit_code == 1
    assert "'PtA-1' is a member of a clone in the bundle; give the file another name" in done.stderr
    done = compare(bundle, tmp_path / "absent.fna", tmp_path)
    assert done.exit_code == 1
    assert "2 problems" in done.stderr
    assert f"{tmp_path / 'absent.fna'}: is no file" in done.stderr
    assert compare(bundle, taken, "--configfile", str(taken)).exit_code == 2


def test_neither_share_nor_compare_replaces_a_foreign_file(outbreak, bundle, tmp_path):
    assembly = tmp_path / "new.fa"
    shutil.copy(next(iter(outbreak.files.values())), assembly)
    before = assembly.read_bytes()
    done = compare(bundle, assembly, "--out", assembly)
    assert done.exit_code == 1
    assert "is not a table of pairs; name another file" in done.stderr
    with pytest.raises(InputRefused, match="is not a bundle of clones; name another file"):
        share_clones(outbreak.work, assembly)
    assert assembly.read_bytes() == before
    again = tmp_path / "clones.zip"
    for _ in range(2):
        share_clones(outbreak.work, again)
    assert again.read_bytes() == bundle.read_bytes()


def test_compare_names_a_bundle_that_is_not_there(outbreak, tmp_path):
    done = compare(tmp_path / "clnoes.zip", next(iter(outbreak.files.values())))
    assert done.exit_code == 1
    assert "clnoes.zip: does not exist" in done.stderr


def test_compare_fails_when_no_assembly_can_be_compared(bundle, tmp_path):
    wrong = tmp_path / "short.fna"
    wrong.write_text(">a\nACGT\n")
    done = compare(bundle, wrong)
    assert done.exit_code == 1
    assert "no assembly can be compared:\nshort: too_short (4 bases" in done.stderr


def test_compare_writes_the_table_and_calls_equal_files_once(outbreak, bundle, tmp_path):
    for name in ("a", "b"):
        shutil.copy(outbreak.files["PtT-1"], tmp_path / f"{name}.fa")
    out = tmp_path / "pairs.tsv"
    done = compare(bundle, tmp_path / "a.fa", tmp_path / "b.fa", "--out", out)
    assert done.exit_code == 0
    assert done.stdout == ""
    found = {(row["isolate_a"], row["isolate_b"]): row for row in rows(out)}
    assert found["a", "b"]["snps"] == "0"
    assert found["PtA-1", "a"]["snps"] == found["PtA-1", "b"]["snps"]
    assert len(found) == 1 + 2 * len(MEMBERS)


# --- what a bundle must not be ------------------------------------------------------------------


def packed(files: dict[str, bytes]) -> bytes:
    """Return a zip of files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in files.items():
            opened.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def sealed(files: dict[str, bytes]) -> bytes:
    """Return a bundle of files whose manifest is right, as one who forges it would."""
    rest = {name: data for name, data in files.items() if name != "MANIFEST"}
    header = files["MANIFEST"].splitlines()[0].decode()
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in rest.items()]
    return packed({"MANIFEST": "\n".join([header, *lines, ""]).encode(), **rest})


def read(content: bytes) -> BundledClones:
    with tempfile.TemporaryDirectory() as folder:
        path, empty = Path(folder) / "x.zip", Path(folder) / "unpacked"
        path.write_bytes(content)
        empty.mkdir()
        return read_clone_bundle(path, empty)


def archive(files: dict[str, bytes], start: str = "members/") -> str:
    return next(name for name in files if name.startswith(start) and name.endswith(".npz"))


def edited(files: dict[str, bytes], name: str, **arrays) -> dict[str, bytes]:
    """Return files with arrays of an archive replaced, by the last part of their names."""
    with np.load(io.BytesIO(files[name])) as opened:
        found = {
            key: arrays.get(key.rpartition("/")[2], lambda array: array)(opened[key])
            for key in opened.files
        }
    written = io.BytesIO()
    np.savez_compressed(written, **found)
    return {**files, name: written.getvalue()}


def test_untouched_bundle_packed_again_is_read(bundle):
    clones = read(sealed(unpacked(bundle)))
    assert [taxon.name for taxon in clones.members] == list(MEMBERS)


def test_thresholds_and_mask_of_the_run_are_those_of_the_bundle(bundle):
    files = unpacked(bundle)
    record, panel = json.loads(files["bundle.json"]), json.loads(files["plan/panel.json"])
    record["settings"]["thresholds"]["linked"] = 1
    assembly = read(sealed(files)).panel.species_assembly
    changed = {
        **files,
        "bundle.json": json.dumps(record).encode(),
        "plan/mask.json": json.dumps({assembly: [[0, 50_000]]}).encode(),
    }
    clones = read(sealed(changed))
    assert panel["thresholds"]["linked"] == 10
    assert clones.panel.thresholds.linked == 1
    assert clones.panel.thresholds.citation.startswith("configuration of this run; panel: ")
    assert clones.references[assembly].mask.total_bp >= 50_000
    assert {each.mask.total_bp < 20_000 for each in clones.references.values()} == {True, False}


DAMAGED = {
    "a newer format": (
        lambda f: packed({**f, "MANIFEST": f["MANIFEST"].replace(b"format 1", b"format 2")}),
        "the bundle has format 2, this version of oneclone reads format 1; install",
    ),
    "another zip": (lambda _: packed({"a.txt": b"a"}), "it is no clone bundle of oneclone"),
    "cut": (lambda f: packed(f)[:-40], "the zip is cut or corrupt"),
    "a file missing": (
        lambda f: packed({name: data for name, data in f.items() if name != "plan/mask.json"}),
        "it lacks plan/mask.json, which its MANIFEST lists; ask the sender for it again",
    ),
    "a file too many": (lambda f: packed({**f, "plan/x": b""}), "which its MANIFEST does not list"),
    "changed": (
        lambda f: packed({**f, "results/pairs.tsv": b"isolate_a"}),
        "results/pairs.tsv has sha256 [0-9a-f]{64}, its MANIFEST states",
    ),
    "a path out of it": (lambda f: sealed({**f, "../x": b""}), "a path that leads out of it"),
    "an absolute path": (lambda f: sealed({**f, "/x": b""}), "a path that leads out of it"),
    "another path": (lambda f: sealed({**f, "members/.ssh/x": b""}), "which no bundle has"),
    "a listed path": (
        lambda f: packed({**f, "MANIFEST": f["MANIFEST"] + b"0" * 64 + b"  ../../x\n"}),
        "holds the line '0+  ../../x'",
    ),
    "no panel": (
        lambda f: sealed({n: d for n, d in f.items() if n != "plan/panel.json"}),
        "the bundle lacks 'plan/panel.json'",
    ),
    "no calls": (
        lambda f: sealed({n: d for n, d in f.items() if n != archive(f)}),
        "the bundle lacks 'members/.*npz'",
    ),
    "a path as key": (
        lambda f: sealed(
            {
                **f,
                "members/roster.json": f["members/roster.json"].replace(
                    archive(f)[8:-4].encode(), b"../../../etc/x"
                ),
            }
        ),
        "the bundle lacks 'members/../../../etc/x.json'",
    ),
    "a name for terminals": (
        lambda f: sealed(
            {
                **f,
                "members/roster.json": f["members/roster.json"].replace(b"PtA-1", b"\\u001b[2J"),
            }
        ),
        r"it holds the name '.x1b\[2J'",
    ),
    "other members": (
        lambda f: sealed({**f, "bundle.json": f["bundle.json"].replace(b"PtA-1", b"PtA-2")}),
        "its clones have other members than its roster",
    ),
    "a setting out of bounds": (
        lambda f: sealed({**f, "bundle.json": f["bundle.json"].replace(b"asm20", b"/tmp/x")}),
        "x.zip: configuration",
    ),
    "bases elsewhere": (
        lambda f: sealed(edited(f, archive(f), positions=lambda a: a + np.uint32(70_000))),
        "called bases that are none or leave the reference",
    ),
    "intervals elsewhere": (
        lambda f: sealed(edited(f, archive(f), callable=lambda a: a + np.uint32(70_000))),
        "intervals that overlap or leave the reference",
    ),
    "a contig that is not there": (
        lambda f: sealed(edited(f, archive(f), contig_lengths=lambda a: a[:0])),
        "alignments that leave the reference or the assembly",
    ),
    "contigs that end early": (
        lambda f: sealed(edited(f, archive(f, "references/"), codes=lambda a: a[:-1])),
        "contigs that do not cover its bases",
    ),
    "a header that lies": (
        lambda f: sealed(
            {
                **f,
                archive(f): packed(
                    {"assembly.npy": _header({"shape": (10**12,), "descr": "|u1"})},
                ),
            }
        ),
        "'assembly.npy' is not the array that its header describes",
    ),
    "objects": (
        lambda f: sealed({**f, archive(f): packed({"assembly.npy": _header({"descr": "|O"})})}),
        "'assembly.npy' is not the array that its header describes",
    ),
    "a sketch that is none": (
        lambda f: sealed({**f, "sketches/markers.bin": f["sketches/markers.bin"][:99]}),
        "the bundle holds what oneclone does not write: sketches that skani cannot read",
    ),
    "no panel that one could use": (
        lambda f: sealed(
            {
                **f,
                "plan/panel.json": json.dumps(
                    {**json.loads(f["plan/panel.json"]), "species_reference": "x"}
                ).encode(),
            }
        ),
        "the species reference of its panel is not a reference",
    ),
}


def _without_type_strain(files: dict[str, bytes]) -> bytes:
    """Return a bundle in which a member says it was called on the species reference alone."""
    name = archive(files).replace(".npz", ".json")
    assessment = json.loads(files[name])
    panel = json.loads(files["plan/panel.json"])
    (species,) = (
        row["assembly"] for row in panel["references"] if row["name"] == panel["species_reference"]
    )
    assert species in assessment["references"]
    return sealed({**files, name: json.dumps({**assessment, "references": [species]}).encode()})


DAMAGED["calls on too few references"] = (_without_type_strain, "its member '.*' has no calls")


def _header(changes: dict) -> bytes:
    written = io.BytesIO()
    header = {"descr": "|u1", "fortran_order": False, "shape": (1,), **changes}
    np.lib.format.write_array_header_1_0(written, header)
    return written.getvalue() + b"0"


@pytest.mark.parametrize(
    "changes",
    [
        {"clones": {"\x1b]0;x\x07": 5}},
        {"settings": {"calling": {"\x1b]0;x\x07": 1}}},
        {"versions": 0},
    ],
)
def test_what_a_forged_bundle_says_is_no_command_to_a_terminal(bundle, outbreak, tmp_path, changes):
    files = unpacked(bundle)
    record = json.loads(files["bundle.json"])
    changed = {
        key: {**record[key], **(value or {"mappy": "9\x1b]0;x\x07"})}
        for key, value in changes.items()
    }
    changed_file = json.dumps({**record, **changed}).encode()
    (tmp_path / "x.zip").write_bytes(sealed({**files, "bundle.json": changed_file}))
    done = compare(tmp_path / "x.zip", outbreak.files["PtT-1"])
    assert "]0;x" in done.stderr
    assert all(letter.isprintable() or letter == "\n" for letter in done.stderr)


@pytest.mark.parametrize("what", DAMAGED)
def test_damaged_or_forged_bundle_is_refused_and_says_why(bundle, what):
    make, says = DAMAGED[what]
    with pytest.raises(InputRefused, match=says) as refused:
        read(make(unpacked(bundle)))
    assert "x.zip: " in str(refused.value)


def test_bombs_are_refused(bundle, monkeypatch):
    files = unpacked(bundle)
    bomb = edited(files, archive(files), ambiguous=lambda a: np.zeros(1 << 20, a.dtype))
    monkeypatch.setattr(array_checks, "MAX_ARCHIVE_BYTES", 1 << 20)
    with pytest.raises(InputRefused, match="its arrays have more than 1048576 bytes"):
        read(sealed(bomb))
    monkeypatch.setattr(clone_bundle, "MAX_FILE_BYTES", 1 << 16)
    with pytest.raises(InputRefused, match="in it has more than 65536 bytes"):
        read(sealed({**files, "results/x.tsv": bytes(1 << 17)}))
    monkeypatch.setattr(clone_bundle, "MAX_BYTES", 1 << 16)
    with pytest.raises(InputRefused, match="its files have more than 65536 bytes"):
        read(sealed(files))


def contents(clones: BundledClones) -> list[object]:
    """Return what pairs are counted on."""
    return [
        *(clones.record, clones.panel, clones.settings),
        *((taxon.entry, taxon.assessment) for taxon in clones.members),
        *(each.sequence.codes.tobytes() for each in clones.references.values()),
        *(each.mask.starts.tobytes() for each in clones.references.values()),
    ]


@settings(max_examples=40, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.data())
def test_random_damage_is_refused_or_changes_nothing(bundle, data):
    content = bytearray(bundle.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        # the manifest, small files and the directory of the zip are where a byte has a meaning
        far = st.integers(0, len(content) - 1)
        near = st.one_of(st.integers(0, 3000), st.integers(len(content) - 3000, len(content) - 1))
        content[data.draw(st.one_of(near, far))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content)))]
    try:
        found = read(bytes(content))
    except InputRefused:
        return
    assert contents(found) == contents(read(bundle.read_bytes()))


@settings(max_examples=15, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.data())
def test_random_damage_under_a_right_manifest_is_refused_or_read(bundle, data):
    files = unpacked(bundle)
    names = [name for name in files if not name.startswith(("results/", "MANIFEST"))]
    name = data.draw(st.sampled_from(sorted(names)))
    content = bytearray(files[name])
    place = data.draw(st.integers(0, max(0, len(content) - 1)))
    content[place : place + 1] = data.draw(st.binary(min_size=0, max_size=3))
    try:
        read(sealed({**files, name: bytes(content)}))
    except InputRefused as refused:
        assert "x.zip" in str(refused)


# --- what is said -------------------------------------------------------------------------------


def test_words_say_that_nothing_could_be_compared(bundle):
    clones = read(bundle.read_bytes())
    new = replace(clones.members[0], entry=replace(clones.members[0].entry, name="x\u202ey"))
    pairs = [
        Pair(taxon.name, new.name, "", 0, 40_000, None, None, None, FilterOutcome.NOT_SCANNED)
        for taxon in clones.members
    ]
    said = comparison_words(clones, [new], {}, pairs)[1]
    assert said == (
        "x y cannot be compared with any member: at most 0.04 Mb are callable in both, below the "
        "panel's floor of 80 %."
    )


def test_other_software_here_than_in_the_bundle_is_said(bundle):
    clones = read(bundle.read_bytes())
    assert list(software_differences(clones)) == []
    other = {**clones.record.versions, "mappy": "2.1"}
    (said,) = software_differences(replace(clones, record=replace(clones.record, versions=other)))
    assert said.startswith("the bundle was made with mappy 2.1 (here ")
    taxon = clones.members[0]
    entry = replace(taxon.entry, calls_key=taxon.entry.calls_key[:-1] + "x")
    (said,) = software_differences(replace(clones, members=(replace(taxon, entry=entry),)))
    assert said.startswith("bases are called by other code or libraries here")
    record = replace(clones.record, counting_code="0")
    (said,) = software_differences(replace(clones, record=record))
    assert said.startswith("pairs are counted by other code here")
