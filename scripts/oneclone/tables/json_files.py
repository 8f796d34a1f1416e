"""JSON files: free data, and records of the model's dataclasses (through pydantic).

Equal data give equal bytes: mappings and fields keep their order, floats their shortest form.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from oneclone.tables.atomic import write_text

T = TypeVar("T")
Leaf = tuple[tuple[str, ...], Any]


def json_text(data: object) -> str:
    """Return plain data (mappings, lists, text, numbers) as JSON."""
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write_json(path: Path, data: object) -> None:
    """Write plain data as JSON, atomically."""
    write_text(path, json_text(data))


def read_json(path: Path) -> Any:  # noqa: ANN401 (what the file holds, its reader knows)
    """Read a JSON file that oneclone wrote."""
    return json.loads(path.read_bytes())


def leaves(data: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Give each value of nested mappings with the keys that lead to it.

    Examples
    --------
    >>> list(leaves({"tree": {"engine": "iqtree"}, "seed": 1}))
    [(('tree', 'engine'), 'iqtree'), (('seed',), 1)]
    """
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from leaves(cast("Mapping[str, Any]", value), (*above, key))
        else:
            yield (*above, key), value


def record_text(record: T, kind: type[T]) -> str:
    r"""Return a dataclass, or a tuple or mapping of dataclasses, as JSON text.

    Examples
    --------
    >>> from oneclone.model.isolates import Place
    >>> record_text((Place(1.5, 2.0),), tuple[Place, ...])
    '[\n {\n  "latitude": 1.5,\n  "longitude": 2.0\n }\n]\n'
    """
    return TypeAdapter(kind).dump_json(record, indent=1).decode() + "\n"


def write_record(path: Path, record: T, kind: type[T]) -> None:
    """Write a dataclass, or a tuple or mapping of dataclasses, as JSON, atomically."""
    write_text(path, record_text(record, kind))


def read_record(path: Path, kind: type[T]) -> T:
    """Read what `write_record` wrote.

    Raises
    ------
    pydantic.ValidationError
        If the file does not hold such a record.
    """
    return TypeAdapter(kind).validate_json(path.read_bytes())
