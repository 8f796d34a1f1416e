"""The exported VCF and BED, read by bcftools, give the distances of the run."""

import os
import shutil
import subprocess
from itertools import combinations
from pathlib import Path

import pytest
from typer.testing import CliRunner

from oneclone.cli import app
from oneclone.commands.export_calls import export_calls
from oneclone.errors import InputRefused, OnecloneError
from oneclone.run_lock import lock_run
from oneclone.steps.loading import Taxon, load_taxa
from tests.conftest import need
from tests.integration.workflow import DEMO, pairs_by_name, rows
from tests.pipeline import Pipeline
from tests.reliability.trials import case

MISSING = "."


@pytest.fixture(scope="module")
def working(tmp_path_factory) -> Path:
    """Return the working directory of the demo, distances and provenance alone."""
    folder = tmp_path_factory.mktemp("run")
    run = Pipeline(folder, DEMO / "isolates.tsv", DEMO / "panel")
    run.call()
    run.count()
    run.write_provenance()
    return folder


@pytest.fixture(scope="module")
def exported(working, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    export_calls(working, folder)
    return folder


def bcftools(*arguments: object) -> str:
    need(shutil.which("bcftools"), "bcftools is not installed")
    done = subprocess.run(
        ["bcftools", *map(str, arguments)], capture_output=True, text=True, check=True
    )
    assert "[E::" not in done.stderr
    assert "[W::" not in done.stderr
    return done.stdout


def intervals(path: Path) -> set[tuple[str, int]]:
    """Return the positions of a BED file one by one."""
    found = set()
    for line in path.read_text().splitlines():
        contig, start, end = line.split("\t")
        found |= {(contig, position) for position in range(int(start), int(end))}
    return found


def test_bcftools_counts_the_same_distances(working, exported):
    counted = pairs_by_name(working / "results")
    checked = 0
    for vcf in sorted(exported.glob("*/variants.vcf.gz")):
        samples = bcftools("query", "--list-samples", vcf).splitlines()
        sites = [
            line.split("\t") for line in bcftools("query", "-f", "[%GT\t]\n", vcf).splitlines()
        ]
        (reference,) = {
            row["reference"]
            for row in rows(exported / "files.tsv")
            if row["vcf"].startswith(vcf.parent.name)
        }
        columns = dict(zip(samples, list(zip(*sites, strict=True))[: len(samples)], strict=True))
        for one, two in combinations(sorted(samples), 2):
            row = counted[one, two]
            if row["reference"] != reference or not row["snps_raw"]:
                continue
            different = sum(
                a != b and MISSING not in (a, b)
                for a, b in zip(columns[one], columns[two], strict=True)
            )
            assert different == int(row["snps_raw"]), f"{one} {two}"
            checked += 1
    assert checked == sum(bool(row["snps_raw"]) for row in counted.values())


def test_overlap_of_callable_intervals_is_callable_bp(working, exported):
    counted = pairs_by_name(working / "results")
    files = rows(exported / "files.tsv")
    cases = [row for row in files if row["isolate"].startswith("Pt")]
    called = {
        (row["reference"], row["isolate"]): intervals(exported / row["callable_bed"])
        for row in cases
    }
    assert {len(called[key]) for key in called} == {int(row["callable_bp"]) for row in cases}
    names = sorted({row["isolate"] for row in cases})
    for one, two in combinations(names, 2):
        row = counted[one, two]
        both = called[row["reference"], one] & called[row["reference"], two]
        assert len(both) == int(row["callable_bp"])


def test_callable_and_masked_intervals_do_not_touch(exported):
    for bed in exported.glob("*/masked.bed"):
        masked = intervals(bed)
        assert masked
        for called in bed.parent.glob("callable/*.bed"):
            assert not masked & intervals(called)


def test_export_of_named_isolates_and_reference_alone(working, tmp_path):
    reference = rows(working / "results/distances/pairs.tsv")[0]["reference"]
    export_calls(working, tmp_path, ["PtA-CSF", "PtB-elbow"], [reference])
    found = rows(tmp_path / "files.tsv")
    assert {row["reference"] for row in found} <= {reference}
    assert {row["isolate"] for row in found} <= {"PtA-CSF", "PtB-elbow"}


def test_export_twice_gives_the_same_bytes(working, exported, tmp_path):
    export_calls(working, tmp_path)
    names = sorted(path.relative_to(exported) for path in exported.rglob("*") if path.is_file())
    assert len(names) > 10
    for name in names:
        assert (tmp_path / name).read_bytes() == (exported / name).read_bytes(), name


def test_export_refuses_unknown_names_and_folders_without_a_run(working, tmp_path):
    with pytest.raises(InputRefused, match="isolate 'nobody' is not in the run; known: "):
        export_calls(working, tmp_path / "out", ["nobody"])
    with pytest.raises(OnecloneError, match="no finished run here"):
        export_calls(tmp_path, tmp_path / "out")
    done = CliRunner().invoke(
        app, ["export-calls", str(tmp_path / "o"), "--directory", str(tmp_path)]
    )
    assert done.exit_code == 1
    assert "run snakemake first" in done.output


def test_export_refuses_calls_of_another_run_than_the_distances(tmp_path: Path, working):
    """As after a run that was begun and stopped: calls are new, pairs.tsv is old."""
    copy = shutil.copytree(working, tmp_path / "run", symlinks=True)
    with (copy / "results/distances/pairs.tsv").open("a") as pairs:
        pairs.write("\n")
    with pytest.raises(OnecloneError, match="pairs.tsv is not of the run that was begun last"):
        export_calls(copy, tmp_path / "exported")


@case(
    52,
    "`oneclone export-calls` or `share` while a run is at work in the folder, or when one began "
    "meanwhile",
    "refused: says who runs, and to repeat the command; nothing is given out",
)
def test_export_and_share_beside_a_run_are_refused(working, tmp_path: Path, monkeypatch):
    lock = lock_run(working / ".oneclone", tmp_path / "results")
    for command in (["export-calls", str(tmp_path / "out")], ["share", str(tmp_path / "out.zip")]):
        done = CliRunner().invoke(app, [*command, "--directory", str(working)])
        assert done.exit_code == 1
        assert f"a run is at work in {working / '.oneclone'} (user " in done.stderr
        assert f"process {os.getpid()} on " in done.stderr
        assert "repeat the command when it has ended" in done.stderr
    lock.release()

    def load(roster: Path, *rest: object) -> list[Taxon]:
        """Begin and end another run when the first files are read."""
        lock_run(working / ".oneclone", tmp_path / "results").release()
        return load_taxa(roster, *rest)

    monkeypatch.setattr("oneclone.commands.export_calls.load_taxa", load)
    with pytest.raises(OnecloneError, match="a run was begun here meanwhile; repeat the command"):
        export_calls(working, tmp_path / "out")
    assert not (tmp_path / "out/files.tsv").exists()
    assert not (tmp_path / "out.zip").exists()
