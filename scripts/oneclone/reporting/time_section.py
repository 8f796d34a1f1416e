"""The report's section on time: words first, then a timeline of each clone."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from oneclone.dates import Days, read_days
from oneclone.model.isolates import Isolate
from oneclone.model.timing import CloneTime, DatedPair, Estimate, Months, TimeReport
from oneclone.reporting.page import Figure, figure
from oneclone.wording import counted, megabases

MAX_DRAWN = 30
MAX_LABELS = 5
MONTHS_PER_LABEL = (1, 3, 6, *(12 * years for years in (1, 2, 5, 10, 20, 50, 100, 200, 500, 2000)))
WIDTH_PX, ROW_PX, LABEL_PX = 220, 20, 110
# A reader's browser may set names wider than the renderer measured them.
PADDING_PX = {"left": 24, "right": 8, "top": 5, "bottom": 5}
ANCESTOR_COLOUR, TREE_COLOUR, ISOLATE_COLOUR = "#0072b2", "#009e73", "#d55e00"  # Okabe and Ito
ANCESTOR, TREE_ROOT = "common ancestor", "root of dated tree"
MEANING = (
    "SNPs that time alone adds: rate x bases compared x years between the two dates. Common "
    "ancestor: where the SNPs of the widest dated pair would have begun at that rate. Its interval "
    "takes the worst of the 95 % Poisson limits of the count, of the rate's interval and of the "
    "dates' precision together. It is no date of an infection or of a contamination: a source may "
    "hold lineages that parted long before, and a clone may grow at another rate than the lineages "
    "from which the rate comes."
)


@dataclass(frozen=True)
class CloneWords:
    """One clone in the section; `figure` is there when a common ancestor was dated."""

    title: str
    sentences: tuple[str, ...]
    figure: Figure | None


@dataclass(frozen=True)
class TimeSection:
    """The section: what is always said, the clones, and a note on what the numbers mean."""

    lead: str
    clones: tuple[CloneWords, ...]
    note: str


def time_section(
    report: TimeReport,
    members: Mapping[str, Sequence[str]],
    isolates: Mapping[str, Isolate],
) -> TimeSection:
    """Return the section on time.

    Parameters
    ----------
    report
        What `time.json` holds.
    members
        Members of each clone by its name.
    isolates
        Isolates by name.
    """
    shown = [clone for clone in report.clones if clone.members > 1]
    single = len(report.clones) - len(shown)
    note = [MEANING] if shown else []
    if single:
        note.append(f"{counted(single, 'clone')} of a single isolate: nothing to compare.")
    lead = f"{report.note} {report.caveat[:1].upper()}{report.caveat[1:]}."
    return TimeSection(
        lead,
        tuple(
            CloneWords(
                f"{clone.name}: {clone.dated} of {clone.members} members dated",
                tuple(_sentences(clone)),
                _figure(clone, [isolates[name] for name in members[clone.name]]),
            )
            for clone in shown
        ),
        " ".join(note),
    )


def timeline_chart(clone: CloneTime, dated: Sequence[Isolate]) -> alt.LayerChart:
    """Return collection dates as dots or bars (by their precision) below the ancestor's interval.

    Parameters
    ----------
    clone
        A clone with a dated common ancestor.
    dated
        Members with a collection date, in the order to show.
    """
    spans, marks = _timeline_rows(clone, dated)
    rows = list(dict.fromkeys(span[0] for span in spans))
    y = alt.Y("row:N", sort=rows, title=None, axis=alt.Axis(labelLimit=LABEL_PX, ticks=False))
    first, last = min(span[1] for span in spans), max(span[2] for span in spans)
    x = alt.X(
        "first:Q",
        title=None,
        scale=alt.Scale(domain=[first, last + 1], nice=False),
        axis=_date_axis(first, last),
    )
    kinds = alt.Scale(
        domain=[ANCESTOR, TREE_ROOT, "isolate"],
        range=[ANCESTOR_COLOUR, TREE_COLOUR, ISOLATE_COLOUR],
    )
    colour = alt.Color("kind:N", legend=None, scale=kinds)
    table = pd.DataFrame(spans, columns=["row", "first", "last", "kind"])
    points = pd.DataFrame(marks, columns=["row", "first", "kind"])
    bar = alt.Chart(table).mark_bar(height=5, opacity=0.5, cornerRadius=2)
    dot = alt.Chart(points).mark_point(filled=True, size=50, opacity=1)
    return alt.LayerChart(
        layer=[
            bar.encode(x=x, x2="last:Q", y=y, color=colour),
            dot.encode(x=x, y=y, color=colour),
        ],
        width=WIDTH_PX,
        height=alt.Step(ROW_PX),
        padding=PADDING_PX,
        config=alt.Config(
            view=alt.ViewConfig(stroke=None),
            axis=alt.AxisConfig(labelFontSize=11, domainColor="#888888"),
        ),
    )


def _timeline_rows(
    clone: CloneTime, dated: Sequence[Isolate]
) -> tuple[list[tuple[str, int, int, str]], list[tuple[str, int, str]]]:
    """Return the bars (row, first and last day, kind) and dots (row, day, kind) of a timeline."""
    spans: list[tuple[str, int, int, str]] = []
    marks: list[tuple[str, int, str]] = []
    bars = [(ANCESTOR, clone.mrca.date)] if clone.mrca else []
    bars += [(TREE_ROOT, clone.time_tree.date)] if clone.time_tree else []
    for name, date in bars:
        spans.append((name, _days(date.low).first, _days(date.high).last, name))
        marks.append((name, int(_days(date.value).middle), name))
    for isolate in dated:
        days = _days(isolate.collection_date)
        # A blank keeps an isolate of the same name as a bar apart from it.
        spans.append((f"{isolate.name} ", days.first, days.last, "isolate"))
        marks.append((f"{isolate.name} ", int(days.middle), "isolate"))
    return spans, marks


def _figure(clone: CloneTime, members: Sequence[Isolate]) -> Figure | None:
    """Return the timeline of a clone; of many isolates the first and the last ones."""
    if clone.mrca is None:
        return None
    dated = sorted(
        (isolate for isolate in members if isolate.collection_date),
        key=lambda isolate: (_days(isolate.collection_date).middle, isolate.name),
    )
    half = MAX_DRAWN // 2
    drawn = dated if len(dated) <= MAX_DRAWN else [*dated[:half], *dated[-half:]]
    left_out = len(dated) - len(drawn)
    kept = f" {left_out} of {len(dated)} between the first and the last are left out." * bool(
        left_out
    )
    caption = (
        "Collection dates (a bar where only month or year is known) and the interval of the common "
        f"ancestor of the widest dated pair, its estimate as a dot.{kept} Source diversity "
        "unknown; rates from other lineages."
    )
    return figure(timeline_chart(clone, drawn), caption)


def _sentences(clone: CloneTime) -> list[str]:
    """Return everything about the age of one clone in words."""
    found: list[str] = []
    if floor := clone.floor:
        pair = floor.pair
        found.append(
            f"{_dated(pair)} were collected {_years(floor.years.value)} apart. Over "
            f"{megabases(pair.compared_bp)} compared, time alone is expected to add "
            f"{_interval(floor.snps)} SNPs; counted: {pair.snps}."
        )
    if mrca := clone.mrca:
        pair = mrca.pair
        found.append(
            f"The most recent common ancestor of {pair.isolate_a} and {pair.isolate_b} "
            f"({counted(pair.snps, 'SNP')} over {megabases(pair.compared_bp)}, the most of any two "
            f"dated members) is put at {_months(mrca.date)}: {_interval(mrca.years_before)} years "
            "before the earlier of them."
        )
        if "value" in mrca.clipped:
            found.append(
                "They differ by no more SNPs than time alone adds at this rate, so the date given "
                "is that of the earlier isolate: none can be later."
            )
    found += [_tree_sentence(clone), *clone.missing]
    rate = clone.rate
    found.append(
        f"Rate: {rate.per_site_per_year:.3g} ({rate.low:.3g} to {rate.high:.3g}) substitutions per "
        f"site and year ({rate.citation})."
    )
    return found


def _tree_sentence(clone: CloneTime) -> str:
    """Return the dated tree, or why there is none."""
    tree, signal = clone.time_tree, clone.signal
    if tree is None or signal is None:
        return clone.refusal
    rooted = "the background" if signal.root == "background" else "its midpoint"
    said = (
        f"{tree.engine} puts the root of the tree of the {signal.tips} dated members, rooted by "
        f"{rooted}, at {_months(tree.date)}: {_interval(tree.years_before)} years before the first "
        f"isolate, at {tree.rate.value:.3g} ({tree.rate.low:.3g} to {tree.rate.high:.3g}) "
        f"substitutions per site and year of its own (SNPs on date: r2 {signal.r2:.2f}, p "
        f"{signal.p:.3f} by {signal.permutations} permutations, {signal.span_years:.1f} years)."
    )
    late = (
        " Its interval would reach past the first isolate and ends there." if tree.clipped else ""
    )
    return f"{said}{late}"


def _dated(pair: DatedPair) -> str:
    """Return both isolates with their dates."""
    return f"{pair.isolate_a} ({pair.date_a}) and {pair.isolate_b} ({pair.date_b})"


def _interval(estimate: Estimate) -> str:
    """Return an estimate with its interval.

    Examples
    --------
    >>> _interval(Estimate(0.231, 0.0, 12.3))
    '0.23 (0 to 12)'
    """
    return f"{_short(estimate.value)} ({_short(estimate.low)} to {_short(estimate.high)})"


def _short(number: float) -> str:
    """Return a number with two digits, more in front of the point when it has them.

    Examples
    --------
    >>> [_short(number) for number in (0.00823, 1.56, 277.6)]
    ['0.0082', '1.6', '278']
    """
    return f"{number:.0f}" if number >= 10 else f"{number:.2g}"


def _years(number: float) -> str:
    """Return a number of years.

    Examples
    --------
    >>> _years(0.5), _years(1.02)
    ('0.5 years', '1 year')
    """
    short = _short(number)
    return f"{short} year" if short == "1" else f"{short} years"


def _months(months: Months) -> str:
    """Return a date with its interval."""
    return f"{months.value} ({months.low} to {months.high})"


def _days(text: str) -> Days:
    """Return the days of a date; a time before the calendar is drawn as its first day."""
    days = read_days(text) if text[:1].isdigit() else None
    return days or Days(1, 1)


def _date_axis(first: int, last: int) -> alt.Axis:
    """Return an axis of days with at most five labels, years or months.

    A temporal axis would depend on the time zone of the machine.
    """
    start = datetime.date.fromordinal(first)
    begin = 12 * start.year + start.month - 1
    end = datetime.date.fromordinal(last)
    months = 12 * end.year + end.month - 1 - begin
    step = next(each for each in MONTHS_PER_LABEL if months < MAX_LABELS * each)
    labels: dict[int, str] = {}
    for month in range(-(-begin // step) * step, begin + months + 1, step):
        year, number = divmod(month, 12)
        if year >= 1:
            day = datetime.date(year, number + 1, 1).toordinal()
            labels[day] = f"{year}" if step % 12 == 0 else f"{year}-{number + 1:02}"
    kept = {day: label for day, label in labels.items() if day >= first}
    return alt.Axis(
        values=list(kept), labelExpr=f"{json.dumps(kept)}[datum.value]", gridColor="#e5e5ea"
    )
