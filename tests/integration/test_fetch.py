"""`oneclone panel fetch` from tables to files, its bundle, and what a run makes of both."""

import hashlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from oneclone import assembly_folder
from oneclone.candidate_files import find_candidates
from oneclone.errors import InputRefused
from oneclone.panel_cli import panel_app
from oneclone.plan import RunPlan, prepare_run
from oneclone.tables.candidate_list import read_candidates
from oneclone.tables.fetched_table import COLUMNS, read_fetched
from tests.archive import Archive, fasta, package, page, stall, status
from tests.reliability.trials import case

ROOT = Path(__file__).resolve().parents[2]
TYPE, CLONE, ISOLATE = "GCF_000000001.1", "GCF_000000002.3", "GCA_000000003.1"
PANEL_YAML = """
name: test
version: "1"
organism: Bacterium
genome_length_bp: [1000, 200000]
species_reference: TYPE
thresholds: {linked: 10, possible: 30, unlinked: 38, citation: x}
ani: {species_percent: 95, subspecies_percent: 98, citation: x}
clone_max_snps: 100
substitution_rate: {per_site_per_year: 2.0e-7, low: 1.0e-7, high: 3.0e-7, citation: x}
"""


class Laboratory:
    """A panel, an isolate table and the means to fetch and to plan a run."""

    def __init__(self, folder: Path, archive: Archive) -> None:
        self.folder, self.archive = folder, archive
        self.panel, self.isolates = folder / "the panel", folder / "cases" / "isolates.tsv"
        self.panel.mkdir(parents=True)
        self.isolates.parent.mkdir()
        (self.panel / "panel.yaml").write_text(PANEL_YAML)
        self.references(f"TYPE\t{TYPE}\t\ts\t\ttype_strain\tx", f"C\t{CLONE}\t\ts\tC1\tclone\tx")
        (self.isolates.parent / "own.fna").write_bytes(fasta(9))
        self.table("A\town.fna\tcase\tP1", f"B\t{ISOLATE}\tcontext\t", "D\t\tcase\tP2")

    def references(self, *rows: str) -> None:
        header = "reference\tassembly\tsha256\tsubspecies\tclone\tkind\tcitation"
        (self.panel / "references.tsv").write_text("\n".join([header, *rows]) + "\n")

    def table(self, *rows: str) -> None:
        self.isolates.write_text("\n".join(["isolate\tassembly\trole\tpatient", *rows]) + "\n")

    def fetch(self, *options: object, ok: bool = True) -> str:
        """Fetch for both tables; return what was said."""
        return run(
            ["fetch", "--panel", self.panel, "--isolates", self.isolates, "--retries", 0,
             "--base-url", self.archive.base_url, *options],
            ok,
        )  # fmt: skip

    def files(self) -> dict[str, bytes]:
        """Return what lies in both folders of assemblies by path, locks left out."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.glob("*/assemblies/*"))
            if path.name != ".lock"
        }

    def plan(self) -> RunPlan:
        config = {"isolates": str(self.isolates), "panel": str(self.panel)}
        return prepare_run(config, self.folder / "run", ROOT)

    def problems(self) -> list[str]:
        with pytest.raises(InputRefused) as caught:
            self.plan()
        return [text.replace(f"{self.folder}/", "") for text in caught.value.problems]


def run(arguments: list[object], ok: bool) -> str:
    """Run the command; return what it wrote to both streams."""
    done = CliRunner().invoke(panel_app, [str(each) for each in arguments])
    assert done.exit_code == (0 if ok else 1), done.output
    return done.output


def clear_proxies(patch: pytest.MonkeyPatch) -> None:
    """Let requests to this machine go straight."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        patch.delenv(name, raising=False)


@contextmanager
def stocked() -> Generator[Archive]:
    """Start an archive that holds the three assemblies."""
    with Archive() as started:
        for seed, accession in enumerate((TYPE, CLONE, ISOLATE), start=1):
            started.add(accession, seed)
        yield started


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    clear_proxies(monkeypatch)


