"""The report of thousands of isolates: it opens, every view is drawn, and says what it shows."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import opened
from tests.grown_run import grow_run
from tests.grown_steps import render
from tests.integration.workflow import rows
from tests.shared_once import shared_once

ISOLATES = 5000
MOST_BYTES = 15_000_000
MOST_ELEMENTS = 30_000  # of the page with all views drawn: a row or a tip is only made when seen
TREE = '[data-view="tree"]'


@pytest.fixture(scope="module")
def large(tmp_path_factory, results) -> Path:
    """Return the results of a run of thousands of isolates."""

    def make(folder: Path) -> None:
        grow_run(results.parent, folder, ISOLATES)
        render(folder)

    return shared_once(tmp_path_factory, "grown", make) / "results"


@pytest.fixture(scope="module")
def page(browser, large) -> Iterator[Any]:
    """Return the report, all views drawn."""
    shown = opened(browser, large / "report.html")
    shown.evaluate("oneclone.page.drawAll()")
    yield shown
    shown.context.close()


def test_large_report_is_drawn_in_silence_and_small(page, large):
    page.wait_for_timeout(300)
    assert page.noise == [(large / "report.html").as_uri()]
    assert (large / "report.html").stat().st_size < MOST_BYTES
    assert page.evaluate("document.querySelectorAll('*').length") < MOST_ELEMENTS
    heights = "[...document.querySelectorAll('[data-view]')].map((each) => each.offsetHeight)"
    assert min(page.evaluate(heights)) > 100


def test_large_report_says_which_isolates_have_distances(page):
    for view in ("histogram", "heatmap", "network", "pairs"):
        words = page.locator(f"#view-{view} figcaption").inner_text()
        assert f"Here are 502 of {ISOLATES} used isolates and references" in words, view
    assert page.locator("#all-pairs .count").inner_text().endswith("of 125\u202f751 pairs")
    far = page.evaluate("oneclone.data.isolates.findIndex((_, i) => !oneclone.distances.has(i))")
    page.evaluate(f"oneclone.selection.set([{far}])")
    card = page.locator("#selected").inner_text()
    assert "not among those nearest to the cases" in card
    page.evaluate("oneclone.selection.clear()")


def test_large_tree_opens_on_the_cases_and_draws_what_is_seen(page):
    marks = page.locator(f"{TREE} .mark")
    assert page.locator(f"{TREE} select").first.locator("option:checked").inner_text() == (
        "Cases and the nearest: 80"
    )
    assert marks.count() == 80
    page.locator(f"{TREE} select").first.select_option(label="All isolates and references")
    assert page.locator(f"{TREE} .clade").count() > 50
    assert page.locator(f"{TREE} .name", has_text=re.compile("^Pt")).count() == 2
    page.get_by_role("button", name="Expand all").click()
    box = page.locator(f"{TREE} .tree-box")
    before = set(marks.evaluate_all("(all) => all.map((each) => each.id)"))
    assert 0 < len(before) < ISOLATES / 10
    box.evaluate("(each) => (each.scrollTop = each.scrollHeight)")
    page.wait_for_timeout(200)
    after = set(marks.evaluate_all("(all) => all.map((each) => each.id)"))
    assert after
    assert not before & after
    assert box.evaluate("(each) => each.scrollHeight") > 17 * ISOLATES
    page.get_by_role("button", name="Collapse", exact=True).click()


def test_large_ledger_has_every_row_and_paper_has_the_cases(page, large):
    ledger = rows(large / "ledger.tsv")
    count = page.locator("#ledger .count")
    assert count.inner_text() == f"{len(ledger)} of {len(ledger)} rows"
    page.locator("#ledger input").fill("CTX-04900")
    assert page.locator("#ledger .tabulator-row").count() == 1
    assert count.inner_text() == f"1 of {len(ledger)} rows"
    kept = page.locator('#ledger table[data-table="ledger"] tbody tr').count()
    expected = [row for row in ledger if row["role"] == "case" or row["state"] != "used"]
    assert kept == len(expected)
