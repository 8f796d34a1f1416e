"""Time, memory and disk of the joint steps against the number of isolates, as a picture."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oneclone.reporting.canvas import PALE_COLOUR, Canvas
from tests.benchmarks.scale_tables import MEASURES, Measure, series, steps_of
from tests.benchmarks.wording import bases as thousands

WIDTH, HEIGHT = 330, 300  # of a panel
LEFT, RIGHT, TOP, BOTTOM = 58, 24, 34, 40
LINE_PX = 16
SHOWN = 7  # lines of a panel: the greatest at the largest size
# Okabe and Ito; dashes tell them apart without colour
STYLES = (
    ("#0072b2", ""),
    ("#d55e00", "8 4"),
    ("#009e73", "2 3"),
    ("#b3005e", "10 3 2 3"),
    ("#7a5c00", "5 2"),
    ("#56b4e9", "12 4"),
    ("#444444", "1 3"),
)

Place = Callable[[float, float], tuple[float, float]]


def draw_scale(sizes: Sequence[Mapping[str, Any]]) -> str:
    """Return the picture as SVG: a panel per measure, both axes logarithmic."""
    canvas = Canvas()
    for number, measure in enumerate(MEASURES):
        _panel(canvas, number * WIDTH, measure, sizes)
    height = HEIGHT + LINE_PX * SHOWN + 10
    return canvas.to_svg(
        WIDTH * len(MEASURES), height, "Time, memory and disk of the joint steps by isolates"
    )


def _panel(canvas: Canvas, left: float, measure: Measure, sizes: Sequence[Any]) -> None:
    """Draw one measure of the steps that take most of it."""
    lines = {step: series(sizes, step, measure.key) for step in steps_of(sizes)}
    ranked = sorted(lines, key=lambda step: (-lines[step][-1][0], -lines[step][-1][1], step))
    shown = {step: lines[step] for step in ranked[:SHOWN]}
    values = [max(value, 0.01) for line in shown.values() for _, value in line]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = (math.log10(sizes[place]["isolates"]) for place in (0, -1))

    def place(isolates: float, value: float) -> tuple[float, float]:
        """Return where a point of the panel is drawn."""
        along = (math.log10(isolates) - first) / max(last - first, 0.1)
        up = (math.log10(max(value, 0.01)) - low) / max(high - low, 1)
        return (
            left + LEFT + (WIDTH - LEFT - RIGHT) * along,
            TOP + (HEIGHT - TOP - BOTTOM) * (1 - up),
        )

    canvas.text((left + LEFT, TOP - 14), measure.title, bold=True)
    for power in range(low, high + 1):
        start, end = place(10**first, 10**power), place(10**last, 10**power)
        canvas.line(start, end, PALE_COLOUR, 0.4)
        words = measure.written(10.0**power)
        canvas.text((start[0] - 6, start[1] + 4), words, size=10, anchor="end")
    for size in sizes:
        x, y = place(size["isolates"], 10**low)
        canvas.line((x, y), (x, y + 4))
        canvas.text((x, y + 16), thousands(size["isolates"]), size=10, anchor="middle")
    for number, (step, line) in enumerate(shown.items()):
        colour, dashes = STYLES[number]
        points = [place(*point) for point in line]
        canvas.path(points, colour, 2, dashes)
        for point in points:
            canvas.dot(point, 2.5, colour)
        y = HEIGHT + LINE_PX * number
        canvas.line((left + LEFT, y - 4), (left + LEFT + 30, y - 4), colour, 2, dashes)
        canvas.text((left + LEFT + 38, y), step, size=10)
