"""YAML files: keys and values, and which keys stand twice.

Every YAML reader here, that of Snakemake included, keeps the last of two equal keys and says
nothing: a second `linked: 25` further down would change a verdict unseen.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from oneclone.errors import InputRefused
from oneclone.tables.delimited import read_lines


def read_yaml(path: Path) -> tuple[Any, list[str]]:
    """Return what a YAML file holds, and a problem for each key that stands twice.

    Raises
    ------
    InputRefused
        If the file cannot be read or is not YAML.
    """
    text = "\n".join(read_lines(path))
    try:
        return yaml.safe_load(text), [f"{path} {each}" for each in _repeated_keys(text)]
    except yaml.YAMLError as error:
        raise InputRefused([f"{path}: not YAML ({' '.join(str(error).split())})"]) from error


def _repeated_keys(text: str) -> list[str]:
    r"""Return line and key of each key that stands twice, whatever it is inside of.

    Examples
    --------
    >>> _repeated_keys("a: 1\nb:\n- {c: 1, c: 2}\na: 2")
    ["line 3: key 'b.0.c' stands in line 3 already; keep one",
     "line 4: key 'a' stands in line 1 already; keep one"]
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    found = sorted(_twice(root, (), set())) if root else []
    return [
        f"line {line}: key '{key}' stands in line {first} already; keep one"
        for line, first, key in found
    ]


def _twice(
    node: yaml.Node, trail: tuple[str, ...], seen: set[int]
) -> Iterator[tuple[int, int, str]]:
    """Give line, earlier line and name of each repeated key below a node, each node once."""
    if id(node) in seen:  # an alias, perhaps of what it is inside of
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _twice(item, (*trail, str(number)), seen)
    elif isinstance(node, yaml.MappingNode):
        lines: dict[tuple[str, str], int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if (key.tag, name) in lines:
                yield line, lines[key.tag, name], ".".join((*trail, name))
            lines.setdefault((key.tag, name), line)
            yield from _twice(value, (*trail, name), seen)
