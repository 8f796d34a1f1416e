"""The report in a real browser: drawn, silent, inert, and no wider than the window."""

import shutil
from pathlib import Path

import pytest

from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.simulated_folder import write_outbreak
from tests.conftest import need
from tests.integration.workflow import read_json
from tests.pipeline import Pipeline

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE = "<img src=http://localhost/x onerror=document.title='pwned'>"


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    """Return the results of a small outbreak in which an isolate has a hostile name."""
    folder = tmp_path_factory.mktemp("outbreak")
    settings = SimulationSettings(1, 60_000, 4)
    write_outbreak(folder, simulate(scenario(ScenarioName.POINT_SOURCE, 60_000), settings))
    table = folder / "isolates.tsv"
    table.write_text(table.read_text().replace("CTX-mid\t", f"{HOSTILE}\t", 1))
    return Pipeline(folder / "work", table, folder / "panel").run()


@pytest.fixture(scope="module")
def browser():
    need(CHROMIUM, "Chromium is not installed (Debian package chromium)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (only where there is a browser)

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(params=[(1280, "light"), (375, "light"), (1280, "dark")], ids=str)
def page(request, browser, results):
    width, scheme = request.param
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.noise = []
    page.on("console", lambda message: page.noise.append(message.text))
    page.on("pageerror", lambda error: page.noise.append(str(error)))
    page.on("dialog", lambda dialog: page.noise.append(dialog.message))
    page.on("request", lambda request: page.noise.append(request.url))
    page.goto((results / "report.html").as_uri())
    yield page
    page.close()


def test_report_asks_for_nothing_and_says_nothing_to_the_console(page, results):
    assert page.noise == [(results / "report.html").as_uri()]
    assert page.title() == "oneclone: Single clone"


def test_report_first_screen_is_the_sentence_of_the_verdict(page, results):
    verdict = read_json(results / "verdict.json")
    assert page.inner_text("#sentence") == verdict["sentence"]
    assert page.locator("#sentence").bounding_box()["y"] < 400
    assert "Single clone" in page.inner_text("#answer")


def test_report_sections_tables_and_pictures_are_drawn(page):
    for section in (
        "pairs",
        "closeness",
        "clones",
        "tree",
        "distances",
        "time",
        "core",
        "ledger",
        "isolates",
        "typing",
        "settings",
    ):
        assert page.locator(f"#{section}").bounding_box()["height"] > 80
    assert page.locator("svg").count() == 6
    for section, least in (("closeness", 150), ("tree", 150), ("distances", 150), ("time", 50)):
        assert page.locator(f"#{section} svg").first.bounding_box()["height"] > least
    assert page.locator("#ledger tbody tr").count() == 37
    assert page.locator("#pairs tbody tr").count() == 1


def test_report_is_no_wider_than_the_window(page):
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_report_hostile_name_is_shown_as_text(page):
    assert HOSTILE in page.inner_text("#ledger")
    assert page.locator("img").count() == 0
