"""Metamorphic relation M11: an edit of metadata only starts no job on sequences."""

import shutil
from pathlib import Path

import pytest

from tests.integration.workflow import config, snakemake
from tests.properties.cohort import NAMES, distances
from tests.reliability.trials import case

SEQUENCE_JOBS = ("sketch_references", "index_reference", "call_isolate", "count_pairs")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("country", "France"),
        ("clinic", "Clinic 9"),
        ("patient", "Z"),
        ("role", "context"),
        ("collection_date", "2020"),
        ("extraction_batch", "batch-1"),
    ],
)
@case(58, "corrected metadata", "no assembly is called again, no distance changes")
def test_m11_metadata_only_edit_changes_no_key_and_no_distance(
    tmp_path: Path, cohort, column, value
):
    at = cohort.header.split("\t").index(column)
    lines = [cohort.line_of[name].split("\t") for name in NAMES]
    edited = ["\t".join([*cells[:at], value, *cells[at + 1 :]]) for cells in lines]
    work = cohort.with_calls(tmp_path / "work")
    before = cohort.pipeline(work, ["\t".join(cells) for cells in lines]).plan
    files = {path: path.stat().st_mtime_ns for path in (work / ".oneclone").rglob("*.json")}
    after = cohort.pipeline(work, edited)
    assert after.plan.roster == before.roster
    assert after.plan.assembly_of == before.assembly_of
    assert after.plan.reference_key_of == before.reference_key_of
    assert after.plan.panel_key == before.panel_key
    changed = {path.name for path, stamp in files.items() if path.stat().st_mtime_ns != stamp}
    assert changed == {"isolates.json"}
    after.count()
    assert distances(after.results) == distances(cohort.results)


@case(
    58,
    "corrected metadata, and a renamed isolate",
    "no sequence job; verdict and report are made again",
)
def test_m11_dry_run_after_a_metadata_only_edit_plans_no_sequence_job(tmp_path: Path, cohort):
    """After a real run up to the distances, on a panel of one reference to be quick."""
    panel = tmp_path / "panel"
    shutil.copytree(cohort.folder / "panel", panel)
    header, *lines = (panel / "references.tsv").read_text().splitlines()
    (line,) = (each for each in lines if each.startswith("MAS_TYPE"))
    line = line.replace("massiliense", "")
    (panel / "references.tsv").write_text(f"{header}\n{line}\n")
    text = (panel / "panel.yaml").read_text()
    (panel / "panel.yaml").write_text(text.replace("ABS_TYPE", "MAS_TYPE"))
    isolates = [cohort.line_of[name] for name in NAMES[:2]]
    table, work = cohort.table(isolates), tmp_path / "work"
    printed = snakemake(work, "--until", "count_pairs", *config(table, panel)).stdout
    assert "the run was told to stop before the verdict" in printed
    before = planned(snakemake(work, "-n", *config(table, panel)).stdout)
    assert not before & set(SEQUENCE_JOBS)
    assert "judge_clones" in before  # the rest of the run is still to do
    edited = [each.replace("Mexico", "France").replace("2022", "2021") for each in isolates]
    assert edited != isolates
    after = planned(snakemake(work, "-n", *config(cohort.table(edited), panel)).stdout)
    assert after == before
    moved = [line.replace("PtB-elbow\t", "new name\t") for line in isolates]
    renamed = planned(snakemake(work, "-n", *config(cohort.table(moved), panel)).stdout)
    assert renamed == before | {"count_pairs"}  # only the tables of names are written again


def planned(printed: str) -> set[str]:
    """Return the rules in the table of jobs that a dry run prints."""
    _, _, table = printed.partition("Job stats:")
    lines = [each.split() for each in table.partition("\n\n")[0].splitlines()]
    return {cells[0] for cells in lines if len(cells) == 2 and cells[1].isdigit()}
