"""Heatmap, histogram and spanning tree of the report: what they show is what the tables hold."""

from collections import Counter
from itertools import combinations

import pytest

from tests.browser.conftest import HOSTILE, opened
from tests.integration.workflow import read_json, rows

STEPS = (
    (10, "#3b0f70"),
    (30, "#8c2981"),
    (38, "#de4968"),
    (250, "#fe9f6d"),
    (1000, "#fecf92"),
    (10_000, "#fdedb0"),
    (10**9, "#fcfdeb"),
)
CASES = {"PtA-CSF", "PtB-elbow"}  # of two patients
PANELS = ("cases", "across", "among")

# The colour near the corner of every cell of the heatmap, away from number and outline.
CELL_COLOURS = """() => {
  const canvas = document.querySelector("#view-heatmap canvas");
  const all = d3.range(oneclone.data.isolates.length);
  const width = document.querySelector("#view-heatmap .scroll").clientWidth;
  const { left, top, cell } = oneclone.heatmap.layout(all, all, width, 1);
  const context = canvas.getContext("2d");
  const colour = (r, c) => {
    const [x, y] = [left + (c + 0.2) * cell, top + (r + 0.2) * cell];
    return d3.rgb(...context.getImageData(x, y, 1, 1).data.slice(0, 3)).formatHex();
  };
  return all.map((r) => all.map((c) => colour(r, c)));
}"""


@pytest.fixture(scope="module")
def snps(results):
    """Return the SNPs of every pair by its two names."""
    table = rows(results / "distances/pairs.tsv")
    return {frozenset((row["isolate_a"], row["isolate_b"])): row["snps"] for row in table}


@pytest.fixture(autouse=True)
def nothing_selected(page):
    page.evaluate("oneclone.selection.clear()")


def names_of(page) -> list[str]:
    return page.evaluate("oneclone.data.isolates.map(each => each.name)")


def spaced(number: str) -> str:
    """Return a number as the report writes it, a thin space before three digits."""
    return f"{int(number):,}".replace(",", "\u202f")


def expected_colour(distance: str) -> str:
    return next(colour for limit, colour in STEPS if int(distance) <= limit)


def test_heatmap_every_cell_has_the_colour_of_its_distance(page, snps):
    names = names_of(page)
    colours = page.evaluate(CELL_COLOURS)
    hatched = 0
    for i, j in combinations(range(len(names)), 2):
        distance = snps[frozenset((names[i], names[j]))]
        if distance:
            assert colours[i][j] == colours[j][i] == expected_colour(distance), (i, j)
        else:
            hatched += 1
            assert colours[i][j] not in {colour for _, colour in STEPS}
    assert hatched > 0


def test_heatmap_keys_say_the_pair_and_enter_selects_it(page, snps):
    names = names_of(page)
    page.focus("#view-heatmap .cells")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    said = page.inner_text("#view-heatmap [aria-live]")
    distance = spaced(snps[frozenset((names[0], names[3]))])
    assert said.startswith(f"{names[0]}, {names[3]}, {distance} SNPs (band: not linked)")
    page.keyboard.press("Enter")
    assert page.evaluate("oneclone.selection.all()") == [0, 3]
    assert page.locator("#view-heatmap .stripe.picked").count() == 4


def test_heatmap_is_painted_again_in_the_colours_of_the_theme(page):
    corner = """() => {
      const canvas = document.querySelector("#view-heatmap canvas");
      const data = canvas.getContext("2d").getImageData(1, 1, 1, 1).data;
      const painted = d3.rgb(...data.slice(0, 3)).formatHex();
      return painted === d3.rgb(oneclone.page.colour("--card")).formatHex();
    }"""
    assert page.evaluate(corner)
    page.click("#theme")
    assert page.evaluate(corner)
    page.click("#theme")


