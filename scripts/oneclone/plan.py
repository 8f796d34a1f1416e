"""Find out, before any job starts, what a run consists of; refuse it with all problems at once.

The main process reads configuration, tables and panel, hashes every file, and writes the plan
below `.oneclone/`. The job graph is a function of this plan alone.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from oneclone.digests import library_versions, settings_digest, source_digest
from oneclone.errors import InputRefused, Problems
from oneclone.fetched_files import fetch_command
from oneclone.model.isolates import Isolate, Role
from oneclone.model.panel import Panel, with_thresholds
from oneclone.model.run_plan import RosterEntry
from oneclone.model.settings import Settings
from oneclone.plan_files import HashedFile, HashedFiles, PanelRegions, read_panel_regions
from oneclone.tables import run_plan, schemas
from oneclone.tables.atomic import write_text_if_changed
from oneclone.tables.hash_cache import HashCache
from oneclone.tables.isolate_table import IsolateRow, look_alike_warnings, read_isolate_table
from oneclone.tables.panel_folder import PanelFolder, read_panel

STATE_FOLDER = Path(".oneclone")
DEMO_FOLDER = Path("tests/data/demo")
KEY_DIGITS = 24
CALLS_MODULE = "oneclone.steps.call_isolate"
REFERENCE_MODULE = "oneclone.steps.index_reference"
SKETCH_MODULE = "oneclone.steps.sketch_references"


@dataclass(frozen=True)
class RunPlan:
    """What a run consists of; paths below `.oneclone/` are relative to the working directory."""

    settings: Settings
    panel: Panel
    roster: tuple[RosterEntry, ...]
    warnings: tuple[str, ...] = ()

    @cached_property
    def assembly_of(self) -> Mapping[str, str]:
        """Sha256 of the assembly by calls key, sorted by key."""
        found = {entry.calls_key: entry.assembly for entry in self.roster if entry.calls_key}
        return dict(sorted(found.items()))

    @cached_property
    def reference_key_of(self) -> Mapping[str, str]:
        """Key of the prepared files of each counting reference, by sha256 of its assembly."""
        digest = settings_digest(
            {
                "preset": self.settings.calling.preset,
                "repeats": asdict(self.settings.repeats),
                "code": source_digest(REFERENCE_MODULE),
                "libraries": library_versions("mappy", "numpy", "numba"),
            }
        )
        return {
            assembly: f"{assembly[:KEY_DIGITS]}-{digest[:KEY_DIGITS]}"
            for assembly in self.panel.counting_assemblies
        }

    @cached_property
    def panel_key(self) -> str:
        """Key of the sketches of the panel's references."""
        assemblies = sorted({reference.assembly for reference in self.panel.references})
        libraries = library_versions("pyskani")
        return settings_digest([assemblies, libraries, source_digest(SKETCH_MODULE)])[:KEY_DIGITS]

    @cached_property
    def shown_settings(self) -> Mapping[str, Any]:
        """Settings that results may show: everything but paths."""
        shown = asdict(self.settings)
        return {key: shown[key] for key in shown if key not in {"isolates", "panel", "registry"}}

    @cached_property
    def label_of(self) -> Mapping[str, str]:
        """Name and place of the first isolate with a calls key, for progress messages."""
        first: dict[str, str] = {}
        for entry in self.roster:
            if entry.calls_key:
                first.setdefault(entry.calls_key, entry.name)
        return {
            key: f"{_printable(name)} ({number} of {len(first)})"
            for number, (key, name) in enumerate(first.items(), start=1)
        }


def prepare_run(config: Mapping[str, Any], working: Path, workflow: Path) -> RunPlan:
    """Check the input of a run, hash its files and write its plan.

    Parameters
    ----------
    config
        The configuration as Snakemake merged it.
    working
        Working directory: paths of the configuration start there, and the plan is written there.
    workflow
        Folder of the repository, where the shipped demo lies.

    Raises
    ------
    InputRefused
        With every problem found in configuration, tables, panel and files.
    """
    settings = read_settings(config)
    table, folder = _input_paths(settings, working, workflow)
    problems = Problems()
    rows = problems.attempt(read_isolate_table, table, datetime.datetime.now(datetime.UTC).date())
    panel = problems.attempt(read_panel, folder)
    if panel is None or rows is None:
        raise problems.refusal()
    problems.attempt(with_thresholds, panel.panel, settings.thresholds)
    problems.add(_shared_names(table, rows, panel))
    with HashCache(working / STATE_FOLDER / "inputs.sqlite") as cache:
        files = HashedFiles(cache, working / STATE_FOLDER, fetch_command(folder, table))
        isolates = problems.attempt(files.of_isolates, table, rows)
        references = problems.attempt(files.of_references, panel)
        problems.refuse()
        if isolates is None or references is None:
            raise problems.refusal()
        regions = problems.attempt(read_panel_regions, panel, references, files)
        problems.refuse()
    run = _run_plan(settings, panel, rows, isolates, references)
    _write_plan(
        working / STATE_FOLDER / "plan", run, rows, isolates, regions or PanelRegions({}, {})
    )
    return run


def load_run(config: Mapping[str, Any], working: Path) -> RunPlan:
    """Return the plan that the main process has written, for jobs that read the workflow again."""
    folder = working / STATE_FOLDER / "plan"
    return RunPlan(
        read_settings(config),
        run_plan.read_plan_panel(folder / "panel.json"),
        run_plan.read_roster(folder / "roster.json"),
    )


