"""The scripts and styles of the report: our own, and libraries that are shipped with a licence."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from oneclone.reporting.look import FOLDER, template_folder
from oneclone.shipped import shipped_file

VENDORED = "report/vendor/vendored.json"
SOURCE_MAP = re.compile(r"(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")
END_OF_SCRIPT = "</script"


@dataclass(frozen=True)
class Library:
    """A library of another project: `files` with the sha256 of each, and its licence."""

    package: str
    version: str
    licence: str
    licence_file: str
    use: str
    files: dict[str, str]


@dataclass(frozen=True)
class Script:
    """A script as it stands in the page, and the source expression that allows it."""

    text: Markup
    allowed: str


def libraries() -> tuple[Library, ...]:
    """Return the libraries in the order in which they are loaded."""
    rows = json.loads(_read(VENDORED))
    return tuple(Library(**row) for row in rows)


def vendored_path(name: str) -> Path:
    """Return the path of a vendored file."""
    return shipped_file(FOLDER, f"report/vendor/{name}")


def scripts() -> tuple[Script, ...]:
    """Return all that may run: libraries, then the report's own."""
    found = [
        _script(vendored_path(name).read_text("utf-8"))
        for library in libraries()
        for name in library.files
        if name.endswith(".js")
    ]
    return (*found, _script(_own("scripts/*.js")))


def styles() -> Markup:
    """Return the style sheets: those of libraries, then our own."""
    names = [
        f"report/vendor/{name}"
        for library in libraries()
        for name in library.files
        if name.endswith(".css")
    ]
    texts = [*(SOURCE_MAP.sub("", _read(name)) for name in names), _own("styles/*.css")]
    return Markup("\n".join(texts))  # noqa: S704 (shipped with the program, no user's text)


def own_styles(*names: str) -> Markup:
    """Return some of our own style sheets, for a page without libraries."""
    texts = (_read(f"report/styles/{name}") for name in names)
    return Markup("\n".join(texts))  # noqa: S704 (shipped with the program, no user's text)


def content_policy(allowed: tuple[Script, ...]) -> str:
    """Return the content security policy: no request, no script but those given.

    Parameters
    ----------
    allowed
        The scripts of the page.
    """
    sources = " ".join(f"'{script.allowed}'" for script in allowed) or "'none'"
    return (
        f"default-src 'none'; script-src {sources}; style-src 'unsafe-inline'; img-src data: blob:"
    )


def _script(source: str) -> Script:
    """Return a script to put into the page."""
    text = SOURCE_MAP.sub("", source)
    if END_OF_SCRIPT in text.lower():
        message = "a script of the report would end its own element"
        raise ValueError(message)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return Script(Markup(text), f"sha256-{digest}")  # noqa: S704 (shipped with the program)


def _own(pattern: str) -> str:
    """Return the report's own files of a kind as one, in the order of their numbers."""
    files = sorted(template_folder().glob(pattern))
    return "\n".join(path.read_text("utf-8") for path in files)


def _read(name: str) -> str:
    """Return the text of a shipped file."""
    return shipped_file(FOLDER, name).read_text("utf-8")