def test_histogram_bars_count_the_pairs_of_each_kind(page, results, snps):
    ledger = {row["isolate"]: row for row in rows(results / "ledger.tsv")}
    aside = {row["isolate"] for row in read_json(results / "verdict.json")["set_aside"]}
    background = {
        name
        for name, row in ledger.items()
        if row["state"] == "used" and row["role"] in {"context", "reference"} and name not in aside
    }
    wanted = {panel: Counter() for panel in PANELS}
    for pair, distance in snps.items():
        kind = (len(pair & CASES), len(pair & background))
        panel = {(2, 0): "cases", (1, 1): "across", (0, 2): "among"}.get(kind)
        if panel and distance:
            wanted[panel][int(distance)] += 1
    for panel in PANELS:
        bars = page.evaluate(
            "css => d3.selectAll(`.histogram .${css} .bar`).data()"
            ".map(({ low, high, pairs }) => [low, high, pairs.length])",
            panel,
        )
        assert sum(bar[2] for bar in bars) == wanted[panel].total() > 0
        for low, high, count in bars:
            assert count == sum(wanted[panel][each] for each in range(low, high + 1))
            assert not any(low <= cut < high for cut in (10, 30, 38))
    lines = page.locator(".histogram .cuts text").all_text_contents()
    assert lines == ["linked \u2264 10", "possible \u2264 30", "not linked > 38"]


def test_histogram_ticks_are_the_pairs_of_the_selected(page):
    names = names_of(page)
    numbers = [names.index("PtA-CSF"), names.index("PtB-elbow")]
    page.evaluate("numbers => oneclone.selection.set(numbers)", numbers)
    ticks = [page.locator(f".histogram .{panel} .picked line").count() for panel in PANELS]
    assert ticks == [1, 0, 0]
    assert "Case and case, two patients: 1" in page.inner_text("#view-histogram [aria-live]")


def test_network_label_of_every_line_is_the_distance_of_its_pair(page, results, snps):
    names = names_of(page)
    shown = page.evaluate(
        "d3.selectAll('.network .length').nodes()"
        ".map(node => [node.__data__.a, node.__data__.b, node.textContent])"
    )
    own = [row for row in rows(results / "ledger.tsv") if row["state"] == "used"]
    own = {row["isolate"] for row in own if row["role"] != "reference"}
    assert len(shown) == len(own) - 1
    for a, b, text in shown:
        assert text == spaced(snps[frozenset((names[a], names[b]))])
    marks = page.evaluate("d3.selectAll('.network .mark').data()")
    assert {names[number] for number in marks} == own


def test_network_hides_long_lines_and_shows_the_names_of_the_selected(page):
    visible = "d3.selectAll('.network .edge').filter(function (each) {"
    visible += " return each && this.style.display !== 'none'; }).data().map(each => each.snps)"
    everything = page.evaluate(visible)
    page.select_option("#view-network select", "38")
    assert sorted(page.evaluate(visible)) == sorted(each for each in everything if each <= 38)
    page.select_option("#view-network select", "")
    assert page.evaluate(visible) == everything
    number = names_of(page).index(HOSTILE)
    page.evaluate("number => oneclone.selection.set([number])", number)
    picked = page.locator(".network .name.picked")
    assert picked.text_content() == f"{HOSTILE[:25]}\u2026"
    assert page.locator(".network .mark.picked").count() == 1


def test_network_layout_is_the_same_each_time(page):
    layout = "JSON.stringify([...oneclone.network.layout().places])"
    assert page.evaluate(layout) == page.evaluate(layout)


def test_large_heatmap_begins_with_the_cases_and_their_nearest(browser, large_results):
    page = opened(browser, large_results / "report.html")
    draw = "name => oneclone.page.draw(document.querySelector(`[data-view=${name}]`))"
    for view in ("heatmap", "network"):
        page.evaluate(draw, view)
    button = page.locator("#view-heatmap button", has_text="Cases and nearest 30")
    assert button.get_attribute("aria-pressed") == "true"
    label = "document.querySelector('#view-heatmap canvas').getAttribute('aria-label')"
    assert page.evaluate(label).startswith("SNP distances of 32 isolates: of 496 pairs")
    count = page.evaluate("oneclone.data.isolates.length")
    page.click(f"#view-heatmap button:has-text('All {count}')")
    assert page.evaluate(label).startswith(f"SNP distances of {count} isolates")
    assert page.evaluate("document.querySelector('#view-heatmap canvas').height") >= count
    page.context.close()
