"""Files that fuzzing or a hostile sender made: refused by name, in bounded memory, never a crash.

Each of these once ended in a traceback, or took memory as the sender liked.
"""

import gzip
import json
import random
import sqlite3
import struct
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from oneclone.errors import AssemblyRejected, OnecloneError, Problems
from oneclone.model.pairs import FilterOutcome, Pair
from oneclone.plan import read_settings
from oneclone.plan_input import examine_input
from oneclone.registry.database import open_registry, place_problem
from oneclone.registry.past import RunKey, read_history
from oneclone.run_record import closing_words
from oneclone.tables import limits, zip_files
from oneclone.tables.annotation import read_annotation
from oneclone.tables.array_checks import check_archive
from oneclone.tables.cluster_table import read_clusters
from oneclone.tables.config_file import read_config_file, repeated_key_problems
from oneclone.tables.core_files import read_core_codes
from oneclone.tables.core_size_files import read_core_summary
from oneclone.tables.delimited import read_table
from oneclone.tables.fasta import read_assembly
from oneclone.tables.isolate_table import read_isolate_table
from oneclone.tables.ledger import read_ledger
from oneclone.tables.limits import MAX_CONTIGS
from oneclone.tables.manifest import changed_results
from oneclone.tables.pair_file import pairs_table, read_pairs, writing_pairs
from oneclone.tables.panel_folder import examine_panel
from oneclone.tables.zip_files import ZipRefused, open_zip
from tests.reliability.trials import Part, case, trial
from tests.unit.registry_builder import isolate, run, take
from tests.unit.test_isolate_table import TODAY

LONG = "x" * 300
LAUGHS = "a0: &a0 [lol, lol]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


def refusal(reader, *arguments) -> str:
    with pytest.raises(OnecloneError) as caught:
        reader(*arguments)
    return str(caught.value)


def written(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@trial(Part.PAYLOADS, "a configuration or panel.yaml that YAML cannot hold", "refused by name")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("isolates: !!timestamp x", "not YAML"),
        ("isolates: 2024-13-45", "month must be in 1..12"),
        (f"isolates: {'9' * 5000}", "not YAML (Exceeds the limit"),
        ("isolates: !!int x", "not YAML"),
        ("isolates: !!bool x", "not YAML"),
        ("isolates: !!python/object/apply:os.system [x]", "could not determine a constructor"),
        ("[" * 1000, "nested too deep"),
        ("a: &a [*a]", "nested too deep"),
        ("? [a, b]\n: c", "unhashable key"),
    ],
    ids=str,
)
def test_yaml_that_is_none_is_refused(tmp_path: Path, text: str, why: str):
    path = written(tmp_path / "panel" / "panel.yaml", text)
    found = refusal(read_config_file, path)
    assert str(path) in found
    assert why.casefold() in found.casefold() or "recursion" in found
    problems = Problems()
    examine_panel(path.parent, problems)
    assert any(str(path) in each for each in problems.refusal().problems)


@trial(
    Part.PAYLOADS, "YAML aliases that unfold to 10^11 values (billion laughs)", "refused by name"
)
def test_yaml_aliases_that_unfold_without_end_are_refused(tmp_path: Path):
    path = written(tmp_path / "config.yaml", LAUGHS)
    assert f"more than {limits.MAX_YAML_VALUES} values; remove aliases" in refusal(
        read_config_file, path
    )
    assert "billion" not in refusal(repeated_key_problems, [path])  # what Snakemake has read


@pytest.mark.parametrize("key", ["isolates", "panel", "registry"])
@pytest.mark.parametrize("text", ["a\0b", "\ud800", "a\n", LONG, "a/" * 3000], ids=ascii)
@case(42, "a path of 300 characters, or with NUL, in the configuration", "refused by name")
def test_paths_that_no_file_can_have_are_refused(tmp_path: Path, key: str, text: str):
    given = {"isolates": "i.tsv", "panel": "p", key: text}
    problems = Problems()
    problems.attempt(read_settings, given)
    if key == "registry":
        problems.add(filter(None, [place_problem(tmp_path / text)]))
    else:
        examine_input(given, tmp_path, tmp_path, problems)
    assert any(f"'{key}'" in each or text[:99] in each for each in problems.refusal().problems)