@pytest.fixture
def archive() -> Iterator[Archive]:
    with stocked() as started:
        yield started


@pytest.fixture
def laboratory(archive, tmp_path) -> Laboratory:
    return Laboratory(tmp_path / "laboratory", archive)


# --- fetching ----------------------------------------------------------------------------------


def test_fetch_puts_published_bytes_and_their_record_beside_each_table(laboratory):
    said = laboratory.fetch()
    assert "3 assemblies by accession, 0 of them here already" in said
    assert (
        f"1 of 3: {ISOLATE}, 0.1 MB, 100000 bases in 2 contigs, Mycobacteroides abscessus ATCC"
        in said
    )
    assert "3 assemblies are in place, 3 of them new" in said
    files = laboratory.files()
    assert sorted(files) == [
        f"cases/assemblies/{ISOLATE}.fna",
        "cases/assemblies/fetched.tsv",
        f"the panel/assemblies/{TYPE}.fna",
        f"the panel/assemblies/{CLONE}.fna",
        "the panel/assemblies/fetched.tsv",
    ]
    assert files[f"the panel/assemblies/{CLONE}.fna"] == fasta(2)
    row = read_fetched(laboratory.panel / "assemblies")[CLONE]
    assert row.sha256 == hashlib.sha256(fasta(2)).hexdigest()
    assert row.md5 == hashlib.md5(fasta(2)).hexdigest()  # noqa: S324
    assert (row.bases, row.contigs, row.status) == (100_000, 2, "current")
    assert row.source == f"{laboratory.archive.base_url}/genome/accession/{CLONE}/download"


def test_fetch_again_asks_for_nothing_and_changes_nothing(laboratory):
    laboratory.fetch()
    before = laboratory.files()
    laboratory.archive.asked.clear()
    assert "3 assemblies are in place, 0 of them new" in laboratory.fetch()
    assert laboratory.archive.asked == []
    assert laboratory.files() == before


def test_fetch_gives_the_same_files_on_another_machine(laboratory, archive, tmp_path):
    laboratory.fetch()
    other = Laboratory(tmp_path / "other", archive)
    other.fetch("--isolates", other.isolates)
    assert other.files() == laboratory.files()


def test_fetch_all_failures_are_listed_at_once_and_the_rest_is_kept(laboratory, archive):
    archive.faults = {TYPE: [status(500, "out of order")]}
    del archive.packages[CLONE]
    said = laboratory.fetch(ok=False)
    assert "2 of 3 assemblies are not in place; the others are, and the same command goes" in said
    assert f"1. {TYPE}: the service answered 500: out of order; tried 1 time; run the" in said
    assert f"2. {CLONE}: the archive does not know this accession" in said
    assert min(laboratory.files()) == f"cases/assemblies/{ISOLATE}.fna"
    archive.add(CLONE, 2)
    assert "3 assemblies are in place, 2 of them new" in laboratory.fetch()


@case(60, "a fetch without network", "ends with one message; what is in place stays")
@case(60, "`oneclone panel fetch` behind a login page", "said once, with what to do")
def test_fetch_without_network_says_so_once(laboratory, archive):
    archive.faults = {TYPE: [page()]}
    said = laboratory.fetch(ok=False)
    assert f"{TYPE}: a web page came instead of data" in said
    assert "take a bundle (--from-bundle)" in said
    assert "2 of 3 assemblies are not in place; the others are, and the same command" in said
    assert "  1 more was not tried after that" in said
    assert f"{CLONE}:" not in said
    assert archive.downloads() == [ISOLATE, TYPE]


