"""The working directory in which a release is run: pseudonyms, neutral files, calls made before.

Nothing of the laboratory's own names enters it: the assemblies are written anew, without the names
of their contigs and with a mark of the key, so that their checksums say nothing either. What was
called in the run is taken over under the new checksums, so that no assembly is called again.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from oneclone.commands.finished_run import FinishedRun
from oneclone.errors import AssemblyRejected, OnecloneError
from oneclone.model.assessment import Assessment
from oneclone.model.isolates import State
from oneclone.model.run_plan import RosterEntry
from oneclone.plan import STATE_FOLDER, RunPlan, prepare_run
from oneclone.plan_checksums import INPUTS, InputChecksums
from oneclone.pseudonymised import Pseudonymised
from oneclone.pseudonyms import Secret
from oneclone.shipped import repository_folder
from oneclone.tables.atomic import write_bytes
from oneclone.tables.call_archive import copy_archive, write_archive
from oneclone.tables.delimited import write_table
from oneclone.tables.json_files import read_json, read_record, write_record
from oneclone.tables.linked_assembly import read_linked_contigs

ISOLATES, PANEL, ASSEMBLIES = "isolates.tsv", "panel", "assemblies"
COLUMNS = (
    *("isolate", "assembly", "role", "patient", "clinic", "collection_date", "country"),
    *("laboratory", "sequencing_run", "extraction_batch"),
)
PANEL_FILE = "panel.yaml"
NO_ISOLATE = "no_isolate"
WITHHELD = "what was found in the file is not told in a release"
RANK_DIGITS = 8
MARK_DIGITS = 32


@dataclass(frozen=True)
class ReleaseRun:
    """A release's working directory, its plan, and the configuration to run it with."""

    working: Path
    plan: RunPlan
    config: Mapping[str, Any]


def prepare_release(
    run: FinishedRun, release: Pseudonymised, secret: Secret, working: Path
) -> ReleaseRun:
    """Fill the working directory of a release.

    Parameters
    ----------
    run
        The run that the release is of.
    release
        Its isolate table.
    secret
        The key.
    working
        Empty folder.

    Raises
    ------
    OnecloneError
        If the panel or an assembly is no longer what it was in the run.
    """
    entries = {entry.name: entry for entry in run.plan.roster}
    cells = {
        row.name: _neutral_file(run, entries[row.isolate.name], secret, working)
        for row in release.rows
    }
    table = [{**row.cells, "assembly": cells[row.name]} for row in release.rows]
    write_table(working / ISOLATES, COLUMNS, table)
    (working / PANEL).symlink_to(panel_folder(run))
    config = _config(run, release)
    plan = prepare_run(config, working, repository_folder())
    if plan.panel != run.plan.panel:
        raise OnecloneError(
            f"{panel_folder(run)}: the panel is another one than in the run; run snakemake again, "
            "then repeat the command"
        )
    _take_over(run, release, secret, ReleaseRun(working, plan, config))
    return ReleaseRun(working, plan, config)


def _config(run: FinishedRun, release: Pseudonymised) -> dict[str, Any]:
    """Return the configuration of a release: the settings of the run, without its words."""
    settings = read_json(run.results / "provenance" / "settings.json")
    return {
        **settings,
        "isolates": ISOLATES,
        "panel": PANEL,
        "registry": "",
        "investigation": "",
        "privacy": {"mode": "share", "notes": list(release.notes)},
    }


def panel_folder(run: FinishedRun) -> Path:
    """Return the panel of the run."""
    known = run.state / INPUTS
    folder = None
    if known.is_file():
        folder = Path(read_record(known, InputChecksums).panel_folder).resolve()
    if folder is None or not (folder / PANEL_FILE).is_file():
        where = folder or known.absolute()
        raise OnecloneError(
            f"{where}: the panel of the run is not there; run snakemake again, then repeat the "
            "command"
        )
    return folder


