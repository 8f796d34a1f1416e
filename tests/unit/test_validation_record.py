"""The validation record: JSON against its schema, and the page that is made of it."""

import html
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from oneclone.cli import app
from oneclone.commands import verify_installation as command
from oneclone.tables.json_files import json_text, read_json
from oneclone.tables.schemas import load_schema
from oneclone.validation.findings import Failure, Findings, Part
from oneclone.validation.page import render_record
from tests.unit.findings_builder import SUM, good_findings, record_of


def validate(record) -> None:
    Draft202012Validator(load_schema("validation")).validate(record)


def failed_findings() -> Findings:
    found = Findings()
    found.failures.append(Failure(Part.TRUTH_SET, "simulation", "MemoryError: <script>"))
    return found


@pytest.mark.parametrize("found", [good_findings(), failed_findings()], ids=["good", "failed"])
def test_record_fits_its_schema(found):
    validate(record_of(found))


def test_schema_refuses_a_record_with_another_key_or_without_one():
    record = record_of(good_findings())
    assert list(Draft202012Validator(load_schema("validation")).iter_errors({**record, "x": 1}))
    del record["criteria"]
    assert list(Draft202012Validator(load_schema("validation")).iter_errors(record))


def test_page_gives_result_criteria_sign_off_and_sum():
    record = record_of(good_findings())
    page = render_record(record, SUM)
    total = record["criteria_total"]
    assert f"met {total} of {total} acceptance criteria" in page
    assert page.count('<tr data-criterion="') == total
    assert page.count(">PASS</span></td>") == total
    assert 'id="failed"' not in page
    assert f"<code>{SUM}</code>" in page
    assert "<td>&lt;b&gt;Lab 1&lt;/b&gt;</td>" in page
    for words in ("Reviewed by", "Decision", "Signature", "Limits of use", "ISO 15189"):
        assert words in page
    assert "10 (threshold of the panel)" in page
    assert "5 min 1 s" in page


def test_page_names_what_failed_and_what_to_do():
    found = failed_findings()
    record = record_of(found)
    page = render_record(record, SUM)
    assert "met 0 of" in page
    assert "must not be used for casework" in page
    assert page.count('<tr class="failed" data-criterion="') == record["criteria_total"]
    assert "MemoryError: &lt;script&gt;" in page
    assert "<script>" not in page


def test_page_is_self_contained_and_runs_nothing():
    page = html.unescape(render_record(record_of(good_findings()), SUM))
    assert "default-src 'none'; script-src 'none';" in page
    assert "<script" not in page
    assert not re.findall(r"\b(?:src|href)=|@import|url\(", page)


def with_measured(monkeypatch, found: Findings) -> None:
    monkeypatch.setattr(command, "measure", lambda *_: found)


def test_command_writes_both_files_and_fails_where_a_criterion_is_not_met(
    tmp_path: Path, monkeypatch
):
    with_measured(monkeypatch, good_findings())  # no sum of it is one that is shipped
    out = tmp_path / "record"
    done = CliRunner().invoke(app, ["verify", str(out), "--cores", "2", "--operator", "A. B."])
    assert done.exit_code == 1
    assert f"FAIL: the validation record is {out / 'validation.html'}" in done.output
    record = read_json(out / "validation.json")
    validate(record)
    assert (record["operator"], record["machine"]["cores_used"]) == ("A. B.", 2)
    text = (out / "validation.json").read_text("utf-8")
    assert text == json_text(record)
    page = (out / "validation.html").read_text("utf-8")
    assert command.hashlib.sha256(text.encode()).hexdigest() in page


def test_command_passes_where_all_is_met(tmp_path: Path, monkeypatch):
    with_measured(monkeypatch, good_findings())
    monkeypatch.setattr(
        command, "make_record", lambda found, _, __: {**record_of(found), "operator": ""}
    )
    done = CliRunner().invoke(app, ["verify", str(tmp_path / "record")])
    assert (done.exit_code, done.output.startswith("PASS: ")) == (0, True)


def test_folders_that_cannot_be_used_are_refused_before_anything_is_measured(
    tmp_path: Path, monkeypatch
):
    monkeypatch.setattr(command, "measure", lambda *_: pytest.fail("measured"))
    (tmp_path / "file").touch()
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").touch()
    options = ["verify", str(tmp_path / "file"), "--keep", str(tmp_path / "full")]
    done = CliRunner().invoke(app, options)
    assert done.exit_code == 1
    assert "file: is a file; name a folder for the record" in done.output
    assert "full: --keep needs a folder that is absent or empty" in done.output
    assert (tmp_path / "full/mine.txt").exists()


def test_part_that_breaks_is_noted_and_the_others_are_measured(tmp_path: Path, monkeypatch):
    def broken(*_):
        message = "no space left"
        raise OSError(message)

    monkeypatch.setattr(command, "write_whole", broken)
    said: list[str] = []
    found = command.measure(tmp_path, 1, said.append)
    assert [each.part for each in found.failures] == list(Part)
    assert found.failures[0].message == "OSError: no space left"
    assert "simulation: FAILED: OSError: no space left" in said
