"""Write docs/options.md: every key of the configuration, every command and its options.

    python -m tests.documents.options

Keys come from the schema, commands from the command line program itself; only the words around
them and Snakemake's options stand in `templates/options.md.j2`.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import EnumType
from pathlib import Path
from typing import Any

import typer
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from oneclone.cli import app
from oneclone.tables.schemas import load_schema

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "options.md"
TEMPLATES = Path(__file__).with_name("templates")
OF_THE_MACHINE = {"cores": "all"}  # defaults that differ from machine to machine
LONE_KEYS = "The run"


def main() -> None:
    """Write the document."""
    DOCUMENT.write_text(render(), "utf-8", newline="\n")


def render() -> str:
    """Return the document; every text is Markdown and is not escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 (Markdown, from the schema and the commands of this package)
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["table"] = table
    schema = load_schema("config")
    return environment.get_template("options.md.j2").render(
        sections=config_sections(schema), commands=list(commands(typer.main.get_command(app)))
    )


def table(rows: Sequence[Mapping[str, str]]) -> str:
    r"""Return rows as a Markdown table with the columns of the first one.

    Examples
    --------
    >>> print(table([{"Key": "`a`", "Meaning": "x | y"}]))
    | Key | Meaning |
    |---|---|
    | `a` | x \| y |
    """
    header = list(rows[0])
    lines = [f"| {' | '.join(header)} |", "|" + "---|" * len(header)]
    for row in rows:
        cells = [" ".join(row[name].split()).replace("|", "\\|") for name in header]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


# --- configuration -----------------------------------------------------------------------------


def config_sections(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the sections of the configuration: heading, words, and rows of keys."""
    lone: list[dict[str, str]] = []
    sections = [{"heading": LONE_KEYS, "words": "", "rows": lone}]
    for key, rule in schema["properties"].items():
        if "properties" not in rule:
            lone.append(config_row(key, rule))
            continue
        rows = [config_row(f"{key}.{name}", each) for name, each in rule["properties"].items()]
        sections.append({"heading": f"`{key}`", "words": rule["description"], "rows": rows})
    return sections


def config_row(key: str, rule: Mapping[str, Any]) -> dict[str, str]:
    """Return the row of one key."""
    return {
        "Key": f"`{key}`",
        "Default": default_of(rule),
        "Allowed": allowed(rule),
        "Meaning": rule["description"],
    }


def default_of(rule: Mapping[str, Any]) -> str:
    """Return a default in words.

    Examples
    --------
    >>> default_of({"default": True}), default_of({"default": ""}), default_of({})
    ('`true`', 'empty', 'the demo')
    >>> default_of({"default": None, "type": ["integer", "null"]})
    "the panel's"
    """
    if "default" not in rule:
        return "the demo"
    value = rule["default"]
    if value is None:
        return "the panel's"
    if value == "":
        return "empty"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def allowed(rule: Mapping[str, Any]) -> str:
    """Return what a key may hold, with its bounds.

    Examples
    --------
    >>> allowed({"type": "number", "exclusiveMinimum": 0, "maximum": 0.01})
    'number above 0, at most 0.01'
    >>> allowed({"type": ["integer", "null"], "minimum": 0, "maximum": 10})
    'whole number from 0 to 10, or null'
    >>> allowed({"enum": ["none", "gubbins"]})
    '`none`, `gubbins`'
    """
    if "enum" in rule:
        return ", ".join(f"`{each}`" for each in rule["enum"])
    kinds = [rule["type"]] if isinstance(rule["type"], str) else rule["type"]
    if kinds[0] == "array":
        return f"up to {rule['maxItems']} values, each {allowed(rule['items'])}"
    names = {"integer": "whole number", "string": "text", "boolean": "`true`, `false`"}
    words = names.get(kinds[0], kinds[0]) + bounds(rule)
    return f"{words}, or null" if "null" in kinds else words


def bounds(rule: Mapping[str, Any]) -> str:
    """Return the bounds of a number in words."""
    if "exclusiveMinimum" in rule:
        return f" above {rule['exclusiveMinimum']}, at most {rule['maximum']}"
    return f" from {rule['minimum']} to {rule['maximum']}" if "minimum" in rule else ""


# --- commands ----------------------------------------------------------------------------------


def commands(group: Any, prefix: str = "oneclone") -> Iterator[dict[str, Any]]:
    """Give every command below a group: its name, what it does, its arguments and options."""
    for name, command in group.commands.items():
        words = f"{prefix} {name}"
        if hasattr(command, "commands"):
            yield from commands(command, words)
            continue
        parameters = [each for each in command.params if each.name != "help"]
        usage = [argument(each) for each in parameters if not is_option(each)]
        yield {
            "name": words,
            "usage": " ".join([words, *usage]),
            "does": command.help.split("\n\n")[0].replace("\n", " "),
            "rows": [option_row(each) for each in parameters],
        }


def is_option(parameter: Any) -> bool:
    """Return whether a parameter is given by name."""
    return parameter.param_type_name == "option"


def argument(parameter: Any) -> str:
    """Return an argument as a command shows it."""
    name = parameter.metavar or parameter.name.upper()
    return f"{name}..." if parameter.nargs == -1 else name


def option_row(parameter: Any) -> dict[str, str]:
    """Return the row of an argument or option of a command."""
    name = ", ".join(parameter.opts) if is_option(parameter) else argument(parameter)
    meaning = parameter.help or ""
    if isinstance(parameter.type_descriptor.annotation, EnumType):
        meaning += " `--help` lists the names."
    return {
        "Option": f"`{name}`",
        "Default": "needed" if parameter.required else option_default(parameter),
        "Allowed": option_bounds(parameter),
        "Meaning": meaning,
    }


def option_default(parameter: Any) -> str:
    """Return the default of an option; what the machine decides is said in words."""
    if parameter.name in OF_THE_MACHINE:
        return OF_THE_MACHINE[parameter.name]
    value = parameter.default
    if value is None or value is False or value == "":
        return ""
    return f"`{getattr(value, 'value', value)}`"


def option_bounds(parameter: Any) -> str:
    """Return the bounds of a number that an option takes."""
    low, high = getattr(parameter, "min", None), getattr(parameter, "max", None)
    if low is None:
        return ""
    return f"{low:_} or more" if high is None else f"{low:_} to {high:_}".replace("_", " ")


if __name__ == "__main__":
    main()
