"""The shipped demo outbreak, run once for all tests that look at it."""

import shutil
from pathlib import Path
from typing import Any

from tests.integration.workflow import snakemake
from tests.shared_once import shared_once


def demo_run(factory: Any) -> Path:
    """Return the working directory of the run; what it printed is in `printed.txt`."""
    return shared_once(factory, "demo", _make) / "work"


def demo_results(factory: Any) -> Path:
    """Return a copy of the results, as they were before any test touched them."""
    return shared_once(factory, "demo", _make) / "results"


def _make(folder: Path) -> None:
    work = folder / "work"
    printed = snakemake(work).stdout
    (work / "printed.txt").write_text(printed)
    shutil.copytree(work / "results", folder / "results")
