"""Which program infers trees here, found without loading any of them."""

import shutil
from importlib import metadata
from pathlib import Path

from oneclone.errors import ToolFailed
from oneclone.model.settings import TreeSettings
from oneclone.programs import run_program

BINARIES = ("iqtree3", "iqtree2", "iqtree")


def iqtree_binary(settings: TreeSettings) -> Path | None:
    """Return the IQ-TREE binary to use, `None` for piqtree.

    Raises
    ------
    ToolFailed
        If the settings ask for the binary and there is none on the path.
    """
    if settings.engine == "piqtree":
        return None
    for name in BINARIES:
        if found := shutil.which(name):
            return Path(found)
    if settings.engine == "iqtree":
        raise ToolFailed(
            f"tree.engine is 'iqtree', but none of {', '.join(BINARIES)} is on the path; "
            "install IQ-TREE (Debian package iqtree) or set tree.engine to 'auto'"
        )
    return None


def engine_version(settings: TreeSettings) -> str:
    """Return name and version of the engine that the settings lead to."""
    binary = iqtree_binary(settings)
    if binary is None:
        return f"piqtree {metadata.version('piqtree')}"
    lines = run_program([str(binary), "--version"], Path.cwd()).splitlines()
    words = lines[0].split() if lines else []
    version = words[words.index("version") + 1] if "version" in words else "of unknown version"
    return f"IQ-TREE {version}"
