"""A configuration file, for commands that are no run of the workflow."""

from pathlib import Path
from typing import Any

import yaml

from oneclone.errors import InputRefused
from oneclone.tables.delimited import read_lines


def read_config_file(path: Path) -> dict[str, Any]:
    """Read a YAML configuration; its keys are checked where the settings are made of them.

    Raises
    ------
    InputRefused
        If the file cannot be read or does not hold keys and values.
    """
    try:
        found = yaml.safe_load("\n".join(read_lines(path)))
    except yaml.YAMLError as error:
        raise InputRefused([f"{path.resolve()}: not YAML: {error}"]) from error
    if not isinstance(found or {}, dict):
        raise InputRefused([f"{path.resolve()}: holds no keys; see config/config.yaml"])
    return found or {}
