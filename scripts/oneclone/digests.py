"""Digests of settings and of source code: equal digests mean equal results.

The digest of a module is taken over its syntax tree and those of the oneclone modules that it
imports, directly or not, without comments and docstrings. A job whose module is unchanged need
not run again after an upgrade.
"""

import ast
import hashlib
import json
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from oneclone.reporting.look import look_digest
from oneclone.tables.atomic import write_text_if_changed
from oneclone.tables.checksum import file_sha256
from oneclone.tables.json_files import json_text, read_json

_PACKAGE = Path(__file__).resolve().parent


def settings_digest(settings: Any) -> str:  # noqa: ANN401 (any data that JSON can hold)
    """Return the sha256 of plain data, whatever the order of its keys.

    Examples
    --------
    >>> settings_digest({"a": 1, "b": 2}) == settings_digest({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def library_versions(*names: str) -> dict[str, str]:
    """Return the installed versions of libraries; `not installed` where one is missing.

    Examples
    --------
    >>> sorted(library_versions("numpy", "mappy"))
    ['mappy', 'numpy']
    """
    return {name: _version(name) for name in names}


def _version(name: str) -> str:
    """Return the installed version of a library, or that it is missing."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def package_digest() -> str:
    """Return the digest of all code of this package and of the report's look.

    Examples
    --------
    >>> len(package_digest())
    64
    """
    code = {str(path.relative_to(_PACKAGE)): path for path in _PACKAGE.rglob("*.py")}
    of_code = {name: file_sha256(path) for name, path in code.items()}
    return settings_digest({**of_code, "look of the report": look_digest()})


@cache
def source_digest(module: str) -> str:
    """Return the digest of a module and of all that it imports from this package.

    Parameters
    ----------
    module
        Dotted name, such as `oneclone.steps.count_pairs`.

    Examples
    --------
    >>> source_digest("oneclone.intervals") == source_digest("oneclone.errors")
    False
    """
    seen: dict[str, str] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen[name], imported = _parsed(name)
        waiting += sorted(imported)
    return settings_digest(seen)


def keep_rule_digests(adapters: Path, path: Path) -> dict[str, str]:
    """Return the digest of every rule's code, and write them for the jobs.

    To parse all code takes longer than all else that a job does before its work.

    Parameters
    ----------
    adapters
        Folder of the adapters, each of which has the name of its rule.
    path
        File to write.
    """
    found = {each.stem: rule_digest(each.stem, adapters) for each in sorted(adapters.glob("*.py"))}
    write_text_if_changed(path, json_text(found))
    return found


def read_rule_digests(path: Path) -> dict[str, str]:
    """Return the digests of the rules' code that `keep_rule_digests` wrote."""
    return dict(read_json(path))


def rule_digest(rule: str, adapters: Path) -> str:
    """Return the digest of a rule's step, of all that it imports from this package, and adapter.

    Parameters
    ----------
    rule
        Name of the rule, which step and adapter share.
    adapters
        Folder of the adapters.
    """
    adapter = ast.parse((adapters / f"{rule}.py").read_text(encoding="utf-8"))
    return settings_digest(
        [source_digest(f"oneclone.steps.{rule}"), ast.dump(_without_docstrings(adapter))]
    )


@cache
def _parsed(module: str) -> tuple[str, frozenset[str]]:
    """Return the syntax tree of a module as text, and what it imports from this package."""
    tree = ast.parse(_source_path(module).read_text(encoding="utf-8"))
    imported = frozenset(imported_modules(tree))
    return ast.dump(_without_docstrings(tree)), imported


def imported_modules(tree: ast.AST) -> set[str]:
    """Return the modules of this package that a syntax tree imports.

    Examples
    --------
    >>> sorted(imported_modules(ast.parse("from oneclone import intervals, __version__")))
    ['oneclone', 'oneclone.intervals']
    >>> sorted(imported_modules(ast.parse("from oneclone.model.calls import Calls; import os")))
    ['oneclone.model.calls']
    """
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if _is_ours(alias.name)}
        if isinstance(node, ast.ImportFrom) and node.module and _is_ours(node.module):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = {name for name in names if _source_path(name).is_file()}
            found |= modules if modules == names else {node.module, *modules}
    return found


def _is_ours(module: str) -> bool:
    """Return whether a module belongs to this package."""
    return module == "oneclone" or module.startswith("oneclone.")


def _source_path(module: str) -> Path:
    """Return the file of a module or package of ours."""
    path = _PACKAGE.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _without_docstrings(tree: ast.Module) -> ast.Module:
    """Return a syntax tree without its docstrings, in place."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:]
    return tree
