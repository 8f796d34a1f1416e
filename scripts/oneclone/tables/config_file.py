"""Configuration files: read for commands that are no run, looked over again for runs."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from oneclone.errors import InputRefused
from oneclone.tables.yaml_file import TooMuchYaml, read_yaml


def read_config_file(path: Path) -> dict[str, Any]:
    """Read a YAML configuration; its keys are checked where the settings are made of them.

    Raises
    ------
    InputRefused
        If the file cannot be read, does not hold keys and values, or holds a key twice.
    """
    found, problems = read_yaml(path.resolve())
    if not isinstance(found or {}, dict):
        problems = [f"{path.resolve()}: holds no keys; see config/config.yaml"]
    if problems:
        raise InputRefused(problems)
    return found or {}


def repeated_key_problems(paths: Iterable[Path]) -> list[str]:
    """Return which keys stand twice in configuration files that Snakemake has read.

    What is no YAML here was JSON to Snakemake, and is passed over.

    Raises
    ------
    TooMuchYaml
        At once, before anything looks at the values.
    """
    found: list[str] = []
    for path in paths:
        try:
            found += read_yaml(path.absolute())[1]
        except TooMuchYaml:
            raise
        except InputRefused:
            continue
    return found
