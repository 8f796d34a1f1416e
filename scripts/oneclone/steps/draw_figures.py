"""Rule draw_figures: pictures for papers and slides, and their captions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oneclone.model.isolates import Isolate, Role, State
from oneclone.model.pairs import Pair
from oneclone.model.panel import Panel, Thresholds, with_thresholds
from oneclone.model.settings import ThresholdOverrides
from oneclone.phrases import counted
from oneclone.reporting.annotated_tree import Strip, annotated_tree_svg
from oneclone.reporting.canvas import Canvas, chart_svg, notes, to_png
from oneclone.reporting.distance_chart import clone_strips, distance_caption, distance_chart
from oneclone.reporting.drawn_tree import DrawnTree, tip_order
from oneclone.reporting.heatmap import heatmap_chart
from oneclone.reporting.selection import choose_shown, pruned
from oneclone.reporting.spanning_picture import spanning_svg
from oneclone.spanning_tree import minimum_spanning_tree
from oneclone.tables.atomic import replacing, write_text
from oneclone.tables.delimited import read_table
from oneclone.tables.json_files import read_json
from oneclone.tables.pair_table import read_pairs
from oneclone.tables.run_plan import read_isolates, read_plan_panel
from oneclone.tables.tree_files import TreeSummary, read_tree_summary
from oneclone.tables.typing_table import read_typing

MARGIN_PX, LEAST_WIDTH_PX = 20.0, 420.0


@dataclass(frozen=True)
class _Drawing:
    """What all pictures are drawn from; `shown` are isolates in the order of the tree."""

    shown: Sequence[Isolate]
    known: Mapping[str, Isolate]
    pairs: Mapping[tuple[str, str], Pair]
    panel: Panel
    summary: TreeSummary

    @property
    def names(self) -> list[str]:
        """Names of what is shown."""
        return [isolate.name for isolate in self.shown]

    @property
    def extent(self) -> str:
        """How many of how many are shown, and how they were chosen."""
        shown, total = len(self.shown), self.summary.taxa
        cases = counted(sum(isolate.role is Role.CASE for isolate in self.shown), "case isolate")
        chosen = "" if shown == total else ": cases first, then those nearest to a case"
        return f"{shown} of {total} used isolates and references ({cases}){chosen}"


def draw_figures(
    *,
    isolates: Path,
    panel: Path,
    ledger: Path,
    typing: Path,
    pairs: Path,
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
    ledger, typing, pairs, tree_summary, verdict
        Results to draw.
    tree, heatmap, spanning_tree, closeness
        Files to write: each picture as SVG and as PNG.
    captions
        File to write: what each picture shows.
    thresholds
        Thresholds of the configuration.
    """
    known = read_isolates(isolates)
    measured = read_pairs(pairs)
    summary = read_tree_summary(tree_summary)
    whole = DrawnTree(summary.newick, summary.core_bp, summary.support_kind)
    by_row = {isolate.row_id: isolate for isolate in known.values()}
    shown = choose_shown([by_row[row] for row in tip_order(whole)], measured)
    cohort = with_thresholds(read_plan_panel(panel), thresholds)
    drawing = _Drawing(shown, known, measured, cohort, summary)
    judged = read_json(verdict)
    strips = _strips(drawing, typing, judged)
    near, about_near = _closeness(drawing, judged, _background(ledger, judged))
    told: list[tuple[str, str]] = []
    for files, svg, caption in (
        (tree, _tree(drawing, strips), _tree_caption(drawing)),
        (heatmap, _heatmap(drawing), _heatmap_caption(drawing)),
        (spanning_tree, _spanning(drawing), _spanning_caption(drawing)),
        (closeness, near, about_near),
    ):
        write_text(files[0], svg)
        with replacing(files[1]) as temporary:
            temporary.write_bytes(to_png(svg))
        told.append((files[0].stem, caption))
    write_text(captions, "\n".join(f"{name}\n{caption}\n" for name, caption in told))


def _strips(drawing: _Drawing, typing: Path, judged: Mapping[str, Any]) -> tuple[Strip, ...]:
    """Return clinic, clone and panel clone of what is shown."""
    clones = {name: clone["name"] for clone in judged["clones"] for name in clone["members"]}
    clinics = {name: drawing.known[name].clinic for name in drawing.names}
    own = {reference.name: reference.clone for reference in drawing.panel.references}
    panel_clones = {name: row.panel_clone for name, row in read_typing(typing).items()}
    return (
        Strip("Clinic", clinics),
        Strip("Clone", clones),
        Strip("Panel clone", own | panel_clones),
    )


