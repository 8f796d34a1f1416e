r"""Manifests: the sha256 of files by name, as `sha256sum --check` takes them.

A name with a backslash is escaped as `sha256sum` does it: its line begins with a backslash.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from oneclone.tables.atomic import write_text
from oneclone.tables.checksum import file_sha256

RESULTS_MANIFEST = Path("provenance/manifest.sha256")  # of all results, in their folder
LINE = re.compile(r"(\\?)([0-9a-f]{64}) [ *](.+)")


def manifest_text(digests: Mapping[str, str]) -> str:
    r"""Return a manifest of digests by name, sorted by name.

    Examples
    --------
    >>> manifest_text({"b": "0", "a": "1"})
    '1  a\n0  b\n'
    """
    return "".join(_line(name, digests[name]) for name in sorted(digests))


def write_manifest(path: Path, folder: Path, files: Iterable[Path]) -> None:
    """Write the manifest of some files, sorted by name.

    Parameters
    ----------
    path
        File to write.
    folder
        Folder of the files, from which names start.
    files
        Files below it.
    """
    digests = {str(file.relative_to(folder)): file_sha256(file) for file in files}
    write_text(path, manifest_text(digests))


def manifest_digests(text: str) -> dict[str, str]:
    r"""Return the digests of a manifest by name.

    A line that is none, as in a damaged manifest, is taken as a name whose digest is empty: no
    file ever has it.

    Examples
    --------
    >>> manifest_digests("0" * 64 + "  a\nrubbish")
    {'a': '0000000000000000000000000000000000000000000000000000000000000000', 'rubbish': ''}
    """
    found: dict[str, str] = {}
    for line in text.split("\n"):
        if match := LINE.fullmatch(line):
            escaped, digest, name = match.groups()
            found[name.replace("\\\\", "\\") if escaped else name] = digest
        elif line:
            found[line] = ""
    return found


def read_manifest(path: Path) -> dict[str, str]:
    """Return the digests of a manifest file by name."""
    return manifest_digests(path.read_text("utf-8", errors="replace"))


def changed_results(path: Path, results: Path) -> list[str]:
    """Return the names in a manifest whose files are gone or have another content by now.

    Parameters
    ----------
    path
        The manifest.
    results
        Folder of the results.
    """
    digests = read_manifest(path)
    return [name for name in digests if not _is_unchanged(results / name, digests[name])]


def _is_unchanged(path: Path, digest: str) -> bool:
    """Tell whether a file is there with its content; an edited manifest may name any path."""
    try:
        return path.is_file() and file_sha256(path) == digest
    except OSError:
        return False


def _line(name: str, digest: str) -> str:
    r"""Return the line of a file.

    Examples
    --------
    >>> print(_line("a\\b", "").strip())
    \  a\\b
    """
    if "\\" in name:
        return "\\{}  {}\n".format(digest, name.replace("\\", "\\\\"))
    return f"{digest}  {name}\n"
