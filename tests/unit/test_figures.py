"""Figures for papers: what is drawn, where, and that names can do no harm."""

import struct
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oneclone.model.isolates import Isolate, Role, row_id
from oneclone.model.panel import Thresholds
from oneclone.reporting.annotated_tree import PALETTES, Strip, annotated_tree_svg
from oneclone.reporting.canvas import Canvas, fitted, text_width, to_png, wrapped
from oneclone.reporting.drawn_tree import DrawnTree
from oneclone.reporting.graph_layout import edge_px, free_boxes, place_nodes
from oneclone.reporting.palette import OTHER_COLOUR
from oneclone.reporting.spanning_picture import spanning_svg
from oneclone.spanning_tree import SpanningEdge, minimum_spanning_tree
from tests.unit.evidence_builder import pair

CUT = Thresholds(10, 30, 38, "a study")
HOSTILE = ["</text><script>", "a\u2028b", "c\uffffd", "&amp;", "{{7*7}}"]


def isolate(name: str, role: Role = Role.CONTEXT) -> Isolate:
    return Isolate(row_id(name), name, role, f"sha-{name}")


def elements(svg: str, kind: str) -> list[ET.Element]:
    return ET.fromstring(svg).findall(f".//{{http://www.w3.org/2000/svg}}{kind}")  # noqa: S314 (ours)


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in elements(svg, "text")]


def star(names: list[str]) -> DrawnTree:
    tips = ",".join(f"{row_id(name)}:0.00001" for name in names)
    return DrawnTree(f"({tips});", 1_000_000, "none")


def drawn_tree(names: list[str], strips: list[Strip], note: str = "") -> str:
    isolates = {row_id(name): isolate(name) for name in names}
    return annotated_tree_svg(star(names), isolates, strips, note)


def drawn_spanning(names: list[str], snps: list[int | None]) -> str:
    distances = zip(combinations(names, 2), snps, strict=True)
    pairs = [pair(one, two, count) for (one, two), count in distances]
    isolates = {name: isolate(name) for name in names}
    return spanning_svg(isolates, minimum_spanning_tree(names, pairs), CUT, "a note")


# --- tree --------------------------------------------------------------------------------------


def test_tree_has_names_strips_support_and_scale():
    names = ["PtA", "PtB", "near", "REF"]
    ids = [row_id(name) for name in names]
    isolates = {row_id(name): isolate(name) for name in names}
    isolates[ids[0]] = isolate("PtA", Role.CASE)
    newick = (
        f"((({ids[0]}:0.000001,{ids[1]}:0.00002)97:0.00005,{ids[2]}:0.0001)60:0.0002,"
        f"{ids[3]}:0.001);"
    )
    strips = [Strip("Clinic", {"PtA": "Clinic 1", "PtB": "Clinic 2"}), Strip("Clone", {"PtA": "c"})]
    svg = annotated_tree_svg(DrawnTree(newick, 1_000_000, "ufboot"), isolates, strips, "4 of 4")
    shown = texts(svg)
    assert [text for text in shown if text in names] == names
    assert {"1", "20", "50", "100", "200", "1000", "UFBoot ≥ 95 %", "4 of 4"} <= set(shown)
    assert {"Clinic", "Clinic 1", "Clinic 2", "Clone", "c"} <= set(shown)
    assert {"1 SNP", "10 SNPs", "100 SNPs", "1000 SNPs"} <= set(shown)
    nodes = [e.get("fill") for e in elements(svg, "circle") if e.get("r") == "2.6"]
    assert sorted(nodes) == ["#222222", "#ffffff"]
    cells = [e.get("fill") for e in elements(svg, "rect") if e.get("height") == "15"]
    assert [cells.count(PALETTES[0][0]), cells.count(PALETTES[0][1])] == [1, 1]


def test_tree_of_one_tip_and_without_support_is_drawn():
    svg = drawn_tree(["a"], [])
    assert "a" in texts(svg)
    assert "Support" not in texts(svg)


def test_strip_with_more_values_than_colours_says_how_many_share_one():
    values = {f"i{number:02}": f"Clinic {number:02}" for number in range(11)}
    values |= {"more-1": "Clinic 10", "more-2": "Clinic 09"}
    colours = Strip("Clinic", values).colours(list(values), PALETTES[0])
    shared = [value for value, colour in colours.items() if colour == OTHER_COLOUR]
    assert shared == ["Clinic 06", "Clinic 07", "Clinic 08"]
    assert "3 others" in texts(drawn_tree(list(values), [Strip("Clinic", values)]))


