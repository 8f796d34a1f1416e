"""A folder that one of the test processes makes for all of them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock


def shared_once(factory: Any, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that one of the test processes makes for all of them."""
    base = factory.getbasetemp()
    if base.name.startswith("popen-"):  # one of several processes: what they share is above
        base = base.parent
    folder = base / f"shared-{name}"
    with FileLock(f"{folder}.lock"):
        if not (folder / "made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            (folder / "made").touch()
    return folder
