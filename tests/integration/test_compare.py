"""The command compare: the distances of the workflow, without a panel."""

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from oneclone.cli import app
from tests.integration.workflow import DEMO, pairs_by_name, rows
from tests.pipeline import Pipeline

NAMES = ("PtA-CSF", "PtB-elbow", "CTX-near")


@pytest.fixture(scope="module")
def files() -> list[str]:
    table = {row["isolate"]: row["assembly"] for row in rows(DEMO / "isolates.tsv")}
    return [str(DEMO / table[name]) for name in NAMES]


@pytest.fixture(scope="module")
def type_strain() -> str:
    (row,) = (r for r in rows(DEMO / "panel/references.tsv") if r["reference"] == "MAS_TYPE")
    return str(DEMO / "panel" / row["assembly"])


def compare(*arguments: str):
    return CliRunner().invoke(app, ["compare", *arguments])


def table_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


def test_compare_counts_what_the_workflow_counts(files, type_strain, tmp_path: Path):
    run = Pipeline(tmp_path, DEMO / "isolates.tsv", DEMO / "panel")
    run.call()
    run.count()
    counted = pairs_by_name(run.results)
    done = compare(type_strain, *files)
    assert done.exit_code == 0
    found = table_of(done.stdout)
    assert [(row["isolate_a"], row["isolate_b"]) for row in found] == [
        ("CTX-near", "PtA-CSF"),
        ("CTX-near", "PtB-elbow"),
        ("PtA-CSF", "PtB-elbow"),
    ]
    for row in found:
        of_run = counted[row["isolate_a"], row["isolate_b"]]
        assert {**row, "reference": ""} == {**of_run, "reference": ""}
    assert "Calling bases: PtA-CSF (1 of 3)" in done.stderr


def test_compare_on_a_case_compares_what_the_type_strain_lacks(files, type_strain, tmp_path: Path):
    tables = []
    for number, reference in enumerate((type_strain, files[0])):
        out = tmp_path / f"{number}.tsv"
        assert compare(reference, *files[:2], "--out", str(out)).exit_code == 0
        tables.append(rows(out)[0])
    assert int(tables[0]["callable_bp"]) != int(tables[1]["callable_bp"])
    assert {table["snps"] for table in tables} <= {"2", "3"}
    assert [table["reference"] for table in tables] == [
        Path(type_strain).name.split(".")[0],
        NAMES[0],
    ]


def test_compare_takes_settings_from_a_configuration(files, type_strain, tmp_path: Path):
    path = tmp_path / "config.yaml"
    path.write_text("calling: {end_trim_bp: 1000}\n")
    (usual,) = table_of(compare(type_strain, *files[:2]).stdout)
    (trimmed,) = table_of(compare(type_strain, *files[:2], "--configfile", str(path)).stdout)
    assert int(trimmed["callable_bp"]) < int(usual["callable_bp"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("calling: {end_trim: 5}", "unknown key 'calling.end_trim'; "),
        ("a: [", "not YAML"),
        ("just words", "holds no keys"),
    ],
)
def test_compare_refuses_a_wrong_configuration(files, type_strain, tmp_path, text, says):
    path = tmp_path / "config.yaml"
    path.write_text(text)
    done = compare(type_strain, *files[:2], "--configfile", str(path))
    assert done.exit_code == 1
    assert says in done.stderr


def test_compare_names_every_file_that_is_no_assembly(files, type_strain, tmp_path: Path):
    wrong = tmp_path / "reads.fastq"
    wrong.write_text("@read\nACGT\n+\nFFFF\n")
    done = compare(type_strain, files[0], str(wrong), str(tmp_path / "absent.fna"))
    assert done.exit_code == 1
    assert "2 problems" in done.stderr
    assert f"{wrong}: fastq: " in done.stderr
    assert f"{tmp_path / 'absent.fna'}: unreadable_file: " in done.stderr


def test_compare_refuses_two_files_of_one_name_and_a_single_file(files, type_strain, tmp_path):
    same = tmp_path / Path(files[0]).name
    same.write_bytes(Path(files[0]).read_bytes())
    done = compare(type_strain, files[0], str(same))
    assert done.exit_code == 1
    assert "has the same name as" in done.stderr
    assert compare(type_strain, files[0]).exit_code == 2
