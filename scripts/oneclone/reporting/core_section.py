"""Show how large the core is at each level, and which isolates cost it most."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from oneclone.core_size import CurvePoint, LeftOut
from oneclone.reporting.content import ShownRow, ShownTable, thousands
from oneclone.tables.core_size_files import CoreSummary

MAX_LISTED = 10
WIDTH_PX, HEIGHT_PX = 285, 190
LINE_COLOUR, LEVEL_COLOUR = "#0072b2", "#d55e00"  # Okabe and Ito, as the roles


def core_chart(curve: Sequence[CurvePoint], min_isolates: int) -> alt.LayerChart:
    """Return the curve of core size against the number of isolates that must have called a site.

    Parameters
    ----------
    curve
        Points by rising number of isolates.
    min_isolates
        The level of this run, marked by a dot.
    """
    table = pd.DataFrame(
        [(point.isolates, point.core_percent, point.isolates == min_isolates) for point in curve],
        columns=["isolates", "core_percent", "level"],
    )
    x = alt.X(
        "isolates:Q",
        title="isolates and references that must have called a site",
        axis=alt.Axis(grid=False, tickMinStep=1, tickCount=6, format="d"),
        scale=alt.Scale(domain=[1, max(2, len(curve))], nice=False),
    )
    y = alt.Y(
        "core_percent:Q",
        title="core, % of the unmasked reference",
        axis=alt.Axis(gridColor="#e5e5ea", tickCount=5),
        scale=alt.Scale(domain=[0, 100]),
    )
    base = alt.Chart(table).encode(x=x, y=y)
    at_level = base.transform_filter("datum.level")
    return alt.LayerChart(
        layer=[
            base.mark_line(color=LINE_COLOUR, strokeWidth=2, interpolate="step"),
            at_level.mark_rule(color=LEVEL_COLOUR, strokeDash=[3, 3])
            .encode(x=x, y=y, y2="zero:Q")
            .transform_calculate(zero="0"),
            at_level.mark_point(color=LEVEL_COLOUR, filled=True, size=60, opacity=1),
        ],
        width=WIDTH_PX,
        height=HEIGHT_PX,
        config=alt.Config(
            view=alt.ViewConfig(stroke=None),
            axis=alt.AxisConfig(
                labelFontSize=10, titleFontSize=10, titleFontWeight="normal", domainColor="#888888"
            ),
        ),
    )


def core_sentence(about: CoreSummary) -> str:
    """Return what the core is and what it is for, with its size.

    Examples
    --------
    >>> counts = (20, 20, 20, 20)
    >>> core_sentence(CoreSummary("ref", 40, 95.0, 38, 100, 90, 10, counts, counts))[:76]
    'The core serves the tree of all isolates: it is the 90 bases of the referenc'
    """
    share = 100 * about.core_bp / about.unmasked_bp if about.unmasked_bp else 0.0
    return (
        f"The core serves the tree of all isolates: it is the {thousands(about.core_bp)} bases of "
        f"the reference ({share:.1f} % of the {thousands(about.unmasked_bp)} unmasked ones) that "
        f"at least {about.min_isolates} of {about.taxa} isolates and references have called. "
        "SNP distances never depend on the core: each pair is compared over all bases that both "
        "of its isolates have called, whoever else takes part."
    )


def core_caption(about: CoreSummary) -> str:
    """Return the words below the curve."""
    return (
        "The more isolates must have called a site, the fewer sites are left. The dot is the level "
        f"of this run: {about.min_isolates} of {about.taxa} (at least "
        f"{about.min_isolates_percent:g} %)."
    )


def cost_table(left_out: Sequence[LeftOut], core_bp: int) -> ShownTable:
    """Return the isolates without which the core would be larger, at most ten, largest gain first.

    Parameters
    ----------
    left_out
        The core without each isolate or reference.
    core_bp
        Size of the core of all.
    """
    costly = sorted(
        (each for each in left_out if each.gain_bp > 0), key=lambda e: (-e.gain_bp, e.taxon)
    )
    rows = [
        ShownRow(
            (
                each.taxon,
                thousands(each.gain_bp),
                f"{100 * each.gain_bp / core_bp:.2f}" if core_bp else "",
                thousands(each.missing_core_bp),
                thousands(each.callable_bp),
            )
        )
        for each in costly[:MAX_LISTED]
    ]
    columns = ("Left out", "Gain bp", "% of core", "Core bp it lacks", "Called bp")
    return ShownTable(columns, tuple(rows), frozenset(columns[1:]))


def cost_note(left_out: Sequence[LeftOut]) -> str:
    """Return what the table of costly isolates says, and how many isolates it does not list.

    Examples
    --------
    >>> rows = [LeftOut("a", 90, 5, 95, 5), LeftOut("b", 95, 0, 90, 0)]
    >>> cost_note(rows).split(". ")[-1]
    '1 isolate or reference would give none.'
    """
    costly = sum(each.gain_bp > 0 for each in left_out)
    idle = len(left_out) - costly
    if not costly:
        return (
            f"Leaving out any one of the {len(left_out)} isolates and references would not make "
            "the core larger."
        )
    explained = (
        "Gain: by how many bases the core of all others, at the same level, would be larger if "
        "this isolate or reference was left out."
    )
    said = [explained]
    if costly > MAX_LISTED:
        said.append(f"{costly - MAX_LISTED} more would give a smaller gain.")
    if idle:
        noun = "isolate or reference" if idle == 1 else "isolates and references"
        said.append(f"{idle} {noun} would give none.")
    return " ".join(said)
