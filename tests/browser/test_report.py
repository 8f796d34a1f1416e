"""The whole report: what it says first, that it asks for nothing, and that anybody can use it."""

import pytest

from tests.browser.conftest import HOSTILE, LARGE, TURN, opened
from tests.integration.workflow import read_json, rows
from tests.reliability.trials import case

VIEWS = ("histogram", "tree", "heatmap", "network", "map", "timeline", "pairs")
SECTIONS = (
    "answer", "why", "limits", "pairs", "clones", "closeness", "robustness", "tree", "distances",
    "network", "places", "time", "all-pairs", "ledger", "isolates", "typing", "markers", "core",
    "settings", "glossary",
)  # fmt: skip
SERIOUS = {"serious", "critical"}


@pytest.fixture(params=[(1280, "light"), (375, "light"), (1280, "dark"), (375, "dark")], ids=str)
def fresh(request, browser, results):
    width, scheme = request.param
    page = opened(browser, results / "report.html", width, scheme)
    yield page
    page.context.close()


def test_report_every_view_is_drawn_in_silence(fresh, results):
    fresh.evaluate("oneclone.page.drawAll()")
    fresh.wait_for_timeout(300)
    assert fresh.noise == [(results / "report.html").as_uri()]
    for view in VIEWS:
        box = fresh.locator(f'[data-view="{view}"]').bounding_box()
        assert box["height"] > 100, view
        assert fresh.locator(f'[data-view="{view}"] > *').count() > 0, view
    for section in SECTIONS:
        assert fresh.locator(f"#{section}").bounding_box()["height"] > 60, section


def test_report_is_no_wider_than_the_window(fresh):
    fresh.evaluate("oneclone.page.drawAll()")
    fresh.wait_for_timeout(300)
    assert fresh.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_report_has_no_serious_barrier(fresh):
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 (needs a browser)

    fresh.evaluate("oneclone.page.drawAll()")
    fresh.evaluate("oneclone.selection.set([0])")
    fresh.wait_for_timeout(300)
    found = Axe().run(fresh).response["violations"]
    barriers = {
        each["id"]: [node["html"][:200] for node in each["nodes"][:5]]
        for each in found
        if each["impact"] in SERIOUS
    }
    assert barriers == {}


def test_report_first_screen_is_the_verdict(page, results):
    verdict = read_json(results / "verdict.json")
    assert page.title() == "oneclone: Single clone"
    assert page.inner_text("#sentence") == verdict["sentence"]
    assert page.locator("#sentence").bounding_box()["y"] < 400
    assert "Single clone" in page.inner_text("#answer")
    patients = {row["patient"] for row in verdict["not_assessed"]} | {"A", "B"}
    assert page.inner_text("h1").startswith(f"Do the isolates of {len(patients)} patients from ")
    for said in (*verdict["statements"]["certainty"], *verdict["statements"]["not_claimed"]):
        assert said in page.inner_text("#statements")


@case(
    46,
    "a name with markup and scripts, in a browser",
    "shown as text in every view; no dialog, no request",
)
def test_report_hostile_name_is_text_everywhere(page):
    assert HOSTILE in page.text_content("#ledger")
    page.fill("#search", "<img")
    page.keyboard.press("Enter")
    assert page.inner_text("#selected h3") == HOSTILE
    assert page.locator("img").count() == 0
    assert page.title() == "oneclone: Single clone"
    page.keyboard.press("Escape")
    turned = page.evaluate(
        "turn => [...document.querySelectorAll('p, li, td, figcaption')].filter((each) => "
        "[...each.childNodes].some((node) => node.nodeType === 3 && node.data.includes(turn)) "
        "&& each.closest('.tabulator') === null).map((each) => each.textContent)",
        TURN,
    )
    assert turned == []


def test_report_search_finds_each_isolate_by_its_name(page, results):
    used = [row["isolate"] for row in rows(results / "ledger.tsv") if row["state"] == "used"]
    found = page.evaluate(
        "names => names.map(n => oneclone.data.isolates[oneclone.toolbar.find(n)[0]].name)", used
    )
    assert found == used


def test_report_distances_are_those_of_the_pair_table(page, results):
    names = page.evaluate("oneclone.data.isolates.map(each => each.name)")
    number = {name: at for at, name in enumerate(names)}
    pairs = rows(results / "distances/pairs.tsv")
    assert len(pairs) == len(names) * (len(names) - 1) // 2
    shown = page.evaluate(
        "pairs => pairs.map(([i, j]) => oneclone.distances.pair(i, j))",
        [[number[row["isolate_b"]], number[row["isolate_a"]]] for row in pairs],
    )
    for row, each in zip(pairs, shown, strict=True):
        assert str(each["callable"]) == row["callable_bp"]
        assert ("" if each["snps"] is None else str(each["snps"])) == row["snps"]
        assert ("" if each["raw"] is None else str(each["raw"])) == row["snps_raw"]


def test_report_selected_isolate_shows_its_nearest_with_true_distances(page, results):
    page.evaluate("oneclone.selection.clear()")
    page.fill("#search", "PtA")
    page.keyboard.press("Enter")
    matrix = {row["isolate"]: row for row in rows(results / "distances/matrix.tsv")}
    name = page.inner_text("#selected h3")
    nearest = page.locator("#selected ol li").first
    other = nearest.locator("button").inner_text()
    assert other == "PtB-elbow"
    assert f" {matrix[name][other]} SNP" in nearest.inner_text()


def test_report_theme_button_turns_light_into_dark(page):
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == before


def test_report_prints_every_table_in_full_and_no_controls(browser, results):
    page = opened(browser, results / "report.html")
    page.evaluate("oneclone.page.drawAll()")
    page.emulate_media(media="print")
    assert not page.locator(".toolbar").is_visible()
    assert page.locator("table[data-table=ledger]").is_visible()
    assert page.locator("table[data-table=ledger] tbody tr").count() == len(
        rows(results / "ledger.tsv")
    )
    assert len(page.pdf(format="A4")) > 50_000
    page.context.close()


def test_large_report_is_complete(browser, large_results):
    page = opened(browser, large_results / "report.html")
    assert page.inner_text("#sentence") == read_json(large_results / "verdict.json")["sentence"]
    page.evaluate("oneclone.page.drawAll()")
    page.wait_for_timeout(500)
    assert page.noise == [(large_results / "report.html").as_uri()]
    ledger = rows(large_results / "ledger.tsv")
    used = [row["isolate"] for row in ledger if row["state"] == "used"]
    assert len(used) > 0.95 * LARGE  # those with an assembly that is too short are quarantined
    found = page.evaluate(
        "names => names.map(n => oneclone.data.isolates[oneclone.toolbar.find(n)[0]].name)", used
    )
    assert found == used

    page.context.close()
