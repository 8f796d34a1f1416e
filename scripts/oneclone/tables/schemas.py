"""Validate data against the shipped JSON schemas and fill in their defaults."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from oneclone.shipped import shipped_file

Json = dict[str, Any]


@cache
def load_schema(name: str) -> Json:
    """Return a shipped schema.

    Parameters
    ----------
    name
        `config`, `panel`, `isolates`, `time` or `verdict`.

    Examples
    --------
    >>> load_schema("panel")["title"]
    'oneclone clone panel'
    """
    return yaml.safe_load(
        shipped_file("schemas", f"{name}.schema.yaml").read_text(encoding="utf-8")
    )


def complete(data: Mapping[str, Any], schema: Json) -> Json:
    """Return a copy with the schema's defaults where keys are absent, sections included.

    Numbers and truth values that came as text are read as such where the schema asks for them,
    because Snakemake hands on the inner values of `--config thresholds='{linked: 5}'` as text.

    Examples
    --------
    >>> schema = {"properties": {"core": {"type": "object", "default": {}, "properties":
    ...     {"level": {"type": "integer", "default": 95}}}}}
    >>> complete({}, schema)
    {'core': {'level': 95}}
    >>> complete({"core": {"level": "90"}}, schema)
    {'core': {'level': 90}}
    """
    filled: Json = dict(data)
    for key, rule in schema.get("properties", {}).items():
        if key not in filled and "default" in rule:
            filled[key] = deepcopy(rule["default"])
        if key in filled and rule.get("type") == "object" and isinstance(filled[key], Mapping):
            filled[key] = complete(filled[key], rule)
        elif isinstance(filled.get(key), str):
            filled[key] = _as_typed(filled[key], rule)
        elif isinstance(filled.get(key), list) and "items" in rule:
            filled[key] = [
                _as_typed(each, rule["items"]) if isinstance(each, str) else each
                for each in filled[key]
            ]
    return filled


def problems(data: Mapping[str, Any], schema: Json, where: str) -> list[str]:
    """Return everything in which data departs from a schema, one sentence each.

    Parameters
    ----------
    data
        What was read.
    schema
        A JSON schema, draft 2020-12.
    where
        Name of the file for the sentences.

    Examples
    --------
    >>> schema = {"properties": {"seed": {"type": "integer", "description": "Seed of the search."}}}
    >>> problems({"seed": "x"}, schema, "config.yaml")
    ["config.yaml: key 'seed': 'x' is not of type 'integer'. Seed of the search."]
    """
    errors = Draft202012Validator(schema).iter_errors(data)  # pyright: ignore[reportUnknownMemberType] (untyped in jsonschema)
    return [
        _sentence(error, schema, where) for error in sorted(errors, key=lambda e: str(e.json_path))
    ]


def _sentence(error: ValidationError, schema: Json, where: str) -> str:
    """Return one problem as a sentence that names file, key, value and what is expected."""
    path = [str(part) for part in error.absolute_path]
    key = f"key '{'.'.join(path)}': " if path else ""
    description = _description(schema, path)
    # A regular expression or a length tells a user nothing; the description does.
    unspoken = error.validator in {"pattern", "maxLength"}
    what = f"{error.instance!r} is not accepted" if unspoken else error.message.rstrip(".")
    if error.instance is None or (error.instance == "" and error.validator == "minLength"):
        what = "no value yet, fill it in"
    return f"{where}: {key}{what}. {description}".strip()


def _description(schema: Json, path: Sequence[str]) -> str:
    """Return the schema's description of a key, empty when it has none."""
    for part in path:
        schema = schema.get("properties", {}).get(part, {})
    return " ".join(schema.get("description", "").split())


def _as_typed(text: str, rule: Json) -> object:
    """Return text as the number or truth value that the schema asks for, or unchanged."""
    kinds = rule.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "string" in kinds:
        return text
    if text in {"", "null"} and "null" in kinds:
        return None
    if "boolean" in kinds and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    for kind, convert in (("integer", int), ("number", float)):
        if kind in kinds:
            try:
                return convert(text)
            except ValueError:
                return text
    return text
