"""The verdict and the distances of a small outbreak, in this process."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oneclone.tables.delimited import Row, read_table
from oneclone.tables.json_files import read_json
from oneclone.validation.verdict_run import VerdictRun


@dataclass(frozen=True)
class Outcome:
    """What a run found: `verdict.json`, and the pair table by names."""

    verdict: dict[str, Any]
    pairs: Mapping[tuple[str, str], Row]


def quick_verdict(
    work: Path,
    isolates: Path,
    panel: Path,
    **config: Any,  # noqa: ANN401 (values of the configuration)
) -> Outcome:
    """Run the steps that a verdict needs.

    Parameters
    ----------
    work
        Working directory; calls made there before are kept.
    isolates, panel
        Isolate table and panel folder.
    config
        Further keys of the configuration.
    """
    run = VerdictRun(work, isolates, panel, **config)
    results = run.run()
    pairs = read_table(results / "distances/pairs.tsv", ("isolate_a", "isolate_b")).rows
    by_name = {(row["isolate_a"], row["isolate_b"]): row for row in pairs}
    return Outcome(read_json(results / "verdict.json"), by_name)