def _tree(drawing: _Drawing, strips: Sequence[Strip]) -> str:
    """Return the picture of the tree."""
    summary = drawing.summary
    whole = DrawnTree(summary.newick, summary.core_bp, summary.support_kind)
    shown = {isolate.row_id: isolate for isolate in drawing.shown}
    note = f"{drawing.extent}. Branches by the logarithm of SNPs + 1, labelled with their SNPs."
    return annotated_tree_svg(pruned(whole, list(shown)), shown, strips, note)


def _tree_caption(drawing: _Drawing) -> str:
    """Return what the tree shows."""
    summary = drawing.summary
    return (
        f"Tree of {drawing.extent}, from {summary.variable_sites} variable of {summary.core_bp} "
        f"core sites ({summary.engine}, {summary.model}; root: {summary.rooting}; support: "
        f"{summary.support_kind}). Branches are drawn to the logarithm of SNPs + 1 and labelled "
        "with their SNPs; a full dot marks a supported branch, a hollow one an unsupported "
        "branch. Beside the tips: role, clinic, clone of this run, clone of the panel."
    )


def _bands(cut: Thresholds) -> str:
    """Return the thresholds in words."""
    return (
        f"Linked up to {cut.linked}, possible up to {cut.possible}, not linked above "
        f"{cut.unlinked} SNPs"
    )


def _heatmap(drawing: _Drawing) -> str:
    """Return the picture of all distances."""
    cut = drawing.panel.thresholds
    chart = chart_svg(heatmap_chart(drawing.names, drawing.pairs, cut))
    return _framed([chart], f"{drawing.extent}. {_bands(cut)}.", "SNP distances")


def _heatmap_caption(drawing: _Drawing) -> str:
    """Return what the heatmap shows."""
    cut = drawing.panel.thresholds
    return (
        f"SNP distances after the recombination filter of {drawing.extent}, in the order of the "
        f"tree; numbers up to 999. {_bands(cut)} ({cut.citation}). ? = too few bases could be "
        "compared."
    )


def _spanning(drawing: _Drawing) -> str:
    """Return the picture of the minimum spanning tree."""
    edges = minimum_spanning_tree(drawing.names, drawing.pairs.values())
    shown = {isolate.name: isolate for isolate in drawing.shown}
    note = f"{drawing.extent}. SNPs after the recombination filter."
    return spanning_svg(shown, edges, drawing.panel.thresholds, note)


def _spanning_caption(drawing: _Drawing) -> str:
    """Return what the minimum spanning tree shows."""
    names, cut = drawing.names, drawing.panel.thresholds
    edges = minimum_spanning_tree(names, drawing.pairs.values())
    tied = sum(edge.tied for edge in edges)
    parts = len(names) - len(edges)
    apart = "" if parts == 1 else f" {parts} parts between which no pair could be compared."
    return (
        f"Minimum spanning tree of the SNP distances after the recombination filter of "
        f"{drawing.extent}. Every edge bears the distance of its two isolates; {tied} of "
        f"{len(edges)} are dashed: another tree as short in all does without them. "
        f"{_bands(cut)} ({cut.citation}).{apart} It shows who is near to whom, not who infected "
        "whom."
    )


def _background(ledger: Path, judged: Mapping[str, Any]) -> list[str]:
    """Return background isolates and references that count."""
    set_aside = {row["isolate"] for row in judged["set_aside"]}
    return [
        row["isolate"]
        for row in read_table(ledger, ()).rows
        if row["state"] == State.USED
        and row["role"] in {Role.CONTEXT, Role.REFERENCE}
        and row["isolate"] not in set_aside
    ]


def _closeness(
    drawing: _Drawing, judged: Mapping[str, Any], background: Sequence[str]
) -> tuple[str, str]:
    """Return the distances inside and outside of each clone of two patients or more, and words."""
    cut = drawing.panel.thresholds
    charts: list[str] = []
    captions: list[str] = []
    for clone in judged["clones"]:
        if clone["verdict"] != "one_patient":
            strips = clone_strips(clone["members"], background, drawing.known, drawing.pairs)
            charts.append(chart_svg(distance_chart(strips, cut)))
            captions.append(distance_caption(clone["name"], strips, cut))
    if not charts:
        nothing = "No clone of two patients or more: no distances to draw."
        return _framed([], nothing, "Closeness"), nothing
    names = [clone["name"] for clone in judged["clones"] if clone["verdict"] != "one_patient"]
    return _framed(charts, f"{_bands(cut)}.", "Closeness", names), "\n".join(captions)


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
