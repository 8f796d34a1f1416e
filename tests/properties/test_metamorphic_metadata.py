"""Metamorphic relation M11: an edit of metadata only starts no job on sequences."""

import shutil
from pathlib import Path

import pytest

from tests.integration.workflow import config, snakemake
from tests.properties.cohort import NAMES, distances
from tests.reliability.trials import case

SEQUENCE_JOBS = ("sketch_references", "index_reference", "call_isolates", "count_pairs")


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
    assert changed == {
        "isolates.json",
        "inputs.json",
    }  # the latter: the table's checksum, for no job
    after.count()
    assert distances(after.results) == distances(cohort.results)


class Counted:
    """A real run up to the distances, on a panel of one reference to be quick."""

    def __init__(self, folder: Path, cohort) -> None:
        self.cohort, self.work, self.panel = cohort, folder / "work", folder / "panel"
        shutil.copytree(cohort.folder / "panel", self.panel)
        header, *lines = (self.panel / "references.tsv").read_text().splitlines()
        (line,) = (each for each in lines if each.startswith("MAS_TYPE"))
        line = line.replace("massiliense", "")
        (self.panel / "references.tsv").write_text(f"{header}\n{line}\n")
        text = (self.panel / "panel.yaml").read_text()
        (self.panel / "panel.yaml").write_text(text.replace("ABS_TYPE", "MAS_TYPE"))
        self.isolates = [cohort.line_of[name] for name in NAMES[:2]]
        self.printed = self.snakemake(self.isolates, "--until", "count_pairs")
        self.rest = self.planned(self.isolates)

    def snakemake(self, lines: list[str], *options: str, more: tuple[str, ...] = ()) -> str:
        table = self.cohort.table(lines)
        return snakemake(self.work, *options, *config(table, self.panel, *more)).stdout

    def planned(self, lines: list[str], *more: str) -> set[str]:
        """Return the rules that a run would run."""
        return planned(self.snakemake(lines, "-n", more=more))


@pytest.fixture(scope="module")
def counted(tmp_path_factory, cohort) -> Counted:
    return Counted(tmp_path_factory.mktemp("counted"), cohort)


@case(
    58,
    "corrected metadata, and a renamed isolate",
    "no sequence job; verdict and report are made again",
)
def test_m11_dry_run_after_a_metadata_only_edit_plans_no_sequence_job(counted: Counted):
    assert "the run was told to stop before the verdict" in counted.printed
    before, isolates = counted.rest, counted.isolates
    assert not before & set(SEQUENCE_JOBS)
    assert "judge_clones" in before  # the rest of the run is still to do
    edited = [each.replace("Mexico", "France").replace("2022", "2021") for each in isolates]
    assert edited != isolates
    assert counted.planned(edited) == before
    moved = [line.replace("PtB-elbow\t", "new name\t") for line in isolates]
    # only the tables of names are written again
    assert counted.planned(moved) == before | {"gather_calls", "count_pairs"}


@pytest.mark.parametrize(
    ("setting", "again"),
    [
        pytest.param(
            setting,
            again,
            marks=case(57, f"another value of {setting.partition('=')[0]}", outcome),
        )
        for setting, again, outcome in (
            ("thresholds={linked: 3}", set(), "no sequence job"),
            ("recombination={min_snps: 7}", {"count_pairs"}, "pairs are counted again, no call"),
            ("calling={end_trim_bp: 50}", {"call_isolates", "gather_calls", "count_pairs"},
             "isolates are called again, references are not prepared again"),
        )
    ],
)  # fmt: skip
def test_dry_run_after_another_setting_plans_only_the_steps_that_it_reaches(
    counted: Counted, setting: str, again: set[str]
):
    assert counted.planned(counted.isolates, setting) == counted.rest | again


def planned(printed: str) -> set[str]:
    """Return the rules in the table of jobs that a dry run prints."""
    _, _, table = printed.partition("Job stats:")
    lines = [each.split() for each in table.partition("\n\n")[0].splitlines()]
    return {cells[0] for cells in lines if len(cells) == 2 and cells[1].isdigit()}
