"""A finished run, as commands need it that work with what it wrote."""

from pathlib import Path

from oneclone.errors import OnecloneError
from oneclone.plan import RunPlan, load_run
from oneclone.tables.json_files import read_json


def finished_run(working: Path) -> RunPlan:
    """Return the plan of the run whose results lie in a working directory.

    Raises
    ------
    OnecloneError
        If there is none.
    """
    settings = working / "results" / "provenance" / "settings.json"
    if not settings.is_file():
        raise OnecloneError(
            f"{working.resolve()}: no finished run here ({settings} is missing); run snakemake "
            "first, or give its working directory"
        )
    return load_run({**read_json(settings), "isolates": "-", "panel": "-"}, working)
