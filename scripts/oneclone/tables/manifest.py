"""Manifests: the sha256 of every file of a folder, as `sha256sum --check` takes it."""

from collections.abc import Iterable
from pathlib import Path

from oneclone.tables.atomic import write_text
from oneclone.tables.fasta import file_sha256
from oneclone.tables.read_back import read_back


def write_manifest(path: Path, results: Path, files: Iterable[Path]) -> None:
    """Write the manifest of some files, sorted by name.

    Parameters
    ----------
    path
        File to write.
    results
        Folder of the files, from which names start.
    files
        Files below it.
    """
    lines = sorted((str(file.relative_to(results)), file_sha256(file)) for file in files)
    write_text(path, "".join(f"{digest}  {name}\n" for name, digest in lines))


@read_back
def changed_results(path: Path, results: Path) -> list[str]:
    """Return the names in a manifest whose files are gone or have another content by now.

    Parameters
    ----------
    path
        The manifest.
    results
        Folder of the results.
    """
    named = (line.partition("  ") for line in path.read_text("utf-8").splitlines())
    return [name for digest, _, name in named if not _is_unchanged(results / name, digest)]


def _is_unchanged(path: Path, digest: str) -> bool:
    """Tell whether a file is there with its content; an edited manifest may name any path."""
    try:
        return path.is_file() and file_sha256(path) == digest
    except OSError:
        return False
