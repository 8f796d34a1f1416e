"""Rule draw_figures: pictures for papers and slides, and their captions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oneclone.model.isolates import Isolate, Role
from oneclone.model.panel import Thresholds
from oneclone.model.settings import ThresholdOverrides
from oneclone.phrases import counted
from oneclone.reporting import captions as words
from oneclone.reporting.annotated_tree import Strip, annotated_tree_svg
from oneclone.reporting.canvas import FONT, Canvas, notes, to_png
from oneclone.reporting.charts import chart_svg
from oneclone.reporting.distance_chart import clone_charts
from oneclone.reporting.heatmap import heatmap_chart
from oneclone.reporting.judged_run import JudgedRun, read_judged_run
from oneclone.reporting.selection import choose_shown, pruned
from oneclone.reporting.spanning_picture import spanning_svg
from oneclone.spanning_tree import minimum_spanning_tree
from oneclone.tables.atomic import write_bytes, write_text
from oneclone.tables.typing_table import read_typing

MARGIN_PX, LEAST_WIDTH_PX = 20.0, 420.0


@dataclass(frozen=True)
class _Drawing:
    """What all pictures are drawn from; `shown` are isolates in the order of the tree."""

    run: JudgedRun
    shown: Sequence[Isolate]

    @property
    def names(self) -> list[str]:
        """Names of what is shown."""
        return [isolate.name for isolate in self.shown]

    @property
    def cut(self) -> Thresholds:
        """The thresholds in force."""
        return self.run.panel.thresholds

    @property
    def extent(self) -> str:
        """How many of how many are shown, and how they were chosen."""
        shown, total = len(self.shown), len(self.run.tips)
        cases = counted(sum(isolate.role is Role.CASE for isolate in self.shown), "case isolate")
        chosen = "" if shown == total else ": cases first, then those nearest to a case"
        return f"{shown} of {total} used isolates and references ({cases}){chosen}"


def draw_figures(
    *,
    isolates: Path,
    panel: Path,
    typing: Path,
    pairs: Path,
    further: Path,
    matrix: Path,
    tree_summary: Path,
    verdict: Path,
    tree: Sequence[Path],
    heatmap: Sequence[Path],
    spanning_tree: Sequence[Path],
    closeness: Sequence[Path],
    captions: Path,
    thresholds: ThresholdOverrides,
) -> None:
    """Write the pictures.

    Parameters
    ----------
    isolates, panel
        The run's plan.
    typing, pairs, further, matrix, tree_summary, verdict
        Results to draw.
    tree, heatmap, spanning_tree, closeness
        Files to write: each picture as SVG and as PNG.
    captions
        File to write: what each picture shows.
    thresholds
        Thresholds of the configuration.
    """
    run = read_judged_run(
        isolates=isolates,
        panel=panel,
        pairs=pairs,
        further=further,
        matrix=matrix,
        tree_summary=tree_summary,
        verdict=verdict,
        thresholds=thresholds,
    )
    drawing = _Drawing(run, choose_shown(run.compared, run.pairs))
    told: list[tuple[str, str]] = []
    for files, (svg, caption) in (
        (tree, _tree(drawing, _strips(drawing, typing))),
        (heatmap, _heatmap(drawing)),
        (spanning_tree, _spanning(drawing)),
        (closeness, _closeness(drawing)),
    ):
        write_text(files[0], svg)
        write_bytes(files[1], to_png(svg))
        told.append((files[0].stem, caption))
    write_text(captions, "\n".join(f"{name}\n{caption}\n" for name, caption in told))


def _strips(drawing: _Drawing, typing: Path) -> tuple[Strip, ...]:
    """Return clinic, clone and panel clone of what is shown."""
    run = drawing.run
    clones = {name: clone["name"] for name, clone in run.clone_of.items()}
    own = {reference.name: reference.clone for reference in run.panel.references}
    panel_clones = {name: row.panel_clone for name, row in read_typing(typing).items()}
    return (
        Strip("Clinic", {isolate.name: isolate.clinic for isolate in drawing.shown}),
        Strip("Clone", clones),
        Strip("Panel clone", own | panel_clones),
    )


def _tree(drawing: _Drawing, strips: Sequence[Strip]) -> tuple[str, str]:
    """Return the picture of the tree and its caption."""
    shown: Mapping[str, Isolate] = {isolate.row_id: isolate for isolate in drawing.shown}
    note = f"{drawing.extent}. Branches by the logarithm of SNPs + 1, labelled with their SNPs."
    svg = annotated_tree_svg(pruned(drawing.run.drawn_tree, list(shown)), shown, strips, note)
    return svg, words.tree_figure(drawing.run.tree, drawing.extent)


def _heatmap(drawing: _Drawing) -> tuple[str, str]:
    """Return the picture of all distances and its caption."""
    chart = chart_svg(heatmap_chart(drawing.names, drawing.run.pairs, drawing.cut), FONT)
    svg = _framed([chart], f"{drawing.extent}. {words.bands(drawing.cut)}.", "SNP distances")
    return svg, words.heatmap_figure(drawing.cut, drawing.extent)


def _spanning(drawing: _Drawing) -> tuple[str, str]:
    """Return the picture of the minimum spanning tree and its caption."""
    edges = minimum_spanning_tree(drawing.names, drawing.run.pairs.values())
    shown = {isolate.name: isolate for isolate in drawing.shown}
    note = f"{drawing.extent}. SNPs after the recombination filter."
    svg = spanning_svg(shown, edges, drawing.cut, note)
    return svg, words.spanning_figure(drawing.names, edges, drawing.cut, drawing.extent)


def _closeness(drawing: _Drawing) -> tuple[str, str]:
    """Return the distances inside and outside of each clone of two patients or more, and words."""
    found = clone_charts(drawing.run)
    if not found:
        nothing = "No clone of two patients or more: no distances to draw."
        return _framed([], nothing, "Closeness"), nothing
    names, charts, captions = zip(*found, strict=True)
    drawn = [chart_svg(chart, FONT) for chart in charts]
    return _framed(drawn, f"{words.bands(drawing.cut)}.", "Closeness", names), "\n".join(captions)


def _framed(charts: Sequence[str], note: str, title: str, headings: Sequence[str] = ()) -> str:
    """Return charts below each other, each with its heading, and small print."""
    canvas, y, width = Canvas(), MARGIN_PX, LEAST_WIDTH_PX
    for number, chart in enumerate(charts):
        if headings:
            canvas.text((MARGIN_PX, y + 10), headings[number], size=12, bold=True)
            y += 20
        across, down = canvas.embed(chart, (MARGIN_PX, y))
        width, y = max(width, across + 2 * MARGIN_PX), y + down + 10
    bottom = notes(canvas, (MARGIN_PX, y + 10), note, width - 2 * MARGIN_PX)
    return canvas.to_svg(width, bottom + 6, title)