@pytest.mark.parametrize("date", ["2022-", "-2022", "2022--1", "1-1-1"])
@case(48, "a collection date of digits and dashes that is none", "refused by row and value")
def test_dates_that_are_none_are_refused(tmp_path: Path, date: str):
    text = f"isolate\tassembly\trole\tcollection_date\nA\ta\tcontext\t{date}\n"
    found = refusal(read_isolate_table, written(tmp_path / "isolates.tsv", text), TODAY)
    assert f"isolates.tsv row 2: key 'collection_date': '{date}' is not accepted" in found


@trial(Part.PAYLOADS, "a control character in a cell or column name of a panel's table", "refused")
@pytest.mark.parametrize("place", ["cell", "column"])
def test_control_characters_of_a_panel_are_refused(tmp_path: Path, place: str):
    header = "reference\tassembly\tsha256\tsubspecies\tclone\tkind\tcitation\tx"
    row = "REF\tref.fna\t\t\t\ttype_strain\tx\t"
    text = f"{header}\n{row}\x1b]0;\n" if place == "cell" else f"{header}\x1b\n{row}\n"
    written(tmp_path / "references.tsv", text)
    problems = Problems()
    examine_panel(tmp_path, problems)
    assert any("holds a control character (code 27)" in e for e in problems.refusal().problems)


@trial(Part.PAYLOADS, "a table larger than any real one, or without a line end", "refused unread")
def test_giant_tables_are_refused_before_they_are_read_whole(tmp_path: Path):
    path = tmp_path / "isolates.tsv"
    with path.open("wb") as opened:
        opened.truncate(1 << 40)  # a terabyte, none of it on the disk
    assert f"more than {limits.MAX_TABLE_BYTES} bytes" in refusal(read_isolate_table, path, TODAY)


@pytest.mark.parametrize("text", ["a\n" + "1\n" * 100_000, "a" + "\tb" * 1000 + "\n"])
def test_tables_of_too_many_rows_or_columns_are_refused(tmp_path: Path, text: str):
    path = written(tmp_path / "t.tsv", text)
    assert "at most 100000 rows of 1000 columns" in refusal(read_table, path, ["a"], 1 << 20)


def test_a_giant_header_is_not_printed_whole(tmp_path: Path):
    path = written(tmp_path / "t.tsv", "a\t" + "b" * 100_000 + "\n")
    assert len(refusal(read_table, path, ["isolate"])) < 2000


@trial(Part.PAYLOADS, "an annotation that unpacks to far more than its file", "refused by name")
def test_annotation_bomb_is_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("oneclone.tables.annotation.MAX_ANNOTATION_BYTES", 1 << 20)
    bomb = written(tmp_path / "a.gff3.gz", gzip.compress(b"#" * (8 << 20)))
    assert "row 2 has more than 1048576 bytes" in refusal(read_annotation, bomb, {"c": 9}, "row 2")


@trial(Part.PAYLOADS, "a zip whose list of files is endless", "refused before it is listed")
def test_zip_with_an_endless_list_of_files_is_refused_unlisted(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(zip_files, "MAX_DIRECTORY_BYTES", 1 << 16)
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for number in range(1200):
            opened.writestr(f"{number:0100}", b"")
    with pytest.raises(ZipRefused, match="the list of its files has more than 65536"):
        open_zip(path).__enter__()


@trial(Part.PAYLOADS, "a zip entry that states 4 GB and unpacks to more than it may", "refused")
def test_zip_entry_is_read_no_further_than_allowed(tmp_path: Path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("a", b"\0" * (4 << 20))
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02")
    struct.pack_into("<L", content, at + 24, 0xFFFFFFF0)
    path.write_bytes(content)
    with open_zip(path) as opened, pytest.raises(ZipRefused, match="more than 1000 bytes"):
        opened.content("a", 1000)


@case(56, "a result that was edited or cut is read again", "the command names it and the remedy")
@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (read_ledger, "state\tused\n"),
        (read_pairs, ""),
        (read_clusters, ""),
        (read_core_codes, ">a\n\xe9\n"),
        (read_core_summary, "{"),
    ],
)
def test_edited_results_are_named(tmp_path: Path, reader, text: str):
    path = written(tmp_path / "edited", text.encode("latin-1"))
    found = refusal(reader, path)
    assert str(path) in found


