"""Rule write_provenance: settings, versions, and checksums of inputs and results."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from oneclone import __version__
from oneclone.tables.delimited import write_table
from oneclone.tables.json_files import write_json
from oneclone.tables.manifest import write_manifest
from oneclone.tables.run_plan import read_roster


def write_provenance(
    *,
    roster: Path,
    results: Sequence[Path],
    used_settings: Path,
    used_versions: Path,
    inputs: Path,
    manifest: Path,
    settings: Mapping[str, Any],
    versions: Mapping[str, str],
) -> None:
    """Write what a run was made with and made of.

    Parameters
    ----------
    roster
        Rows of the run with the sha256 of their assemblies.
    results
        Every result.
    used_settings, used_versions, inputs, manifest
        Files to write; `manifest` can be checked by `sha256sum --check` in the results folder.
    settings, versions
        Settings of the run and versions of its software.
    """
    write_json(used_settings, settings)
    write_json(used_versions, {"oneclone": __version__, **versions})
    rows = [(entry.name, entry.assembly) for entry in read_roster(roster)]
    write_table(inputs, ("isolate", "sha256"), rows)
    write_manifest(manifest, manifest.parent.parent, results)
