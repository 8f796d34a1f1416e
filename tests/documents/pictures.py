"""Make the pictures of docs/ from the demo's report, so that they stay true.

    python -m tests.documents.pictures

Needs Debian's Chromium. The report is that of the demo when patient C's isolates have arrived, so
that the first screen says what changed.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.integration.workflow import ROOT
from tests.pipeline import Pipeline

PICTURES = ROOT / "docs" / "pictures"
DEMO = ROOT / "tests" / "data" / "demo"
WIDE, NARROW, TALL = 1200, 375, 820
PALETTE = 128  # colours: a picture of a page needs no more, and its file gets a third of the size
SELECT_CASES = """
oneclone.selection.set(
  oneclone.data.isolates.flatMap((each, i) => (each.role === "case" ? [i] : [])),
)
"""
DRAW_ALL = "oneclone.page.drawAll()"
SETTLE_MS = 600
MOST_PX = 1100  # a taller section is cut: the document shows what it looks like, not all of it


@dataclass(frozen=True)
class Picture:
    """A picture: the element it shows (`None` = what the window shows first), and how wide."""

    name: str
    element: str | None
    width: int = WIDE
    before: str = ""


WANTED = (
    Picture("report-first-screen", "header"),
    Picture("report-tree", "#tree", before=SELECT_CASES),
    Picture("report-distances", '[data-view="heatmap"]', before=SELECT_CASES),
    Picture("report-network", "#network"),
    Picture("report-tables", "#all-pairs"),
    Picture("report-narrow", None, width=NARROW),
)


def make_pictures(report: Path, folder: Path) -> None:
    """Write all pictures of a report into a folder.

    Parameters
    ----------
    report
        The report.
    folder
        Where to write; pictures of the same name are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for picture in WANTED:
            page = browser.new_page(viewport={"width": picture.width, "height": TALL})
            page.goto(report.as_uri())
            _take(page, picture, folder / f"{picture.name}.png")
            page.close()
        browser.close()


def _take(page: Any, picture: Picture, path: Path) -> None:
    """Write one picture, cut where it is tall, its colours reduced."""
    if picture.element:
        page.evaluate(DRAW_ALL)
        if picture.before:
            page.evaluate(picture.before)
        page.add_style_tag(content="#selected, .toolbar { display: none !important; }")
        page.wait_for_timeout(SETTLE_MS)
        page.locator(picture.element).screenshot(path=path)
    else:
        page.screenshot(path=path)
    with Image.open(path) as image:
        cut = image.crop((0, 0, image.width, min(image.height, MOST_PX)))
        reduced = cut.convert("RGB").quantize(PALETTE, dither=Image.Dither.NONE)
    reduced.save(path, optimize=True)


def _demo_report(work: Path) -> Path:
    """Run the demo, then the demo with patient C; return the report."""
    settings = {"registry": str(work / "registry.sqlite"), "investigation": ""}
    for table in ("isolates.tsv", "isolates-later.tsv"):
        Pipeline(work, DEMO / table, DEMO / "panel", **settings).run()
    return work / "results" / "report.html"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        make_pictures(_demo_report(Path(temporary)), PICTURES)
