"""Render the report: one self-contained HTML file that makes no request."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from oneclone.reporting.assets import content_policy, libraries, scripts, styles
from oneclone.reporting.charts import chart_svg
from oneclone.reporting.look import template_folder

# They turn the direction of all text behind them, numbers too; a name may have them.
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Figure:
    """A picture and what it shows."""

    svg: Markup
    caption: str


def figure(chart: alt.LayerChart, caption: str) -> Figure:
    """Return a chart as a picture of the page."""
    return Figure(Markup(chart_svg(chart)), caption)  # noqa: S704 (the renderer escapes texts)


def render(content: Mapping[str, Any]) -> str:
    """Return the report's HTML.

    Parameters
    ----------
    content
        Variables of the template; every text is escaped.
    """
    allowed = scripts()
    frame = {
        "policy": content_policy(allowed),
        "styles": styles(),
        "scripts": allowed,
        "libraries": libraries(),
    }
    environment = template_environment(template_folder())
    return environment.get_template("page.html.j2").render({**content, **frame})


def template_environment(*folders: Path) -> Environment:
    """Return what renders the templates of some folders: every text is escaped.

    Parameters
    ----------
    folders
        Where templates lie; the first one that has a template gives it.
    """
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        finalize=_straight,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["capitalised"] = _capitalised
    environment.policies["json.dumps_kwargs"] = {
        "ensure_ascii": True,
        "sort_keys": True,
        "separators": (",", ":"),
    }
    return environment


def _capitalised(text: str) -> str:
    """Return a sentence with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def _straight(value: object) -> object:
    r"""Return what stands in the page for a value: a character that turns text turns nothing else.

    Examples
    --------
    >>> str(_straight("\u202eA<b>"))
    '<bdi>\u202e</bdi>A&lt;b&gt;'
    """
    if isinstance(value, str) and not isinstance(value, Markup) and TURNS.search(value):
        return Markup(TURNS.sub(r"<bdi>\g<0></bdi>", str(escape(value))))  # noqa: S704 (escaped)
    return value
