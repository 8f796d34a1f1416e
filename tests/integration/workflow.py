"""Run the workflow as a user does, and read its results."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "tests" / "data" / "demo"


def snakemake(
    directory: Path,
    *options: str,
    check: bool = True,
    environment: dict[str, str] | None = None,
    timeout: float | None = None,
) -> subprocess.CompletedProcess:
    """Run Snakemake in a working directory; fail with all that it printed."""
    directory.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "snakemake", "--directory", str(directory), *options]
    if not any(option.startswith(("--cores", "--jobs")) for option in options):
        command += ["--cores", "2"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=timeout,
    )
    if check and done.returncode:
        raise AssertionError(done.stdout)
    return done


def config(isolates: Path, panel: Path, *more: str) -> Sequence[str]:
    """Return the options of a laboratory's own run."""
    return ["--config", f"isolates={isolates}", f"panel={panel}", "registry=", *more]


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a result table."""
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def pairs_by_name(results: Path) -> dict[tuple[str, str], dict[str, str]]:
    return {
        (row["isolate_a"], row["isolate_b"]): row for row in rows(results / "distances/pairs.tsv")
    }
