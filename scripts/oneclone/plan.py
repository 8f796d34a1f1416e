"""Find out, before any job starts, what a run consists of; refuse it with all problems at once.

The main process reads configuration, tables and panel, hashes every file, and writes the plan
below `.oneclone/`. The job graph is a function of this plan alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from oneclone.content_keys import KEY_DIGITS, calls_digest, reference_digest, sketches_digest
from oneclone.errors import InputRefused, Problems
from oneclone.fetched_files import fetch_command
from oneclone.future_dates import correct_future_dates
from oneclone.model.isolates import Isolate, Role
from oneclone.model.panel import Panel, with_thresholds
from oneclone.model.run_plan import RosterEntry
from oneclone.model.settings import Settings
from oneclone.panel_regions import PanelRegions, examine_regions
from oneclone.plan_checksums import INPUTS, InputChecksums, input_checksums
from oneclone.plan_files import HashedFile, HashedFiles
from oneclone.plan_input import examine_input
from oneclone.registry.database import RegistryProblem, open_registry, place_problem
from oneclone.registry.decisions import Withdrawn, withdrawn
from oneclone.tables import run_plan, schemas
from oneclone.tables.atomic import write_text_if_changed
from oneclone.tables.config_file import repeated_key_problems
from oneclone.tables.hash_cache import HashCache
from oneclone.tables.isolate_table import IsolateRow, isolate_rows
from oneclone.tables.isolate_warnings import isolate_warnings
from oneclone.tables.json_files import record_text
from oneclone.tables.panel_files import shared_assemblies
from oneclone.tables.paths import is_there
from oneclone.tables.read_back import read_back

STATE_FOLDER = Path(".oneclone")


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
        digest = reference_digest(self.settings)
        return {
            assembly: f"{assembly[:KEY_DIGITS]}-{digest[:KEY_DIGITS]}"
            for assembly in self.panel.counting_assemblies
        }

    @cached_property
    def panel_key(self) -> str:
        """Key of the sketches of the panel's references."""
        return sketches_digest(self.panel)[:KEY_DIGITS]

    @cached_property
    def shown_settings(self) -> Mapping[str, Any]:
        """Settings that results may show: everything but paths."""
        shown = asdict(self.settings)
        return {key: shown[key] for key in shown if key not in {"isolates", "panel", "registry"}}

    @cached_property
    def shown_name_of(self) -> Mapping[str, str]:
        """Name of the first isolate with a calls key, for progress messages, sorted by name."""
        first: dict[str, str] = {}
        for entry in self.roster:
            if entry.calls_key:
                first.setdefault(entry.calls_key, _printable(entry.name))
        return first


def prepare_run(
    config: Mapping[str, Any],
    working: Path,
    workflow: Path,
    config_files: Sequence[Path] = (),
) -> RunPlan:
    """Check the input of a run, hash its files and write its plan.

    Parameters
    ----------
    config
        The configuration as Snakemake merged it.
    working
        Working directory: paths of the configuration start there, and the plan is written there.
    workflow
        Folder of the repository, where the shipped demo lies.
    config_files
        The files that Snakemake merged: it is silent on a key that stands twice.

    Raises
    ------
    InputRefused
        With every problem found in configuration, tables, panel and files.
    """
    problems = Problems()
    problems.add(repeated_key_problems(config_files))
    settings = problems.attempt(read_settings, config)
    given = examine_input(config, working, workflow, problems)
    if given.panel:
        _check_thresholds(config, given.panel, problems)
    command = fetch_command(given.files.path, given.isolates.path)
    registry = settings.registry if settings else config.get("registry")
    withheld = problems.attempt(_withdrawn, registry, working) or ()
    with HashCache(working / STATE_FOLDER / "inputs.sqlite") as cache:
        files = HashedFiles(cache, working / STATE_FOLDER, command)
        isolates = files.of_isolates(given.isolates, problems)
        isolates = files.without_withdrawn(isolates, withheld)
        references = files.of_references(given.files, problems)
        problems.add(shared_assemblies(given.files, files.genomes_of(given.files, references)))
        regions = examine_regions(given.files, references, files, problems)
    problems.refuse()
    if settings is None or given.panel is None:
        raise problems.refusal()
    rows = isolate_rows(given.isolates)
    run = _run_plan(settings, given.panel, rows, isolates, references)
    names = [entry.name for entry in run.roster]
    warnings = isolate_warnings(given.isolates, names, [row.isolate for row in rows])
    if count := correct_future_dates((working / STATE_FOLDER, working / "results")):
        said = f"{count} files of earlier runs were dated in the future and are dated now"
        warnings.append(f"{said}; check the clock")
    run = replace(run, warnings=tuple(warnings))
    _write_plan(working / STATE_FOLDER / "plan", run, rows, isolates, regions)
    checksums = record_text(input_checksums(given, isolates, references), InputChecksums)
    write_text_if_changed(working / STATE_FOLDER / INPUTS, checksums)
    return run


