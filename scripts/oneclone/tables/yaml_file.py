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
from oneclone.tables.limits import MAX_YAML_BYTES, MAX_YAML_VALUES

# What PyYAML raises beside its own errors: a date or number that is none, or nesting too deep.
UNREADABLE = (
    yaml.YAMLError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RecursionError,
)


class TooMuchYaml(InputRefused):
    """The file unfolds to so much that nothing can be done with it, not even an error printed."""


def read_yaml(path: Path) -> tuple[Any, list[str]]:
    """Return what a YAML file holds, and a problem for each key that stands twice.

    Raises
    ------
    InputRefused
        If the file cannot be read, is not YAML, or is too much: values that an alias repeats
        count each time.
    """
    text = "\n".join(read_lines(path, MAX_YAML_BYTES))
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        if root is None:
            return None, []
        if _values(root, {}) > MAX_YAML_VALUES:
            raise TooMuchYaml(
                [f"{path}: holds more than {MAX_YAML_VALUES} values; remove aliases (*name)"]
            )
        repeated = [f"{path} {each}" for each in _repeated_keys(root)]
        return loader.construct_document(root), repeated  # pyright: ignore[reportUnknownMemberType] (untyped in types-PyYAML)
    except UNREADABLE as error:
        what = " ".join(str(error).split())[:300] or "nested too deeply"
        raise InputRefused([f"{path}: not YAML ({what})"]) from error


def _values(node: yaml.Node, known: dict[int, int]) -> int:
    """Return how many values a node holds, those behind an alias once more for each alias.

    Raises
    ------
    RecursionError
        If an alias is inside of what it repeats.
    """
    if id(node) not in known:
        inner: list[yaml.Node] = []
        if isinstance(node, yaml.SequenceNode):
            inner = node.value
        elif isinstance(node, yaml.MappingNode):
            inner = [each for pair in node.value for each in pair]
        known[id(node)] = 1 + sum(_values(each, known) for each in inner)
    return known[id(node)]


def _repeated_keys(root: yaml.Node) -> list[str]:
    r"""Return line and key of each key that stands twice, whatever it is inside of.

    Examples
    --------
    >>> _repeated_keys(yaml.compose("a: 1\nb:\n- {c: 1, c: 2}\na: 2"))
    ["line 3: key 'b.0.c' stands in line 3 already; keep one",
     "line 4: key 'a' stands in line 1 already; keep one"]
    """
    return [
        f"line {line}: key '{key}' stands in line {first} already; keep one"
        for line, first, key in sorted(_twice(root, (), set()))
    ]


def _twice(
    node: yaml.Node, trail: tuple[str, ...], seen: set[int]
) -> Iterator[tuple[int, int, str]]:
    """Give line, earlier line and name of each repeated key below a node, each node once."""
    if id(node) in seen:  # an alias
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