# --- minimum spanning tree ---------------------------------------------------------------------


def test_spanning_tree_bears_the_distance_of_every_edge():
    shown = texts(drawn_spanning(["a", "b", "c", "d"], [3, 40, 900, 41, 901, 20_000]))
    assert {"a", "b", "c", "d", "3", "40", "900", "a note"} <= set(shown)
    assert not {"41", "901", "20000"} & set(shown)


def test_spanning_tree_edges_look_by_threshold_and_tie():
    svg = drawn_spanning(["a", "b", "c", "d"], [0, 20, 7000, 20, 7000, 7001])
    lines = [(e.get("stroke-width"), e.get("stroke-dasharray")) for e in elements(svg, "line")]
    assert lines[:3] == [("1", "5 3"), ("1.4", "5 3"), ("3", None)]


def test_spanning_tree_of_isolates_that_cannot_be_compared_has_no_edge():
    svg = drawn_spanning(["a", "b", "c"], [None, None, None])
    assert {"a", "b", "c"} <= set(texts(svg))
    assert len(place_nodes(["a", "b", "c"], [])) == 3


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 16), st.randoms(use_true_random=False))
def test_labels_and_nodes_of_a_spanning_tree_never_overlap(size, random):
    names = [f"isolate {number}" for number in range(size)]
    snps = [random.choice([0, 1, 9, 30, 900]) for _ in combinations(names, 2)]
    svg = drawn_spanning(names, snps)
    assert not any("No room" in text for text in texts(svg))
    boxes = [
        tuple(float(e.get(key) or 0) for key in ("x", "y", "width", "height"))
        for e in elements(svg, "rect")[1:]  # the first is the sheet
    ]
    assert len(boxes) == 2 * size - 1
    for (x, y, width, height), (left, top, across, down) in combinations(boxes, 2):
        apart = x + width <= left or left + across <= x or y + height <= top or top + down <= y
        assert apart


def test_places_are_as_far_apart_as_the_edges_are_long():
    edges = [SpanningEdge("a", "b", 0, False), SpanningEdge("b", "c", 999, False)]
    places = place_nodes(["c", "b", "a"], edges)
    for edge in edges:
        (x1, y1), (x2, y2) = places[edge.first], places[edge.second]
        assert ((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5 == pytest.approx(edge_px(edge.snps), abs=1)


def test_separate_trees_stand_side_by_side():
    names = list("abcd")
    edges = [SpanningEdge("a", "b", 5, False), SpanningEdge("c", "d", 5, False)]
    places = place_nodes(names, edges)
    assert max(places["a"][0], places["b"][0]) < min(places["c"][0], places["d"][0])


def test_label_takes_the_free_place_that_lies_on_no_line():
    boxes = [(0.0, 0.0, 10.0, 10.0), (20.0, 0.0, 30.0, 10.0), (40.0, 0.0, 50.0, 10.0)]
    line = ((20.0, 5.0), (30.0, 5.0))
    assert free_boxes([boxes], [boxes[0]], [line]) == [boxes[2]]
    assert free_boxes([boxes[:1]], [boxes[0]], [line]) == [None]


# --- sheet -------------------------------------------------------------------------------------


def test_hostile_names_are_texts_and_nothing_else():
    names = sorted(HOSTILE)
    snps = [5 for _ in combinations(names, 2)]
    strips = [Strip("Clinic", {name: name for name in names})]
    for svg in (drawn_spanning(names, snps), drawn_tree(names, strips, HOSTILE[0])):
        assert "<script" not in svg
        assert {"a\u2424b", "c\ufffdd", "&amp;", "{{7*7}}", HOSTILE[0]} <= set(texts(svg))
        assert to_png(svg)


@pytest.mark.parametrize(("height", "pixels"), [(200, (900, 600)), (4000, (180, 2400))])
def test_png_is_large_enough_to_print_and_never_larger_than_a_page(height, pixels):
    canvas = Canvas()
    canvas.text((10, 20), "PtA")
    png = to_png(canvas.to_svg(300, height, "a title"))
    assert struct.unpack(">II", png[16:24]) == pixels


def test_long_texts_are_cut_or_broken():
    assert text_width(fitted("W" * 200, 11, 190), 11) <= 190 + 11
    assert wrapped("one two three", 10, 45) == ["one two", "three"]
    assert fitted("\u60a3\u8005" * 30, 11, 100).endswith("…")
