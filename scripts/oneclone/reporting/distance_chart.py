"""Draw the SNP distances inside a clone beside those to its background."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import altair as alt
import numpy as np
import pandas as pd

from oneclone.model.isolates import Isolate, Role
from oneclone.model.pairs import Pair, ordered
from oneclone.model.panel import Thresholds
from oneclone.reporting.captions import neighbourhood_words
from oneclone.reporting.judged_run import JudgedRun
from oneclone.reporting.palette import ROLE_COLOURS, ROLE_SHAPES
from oneclone.wording import counted

WIDTH_PX, ROW_PX = 310, 44
PADDING_PX = {"left": 8, "right": 12, "top": 5, "bottom": 5}
EXACT_SNPS = 50  # up to here every distance has a dot of its own
DOTS_PER_DECADE = 8  # beyond, distances this near each other share one
LEAST_AXIS_SNPS = 1000
TICKS = (0, 1, 3, 10, 30, 100, 1000, 10_000, 100_000)
TICK_LABELS = "datum.value < 1000 ? '' + datum.value : datum.value / 1000 + 'k'"
DOT_AREAS = [55, 230]
TITLE_ABOVE, LINE_HALF, TOP = 0.4, 0.24, -1.25  # in rows
BACKGROUND, REFERENCES = "Background, all subspecies", "References"
NEAREST_TITLES = {BACKGROUND: "Background, the nearest", REFERENCES: "References, the nearest"}
LABEL_COLOUR, TITLE_COLOUR = "#5c5c66", "#333333"
WITHIN_COLOUR = "#cc79a7"  # Okabe and Ito, as the roles


@dataclass(frozen=True)
class Strip:
    """One row of the picture: its distances in rising order, and how many could not be had."""

    title: str
    snps: tuple[int, ...]
    not_comparable: int
    colour: str
    shape: str

    @property
    def total(self) -> int:
        """How many there are, comparable or not."""
        return len(self.snps) + self.not_comparable


def clone_strips(
    members: Sequence[str],
    others: Iterable[str],
    isolates: Mapping[str, Isolate],
    pairs: Mapping[tuple[str, str], Pair],
) -> tuple[Strip, ...]:
    """Return the distances of a clone: between patients, in one patient, to the background.

    Parameters
    ----------
    members
        The clone.
    others
        Background isolates and references; each counts once, by its least distance to a member.
    isolates
        Isolates and references by name.
    pairs
        Pairs by their ordered names; one that is not there cannot be compared.
    """

    def measured(one: str, two: str) -> int | None:
        """Return the SNP distance of two names."""
        pair = pairs.get(ordered(one, two))
        return None if pair is None else pair.snps

    groups: dict[str, list[int | None]] = {"between": [], "within": []}
    for one, two in combinations(members, 2):
        same = isolates[one].patient == isolates[two].patient
        groups["within" if same else "between"].append(measured(one, two))
    nearest: dict[Role, list[int | None]] = {Role.CONTEXT: [], Role.REFERENCE: []}
    for other in others:
        found = [snps for each in members if (snps := measured(each, other)) is not None]
        nearest[isolates[other].role].append(min(found, default=None))
    case, context, reference = Role.CASE, Role.CONTEXT, Role.REFERENCE
    return (
        _strip("Pairs of two patients", groups["between"], ROLE_COLOURS[case], case),
        _strip("Pairs of one patient", groups["within"], WITHIN_COLOUR, Role.SOURCE),
        _strip(BACKGROUND, nearest[context], ROLE_COLOURS[context], context),
        _strip(REFERENCES, nearest[reference], ROLE_COLOURS[reference], reference),
    )


def clone_charts(run: JudgedRun) -> list[tuple[str, alt.LayerChart, str]]:
    """Return name, chart and caption of each clone of two patients or more."""
    compared = {isolate.name for isolate in run.compared}
    others = [isolate.name for isolate in run.background if isolate.name in compared]
    titles = {} if run.all_compared else NEAREST_TITLES
    more = neighbourhood_words(len(compared), len(run.tips))
    cut = run.panel.thresholds
    found: list[tuple[str, alt.LayerChart, str]] = []
    for clone in run.shared_clones:
        name = clone["name"]
        whole = clone_strips(clone["members"], others, run.rows, run.pairs)
        strips = [replace(strip, title=titles.get(strip.title, strip.title)) for strip in whole]
        caption = distance_caption(name, strips, cut) + more
        found.append((name, distance_chart(strips, cut), caption))
    return found


def distance_chart(strips: Sequence[Strip], thresholds: Thresholds) -> alt.LayerChart:
    """Return dots on a logarithmic axis, one row per strip, and the thresholds as lines.

    Parameters
    ----------
    strips
        From above to below.
    thresholds
        Lines at `linked`, `possible` and `unlinked`.
    """
    top = max([LEAST_AXIS_SNPS, *(snps for strip in strips for snps in strip.snps)])
    ticks = [tick for tick in TICKS if tick <= top]
    x = alt.X(
        "snps:Q",
        title="SNPs (logarithm of SNPs + 1)",
        scale=alt.Scale(type="symlog", constant=1, domain=[0, 1.1 * top], nice=False),
        axis=alt.Axis(values=ticks, labelExpr=TICK_LABELS, grid=False),
    )
    y = alt.Y(
        "row:Q",
        title=None,
        axis=None,
        scale=alt.Scale(domain=[TOP, len(strips) - 0.5], reverse=True),
    )
    return alt.LayerChart(
        layer=[*_threshold_layers(thresholds, x, y, len(strips)), *_strip_layers(strips, x, y)],
        width=WIDTH_PX,
        height=ROW_PX * (len(strips) - 0.5 - TOP),
        padding=PADDING_PX,
        config=alt.Config(
            view=alt.ViewConfig(stroke=None),
            axis=alt.AxisConfig(
                labelFontSize=11, titleFontSize=11, titleFontWeight="normal", domainColor="#888888"
            ),
        ),
    )


def distance_caption(name: str, strips: Sequence[Strip], thresholds: Thresholds) -> str:
    """Return what the dots of a clone are, with all counts and the limits of what they say."""
    parts = "; ".join(_told(strip) for strip in strips)
    cut = thresholds
    return (
        f"{name}. {parts}. A background isolate and a reference count once, by the least distance "
        "to a member. The larger a dot, the more distances it stands for; beyond "
        f"{EXACT_SNPS} SNPs near ones share a dot. Lines: linked up to {cut.linked}, possible up "
        f"to {cut.possible}, not linked above {cut.unlinked} SNPs ({cut.citation}). A gap shows "
        "how far the supplied background is, not how far the nearest isolate in the world is."
    )


def _strip(title: str, found: Sequence[int | None], colour: str, shaped_as: Role) -> Strip:
    """Return a strip of the distances that could be had."""
    snps = sorted(each for each in found if each is not None)
    return Strip(title, tuple(snps), len(found) - len(snps), colour, ROLE_SHAPES[shaped_as])


def _told(strip: Strip) -> str:
    """Return number and range of a strip.

    Examples
    --------
    >>> _told(Strip("Background isolates", (203, 20000), 1, "#000", "square"))
    'Background isolates: 3 (203 to 20000 SNPs, 1 not comparable)'
    """
    about: list[str] = []
    if strip.snps:
        low, high = strip.snps[0], strip.snps[-1]
        about.append(counted(high, "SNP") if low == high else f"{low} to {high} SNPs")
    if strip.not_comparable:
        about.append(f"{strip.not_comparable} not comparable")
    return _heading(strip) + (f" ({', '.join(about)})" if about else "")


def _heading(strip: Strip) -> str:
    """Return the title of a strip with its number."""
    return f"{strip.title}: {strip.total or 'none'}"


def _dots(snps: Sequence[int]) -> Counter[int]:
    """Return how many distances each dot stands for, by its place in SNPs."""
    dots: Counter[int] = Counter()
    for each in snps:
        if each <= EXACT_SNPS:
            dots[each] += 1
        else:
            step = round(float(np.log10(each + 1)) * DOTS_PER_DECADE)
            dots[round(10 ** (step / DOTS_PER_DECADE)) - 1] += 1
    return dots


def _strip_layers(strips: Sequence[Strip], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the dots and the titles of the strips."""
    rows = [
        (place, row, number, strip.title)
        for row, strip in enumerate(strips)
        for place, number in sorted(_dots(strip.snps).items())
    ]
    table = pd.DataFrame(rows, columns=["snps", "row", "number", "title"])
    titles = pd.DataFrame(
        [(0, row - TITLE_ABOVE, _heading(strip)) for row, strip in enumerate(strips)],
        columns=["snps", "row", "text"],
    )
    names = [strip.title for strip in strips]
    most = max([2, *(int(number) for number in table["number"])])
    dots = (
        alt.Chart(table)
        .mark_point(filled=True, opacity=0.75, stroke="#ffffff", strokeWidth=0.5)
        .encode(
            x=x,
            y=y,
            size=alt.Size(
                "number:Q", legend=None, scale=alt.Scale(domain=[1, most], range=DOT_AREAS)
            ),
            color=alt.Color(
                "title:N",
                legend=None,
                scale=alt.Scale(domain=names, range=[strip.colour for strip in strips]),
            ),
            shape=alt.Shape(
                "title:N",
                legend=None,
                scale=alt.Scale(domain=names, range=[strip.shape for strip in strips]),
            ),
        )
    )
    return [dots, _texts(titles, x, y, align="left", colour=TITLE_COLOUR)]


