"""What the report costs: to make it, and a reader; its figures and the exports beside it."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.simulated_folder import write_outbreak
from tests.benchmarks.measuring import Cost, run_measured
from tests.benchmarks.wording import seconds
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.grown_run import grow_run
from tests.grown_steps import STEPS
from tests.integration.workflow import ROOT
from tests.pipeline import Pipeline

ISOLATES = (50, 150, 500, 2000, 5000, 10_000)
GENOME_BP = 30_000
REPEATS = 3
COSTS = (
    "CPU time and greatest memory of report, figures and exports (the results of 35 isolates and "
    "references, grown to so many without a call)"
)
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"
DRAWN = """() => Object.fromEntries([...document.querySelectorAll("[data-view]")].map((each) => {
  const started = performance.now();
  oneclone.page.draw(each);
  return [each.dataset.view, performance.now() - started];
}))"""

Row = dict[str, object]


def measure(folder: Path) -> dict[str, list[Row]]:
    """Return what report, figures and exports of growing numbers of isolates cost."""
    small = _small_run(folder / "small")
    costs: list[Row] = []
    reports: dict[int, Path] = {}
    for isolates in ISOLATES:
        work = folder / str(isolates)
        grow_run(small, work, isolates)
        costs.append({"Isolates": isolates, **_costs(work)})
        reports[isolates] = work / "results/report.html"
    made = {COSTS: costs}
    return made | _read(reports)


def _small_run(folder: Path) -> Path:
    """Run a small outbreak; return its working directory."""
    settings = SimulationSettings(1, GENOME_BP, 4)
    write_outbreak(folder, simulate(scenario(ScenarioName.POINT_SOURCE, GENOME_BP), settings))
    work = folder / "work"
    Pipeline(work, folder / "isolates.tsv", folder / "panel").run()
    return work


def _costs(work: Path) -> Row:
    """Run the steps, each in a Python of its own."""
    paths = f"{ROOT / 'scripts'}:{ROOT}"
    found: Row = {}
    for step in STEPS:
        command = [sys.executable, "-m", "tests.grown_steps", step, work]
        _, cost = run_measured(command, ROOT, environment={"PYTHONPATH": paths})
        found[f"`{step}`"] = _told(cost)
    return found


def _told(cost: Cost) -> str:
    """Return CPU time and memory."""
    return f"{seconds(cost.cpu_s)}, {cost.peak_mb:.0f} MB"


def _read(reports: Mapping[int, Path]) -> dict[str, list[Row]]:
    """Return what readers wait for."""
    if CHROMIUM is None:
        print("report: left out, Chromium is not installed", file=sys.stderr)
        return {}
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (only where there is a browser)

    whole: list[Row] = []
    views: list[Row] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for isolates, report in reports.items():
            seen = [_seen(browser, report) for _ in range(REPEATS)]
            best = {name: min(each[name] for each in seen) for name in seen[0]}
            size = f"{report.stat().st_size / 1e6:.1f} MB"
            whole.append(
                {
                    "Isolates": isolates,
                    "Size": size,
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


def _seen(browser: Any, report: Path) -> dict[str, float]:
    """Return what a reader waits for, in milliseconds."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    found = {"painted": page.evaluate(PAINTED), "loaded": page.evaluate(LOADED)}
    found |= page.evaluate(DRAWN)
    page.close()
    return found