def read_settings(config: Mapping[str, Any]) -> Settings:
    """Return the settings of a configuration, defaults filled in from the schema.

    Raises
    ------
    InputRefused
        With every key that is unknown or out of bounds.

    Examples
    --------
    >>> read_settings({"isolates": "i.tsv", "panel": "p"}).core
    CoreSettings(min_isolates_percent=95.0)
    """
    schema = schemas.load_schema("config")
    complete = schemas.complete(config, schema)
    if found := schemas.problems(complete, schema, "configuration"):
        raise InputRefused(found)
    return TypeAdapter(Settings).validate_python(
        {**complete, "registry": complete["registry"] or ""}
    )


def _input_paths(settings: Settings, working: Path, workflow: Path) -> tuple[Path, Path]:
    """Return isolate table and panel; a run with half of the demo is refused."""
    demo = workflow / DEMO_FOLDER

    def resolve(text: str) -> Path:
        """Return a path of the configuration; the demo's is found from any working directory."""
        path = working / text
        is_shipped = not path.exists() and Path(text).is_relative_to(DEMO_FOLDER)
        return workflow / text if is_shipped else path

    table, folder = resolve(settings.isolates), resolve(settings.panel)
    from_demo = [path.resolve().is_relative_to(demo.resolve()) for path in (table, folder)]
    if any(from_demo) and not all(from_demo):
        own, demos = ("isolates", "panel") if from_demo[1] else ("panel", "isolates")
        problem = (
            f"configuration: '{own}' is yours but '{demos}' is still the demo's; "
            f"give your own '{demos}' too, for instance --config {demos}=PATH"
        )
        raise InputRefused([problem])
    return table, folder


def _shared_names(table: Path, rows: Sequence[IsolateRow], panel: PanelFolder) -> list[str]:
    """Return a problem for each isolate that bears the name of a panel reference."""
    references = {reference.row_id for reference in panel.panel.references}
    return [
        f"{table} row {row.number}: isolate '{row.isolate.name}' bears the name of a reference "
        "of the panel; names must be unique among both"
        for row in rows
        if row.isolate.row_id in references
    ]


def _run_plan(
    settings: Settings,
    panel_folder: PanelFolder,
    rows: Sequence[IsolateRow],
    isolates: Sequence[HashedFile],
    references: Sequence[HashedFile],
) -> RunPlan:
    """Put the plan together; roster entries are sorted by name."""
    panel = replace(
        panel_folder.panel,
        references=tuple(
            replace(reference, assembly=hashed.sha256)
            for reference, hashed in zip(panel_folder.panel.references, references, strict=True)
        ),
    )
    digest = _calls_digest(settings, panel)
    named = [(row.isolate, hashed) for row, hashed in zip(rows, isolates, strict=True)]
    roster = [_roster_entry(isolate, hashed, digest) for isolate, hashed in named]
    roster += [
        _roster_entry(_as_isolate(panel, number), hashed, digest)
        for number, hashed in enumerate(references)
    ]
    warnings = look_alike_warnings([entry.name for entry in roster], [row.isolate for row in rows])
    return RunPlan(
        settings,
        panel,
        tuple(sorted(roster, key=lambda entry: entry.name)),
        tuple(warnings),
    )


def _roster_entry(isolate: Isolate, hashed: HashedFile, digest: str) -> RosterEntry:
    """Return the roster entry of a row."""
    key = f"{hashed.sha256[:KEY_DIGITS]}-{digest[:KEY_DIGITS]}" if hashed.sha256 else ""
    return RosterEntry(
        row_id=isolate.row_id,
        name=isolate.name,
        assembly=hashed.sha256,
        calls_key=key,
        is_reference=isolate.role is Role.REFERENCE,
        problem=hashed.problem,
        detail=hashed.detail,
    )


def _as_isolate(panel: Panel, number: int) -> Isolate:
    """Return a panel reference as a row of the ledger."""
    reference = panel.references[number]
    return Isolate(reference.row_id, reference.name, Role.REFERENCE, reference.assembly)


def _calls_digest(settings: Settings, panel: Panel) -> str:
    """Return the digest of everything but the assembly that enters an isolate's calls."""
    return settings_digest(
        {
            "references": sorted({reference.assembly for reference in panel.references}),
            "species_assembly": panel.species_assembly,
            "type_strains": dict(panel.type_strains),
            "ani": asdict(panel.ani),
            "genome_length_bp": panel.genome_length_bp,
            "calling": asdict(settings.calling),
            "code": source_digest(CALLS_MODULE),
            "libraries": library_versions("mappy", "pyskani", "numpy"),
        }
    )


def _write_plan(
    folder: Path,
    run: RunPlan,
    rows: Sequence[IsolateRow],
    hashed: Sequence[HashedFile],
    regions: PanelRegions,
) -> None:
    """Write the plan; files whose content is the same keep their time stamps."""
    isolates = [
        replace(row.isolate, assembly=each.sha256) for row, each in zip(rows, hashed, strict=True)
    ]
    isolates += [_as_isolate(run.panel, number) for number in range(len(run.panel.references))]
    isolates.sort(key=lambda isolate: isolate.name)
    write_text_if_changed(folder / "roster.json", run_plan.roster_text(run.roster))
    write_text_if_changed(folder / "isolates.json", run_plan.isolates_text(isolates))
    write_text_if_changed(folder / "panel.json", run_plan.panel_text(run.panel))
    write_text_if_changed(folder / "mask.json", run_plan.mask_text(regions.mask))
    write_text_if_changed(folder / "genes.json", run_plan.genes_text(regions.annotations))
    write_text_if_changed(folder / "loci.json", run_plan.loci_text(regions.loci))


def _printable(name: str) -> str:
    """Return a name with everything but letters, digits, blanks and . _ - replaced, for logs."""
    return "".join(letter if letter.isalnum() or letter in " ._-" else "?" for letter in name)[:40]
