"""A run that is refused, or that fails: exit status, message, and nothing lost."""

import os
import shutil
from getpass import getuser
from pathlib import Path
from socket import gethostname

import pytest

from oneclone.run_lock import lock_run
from tests.integration.workflow import DEMO, config, snakemake
from tests.pipeline import contents
from tests.reliability.trials import case


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Return a copy of the demo, as a laboratory's own outbreak."""
    return Path(shutil.copytree(DEMO, tmp_path / "mine"))


def refused(work: Path, *options: str) -> str:
    done = snakemake(work, *options, check=False)
    assert done.returncode != 0
    return done.stdout


@case(
    50,
    "mistakes in table, configuration and panel at once, by the command",
    "exit status not 0, all of them listed, the results of the last run untouched",
)
def test_refused_input_lists_all_problems_and_overwrites_nothing(tmp_path: Path, mine: Path):
    work = tmp_path / "work"
    (work / "results").mkdir(parents=True)
    (work / "results/verdict.json").write_text("an earlier verdict")
    table = mine / "isolates.tsv"
    text = table.read_text().replace("asm/CTX-near", "asm/absent")
    table.write_text(text.replace("PtB-elbow\tasm/PtB-elbow.fna.gz\tcase", "PtB-elbow\t\tcsae"))
    (mine / "panel/panel.yaml").write_text((mine / "panel/panel.yaml").read_text() + "typo: 1\n")
    printed = refused(work, *config(table, mine / "panel"))
    assert "3 problems in the input, nothing was computed and nothing overwritten" in printed
    assert "assembly 'asm/absent.fna.gz' does not exist" in printed
    assert f"{table} row 3: key 'role': 'csae' is not one of" in printed
    assert "panel.yaml: unknown key 'typo'; remove it; known keys here: name, version" in printed
    assert "Traceback" not in printed
    assert contents(work / "results", ["provenance"]) == {"verdict.json": b"an earlier verdict"}


@case(
    40,
    "rows whose files do not exist, by the command",
    "exit status not 0, each named with its row",
)
def test_refused_files_are_named_with_their_rows(tmp_path: Path, mine: Path):
    (mine / "asm/CTX-near.fna.gz").unlink()
    (mine / "asm/CTX-mid.fna.gz").unlink()
    printed = refused(tmp_path / "work", *config(mine / "isolates.tsv", mine / "panel"))
    assert "2 problems in the input" in printed
    for name in ("CTX-near", "CTX-mid"):
        assert f"assembly 'asm/{name}.fna.gz' does not exist" in printed


def test_refused_half_of_the_demo(tmp_path: Path, mine: Path):
    printed = refused(tmp_path / "work", "--config", f"isolates={mine / 'isolates.tsv'}")
    assert "'isolates' is yours but 'panel' is still the demo's" in printed


def test_refused_unknown_key_and_value_out_of_bounds(tmp_path: Path):
    printed = refused(tmp_path / "work", "--config", "tree={seed: 0}", "core={levle: 5}")
    assert "key 'tree.seed': 0 is less than the minimum of 1" in printed
    assert "unknown key 'core.levle'; " in printed


@case(52, "a second run in the working directory of one that is at work", "refused: says who runs")
def test_refused_second_run_in_the_same_folder_is_told_who_runs(tmp_path: Path):
    lock = lock_run(tmp_path / ".oneclone", tmp_path / "results")
    printed = refused(tmp_path)
    lock.release()
    assert f"another run is at work in {tmp_path / '.oneclone'} (user {getuser()}, " in printed
    assert f"process {os.getpid()} on {gethostname()}, since 2" in printed
    assert "wait for it to end or use another --directory" in printed


def test_failed_panel_whose_reference_is_of_another_subspecies(tmp_path: Path, mine: Path):
    references = mine / "panel/references.tsv"
    text = references.read_text()
    lines = [
        line.replace("\tmassiliense\t", "\tabscessus\t") if line.startswith("DCC6_REF") else line
        for line in text.splitlines()
    ]
    references.write_text("\n".join(lines) + "\n")
    table = mine / "isolates.tsv"
    keep = ("isolate\t", "PtA", "PtB", "CTX-near")
    kept = [line for line in table.read_text().splitlines() if line.startswith(keep)]
    table.write_text("\n".join(kept) + "\n")
    printed = refused(tmp_path / "work", *config(table, mine / "panel"))
    assert "panel reference 'DCC6_REF': declared subspecies 'abscessus', but" in printed
    assert "its ANI to the type strains says 'massiliense'" in printed
    assert "correct references.tsv, the assembly, or ani.subspecies_percent" in printed