def _threshold_layers(cut: Thresholds, x: alt.X, y: alt.Y, rows: int) -> list[alt.Chart]:
    """Return the lines of the thresholds, open where titles stand, and their labels."""
    near, far = TOP + 0.12, TOP + 0.42
    places = ((cut.linked, near), (cut.possible, far), (cut.unlinked, near))
    lines = [(snps, top - 0.12, top + 0.12) for snps, top in places]
    lines += [(snps, row - LINE_HALF, row + LINE_HALF) for row in range(rows) for snps, _ in places]
    left = [
        (cut.linked, near, f"linked \u2264 {cut.linked}"),
        (cut.possible, far, f"possible \u2264 {cut.possible}"),
    ]
    right = [(cut.unlinked, near, f"not linked > {cut.unlinked}")]
    columns = ["snps", "row", "text"]
    rule = alt.Chart(pd.DataFrame(lines, columns=["snps", "row", "end"]))
    return [
        rule.mark_rule(color="#8a8a94", strokeDash=[3, 3]).encode(x=x, y=y, y2="end:Q"),
        _texts(pd.DataFrame(left, columns=columns), x, y, align="right", colour=LABEL_COLOUR),
        _texts(pd.DataFrame(right, columns=columns), x, y, align="left", colour=LABEL_COLOUR),
    ]


def _texts(
    table: pd.DataFrame, x: alt.X, y: alt.Y, *, align: Literal["left", "right"], colour: str
) -> alt.Chart:
    """Return texts at their places."""
    shift = {"left": 4, "right": -4}[align] if colour == LABEL_COLOUR else 0
    marks = alt.Chart(table).mark_text(align=align, dx=shift, fontSize=11, color=colour)
    return marks.encode(x=x, y=y, text="text:N")
