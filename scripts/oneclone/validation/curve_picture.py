"""The threshold curve as a picture: sensitivity and specificity of "linked at t" for every t."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oneclone.reporting.canvas import PALE_COLOUR, Canvas

WIDTH, HEIGHT = 640, 330
LEFT, RIGHT, TOP, BOTTOM = 62, 20, 46, 46
# Okabe and Ito; dashes tell them apart without colour
LINES = (
    ("compared", "sensitivity", "Sensitivity, bases compared", "#0072b2", "", 2.5),
    ("compared", "specificity", "Specificity, bases compared", "#d55e00", "8 4", 2.5),
    ("shared", "sensitivity", "Sensitivity, whole genome", "#009e73", "2 3", 1.6),
    ("shared", "specificity", "Specificity, whole genome", "#b3005e", "10 3 2 3", 1.6),
)
TICKS = 5

Place = Callable[[float, float], tuple[float, float]]


def draw_curve(levels: Sequence[Mapping[str, Any]], marks: Sequence[int]) -> str:
    """Return the curve as SVG.

    Parameters
    ----------
    levels
        Records of every t: `snps`, and for each truth part and whole of both shares.
    marks
        Thresholds to mark.
    """
    canvas = Canvas()
    values = {line: [_percent(each[line[0]][line[1]]) for each in levels] for line in LINES}
    low = axis_start([value for line in values.values() for value in line if value is not None])
    most = levels[-1]["snps"]

    def place(snps: float, percent: float) -> tuple[float, float]:
        """Return where a point of the curve is drawn."""
        x = LEFT + (WIDTH - LEFT - RIGHT) * snps / most
        return x, TOP + (HEIGHT - TOP - BOTTOM) * (100 - percent) / (100 - low)

    _axes(canvas, place, low, most)
    for snps in marks:
        canvas.line(place(snps, low), place(snps, 100), PALE_COLOUR, 1, "4 3")
        canvas.text((place(snps, 100)[0], TOP - 6), f"t = {snps}", size=10, anchor="middle")
    for line, shown in values.items():
        points = [
            place(each["snps"], value)
            for each, value in zip(levels, shown, strict=True)
            if value is not None
        ]
        canvas.path(points, line[3], line[5], line[4])
    _legend(canvas)
    return canvas.to_svg(WIDTH, HEIGHT + 38, "Sensitivity and specificity by threshold")


def axis_start(percents: Sequence[float]) -> float:
    """Return where the axis of percentages starts: a whole per cent below the least, at most 99.

    Examples
    --------
    >>> axis_start([100, 99.8]), axis_start([100, 97.3]), axis_start([0])
    (99, 97, 0)
    """
    return max(0, min(99, math.floor(min(percents, default=100))))


def _percent(share: Sequence[int]) -> float | None:
    """Return part of whole in per cent, `None` of nothing."""
    part, whole = share
    return 100 * part / whole if whole else None


def _axes(canvas: Canvas, place: Place, low: float, most: int) -> None:
    """Draw the axes with their numbers."""
    canvas.line(place(0, low), place(most, low))
    canvas.line(place(0, low), place(0, 100))
    for step in range(TICKS + 1):
        percent = low + (100 - low) * step / TICKS
        x, y = place(0, percent)
        canvas.line((x - 4, y), (x, y))
        canvas.text((x - 8, y + 4), f"{percent:g} %", size=10, anchor="end")
    for snps in range(0, most + 1, 10):
        x, y = place(snps, low)
        canvas.line((x, y), (x, y + 4))
        canvas.text((x, y + 16), str(snps), size=10, anchor="middle")
    words = "t: SNPs up to which a pair is called linked"
    canvas.text((place(most / 2, low)[0], HEIGHT - 12), words, anchor="middle")


def _legend(canvas: Canvas) -> None:
    """Write which line is which, below the picture."""
    for number, (_, _, words, colour, dashes, width) in enumerate(LINES):
        x, y = LEFT + 290 * (number % 2), HEIGHT + 12 + 16 * (number // 2)
        canvas.line((x, y - 4), (x + 34, y - 4), colour, width, dashes)
        canvas.text((x + 42, y), words, size=11)