def test_damaged_pairs_are_read_or_named(tmp_path: Path):
    pairs = [
        Pair(f"a{n}", f"b{n}", "ref", 100, 90, 3, 5, 10, FilterOutcome.DECIDES, "", 12, 0)
        for n in range(20)
    ]
    path, refused = tmp_path / "pairs.parquet", []
    with writing_pairs(path) as writer:
        writer.add(pairs_table(pairs))
    whole = path.read_bytes()
    for seed in range(300):
        chance = random.Random(seed)  # noqa: S311
        content = bytearray(whole)
        for _ in range(chance.choice([1, 3, 30])):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content[: chance.choice([len(content), chance.randrange(len(content))])])
        try:
            read_pairs(path)
        except OnecloneError as error:
            refused.append(str(error))
    assert len(refused) > 200
    assert all(str(path) in each for each in refused)


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b"[" * 9999, b'{"verdict": 1}'])
def test_edited_verdict_is_named(tmp_path: Path, content: bytes):
    path = written(tmp_path / "verdict.json", content)
    found = refusal(list, closing_words(tmp_path))
    assert f"{path}: holds what oneclone does not write" in found
    assert "delete it and run snakemake again" in found


def test_a_manifest_may_name_what_no_file_can_be_called(tmp_path: Path):
    path = written(tmp_path / "manifest", f"{'0' * 64}  {LONG}\n{'0' * 64}  a\0b\n")
    assert changed_results(path, tmp_path) == [LONG, "a\0b"]


@trial(Part.PAYLOADS, "a registry whose rows oneclone would not have written", "refused by name")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sightings SET metadata = 'x'",
        "UPDATE sightings SET address = '1.x'",
        "UPDATE runs SET reasons = '{'",
        "UPDATE runs SET pairs = x'00'",
    ],
)
def test_damaged_registry_is_named(tmp_path: Path, statement: str):
    path = tmp_path / "registry.sqlite"
    take(path, run(isolate("A")))
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement)
        database.commit()
    with open_registry(path) as database:
        key = RunKey("outbreak", "mabs", "another")
        assert "the registry is damaged: " in refusal(read_history, database, key)


@trial(Part.PAYLOADS, "an array in a bundle whose header is none", "refused by name")
@pytest.mark.parametrize("header", [b"(", b"(" * 900, b"{'descr': '<i8'", b"\xff", b""])
def test_array_without_header_is_refused(tmp_path: Path, header: bytes):
    path = tmp_path / "calls.npz"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("x.npy", b"\x93NUMPY\x01\0" + struct.pack("<H", len(header)) + header)
    with pytest.raises(ValueError, match=r"calls.npz: 'x.npy' has no header of an array"):
        check_archive(path)


def test_json_of_a_bundle_may_be_nested_without_end(tmp_path: Path):
    deep = json.dumps("x")
    path = written(tmp_path / "t.json", "[" * 100_000 + deep)
    with pytest.raises(OnecloneError):
        read_core_summary(path)


@case(26, "more contigs than an assembly can have", "quarantined, `too_fragmented`")
def test_read_assembly_of_too_many_contigs_is_rejected(tmp_path: Path):
    path = written(tmp_path / "many.fna", b">\nA\n" * (MAX_CONTIGS + 1))
    with pytest.raises(AssemblyRejected) as caught:
        read_assembly(path, 10_000_000)
    assert (caught.value.code, str(MAX_CONTIGS + 1) in caught.value.detail) == (
        "too_fragmented",
        True,
    )


@trial(Part.PAYLOADS, "a million comment lines before an assembly", "read in no more than a moment")
def test_read_assembly_behind_many_comments(tmp_path: Path):
    path = written(tmp_path / "comments.fna", b";\n" * 1_000_000 + b">a\nACGT\n")
    assert read_assembly(path, 10_000_000).contigs == (b"ACGT",)
