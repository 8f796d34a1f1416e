"""Draw the SNP distances of isolates as a heatmap in the order of the tree."""

from collections.abc import Mapping, Sequence
from itertools import permutations

import altair as alt
import pandas as pd

from oneclone.model.pairs import Pair, ordered
from oneclone.model.panel import Thresholds
from oneclone.reporting.palette import NOT_ASSESSABLE, Step, distance_steps, step_of

CELL_PX = 21
GREATEST_SHOWN = 999
NOT_ASSESSABLE_COLOUR = "#ffffff"
# Behind each name, and not shown: Vega looks names up in plain objects of JavaScript, which know
# "constructor" and others before they hold anything. No name ends in a blank.
KEY = " "
SHOW_NAME = f"slice(datum.label, 0, -{len(KEY)})"


def heatmap_chart(
    names: Sequence[str], pairs: Mapping[tuple[str, str], Pair], thresholds: Thresholds
) -> alt.LayerChart:
    """Return the heatmap; numbers are SNPs, shown up to 999.

    Parameters
    ----------
    names
        Isolates and references in the order to show.
    pairs
        Pairs by their ordered names.
    thresholds
        They give the steps of the scale.
    """
    steps = distance_steps(thresholds)
    table = _cells(names, pairs, steps)
    order = [name + KEY for name in names]
    above = alt.Axis(orient="top", labelAngle=-60, labelExpr=SHOW_NAME)
    beside = alt.Axis(labelExpr=SHOW_NAME)
    base = alt.Chart(table).encode(
        x=alt.X("one:N", sort=order, title=None, axis=above),
        y=alt.Y("two:N", sort=order, title=None, axis=beside),
    )
    colours = alt.Scale(
        domain=[*(step.label for step in steps), NOT_ASSESSABLE],
        range=[*(step.colour for step in steps), NOT_ASSESSABLE_COLOUR],
    )
    legend = alt.Legend(
        title="SNPs",
        orient="bottom",
        direction="horizontal",
        columns=4,
        symbolStrokeColor="#999999",
        symbolStrokeWidth=0.5,
    )
    cells = base.mark_rect(stroke="#ffffff", strokeWidth=1).encode(
        color=alt.Color("snps:N", scale=colours, legend=legend)
    )
    numbers = base.mark_text(fontSize=8).encode(
        text="shown:N",
        color=alt.condition("datum.dark", alt.value("#ffffff"), alt.value("#333333")),
    )
    return alt.LayerChart(
        layer=[cells, numbers],
        width=alt.Step(CELL_PX),
        height=alt.Step(CELL_PX),
        config=alt.Config(
            axis=alt.AxisConfig(labelLimit=240, labelFontSize=10, domain=False, ticks=False)
        ),
    )


def _cells(
    names: Sequence[str], pairs: Mapping[tuple[str, str], Pair], steps: tuple[Step, ...]
) -> pd.DataFrame:
    """Return one row per cell off the diagonal: both keys, step, number to show, its lightness."""
    rows: list[tuple[str, str, str, str, bool]] = []
    for first, second in permutations(names, 2):
        snps = pairs[ordered(first, second)].snps
        one, two = first + KEY, second + KEY
        if snps is None:
            rows.append((one, two, NOT_ASSESSABLE, "?", False))
            continue
        step = step_of(snps, steps)
        shown = str(snps) if snps <= GREATEST_SHOWN else ""
        rows.append((one, two, step.label, shown, step.dark))
    return pd.DataFrame(rows, columns=["one", "two", "snps", "shown", "dark"])
