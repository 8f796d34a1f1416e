"""What the report costs a reader: its size, the time until it is read, and that of each view."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.benchmarks.wording import seconds
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.large_outbreak import write_large_outbreak
from tests.pipeline import Pipeline

ISOLATES = (50, 150, 500)
REPEATS = 3
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"
DRAWN = """() => Object.fromEntries([...document.querySelectorAll("[data-view]")].map((each) => {
  const started = performance.now();
  oneclone.page.draw(each);
  return [each.dataset.view, performance.now() - started];
}))"""

Row = dict[str, object]


def measure(folder: Path) -> dict[str, list[Row]]:
    """Return size and times of reports of growing numbers of isolates."""
    if CHROMIUM is None:
        print("report: left out, Chromium is not installed", file=sys.stderr)
        return {}
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (only where there is a browser)

    whole: list[Row] = []
    views: list[Row] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for isolates in ISOLATES:
            report, rendered = _render(folder / str(isolates), isolates)
            seen = [_seen(browser, report) for _ in range(REPEATS)]
            best = {name: min(each[name] for each in seen) for name in seen[0]}
            size = f"{report.stat().st_size / 1e6:.1f} MB"
            whole.append(
                {
                    "Isolates": isolates,
                    "Size": size,
                    "Rendering it": seconds(rendered),
                    "First screen painted": f"{best.pop('painted'):.0f} ms",
                    "Loaded": f"{best.pop('loaded'):.0f} ms",
                }
            )
            views.append({"Isolates": isolates, **_milliseconds(best)})
        browser.close()
    return {
        "Cost of the report, best of three": whole,
        "Cost of each view, drawn when it comes near the window, ms": views,
    }


def _milliseconds(times: Mapping[str, float]) -> Row:
    return {name.capitalize(): f"{each:.0f}" for name, each in times.items()}


def _render(folder: Path, isolates: int) -> tuple[Path, float]:
    """Run an outbreak; return its report and how long rendering it took."""
    table = write_large_outbreak(folder, isolates=isolates, assemblies=60)
    run = Pipeline(folder / "work", table, folder / "panel", robustness={"assess": False})
    run.run()
    started = time.monotonic()
    run.report()
    return run.results / "report.html", time.monotonic() - started


def _seen(browser: Any, report: Path) -> dict[str, float]:
    """Return what a reader waits for, in milliseconds."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    found = {"painted": page.evaluate(PAINTED), "loaded": page.evaluate(LOADED)}
    found |= page.evaluate(DRAWN)
    page.close()
    return found