def test_fetch_accession_in_both_tables_is_downloaded_once(laboratory, archive):
    laboratory.table(f"B\t{TYPE}\tcontext\t", f"C\t{TYPE}\tcontext\t")
    laboratory.fetch()
    assert archive.downloads().count(TYPE) == 1
    files = laboratory.files()
    assert files[f"cases/assemblies/{TYPE}.fna"] == files[f"the panel/assemblies/{TYPE}.fna"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("GCF_000000001", "row 2: assembly 'GCF_000000001' has no version; write it too"),
        ("gcf_000000001.1", "row 2: assembly 'gcf_000000001.1' is no assembly accession"),
        ("GCF_1.1", "row 2: assembly 'GCF_1.1' is no assembly accession"),
    ],
)
def test_fetch_accession_that_is_not_whole_is_refused_before_anything(laboratory, cell, expected):
    laboratory.table(f"A\t{cell}\tcase\tP1")
    assert expected in laboratory.fetch(ok=False)
    assert laboratory.archive.asked == []
    assert expected in laboratory.problems()[0]


def test_fetch_stated_sha256_is_checked(laboratory):
    right = hashlib.sha256(fasta(1)).hexdigest()
    row = "TYPE\t{}\t{}\ts\t\ttype_strain\tx"
    laboratory.references(row.format(TYPE, "0" * 64))
    said = laboratory.fetch(ok=False)
    assert f"its FASTA as published has sha256 {right}, " in said
    assert f"references.tsv row 2 states {'0' * 64}" in said
    assert f"the panel/assemblies/{TYPE}.fna" not in laboratory.files()
    laboratory.references(row.format(TYPE, right.upper()))
    laboratory.fetch()
    laboratory.references(row.format(TYPE, "0" * 64))
    assert "row 2 states" in laboratory.fetch(ok=False)


def test_fetch_file_that_was_changed_is_fetched_again(laboratory):
    laboratory.fetch()
    file = laboratory.panel / "assemblies" / f"{TYPE}.fna"
    file.write_bytes(fasta(7))
    assert "2 of them here already" in laboratory.fetch()
    assert file.read_bytes() == fasta(1)


def test_fetch_other_content_than_before_is_refused(laboratory, archive):
    laboratory.fetch()
    file = laboratory.panel / "assemblies" / f"{TYPE}.fna"
    file.unlink()
    archive.add(TYPE, 7)
    said = laboratory.fetch(ok=False)
    assert f"{TYPE}: it has sha256 {hashlib.sha256(fasta(7)).hexdigest()} now and had" in said
    assert "delete its row in" in said
    assert not file.exists()


def test_fetch_what_is_no_assembly_is_refused(laboratory, archive):
    archive.packages[TYPE] = package(TYPE, b">p\nMKVLF\n")
    archive.packages[CLONE] = package(CLONE, fasta(2, bases=700_000))
    said = laboratory.fetch(ok=False)
    assert f"{TYPE}: its FASTA cannot be used: contig 'p' holds the letters 'FL': protein" in said
    assert f"{CLONE}: " in said
    assert "has more than 600000 bytes" in said
    assert f"https://www.ncbi.nlm.nih.gov/datasets/genome/{TYPE}/" in said
    assert sorted(laboratory.files())[1:] == ["cases/assemblies/fetched.tsv"]


