"""The report in a real browser without a network: fixtures of all views' tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.simulated_folder import write_outbreak
from tests.conftest import need
from tests.large_outbreak import write_large_outbreak
from tests.pipeline import Pipeline
from tests.shared_once import shared_once

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LARGE = 500
TURN = "\u202e"  # all behind it would be read from right to left
RENAMED = {"CTX-mas-1": "\uff1dCTX-mas-1", "CTX-mas-2": "\U0001f9ebCTX-mas-2"}  # by code point
HOSTILE = f"{TURN}<img src=http://localhost/x onerror=document.title='pwned'>"


def _run_small(folder: Path) -> None:
    settings = SimulationSettings(1, 60_000, 4)
    write_outbreak(folder, simulate(scenario(ScenarioName.POINT_SOURCE, 60_000), settings))
    table = folder / "isolates.tsv"
    text = table.read_text("utf-8")
    for simulated, name in {**RENAMED, "CTX-mid": HOSTILE}.items():
        text = text.replace(f"\n{simulated}\t", f"\n{name}\t")
    table.write_text(text, encoding="utf-8")
    Pipeline(folder / "work", table, folder / "panel").run()


def _run_large(folder: Path) -> None:
    table = write_large_outbreak(folder, isolates=LARGE, assemblies=20)
    Pipeline(folder / "work", table, folder / "panel", robustness={"assess": False}).run()


@pytest.fixture(scope="session")
def results(tmp_path_factory) -> Path:
    """Return the results of a small outbreak in which an isolate has a hostile name."""
    return shared_once(tmp_path_factory, "small", _run_small) / "work/results"


@pytest.fixture(scope="session")
def large_results(tmp_path_factory) -> Path:
    """Return the results of an outbreak of hundreds of isolates."""
    return shared_once(tmp_path_factory, "large", _run_large) / "work/results"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return Debian's Chromium."""
    need(CHROMIUM, "Chromium is not installed (Debian package chromium)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (only where there is a browser)

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


def opened(browser: Any, report: Path, width: int = 1280, scheme: str = "light") -> Any:
    """Return the page of a report; `noise` collects what it says, asks for, and opens."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    page = context.new_page()
    page.noise = []
    page.on("console", lambda message: page.noise.append(message.text))
    page.on("pageerror", lambda error: page.noise.append(str(error)))
    page.on("dialog", lambda dialog: page.noise.append(dialog.message))
    page.on("request", lambda request: page.noise.append(request.url))
    page.goto(report.as_uri())
    return page


@pytest.fixture(scope="module")
def page(browser, results) -> Iterator[Any]:
    """Return the report of the small outbreak, all views drawn; every module has its own."""
    shown = opened(browser, results / "report.html")
    shown.evaluate("oneclone.page.drawAll()")
    yield shown
    shown.context.close()
