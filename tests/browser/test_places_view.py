"""Map and timeline of the report: what is drawn is what was typed, and the verdict's distance."""

import re
from itertools import combinations

import pytest

from oneclone.geography import distance_km, miles
from oneclone.model.isolates import Place
from tests.browser.conftest import opened
from tests.integration.workflow import read_json

CLINICS = '[data-view="map"] .clinic'
DATED = '[data-view="timeline"] .dated'


def shown_isolates(page) -> list[dict]:
    return page.evaluate("oneclone.data.isolates")


def test_map_distance_at_a_clone_is_that_of_the_verdict(page, results):
    clone = read_json(results / "verdict.json")["clones"][0]
    places = {each["clinic"]: each["place"] for each in shown_isolates(page) if each["place"]}
    one, two = (Place(*places[clinic]) for clinic in clone["clinics"])
    pairs = page.evaluate(
        "oneclone.clinics.pairs(oneclone.clinics.all)"
        ".map(pair => [pair.a.name, pair.b.name, pair.km, pair.clones])"
    )
    measured = {frozenset(pair[:2]): pair[2:] for pair in pairs}
    km, clones = measured[frozenset(clone["clinics"])]
    assert km == pytest.approx(distance_km(one, two), rel=1e-9)
    assert round(km, 1) == clone["clinic_distance_km"]
    assert clones == [clone["name"]]
    label = page.locator('[data-view="map"] .distance').all_text_contents()
    assert label == [f"{km:.0f} km ({miles(km):.0f} mi)"]
    assert label[0] in page.inner_text('[data-view="map"] .places >> nth=1')


def test_map_texts_hide_no_text_and_no_mark_and_are_not_cut_off(page):
    texts = page.locator('[data-view="map"] .names text').all()
    boxes = [each.bounding_box() for each in (*texts, *page.locator(CLINICS).all())]
    assert len(texts) > 2
    whole = page.locator('[data-view="map"] svg').bounding_box()
    for one, two in combinations(boxes, 2):
        assert (
            one["x"] + one["width"] <= two["x"] + 1
            or two["x"] + two["width"] <= one["x"] + 1
            or one["y"] + one["height"] <= two["y"] + 2
            or two["y"] + two["height"] <= one["y"] + 2
        ), (one, two)
    for box in boxes:
        assert whole["x"] <= box["x"] <= whole["x"] + whole["width"] - box["width"]


def test_map_every_clinic_is_inside_and_selects_its_isolates(page):
    names = {each["clinic"] for each in shown_isolates(page) if each["place"]}
    box = page.locator('[data-view="map"] svg').bounding_box()
    marks = page.locator(CLINICS).all()
    assert {mark.get_attribute("aria-label").split(":")[0] for mark in marks} >= names
    for mark in marks:
        inner = mark.bounding_box()
        assert box["x"] <= inner["x"] <= box["x"] + box["width"] - inner["width"]
        assert box["y"] <= inner["y"] <= box["y"] + box["height"] - inner["height"]
    marks[0].click()
    chosen = page.evaluate("oneclone.selection.all().map(i => oneclone.data.isolates[i].clinic)")
    assert chosen
    assert {marks[0].get_attribute("aria-label").split(":")[0]} == set(chosen)
    assert "picked" in marks[0].get_attribute("class")
    page.evaluate("oneclone.selection.clear()")
    assert "picked" not in marks[0].get_attribute("class")


def test_without_any_place_clinics_are_listed_and_no_map_is_there(browser, results, tmp_path):
    text = (results / "report.html").read_text("utf-8")
    text = re.sub(r'<script type="application/json" id="atlas">.*?</script>', "", text)
    text = re.sub(r'"place":\[[^]]*\]', '"place":null', text)
    (tmp_path / "report.html").write_text(text, "utf-8")
    page = opened(browser, tmp_path / "report.html")
    page.evaluate("oneclone.page.drawAll()")
    view = page.locator('[data-view="map"]')
    assert view.locator("svg").count() == 0
    clinics = {each["clinic"] for each in shown_isolates(page) if each["clinic"]}
    listed = view.locator("tbody tr").all_inner_texts()
    assert len(listed) >= len(clinics) > 1
    assert all("no coordinates typed" in row for row in listed)
    assert "Distances" not in view.inner_text()
    assert page.noise == [(tmp_path / "report.html").as_uri()]
    page.context.close()


def test_timeline_marks_days_and_bars_months_and_years(page):
    spans = page.evaluate(
        """["2023-02-05", "2024-02", "2023", "0099-12"].map(text => {
             const span = oneclone.timeline.spanOf(text);
             return [span.from.toISOString().slice(0, 10), span.to.toISOString().slice(0, 10)];
           })"""
    )
    assert spans == [
        ["2023-02-05", "2023-02-05"],
        ["2024-02-01", "2024-03-01"],
        ["2023-01-01", "2024-01-01"],
        ["0099-12-01", "0100-01-01"],
    ]


def test_timeline_shows_cases_first_and_all_on_request(page):
    dated = [each for each in shown_isolates(page) if each["date"] and each["role"] != "reference"]
    cases = [each for each in dated if each["role"] == "case"]
    used = f"{DATED}:not(.unused)"
    assert 0 < len(cases) < len(dated)
    assert page.locator(f"{used}[role=button]").count() == len(cases)
    page.get_by_role("button", name="All isolates").last.click()
    assert page.locator(used).count() == len(dated)
    first = page.locator(f"{used}[role=button]").first
    first.focus()
    page.keyboard.press("Enter")
    (chosen,) = page.evaluate("oneclone.selection.all().map(i => oneclone.data.isolates[i].name)")
    assert chosen in first.get_attribute("aria-label")
    assert page.locator(f"{DATED}.picked").count() == 1
    page.evaluate("oneclone.selection.clear()")
