"""Compare a finished run with where it came from: what it was given, and the registry."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from oneclone.commands.sound_files import Finding, difference
from oneclone.errors import OnecloneError
from oneclone.plan import STATE_FOLDER
from oneclone.plan_history import RECORD
from oneclone.registry.database import open_registry
from oneclone.registry.recorded import recorded_run
from oneclone.run_provenance import recorded_inputs
from oneclone.tables.history_files import read_run_record
from oneclone.tables.json_files import read_json
from oneclone.tables.manifest import read_manifest

GIVEN_AGAIN = "put the file of the run back, or run snakemake again"
IN_REGISTRY = "`oneclone registry check` tells whether it is sound; else run snakemake again"


def changed_inputs(working: Path) -> Iterator[Finding | str]:
    """Give the files that a run was given which are not what they were, and notes on others.

    A file that is not where it was is said, and no finding: the results are what they are.
    """
    provenance, state = working / "results" / "provenance", working / STATE_FOLDER
    checksums = recorded_inputs(working)
    if checksums is None:
        yield "where the inputs lie is not known any more; their checksums are in provenance/"
        return
    for name, folder in (
        ("inputs.sha256", checksums.inputs_folder),
        ("panel.sha256", checksums.panel_folder),
    ):
        if (provenance / name).is_file():
            digests = read_manifest(provenance / name)
            yield from _changed(Path(folder), digests, state / "assemblies")


def _changed(folder: Path, digests: Mapping[str, str], links: Path) -> Iterator[Finding | str]:
    """Give the files of a manifest that are not what they were."""
    for name, digest in digests.items():
        path = folder / name
        if not path.exists() and (links / digest).exists():
            path = (links / digest).resolve()  # the last run found the same content there
        if not path.exists():
            yield f"{path} is not there any more; it was an input of the run"
        elif what := difference(path, digest, may_be_link=True):
            yield Finding(path, what, GIVEN_AGAIN, is_result=False)


def changed_record(working: Path) -> Iterator[Finding | str]:
    """Give what the registry says of the run that its results do not say."""
    record, verdict = working / STATE_FOLDER / RECORD, working / "results" / "verdict.json"
    if not (record.is_file() and verdict.is_file()):
        return
    try:
        run = read_run_record(record)
        registry = working / run.registry
        if not run.registry:
            return
        if not registry.is_file():
            yield f"{registry} is not there any more; it was the registry of the run"
            return
        with open_registry(registry) as database:
            known = recorded_run(database, run)
        said = read_json(verdict)
    except (OnecloneError, ValueError) as error:
        yield Finding(record, f"cannot be compared with the registry: {error}", IN_REGISTRY, False)
        return
    if known is None:
        yield f"the run is not in {registry}; a warning at its end said why"
    elif (known.verdict, known.sentence, known.distances_sha256) != (
        said.get("verdict"),
        said.get("sentence"),
        run.distances_sha256,
    ):
        what = f"has another verdict or other distances for run {known.number} than results/"
        yield Finding(registry, what, IN_REGISTRY, is_result=False)