def test_fetch_folder_that_cannot_be_written_is_told_with_the_remedy(laboratory, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    said = laboratory.fetch(ok=False)
    assert "cases/assemblies cannot be written (Permission denied)" in said
    assert "cp -r" in said
    assert laboratory.archive.asked == []


def test_fetch_full_disk_is_told_and_the_next_one_mends_it(laboratory, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(assembly_folder, "write_fetched", refuse)
        said = laboratory.fetch(ok=False)
    assert "cannot be written (No space left on device); if the disk is full, make room" in said
    assert "3 assemblies are in place, 3 of them new" in laboratory.fetch()


def test_fetch_two_at_a_time_in_one_folder_are_refused(laboratory):
    folder = laboratory.panel / "assemblies"
    folder.mkdir()
    with FileLock(folder / ".lock"):
        assert "another fetch is at work in" in laboratory.fetch(ok=False)
    laboratory.fetch()


def test_fetch_needs_a_table_and_a_web_address(laboratory):
    done = CliRunner().invoke(panel_app, ["fetch"])
    assert (done.exit_code, "give --panel, --isolates, --candidates" in done.output) == (2, True)
    arguments = ["fetch", "--panel", str(laboratory.panel), "--base-url", "ftp://x"]
    assert CliRunner().invoke(panel_app, arguments).exit_code == 2


def test_fetch_brings_candidates_of_a_screen(tmp_path, archive):
    listed = tmp_path / "candidates.txt"
    listed.write_text(f"{CLONE}\n{TYPE}\n")
    with pytest.raises(InputRefused) as refused:
        find_candidates(read_candidates(listed))
    (command,) = re.findall(r"`oneclone panel (.+)` \(docs", refused.value.problems[0])
    said = run([*shlex.split(command), "--retries", 0, "--base-url", archive.base_url], ok=True)
    assert "2 assemblies are in place, 2 of them new" in said
    found = find_candidates(read_candidates(listed))
    assert [each.name for each in found] == [CLONE, TYPE]
    assert found[0].path == tmp_path / "assemblies" / f"{CLONE}.fna"
    assert found[0].path.is_file()


def test_fetch_killed_in_the_middle_leaves_whole_files_and_goes_on(laboratory, archive):
    archive.ranges = True
    archive.faults = {CLONE: [stall(20_000)]}
    command = [sys.executable, "-c", "from oneclone.panel_cli import panel_app; panel_app()",
               "fetch", "--panel", laboratory.panel, "--base-url", archive.base_url]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        assert archive.stalled.wait(60)
        part = laboratory.panel / "assemblies" / f".{CLONE}.zip.part"
        while not part.exists() or part.stat().st_size < 16384:
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    left = laboratory.panel / "assemblies" / f".{CLONE}.fna.x7"
    left.write_bytes(b"half")
    assert set(read_fetched(laboratory.panel / "assemblies")) == {TYPE}
    assert not (laboratory.panel / "assemblies" / f"{CLONE}.fna").exists()
    assert laboratory.problems()[-1].count(CLONE) == 1
    laboratory.fetch()
    assert archive.asked[-1].headers["Range"] == "bytes=16384-"
    assert archive.downloads().count(TYPE) == 1
    assert not [name for name in laboratory.files() if "/." in name]


# --- the bundle --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def online(tmp_path_factory) -> Iterator[Laboratory]:
    """A laboratory that has fetched and bundled everything."""
    with stocked() as archive:
        found = Laboratory(tmp_path_factory.mktemp("online") / "laboratory", archive)
        with pytest.MonkeyPatch.context() as patch:
            clear_proxies(patch)
            path = found.folder / "bundle.zip"
            said = found.fetch("--bundle", path)
        assert f"sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}" in said
        yield found


@pytest.fixture
def bundle(online) -> Path:
    return online.folder / "bundle.zip"


@pytest.fixture
def offline(tmp_path) -> Laboratory:
    """A laboratory that reaches no archive."""
    return Laboratory(tmp_path / "offline", Archive(url="http://127.0.0.1:9"))


def rewritten(bundle: Path, folder: Path, change) -> Path:
    """Return a copy of a bundle with its files changed."""
    with zipfile.ZipFile(bundle) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    change(files)
    copy = folder / "changed.zip"
    with zipfile.ZipFile(copy, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return copy


@case(60, "a machine without network", "a bundle brings the files; a run asks for no network")
def test_bundle_fills_a_machine_without_network_with_the_same_files(online, offline, bundle):
    offline.fetch("--from-bundle", bundle)
    assert offline.files() == online.files()
    assert len(offline.plan().roster) == 5


def test_bundle_is_the_same_bytes_when_written_again(online, bundle, tmp_path):
    online.fetch("--bundle", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()


def test_bundle_is_not_written_when_an_assembly_fails(laboratory, archive, tmp_path):
    archive.faults = {TYPE: [status(500)]}
    laboratory.fetch("--bundle", tmp_path / "bundle.zip", ok=False)
    assert not (tmp_path / "bundle.zip").exists()


def test_bundle_that_lacks_an_assembly_is_refused_and_places_nothing(offline, bundle):
    offline.table("A\tGCF_000000008.1\tcase\tP1", "B\tGCF_000000009.1\tcase\tP1")
    said = offline.fetch("--from-bundle", bundle, ok=False)
    assert "the bundle does not hold 2 of 4 assemblies; write one that does" in said
    assert said.endswith("with these tables: GCF_000000008.1, GCF_000000009.1\n")
    assert offline.files() == {}


def swap(files: dict[str, bytes]) -> None:
    files[f"assemblies/{TYPE}.fna"] = fasta(7)


def swap_with_record(files: dict[str, bytes]) -> None:
    """Change a file and both its checksums: only a stated sha256 can tell."""
    swap(files)
    for digest in ("sha256", "md5"):
        old, new = (hashlib.new(digest, fasta(seed)).hexdigest() for seed in (1, 7))
        files["fetched.tsv"] = files["fetched.tsv"].replace(old.encode(), new.encode())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (swap, f"{TYPE}: the file in the bundle has sha256"),
        (lambda files: files.pop(f"assemblies/{TYPE}.fna"), f"with these tables: {TYPE}"),
        (lambda files: files.pop("fetched.tsv"), "holds no fetched.tsv, so it is no bundle"),
        (lambda files: files.update({"fetched.tsv": b"x"}), "fetched.tsv: one column found"),
        (lambda files: files.update({"../x": b""}), "'../x', a path that leads out of it"),
        (lambda files: files.update({"x.sh": b""}), "holds 'x.sh', which its fetched.tsv does"),
        (
            lambda files: files.update(
                {"fetched.tsv": files["fetched.tsv"].replace(b"\t100000\t", b"\t99999\t")}
            ),
            "has 100000 bases in 2 contigs, its record states 99999 in 2",
        ),
    ],
)
def test_bundle_that_was_tampered_with_is_refused(offline, bundle, change, expected):
    said = offline.fetch("--from-bundle", rewritten(bundle, offline.folder, change), ok=False)
    assert expected in said
    assert offline.files() == {}


def test_bundle_with_forged_checksums_is_told_by_the_stated_one(offline, bundle):
    stated = hashlib.sha256(fasta(1)).hexdigest()
    offline.references(f"TYPE\t{TYPE}\t{stated}\ts\t\ttype_strain\tx")
    said = offline.fetch(
        "--from-bundle", rewritten(bundle, offline.folder, swap_with_record), ok=False
    )
    assert f"references.tsv row 2 states {stated}" in said
    assert offline.files() == {}


def test_bundle_that_is_cut_is_refused(offline, bundle):
    cut = offline.folder / "cut.zip"
    cut.write_bytes(bundle.read_bytes()[:-100])
    assert "the zip is cut or corrupt" in offline.fetch("--from-bundle", cut, ok=False)


# --- a run -------------------------------------------------------------------------------------


@case(
    60,
    "assemblies named by accession that were not fetched",
    "refused with the exact command; a run downloads nothing",
)
def test_run_before_fetching_is_refused_with_the_command_and_after_it_goes(laboratory):
    found = laboratory.problems()
    command = "oneclone panel fetch --panel '{0}/the panel' --isolates {0}/cases/isolates.tsv"
    assert found[0].endswith(f"into the table. Not fetched: row 3, {ISOLATE}")
    assert found[1].endswith(f"into the table. Not fetched: rows 2, 3, {TYPE}, {CLONE}")
    with pytest.raises(InputRefused) as caught:
        laboratory.plan()
    for what, text in zip(
        ("an accession is", "2 accessions are"), caught.value.problems, strict=True
    ):
        command_first = f"run `{command.format(laboratory.folder)}` (docs/fetching.md)"
        assert f": {what} not fetched yet, and a run downloads nothing; {command_first}" in text
    assert laboratory.archive.asked == []
    laboratory.fetch()
    asked = len(laboratory.archive.asked)
    roster = {entry.name: entry.assembly for entry in laboratory.plan().roster}
    assert roster["B"] == hashlib.sha256(fasta(3)).hexdigest()
    assert roster["TYPE"] == hashlib.sha256(fasta(1)).hexdigest()
    assert (roster["D"], len(roster)) == ("", 5)
    assert len(laboratory.archive.asked) == asked


@case(
    60,
    "a fetched assembly with another checksum than was fetched",
    "refused with the command that fetches it again",
)
def test_run_with_a_fetched_file_that_was_changed_is_refused(laboratory):
    laboratory.fetch()
    (laboratory.isolates.parent / "assemblies" / f"{ISOLATE}.fna").write_bytes(fasta(8))
    (laboratory.panel / "assemblies" / f"{TYPE}.fna").write_bytes(fasta(9))
    found = laboratory.problems()
    assert f"row 3: the file of assembly {ISOLATE} in cases/assemblies is not the one" in found[0]
    assert "fetch it again: oneclone panel fetch --panel" in found[0]
    assert f"references.tsv row 2: the file of assembly {TYPE}" in found[1]
    laboratory.fetch()
    laboratory.plan()


def test_run_with_a_file_that_no_record_lists_is_refused(laboratory):
    laboratory.fetch()
    record = laboratory.isolates.parent / "assemblies" / "fetched.tsv"
    record.unlink()
    assert laboratory.problems()[0].endswith(f"Not fetched: row 3, {ISOLATE}")
    record.write_text("accession\tfile\n")
    assert laboratory.problems()[1].endswith("or delete this record and fetch again")
    assert "column 'sha256' is missing" in laboratory.fetch(ok=False)


def test_run_with_an_accession_as_a_path_takes_that_file(laboratory):
    laboratory.fetch()
    shutil.copy(laboratory.isolates.parent / "own.fna", laboratory.isolates.parent / ISOLATE)
    by_path = {"B": f"./{ISOLATE}", "D": ISOLATE}
    laboratory.table(*(f"{name}\t{cell}\tcontext\t" for name, cell in by_path.items()))
    roster = {entry.name: entry.assembly for entry in laboratory.plan().roster}
    assert roster["B"] == hashlib.sha256(fasta(9)).hexdigest()
    assert roster["D"] == hashlib.sha256(fasta(3)).hexdigest()


# --- its document ------------------------------------------------------------------------------


def test_document_names_every_option_and_every_column():
    text = (ROOT / "docs" / "fetching.md").read_text()
    help_text = CliRunner().invoke(panel_app, ["fetch", "--help"]).output
    options = set(re.findall(r"--[a-z][a-z-]+", help_text)) - {"--help"}
    assert {"--panel", "--from-bundle", "--timeout"} <= options
    assert not [option for option in options if f"`{option}" not in text]
    assert not [column for column in COLUMNS if f"`{column}`" not in text]


def test_document_names_what_a_fetch_says_and_what_it_takes_from_the_environment():
    text = (ROOT / "docs" / "fetching.md").read_text()
    help_text = CliRunner().invoke(panel_app, ["fetch", "--help"]).output
    variables = set(re.findall(r"`([A-Z_]{6,})`", text))
    assert {"ALL_PROXY", "CURL_CA_BUNDLE"} < variables
    assert not [name for name in variables if name not in help_text]
    for message in (
        "has no version", "is no assembly accession", "were not tried after that",
        "the bundle does not hold", "holds no fetched.tsv, so it is no bundle",
        "a path that leads out of it", "its fetched.tsv does not list", "its record states",
    ):  # fmt: skip
        assert message in text.replace("`", "")