def _neutral_file(run: FinishedRun, entry: RosterEntry, secret: Secret, working: Path) -> str:
    """Write the assembly of a row under a neutral name, and return its cell in the table.

    Of a file that takes no part, a mark of the key stands for the content; rows of one file get
    one file.
    """
    if entry.problem == NO_ISOLATE:
        return ""
    of_file = entry.assembly or f"no file of {entry.row_id}"
    mark = secret.hexadecimal("assembly", f"{of_file} {entry.problem}")[:MARK_DIGITS]
    name = f"{ASSEMBLIES}/{mark[:16]}.fna"
    if not (working / name).exists():
        contigs = _contigs(run, entry) if _is_used(run, entry) else ()
        records = [f">{k} {mark}\n".encode() + each for k, each in enumerate(contigs, start=1)]
        write_bytes(working / name, b"\n".join([*records, b""]) or f"{mark}\n".encode())
    return name


def _contigs(run: FinishedRun, entry: RosterEntry) -> tuple[bytes, ...]:
    """Return the contigs of an assembly, which must be what it was in the run."""
    link = run.state / "assemblies" / entry.assembly
    try:
        return read_linked_contigs(link, run.plan.panel.genome_length_bp[1])
    except (AssemblyRejected, OSError) as error:
        raise OnecloneError(
            f"{os.path.realpath(link)}: the assembly of '{entry.name}' is not what it was in the "
            "run; run snakemake again, then repeat the command"
        ) from error


def _is_used(run: FinishedRun, entry: RosterEntry) -> bool:
    """Return whether the assembly of a row takes part in the run."""
    return bool(entry.calls_key) and _assessment(run, entry).state is State.USED


def _assessment(run: FinishedRun, entry: RosterEntry) -> Assessment:
    """Return what the run found out about an assembly."""
    return read_record(_calls(run.working, entry, ".json"), Assessment)


def _calls(working: Path, entry: RosterEntry, suffix: str) -> Path:
    """Return a file of the calls of an assembly."""
    return working / STATE_FOLDER / "calls" / f"{entry.calls_key}{suffix}"


def _take_over(
    run: FinishedRun, release: Pseudonymised, secret: Secret, target: ReleaseRun
) -> None:
    """Take over sketches, prepared references and calls."""
    for path in (run.markers, *run.sketches, *run.prepared):
        _same_file(path, target.working / path.relative_to(run.working))
    for path in run.prepared:
        index = path.with_suffix(".mmi")
        _same_file(index, target.working / index.relative_to(run.working))
    before = {entry.name: entry for entry in run.plan.roster}
    of_row = {row.name: before[row.isolate.name] for row in release.rows}
    genomes = _genomes(run, secret)
    for entry in target.plan.roster:
        source = before[entry.name] if entry.is_reference else of_row[entry.name]
        if entry.calls_key:
            found = _found(run, source, entry, genomes)
            archive = _calls(target.working, entry, ".npz")
            if source.calls_key:
                copy_archive(_calls(run.working, source, ".npz"), archive, entry.assembly)
            else:
                write_archive(archive, entry.assembly, {})
            write_record(_calls(target.working, entry, ".json"), found, Assessment)


def _found(
    run: FinishedRun, source: RosterEntry, entry: RosterEntry, genomes: Mapping[str, str]
) -> Assessment:
    """Return what is known of an assembly under its new checksums."""
    if not source.calls_key:
        return Assessment(
            assembly=entry.assembly, canonical_sha256="", state=State.QUARANTINED,
            reason=source.problem, detail=WITHHELD, statistics=None, ani=(), subspecies="",
            references=(),
        )  # fmt: skip
    found = _assessment(run, source)
    return replace(
        found,
        assembly=entry.assembly,
        canonical_sha256=genomes.get(found.canonical_sha256, ""),
        detail=found.detail if found.statistics else WITHHELD,
    )


def _genomes(run: FinishedRun, secret: Secret) -> dict[str, str]:
    """Return what stands for the canonical sha256 of each genome: equal for equal genomes.

    They sort as the sha256 do, so that every step takes the genomes in the order of the run and
    trees come out the same.
    """
    known = sorted({read_record(path, Assessment).canonical_sha256 for path in run.assessments})
    return {
        genome: f"{rank:0{RANK_DIGITS}x}{secret.hexadecimal('genome', genome)[RANK_DIGITS:]}"
        for rank, genome in enumerate(known)
        if genome
    }


def _same_file(source: Path, target: Path) -> None:
    """Make a file of the run one of the release too: by a link, or a copy on another disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
