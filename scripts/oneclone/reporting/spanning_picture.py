"""Draw the minimum spanning tree of SNP distances, every edge with its true SNPs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oneclone.model.isolates import Isolate, Role
from oneclone.model.panel import Thresholds
from oneclone.phrases import counted
from oneclone.reporting.canvas import (
    PALE_COLOUR,
    Canvas,
    fitted,
    notes,
    role_legend,
    text_width,
)
from oneclone.reporting.graph_layout import Box, Point, free_boxes, place_nodes
from oneclone.reporting.palette import ROLE_COLOURS
from oneclone.spanning_tree import SpanningEdge

NAME_PX, SNPS_PX = 11, 10
LABEL_PX = 190  # longer names are cut
NODE_PX = 6.0
MARGIN_PX, LEGEND_PX = 20.0, 190.0
GROWTH, TRIALS = 1.12, 14
EDGE_COLOUR, FAR_COLOUR = "#222222", "#9a9aa2"
RANK = {Role.CASE: 0, Role.SOURCE: 1, Role.CONTEXT: 2, Role.REFERENCE: 3}
ALONG = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73)


@dataclass(frozen=True)
class _Labelled:
    """Nodes, and the boxes of labels: of names by isolate, of SNPs by edge; `None` = no room."""

    places: Mapping[str, Point]
    names: Mapping[str, Box | None]
    snps: Mapping[SpanningEdge, Box | None]

    @property
    def missing(self) -> int:
        """How many labels found no room."""
        return [*self.names.values(), *self.snps.values()].count(None)


def spanning_svg(
    isolates: Mapping[str, Isolate],
    edges: Sequence[SpanningEdge],
    thresholds: Thresholds,
    note: str,
) -> str:
    """Return the picture of a minimum spanning tree.

    Parameters
    ----------
    isolates
        What is shown, by name.
    edges
        Its minimum spanning tree.
    thresholds
        They decide how edges look.
    note
        Small print.
    """
    ranked = sorted(isolates.values(), key=lambda isolate: (RANK[isolate.role], isolate.name))
    drawn = _labelled(ranked, edges)
    canvas = Canvas()
    left, top, right, bottom = _bounds(drawn)
    shifted = _moved(drawn, MARGIN_PX - left, MARGIN_PX - top)
    width, height = right - left + 2 * MARGIN_PX, bottom - top + 2 * MARGIN_PX
    for edge in reversed(edges):  # short ones above long ones
        _draw_edge(canvas, edge, shifted, thresholds)
    for edge, box in shifted.snps.items():
        if box is not None:
            _clear(canvas, box)
            middle = ((box[0] + box[2]) / 2, box[3] - 2.5)
            canvas.text(middle, str(edge.snps), size=SNPS_PX, anchor="middle")
    for isolate in ranked:
        if (box := shifted.names[isolate.name]) is not None:
            _draw_name(canvas, isolate, box)
        canvas.mark(shifted.places[isolate.name], isolate.role, NODE_PX)
    end = _legends(canvas, (width + 10, 2 * MARGIN_PX), ranked, thresholds)
    height = max(height, end)
    unplaced = f" No room for {counted(drawn.missing, 'label')}." if drawn.missing else ""
    width += LEGEND_PX
    end = notes(canvas, (MARGIN_PX, height + 10), note + unplaced, width - 2 * MARGIN_PX)
    return canvas.to_svg(width, end + 6, "Minimum spanning tree of SNP distances")


def _labelled(isolates: Sequence[Isolate], edges: Sequence[SpanningEdge]) -> _Labelled:
    """Return nodes and labels, drawn as large as it takes to find room for all labels."""
    close = place_nodes([isolate.name for isolate in isolates], edges)
    found: list[_Labelled] = []
    for trial in range(TRIALS):
        scale = GROWTH**trial
        places = {name: (x * scale, y * scale) for name, (x, y) in close.items()}
        found.append(_with_labels(isolates, edges, places))
        if not found[-1].missing:
            break
    return min(found, key=lambda each: each.missing)


def _with_labels(
    isolates: Sequence[Isolate], edges: Sequence[SpanningEdge], places: Mapping[str, Point]
) -> _Labelled:
    """Return what finds room with the nodes at their places."""
    nodes = [(x - NODE_PX, y - NODE_PX, x + NODE_PX, y + NODE_PX) for x, y in places.values()]
    lines = [(places[edge.first], places[edge.second]) for edge in edges]
    snps = free_boxes([_snps_boxes(edge, places) for edge in edges], nodes, [])
    full = [*nodes, *(box for box in snps if box is not None)]
    names = free_boxes([_name_boxes(each, places[each.name]) for each in isolates], full, lines)
    return _Labelled(
        places,
        dict(zip((isolate.name for isolate in isolates), names, strict=True)),
        dict(zip(edges, snps, strict=True)),
    )


def _snps_boxes(edge: SpanningEdge, places: Mapping[str, Point]) -> list[Box]:
    """Return where the SNPs of an edge may stand: on it, the middle first."""
    (x1, y1), (x2, y2) = places[edge.first], places[edge.second]
    half = text_width(str(edge.snps), SNPS_PX) / 2 + 1
    middles = [(x1 + (x2 - x1) * part, y1 + (y2 - y1) * part) for part in ALONG]
    return [(x - half, y - 6, x + half, y + 6) for x, y in middles]


def _name_boxes(isolate: Isolate, place: Point) -> list[Box]:
    """Return where a name may stand: right, left, below, above, and between these."""
    x, y = place
    width = text_width(_shown(isolate), NAME_PX) * (1.08 if isolate.role is Role.CASE else 1)
    gap, high = NODE_PX + 2, 7.0
    corners = [
        (x + gap, y - high),
        (x - gap - width, y - high),
        (x - width / 2, y + gap),
        (x - width / 2, y - gap - 2 * high),
        (x + gap - 3, y + gap - 5),
        (x + gap - 3, y - gap - 2 * high + 5),
        (x - gap + 3 - width, y + gap - 5),
        (x - gap + 3 - width, y - gap - 2 * high + 5),
    ]
    return [(left, top, left + width, top + 2 * high) for left, top in corners]


def _shown(isolate: Isolate) -> str:
    """Return a name as long as there is room for."""
    return fitted(isolate.name, NAME_PX, LABEL_PX)


def _bounds(drawn: _Labelled) -> Box:
    """Return the box of all nodes and labels."""
    boxes = [box for box in [*drawn.names.values(), *drawn.snps.values()] if box is not None]
    boxes += [
        (x - NODE_PX, y - NODE_PX, x + NODE_PX, y + NODE_PX) for x, y in drawn.places.values()
    ]
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _moved(drawn: _Labelled, x: float, y: float) -> _Labelled:
    """Return the same drawing elsewhere."""

    def moved(box: Box | None) -> Box | None:
        """Return a box elsewhere."""
        return box and (box[0] + x, box[1] + y, box[2] + x, box[3] + y)

    return _Labelled(
        {name: (place[0] + x, place[1] + y) for name, place in drawn.places.items()},
        {name: moved(box) for name, box in drawn.names.items()},
        {edge: moved(box) for edge, box in drawn.snps.items()},
    )


def _edge_style(snps: int, cut: Thresholds) -> tuple[str, float]:
    """Return colour and width of an edge."""
    if snps <= cut.linked:
        return EDGE_COLOUR, 3.0
    return (EDGE_COLOUR, 1.4) if snps <= cut.unlinked else (FAR_COLOUR, 1.0)


def _draw_edge(canvas: Canvas, edge: SpanningEdge, drawn: _Labelled, cut: Thresholds) -> None:
    """Draw an edge: the wider the closer, dashed when others would do as well."""
    colour, width = _edge_style(edge.snps, cut)
    ends = drawn.places[edge.first], drawn.places[edge.second]
    canvas.line(*ends, colour, width, "5 3" if edge.tied else "")


def _clear(canvas: Canvas, box: Box) -> None:
    """Take away the lines below a label."""
    canvas.box((box[0], box[1] + 2), (box[2] - box[0], box[3] - box[1] - 4), "#ffffff")


def _draw_name(canvas: Canvas, isolate: Isolate, box: Box) -> None:
    """Write a name into its box."""
    _clear(canvas, box)
    canvas.text(
        (box[0], box[3] - 3.5),
        _shown(isolate),
        size=NAME_PX,
        colour=ROLE_COLOURS[isolate.role],
        bold=isolate.role is Role.CASE,
    )


def _legends(canvas: Canvas, place: Point, isolates: Sequence[Isolate], cut: Thresholds) -> float:
    """Write the legends; return where they end."""
    present = {isolate.role for isolate in isolates}
    x, y = place
    y = role_legend(canvas, place, [role for role in RANK if role in present])
    canvas.text((x, y), "Edge, in SNPs", bold=True)
    rows = [
        (cut.linked, f"linked: up to {cut.linked}"),
        (cut.unlinked, f"{cut.linked + 1} to {cut.unlinked}"),
        (cut.unlinked + 1, f"not linked: over {cut.unlinked}"),
    ]
    for snps, text in rows:
        y += 17
        canvas.line((x, y - 4), (x + 26, y - 4), *_edge_style(snps, cut))
        canvas.text((x + 34, y), text)
    y += 17
    canvas.line((x, y - 4), (x + 26, y - 4), EDGE_COLOUR, 1.4, "5 3")
    canvas.text((x + 34, y), "others as short exist", colour=PALE_COLOUR)
    return y + 20
