"""What the main process adds to `results/provenance/` when a run is complete.

Times and checksums of what a user gave belong to no job: a job would run again for them.
"""

import platform
import shutil
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from oneclone.plan import STATE_FOLDER, RunPlan
from oneclone.plan_checksums import INPUTS, InputChecksums
from oneclone.run_crate import METADATA, WORKFLOW, CrateFile, CrateFiles, CrateRun, crate
from oneclone.shipped import repository_folder
from oneclone.tables.atomic import replacing, write_text
from oneclone.tables.checksum import file_sha256
from oneclone.tables.delimited import read_table
from oneclone.tables.json_files import read_json, read_record, write_json, write_record
from oneclone.tables.manifest import (
    RESULTS_MANIFEST,
    changed_results,
    manifest_digests,
    read_manifest,
    write_manifest,
)

OF_JOB = ("settings.json", "versions.json", "inputs.tsv", RESULTS_MANIFEST.name)
OF_RUN = ("run.json", "environment.json", "inputs.sha256", "panel.sha256")
RECORDED_INPUTS = Path("record/inputs.json")
OWN_CHECKSUMS = "provenance.sha256"
PROVENANCE = (*OF_JOB, *OF_RUN, WORKFLOW, METADATA, OWN_CHECKSUMS)


def write_run_provenance(plan: RunPlan, working: Path, figures: Mapping[str, Any]) -> None:
    """Write all of `results/provenance/` that no job writes.

    Parameters
    ----------
    plan
        The run.
    working
        Working directory.
    figures
        When the run began and ended and how much it computed, for `run.json`.
    """
    results = working / "results"
    folder = results / "provenance"
    (folder / OWN_CHECKSUMS).unlink(missing_ok=True)  # it comes last: without it, all is unfinished
    checksums = read_record(working / STATE_FOLDER / INPUTS, InputChecksums)
    write_record(working / STATE_FOLDER / RECORDED_INPUTS, checksums, InputChecksums)
    write_json(folder / "run.json", figures)
    write_json(folder / "environment.json", environment())
    write_text(folder / "inputs.sha256", checksums.inputs)
    write_text(folder / "panel.sha256", checksums.panel)
    with replacing(folder / WORKFLOW) as temporary:
        shutil.copyfile(repository_folder() / WORKFLOW, temporary)
    run = CrateRun(
        started=figures["started"],
        finished=figures["finished"],
        sentence=read_json(results / "verdict.json")["sentence"],
        settings=plan.shown_settings,
        versions=read_json(folder / "versions.json"),
    )
    write_json(folder / METADATA, crate(run, _crate_files(results, checksums)))
    others = [folder / name for name in PROVENANCE if name != OWN_CHECKSUMS]
    write_manifest(folder / OWN_CHECKSUMS, folder, others)


def reopen_unfinished(results: Path) -> None:
    """Let the last job run again when what the main process adds is not there, or was altered.

    Snakemake knows the files of jobs alone; with nothing to do it would leave these as they are.
    """
    folder = results / "provenance"
    own = folder / OWN_CHECKSUMS
    if not own.is_file() or changed_results(own, folder):
        (results / RESULTS_MANIFEST).unlink(missing_ok=True)


def recorded_inputs(working: Path) -> InputChecksums | None:
    """Return the checksums and folders of what a finished run was given, if they are still known.

    A dry run, or a run that was refused, has not replaced them.
    """
    path = working / STATE_FOLDER / RECORDED_INPUTS
    return read_record(path, InputChecksums) if path.is_file() else None


def has_inputs_of(plan: RunPlan, results: Path) -> bool:
    """Tell whether the table of inputs in a folder of results is that of a run."""
    rows = read_table(results / "provenance" / "inputs.tsv", ("isolate", "sha256")).rows
    given = [(row["isolate"], row["sha256"]) for row in rows]
    return given == [(entry.name, entry.assembly) for entry in plan.roster]


def environment() -> dict[str, Any]:
    """Return what a run was made with, down to each package; it names no host and no user.

    Examples
    --------
    >>> found = environment()
    >>> [*found], "numpy" in found["packages"]
    (['python', 'system', 'machine', 'packages'], True)
    """
    packages = {each.name: each.version for each in metadata.distributions()}
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": platform.system(),
        "machine": platform.machine(),
        "packages": dict(sorted(packages.items(), key=lambda each: each[0].lower())),
    }


def _crate_files(results: Path, checksums: InputChecksums) -> CrateFiles:
    """Return the files of a run for its crate."""
    folder = results / "provenance"
    made = read_manifest(results / RESULTS_MANIFEST)
    beside = [_beside(folder / name) for name in (*OF_JOB, *OF_RUN)]
    given = [
        *_named(checksums.inputs, "the folder of the isolate table"),
        *_named(checksums.panel, "the folder of the panel"),
    ]
    return CrateFiles(
        workflow=_beside(folder / WORKFLOW),
        beside=tuple(beside),
        inputs=tuple(given),
        results=tuple(
            CrateFile(name, digest, "results/", _size(results / name))
            for name, digest in made.items()
        ),
    )


def _named(manifest: str, folder: str) -> list[CrateFile]:
    """Return the files that a manifest names."""
    return [CrateFile(name, sha256, folder) for name, sha256 in manifest_digests(manifest).items()]


def _beside(path: Path) -> CrateFile:
    """Return a file that lies beside the metadata of the crate."""
    return CrateFile(path.name, file_sha256(path), "results/provenance/", _size(path))


def _size(path: Path) -> str:
    """Return the size of a file in bytes, as crates state it."""
    return str(path.stat().st_size)
