"""Draw the SNP distances of isolates as a heatmap in the order of the tree."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from oneclone.model.pairs import Pair, ordered
from oneclone.model.panel import Thresholds
from oneclone.reporting.palette import NOT_ASSESSABLE, distance_steps, step_of

CELL_PX = 21
GREATEST_SHOWN = 999
NOT_ASSESSABLE_COLOUR = "#ffffff"


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
    rows: list[tuple[str, str, str, str, bool]] = []
    for one in names:
        for two in names:
            if one == two:
                continue
            snps = pairs[ordered(one, two)].snps
            if snps is None:
                rows.append((one, two, NOT_ASSESSABLE, "?", False))
                continue
            step = step_of(snps, steps)
            rows.append(
                (one, two, step.label, str(snps) if snps <= GREATEST_SHOWN else "", step.dark)
            )
    table = pd.DataFrame(rows, columns=["one", "two", "snps", "shown", "dark"])
    x = alt.X("one:N", sort=list(names), title=None, axis=alt.Axis(orient="top", labelAngle=-60))
    base = alt.Chart(table).encode(x=x, y=alt.Y("two:N", sort=list(names), title=None))
    colours = alt.Scale(
        domain=[*(step.label for step in steps), NOT_ASSESSABLE],
        range=[*(step.colour for step in steps), NOT_ASSESSABLE_COLOUR],
    )
    legend = alt.Legend(title="SNPs", orient="bottom", direction="horizontal", columns=4)
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
