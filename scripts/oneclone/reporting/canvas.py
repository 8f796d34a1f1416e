"""A sheet for figures: shapes and texts at their places, as SVG and as PNG.

The font is the one that the renderer brings along, so that a picture does not depend on the
fonts of the machine; only letters that it lacks are taken from elsewhere.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal, cast

import vl_convert
from markupsafe import escape

from oneclone.model.isolates import Role
from oneclone.reporting.charts import printable
from oneclone.reporting.palette import ROLE_COLOURS, ROLE_SHAPES

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
TEXT_COLOUR, PALE_COLOUR = "#222222", "#5c5c66"
MAX_PNG_PX, MAX_PNG_SCALE = 2400, 3.0  # 8 inches at 300 dots per inch
WIDE = {"W", "F", "A"}

Anchor = Literal["start", "middle", "end"]


class Canvas:
    """Shapes in the order in which they are drawn; lengths are pixels, y points down."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        colour: str = TEXT_COLOUR,
        width: float = 1.0,
        dashes: str = "",
    ) -> None:
        """Draw a line; `dashes` are the lengths of strokes and gaps."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._parts.append(
            f'<line x1="{_px(start[0])}" y1="{_px(start[1])}" x2="{_px(end[0])}" '
            f'y2="{_px(end[1])}" stroke="{colour}" stroke-width="{width:g}"{dashed}/>'
        )

    def path(
        self,
        points: Sequence[tuple[float, float]],
        colour: str = TEXT_COLOUR,
        width: float = 1.0,
        dashes: str = "",
    ) -> None:
        """Draw a line through several points; `dashes` run on from one stretch to the next."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        through = " ".join(f"{_px(x)},{_px(y)}" for x, y in points)
        self._parts.append(
            f'<polyline points="{through}" fill="none" stroke="{colour}" '
            f'stroke-width="{width:g}"{dashed}/>'
        )

    def box(self, corner: tuple[float, float], size: tuple[float, float], colour: str) -> None:
        """Draw a filled rectangle."""
        self._parts.append(
            f'<rect x="{_px(corner[0])}" y="{_px(corner[1])}" width="{_px(size[0])}" '
            f'height="{_px(size[1])}" fill="{colour}"/>'
        )

    def dot(self, centre: tuple[float, float], radius: float, colour: str) -> None:
        """Draw a dot with a dark outline."""
        self._parts.append(
            f'<circle cx="{_px(centre[0])}" cy="{_px(centre[1])}" r="{radius:g}" '
            f'fill="{colour}" stroke="{TEXT_COLOUR}"/>'
        )

    def mark(self, centre: tuple[float, float], role: Role, radius: float) -> None:
        """Draw the mark of a role: shape and colour as in the report."""
        x, y = centre
        corners = {
            "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            "diamond": [(0, -1.25), (1.1, 0), (0, 1.25), (-1.1, 0)],
            "triangle-right": [(-0.9, -1.1), (1.2, 0), (-0.9, 1.1)],
        }.get(ROLE_SHAPES[role])
        style = f'fill="{ROLE_COLOURS[role]}" stroke="#ffffff" stroke-width="0.8"'
        if corners is None:
            shape = f'<circle cx="{_px(x)}" cy="{_px(y)}" r="{radius:g}" {style}/>'
        else:
            points = " ".join(f"{_px(x + radius * a)},{_px(y + radius * b)}" for a, b in corners)
            shape = f'<polygon points="{points}" {style}/>'
        self._parts.append(shape)

    def text(  # noqa: PLR0913 (how a text looks)
        self,
        place: tuple[float, float],
        text: str,
        *,
        size: float = 11,
        colour: str = TEXT_COLOUR,
        anchor: Anchor = "start",
        bold: bool = False,
        angle: float = 0,
    ) -> None:
        """Write a text on its base line, turned by an angle around its place."""
        x, y = _px(place[0]), _px(place[1])
        turned = f' transform="rotate({angle:g} {x} {y})"' if angle else ""
        weight = ' font-weight="bold"' if bold else ""
        self._parts.append(
            f'<text x="{x}" y="{y}" font-size="{size:g}" fill="{colour}" '
            f'text-anchor="{anchor}"{weight}{turned}>{escape(printable(text))}</text>'
        )

    def embed(self, svg: str, corner: tuple[float, float]) -> tuple[float, float]:
        """Put another picture here; return its width and height."""
        found = cast(
            "re.Match[str]", re.match(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"', svg)
        )
        placed = svg.replace("<svg ", f'<svg x="{_px(corner[0])}" y="{_px(corner[1])}" ', 1)
        self._parts.append(placed)
        return float(found[1]), float(found[2])

    def to_svg(self, width: float, height: float, title: str) -> str:
        """Return the sheet, on white, with a title for those who cannot see it."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
            f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" font-family="{FONT}">\n'
            f"<title>{escape(printable(title))}</title>\n"
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>\n'
            + "\n".join(self._parts)
            + "\n</svg>\n"
        )


def to_png(svg: str) -> bytes:
    """Return a picture as PNG, up to three times as large as drawn and fit for a page."""
    width, height = (float(each) for each in re.findall(r'(?:width|height)="(\d+)"', svg)[:2])
    return vl_convert.svg_to_png(svg, scale=min(MAX_PNG_SCALE, MAX_PNG_PX / max(width, height)))


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is drawn, rather too wide than too narrow.

    Examples
    --------
    >>> round(text_width("CTX-1", 10)), round(text_width("ctx-1", 10))
    (33, 28)
    """
    ems = (
        1.05 if unicodedata.east_asian_width(each) in WIDE else 0.72 if each.isupper() else 0.56
        for each in text
    )
    return size * sum(ems)


def fitted(text: str, size: float, width: float) -> str:
    """Return a text cut to a width.

    Examples
    --------
    >>> fitted("a rather long name", 10, 60)
    'a rather…'
    """
    if text_width(text, size) <= width:
        return text
    kept = len(text)
    while kept and text_width(text[:kept], size) > width - size:
        kept -= 1
    return f"{text[:kept].rstrip()}…"


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Return a text in lines of at most a width, broken at blanks."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return [fitted(line, size, width) for line in lines]


def legend(
    canvas: Canvas, place: tuple[float, float], title: str, entries: Sequence[tuple[str, str]]
) -> float:
    """Write a legend of coloured boxes; return where the next one can start."""
    x, y = place
    canvas.text((x, y), title, bold=True)
    for colour, text in entries:
        y += 16
        canvas.box((x, y - 10), (12, 12), colour)
        canvas.text((x + 18, y), fitted(text, 11, 170))
    return y + 28


def role_legend(canvas: Canvas, place: tuple[float, float], roles: Sequence[Role]) -> float:
    """Write the legend of the marks of roles; return where the next one can start."""
    x, y = place
    canvas.text((x, y), "Role", bold=True)
    for role in roles:
        y += 16
        canvas.mark((x + 6, y - 4), role, 5)
        canvas.text((x + 18, y), str(role))
    return y + 28


def notes(canvas: Canvas, place: tuple[float, float], text: str, width: float) -> float:
    """Write small print below a picture; return where it ends."""
    x, y = place
    for line in wrapped(text, 10, width):
        canvas.text((x, y), line, size=10, colour=PALE_COLOUR)
        y += 14
    return y


def _px(length: float) -> str:
    """Return a length with at most one decimal, the same on every machine."""
    return f"{round(length, 1) + 0.0:g}" if abs(length) < 1000 else f"{length:.1f}"
