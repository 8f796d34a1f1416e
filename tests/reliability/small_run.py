"""A finished run of six isolates, and ways to run it again."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.integration.workflow import config, snakemake
from tests.pipeline import contents

# Python imports this module at its start; it ends the script of one step, as a kill would.
BREAKER = """
import os, sys
step = os.environ.get("BROKEN_STEP")
if step and any(each.endswith(f".{step}.py") for each in sys.orig_argv):
    os._exit(3)
"""


@dataclass(frozen=True)
class SmallRun:
    """The working directory of a finished run, and its inputs."""

    work: Path
    isolates: Path
    panel: Path

    @property
    def results(self) -> Path:
        return self.work / "results"

    def contents(self) -> dict[str, bytes]:
        """Return the results by their names, provenance left out."""
        return contents(self.results, ["provenance"])

    def again(self, *options: str, broken_step: str = "") -> subprocess.CompletedProcess:
        """Run once more, perhaps with a step that ends without a word."""
        site = self.work.parent / "site"
        site.mkdir(exist_ok=True)
        (site / "sitecustomize.py").write_text(BREAKER)
        return snakemake(
            self.work, *config(self.isolates, self.panel), *options, check=not broken_step,
            environment={"BROKEN_STEP": broken_step, "PYTHONPATH": str(site)},
        )  # fmt: skip
