"""The tables of a run: where they are, and everything that is wrong with them."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from oneclone.errors import Problems
from oneclone.model.isolates import normal_name
from oneclone.model.panel import Panel
from oneclone.tables.delimited import Table
from oneclone.tables.isolate_table import examine_isolate_table
from oneclone.tables.panel_files import PanelFiles
from oneclone.tables.panel_folder import examine_panel
from oneclone.tables.paths import can_be_path, is_there

DEMO_FOLDER = Path("tests/data/demo")


@dataclass(frozen=True)
class RunInput:
    """Isolate table and panel as read; `panel` is `None` when it is not sound.

    `isolates` and `files` have no rows where there is nothing that could be read.
    """

    isolates: Table
    panel: Panel | None
    files: PanelFiles


def examine_input(
    config: Mapping[str, Any], working: Path, workflow: Path, problems: Problems
) -> RunInput:
    """Read isolate table and panel as far as they can be read.

    Parameters
    ----------
    config
        The configuration, possibly not that of the schema.
    working
        Working directory: paths of the configuration start there.
    workflow
        Folder of the repository, where the shipped demo lies.
    problems
        Receives every problem of the two, and what they contradict each other in.
    """
    paths = _input_paths(config, working, workflow)
    if not _is_release(config):
        problems.add(_half_of_demo(paths, workflow))
    isolates, panel, files = Table(Path(), (), ()), None, PanelFiles(Path())
    if path := paths.get("isolates"):
        today = datetime.datetime.now(datetime.UTC).date()
        isolates = examine_isolate_table(path, today, problems)
    if path := paths.get("panel"):
        panel, files = examine_panel(path, problems)
    problems.add(_shared_names(isolates, files))
    return RunInput(isolates, panel, files)


def _input_paths(config: Mapping[str, Any], working: Path, workflow: Path) -> dict[str, Path]:
    """Return the paths of `isolates` and `panel`, without a key that names none."""
    found: dict[str, Path] = {}
    for key in ("isolates", "panel"):
        text = config.get(key)
        if isinstance(text, str) and text.strip() and can_be_path(text):
            path = working / text
            # The demo's paths are found from any working directory.
            is_shipped = not is_there(path) and Path(text).is_relative_to(DEMO_FOLDER)
            found[key] = workflow / text if is_shipped else path
    return found


def _is_release(config: Mapping[str, Any]) -> bool:
    """Return whether a run is that of a release: its table is made from that of another run."""
    privacy: object = config.get("privacy")
    return isinstance(privacy, dict) and cast("dict[str, object]", privacy).get("mode") == "share"


def _half_of_demo(paths: Mapping[str, Path], workflow: Path) -> list[str]:
    """Return that exactly one of isolate table and panel is the demo's."""
    demo = (workflow / DEMO_FOLDER).resolve()
    theirs = [key for key, path in paths.items() if path.resolve().is_relative_to(demo)]
    if len(theirs) != 1 or len(paths) == 1:
        return []
    (demos,) = theirs
    own = "panel" if demos == "isolates" else "isolates"
    problem = (
        f"configuration: '{own}' is yours but '{demos}' is still the demo's; give your own "
        f"'{demos}' too, for instance --config {demos}=PATH"
    )
    return [problem]


def _shared_names(isolates: Table, panel: PanelFiles) -> list[str]:
    """Return a problem for each isolate that bears the name of a panel reference."""
    references = {normal_name(row.name) for row in panel.rows} - {""}
    return [
        f"{isolates.path} row {row.number}: isolate '{row['isolate']}' bears the name of a "
        "reference of the panel; names must be unique among both"
        for row in isolates.rows
        if normal_name(row["isolate"]) in references
    ]
