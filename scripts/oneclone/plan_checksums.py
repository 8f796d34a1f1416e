"""Checksums of what a run was given: isolate table and assemblies, and every file of the panel.

Both lists can be checked by `sha256sum --check` in the folder of the table, or of the panel: the
names in them are those that a user typed there, and no other path.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from oneclone.plan_files import HashedFile
from oneclone.plan_input import RunInput
from oneclone.tables.checksum import file_sha256
from oneclone.tables.manifest import manifest_text

INPUTS = "inputs.json"  # where a run keeps them, below `.oneclone/`
PANEL_FILES = (
    *("panel.yaml", "references.tsv", "mask.bed", "loci.tsv", "background.tsv", "clones.tsv"),
)


@dataclass(frozen=True)
class InputChecksums:
    """Manifests of what a run was given, and the folders that their names start from.

    The folders are absolute: they stay in `.oneclone/`, results never name them.
    """

    inputs: str
    inputs_folder: str
    panel: str
    panel_folder: str


def input_checksums(
    given: RunInput, isolates: Sequence[HashedFile], references: Sequence[HashedFile]
) -> InputChecksums:
    """Return the checksums of what a run was given.

    Parameters
    ----------
    given
        Isolate table and panel.
    isolates, references
        Hashed assemblies of both, in their order.
    """
    table, panel = given.isolates.path, given.files.path
    annotations = [row.annotation_cell for row in given.files.rows if row.annotation_cell]
    return InputChecksums(
        manifest_text({**_assemblies(isolates), **_hashed(table.parent, [table.name])}),
        str(table.parent.absolute()),
        manifest_text({**_assemblies(references), **_hashed(panel, [*PANEL_FILES, *annotations])}),
        str(panel.absolute()),
    )


def _assemblies(files: Iterable[HashedFile]) -> dict[str, str]:
    """Return the sha256 of the assemblies that could be read, by name as typed."""
    return {each.name: each.sha256 for each in files if each.sha256}


def _hashed(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the sha256 of the files that are there, by name."""
    return {name: file_sha256(folder / name) for name in names if (folder / name).is_file()}
