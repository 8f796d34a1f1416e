"""Validate data against the shipped JSON schemas and fill in their defaults."""

import math
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from difflib import get_close_matches
from functools import cache
from typing import Any, cast

import yaml
from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from oneclone.shipped import shipped_file

Json = dict[str, Any]


def _is_finite_number(_: object, value: object) -> bool:
    """Tell whether a value is a number: YAML also reads `.nan`, `.inf` and `1.0e999` as one."""
    try:
        return type(value) in {int, float} and math.isfinite(cast("float", value))
    except OverflowError:  # an integer beyond every float
        return False


# A bound passes over what is no number, so such a value is refused once, by its type.
_FINITE = Draft202012Validator.TYPE_CHECKER.redefine("number", _is_finite_number)
_Validator: Any = validators.extend(Draft202012Validator, type_checker=_FINITE)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] (untyped in jsonschema)


@cache
def load_schema(name: str) -> Json:
    """Return a shipped schema.

    Parameters
    ----------
    name
        `config`, `panel`, `isolates`, `time`, `validation` or `verdict`.

    Examples
    --------
    >>> load_schema("panel")["title"]
    'oneclone clone panel'
    """
    return yaml.safe_load(
        shipped_file("schemas", f"{name}.schema.yaml").read_text(encoding="utf-8")
    )


def complete(data: Mapping[str, Any], schema: Json, *, from_text: bool = True) -> Json:
    """Return a copy with the schema's defaults where keys are absent, sections included.

    Parameters
    ----------
    data
        What was read.
    schema
        A JSON schema, draft 2020-12.
    from_text
        Whether numbers and truth values that came as text are read as such where the schema asks
        for them: Snakemake hands on the inner values of `--config thresholds='{linked: 5}'` as
        text. In a file of its own, text in place of a number is a mistake.

    Examples
    --------
    >>> schema = {"properties": {"core": {"type": "object", "default": {}, "properties":
    ...     {"level": {"type": "integer", "default": 95}}}}}
    >>> complete({}, schema)
    {'core': {'level': 95}}
    >>> complete({"core": {"level": "90"}}, schema)
    {'core': {'level': 90}}
    >>> complete({"core": {"level": "90"}}, schema, from_text=False)
    {'core': {'level': '90'}}
    """
    filled: Json = dict(data)
    for key, rule in schema.get("properties", {}).items():
        if key not in filled and "default" in rule:
            filled[key] = deepcopy(rule["default"])
        if key in filled and rule.get("type") == "object" and isinstance(filled[key], Mapping):
            filled[key] = complete(filled[key], rule, from_text=from_text)
        elif not from_text:
            continue
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
    >>> problems({"sede": 1}, {**schema, "additionalProperties": False}, "config.yaml")
    ["config.yaml: unknown key 'sede'; did you mean 'seed'?"]
    >>> problems({"seed": float("nan")}, schema, "config.yaml")
    ["config.yaml: key 'seed': nan is not a finite number. Seed of the search."]
    """
    errors: Iterable[ValidationError] = _Validator(schema).iter_errors(data)
    return [
        sentence
        for error in sorted(errors, key=lambda e: str(e.json_path))
        for sentence in _sentences(error, schema, where)
    ]


def _sentences(error: ValidationError, schema: Json, where: str) -> list[str]:
    """Return one problem as sentences that name file, key, value and what is expected."""
    path = [str(part) for part in error.absolute_path]
    if error.validator == "additionalProperties":
        known = list(_schema_of(schema, path)["properties"])
        given = cast("Mapping[str, object]", error.instance)
        unknown = [str(key) for key in given if key not in known]
        return [_unknown_key(where, [*path, key], known) for key in unknown]
    key = f"key '{'.'.join(path)}': " if path else ""
    description = _description(schema, path)
    # A regular expression or a length tells a user nothing; the description does.
    unspoken = error.validator in {"pattern", "maxLength"}
    what = f"{error.instance!r} is not accepted" if unspoken else error.message.rstrip(".")
    blank = isinstance(error.instance, str) and not error.instance.strip()
    if error.instance is None or (blank and error.validator in {"pattern", "minLength"}):
        what = "no value yet, fill it in"
    if isinstance(error.instance, float) and not math.isfinite(error.instance):
        what = f"{error.instance} is not a finite number"
    if error.validator == "type" and isinstance(error.instance, str):
        what += _as_number(error.instance, _schema_of(schema, path))
    return [f"{where}: {key}{what}. {description}".strip()]


def _unknown_key(where: str, path: Sequence[str], known: Sequence[str]) -> str:
    """Return the sentence on a key that no schema has, with the known ones that it may mean."""
    near = get_close_matches(path[-1], known, n=2)
    remedy = (
        f"did you mean {' or '.join(map(repr, near))}?"
        if near
        else f"remove it; known keys here: {', '.join(known)}"
    )
    return f"{where}: unknown key '{'.'.join(path)}'; {remedy}"


def _as_number(text: str, rule: Json) -> str:
    """Return how to write the number that a text means, empty when it means none.

    YAML reads `38e-8` as text, because a number with an exponent needs a decimal point in it.
    """
    number = _as_typed(text, rule)
    if not _is_finite_number(None, number):
        return ""
    return f" but text; write {yaml.safe_dump(number).split()[0]}, without quotes"


def _description(schema: Json, path: Sequence[str]) -> str:
    """Return the schema's description of a key, empty when it has none."""
    return " ".join(_schema_of(schema, path).get("description", "").split())


def _schema_of(schema: Json, path: Sequence[str]) -> Json:
    """Return the part of a schema that rules a key or an item, empty when there is none."""
    for part in path:
        items: Json = schema.get("items", {}) if part.isdecimal() else {}
        properties: Json = schema.get("properties", {})
        schema = properties.get(part, items)
    return schema


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