def load_run(config: Mapping[str, Any], working: Path) -> RunPlan:
    """Return the plan that the main process has written, for jobs that read the workflow again."""
    folder = working / STATE_FOLDER / "plan"
    return RunPlan(
        read_settings(config),
        read_back(run_plan.read_plan_panel)(folder / "panel.json"),
        read_back(run_plan.read_roster)(folder / "roster.json"),
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


def _withdrawn(registry: object, working: Path) -> tuple[Withdrawn, ...]:
    """Return the genomes that the registry has withdrawn; there are none without a registry."""
    if not (isinstance(registry, str) and registry.strip()):
        return ()
    if problem := place_problem(working / registry):
        raise InputRefused([problem])
    if not is_there(working / registry):
        return ()
    try:
        with open_registry(working / registry) as database:
            return withdrawn(database)
    except RegistryProblem as problem:
        raise InputRefused([str(problem)]) from problem


def _check_thresholds(config: Mapping[str, Any], panel: Panel, problems: Problems) -> None:
    """Tell when thresholds of the configuration do not fit the panel's, whatever else is wrong.

    What is wrong with the section alone is told with the rest of the configuration.
    """
    given = {"isolates": "-", "panel": "-", "thresholds": config.get("thresholds", {})}
    if settings := Problems().attempt(read_settings, given):
        problems.attempt(with_thresholds, panel, settings.thresholds)


def _run_plan(
    settings: Settings,
    panel: Panel,
    rows: Sequence[IsolateRow],
    isolates: Sequence[HashedFile],
    references: Sequence[HashedFile],
) -> RunPlan:
    """Put the plan together; roster entries are sorted by name."""
    panel = replace(
        panel,
        references=tuple(
            replace(reference, assembly=hashed.sha256)
            for reference, hashed in zip(panel.references, references, strict=True)
        ),
    )
    digest = calls_digest(settings, panel)
    named = [(row.isolate, hashed) for row, hashed in zip(rows, isolates, strict=True)]
    roster = [_roster_entry(isolate, hashed, digest) for isolate, hashed in named]
    roster += [
        _roster_entry(_as_isolate(panel, number), hashed, digest)
        for number, hashed in enumerate(references)
    ]
    return RunPlan(settings, panel, tuple(sorted(roster, key=lambda entry: entry.name)))


def _roster_entry(isolate: Isolate, hashed: HashedFile, digest: str) -> RosterEntry:
    """Return the roster entry of a row."""
    is_called = hashed.sha256 and not hashed.problem
    key = f"{hashed.sha256[:KEY_DIGITS]}-{digest[:KEY_DIGITS]}" if is_called else ""
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
    write_text_if_changed(folder / "cases.json", run_plan.cases_text(isolates))
    write_text_if_changed(folder / "isolates.json", run_plan.isolates_text(isolates))
    write_text_if_changed(folder / "panel.json", run_plan.panel_text(run.panel))
    write_text_if_changed(folder / "mask.json", run_plan.mask_text(regions.mask))
    write_text_if_changed(folder / "genes.json", run_plan.genes_text(regions.annotations))
    write_text_if_changed(folder / "loci.json", run_plan.loci_text(regions.loci))


def _printable(name: str) -> str:
    """Return a name with everything but letters, digits, blanks and . _ - replaced, for logs."""
    return "".join(letter if letter.isalnum() or letter in " ._-" else "?" for letter in name)[:40]
