"""Tables of the report: sorted as numbers, filtered, linked, copied and saved as typed, printed."""

from pathlib import Path

import pytest

from tests.browser.conftest import HOSTILE, opened
from tests.integration.workflow import rows
from tests.reliability.trials import case

LEDGER = '[data-view="table-ledger"]'
REDRAWN_MS = 300  # a table that comes into the window is drawn once more
PAIRS = '[data-view="pairs"]'


def saved(page, button) -> str:
    with page.expect_download() as download:
        button.click()
    return Path(download.value.path()).read_bytes().decode("utf-8")


def order_of(page, view: str, title: str) -> list[str]:
    """Return a column's cells, as saved, of the rows that are shown."""
    text = saved(page, page.locator(view).get_by_role("button", name="TSV"))
    head, *lines = [line.split("\t") for line in text.removesuffix("\n").split("\n")]
    return [line[head.index(title)] for line in lines]


def sort_by(page, view: str, title: str) -> None:
    header = page.locator(view).get_by_role("button", name=title, exact=True)
    header.scroll_into_view_if_needed()
    page.wait_for_timeout(REDRAWN_MS)
    header.click()


def test_ledger_is_sorted_by_number_and_empty_is_last_both_ways(page):
    sort_by(page, LEDGER, "Length bp")
    upwards = order_of(page, LEDGER, "Length bp")
    known = [int(each) for each in upwards if each]
    assert known == sorted(known)
    assert "" in upwards
    assert upwards[: len(known)] == list(map(str, known)), "empty last"
    sort_by(page, LEDGER, "Length bp")
    assert order_of(page, LEDGER, "Length bp") == [*map(str, known[::-1]), *upwards[len(known) :]]


def test_ledger_filter_leaves_the_rows_that_hold_the_text(page, results):
    table = rows(results / "ledger.tsv")
    page.locator(LEDGER).get_by_label("Filter").fill("<IMG")
    assert page.locator(f"{LEDGER} .count").inner_text() == f"1 of {len(table)} rows"
    assert order_of(page, LEDGER, "Isolate") == [HOSTILE]
    page.locator(LEDGER).get_by_label("Filter").fill("")
    assert page.locator(f"{LEDGER} .count").inner_text() == f"{len(table)} of {len(table)} rows"
    assert sorted(order_of(page, LEDGER, "Isolate")) == sorted(row["isolate"] for row in table)
    assert page.locator("img").count() == 0


def test_row_selects_its_isolate_everywhere_and_is_marked_from_elsewhere(page):
    page.locator(LEDGER).get_by_label("Filter").fill("PtB")
    page.locator(f"{LEDGER} .tabulator-row").get_by_text("case").click()
    assert page.inner_text("#selected h3").startswith("PtB")
    assert page.locator(f"{LEDGER} .tabulator-row.picked").count() == 1
    page.evaluate("oneclone.selection.clear()")
    assert page.locator(f"{LEDGER} .tabulator-row.picked").count() == 0
    page.locator("#pairs button.isolate").first.click()
    name = page.inner_text("#selected h3")
    assert page.locator("#pairs button.isolate[aria-pressed=true]").all_inner_texts() == [name]
    page.evaluate("oneclone.selection.clear()")
    page.locator(LEDGER).get_by_label("Filter").fill("")


@pytest.mark.parametrize(
    ("typed", "csv"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        (" =1+1", "' =1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ('-2+3,"x"', '"\'-2+3,""x"""'),
        ("-117.00", "-117.00"),
        ("a=1", "a=1"),
    ],
)
@case(
    45,
    "names that begin with = + - @ in downloads of the report",
    "neutralised in CSV, as typed in TSV",
)
def test_csv_holds_no_formula_and_tsv_what_was_typed(page, typed, csv):
    made = """typed => ["asTsv", "asCsv"].map(name =>
      oneclone.tables[name]([oneclone.tables.column("Isolate", "c0")], [{c0: typed}]))"""
    assert page.evaluate(made, typed) == [f"Isolate\n{typed}\n", f"Isolate\n{csv}\n"]


def test_all_pairs_are_those_of_the_pair_table(page, results):
    table = {
        (row["isolate_a"], row["isolate_b"]): row for row in rows(results / "distances/pairs.tsv")
    }
    cases = set(
        page.evaluate("oneclone.data.isolates.filter(e => e.role === 'case').map(e => e.name)")
    )
    with_case = [pair for pair in table if cases & set(pair)]
    count = page.locator(f"{PAIRS} .count")
    assert count.inner_text() == f"{len(with_case)} of {len(table)} pairs"
    shown = [int(each) for each in order_of(page, PAIRS, "SNPs") if each]
    assert shown == sorted(shown)
    page.locator(PAIRS).get_by_label("With a case").uncheck()
    text = saved(page, page.locator(PAIRS).get_by_role("button", name="TSV"))
    lines = [line.split("\t") for line in text.splitlines()[1:]]
    assert {(a, b): [snps, raw, bp] for a, b, snps, raw, bp, _ in lines} == {
        pair: [row["snps"], row["snps_raw"], row["callable_bp"]] for pair, row in table.items()
    }
    linked = page.evaluate("oneclone.data.thresholds.linked")
    assert {line[5] for line in lines if line[2] and int(line[2]) <= linked} == {"linked"}
    page.locator(PAIRS).get_by_label("Band").select_option(label="linked")
    expected = sum(bool(row["snps"]) and int(row["snps"]) <= linked for row in table.values())
    assert count.inner_text().startswith(f"{expected} of ")
    page.locator(PAIRS).get_by_label("Band").select_option(label="all")
    page.locator(PAIRS).get_by_label("With a case").check()


def test_print_has_the_page_s_own_tables_and_names_the_file_of_pairs(browser, results):
    printed = opened(browser, results / "report.html")
    printed.evaluate("oneclone.page.drawAll()")
    own = printed.locator("table[data-table=ledger]")
    assert not own.is_visible()
    assert printed.locator(f"{LEDGER} .tabulator").is_visible()
    printed.emulate_media(media="print")
    assert own.is_visible()
    assert own.locator("tbody tr").count() == len(rows(results / "ledger.tsv"))
    assert printed.locator(".tabulator:visible").count() == 0
    assert "distances/pairs.tsv" in printed.inner_text("#all-pairs")
    printed.context.close()


def test_print_begins_with_the_answer_and_keeps_the_colours_of_legends(page):
    page.emulate_media(media="print")
    look = page.evaluate(
        """() => {
          const style = (wanted) => getComputedStyle(document.querySelector(wanted));
          return [
            style(".answer").breakInside,
            style(".badge").printColorAdjust,
            style("#distances .bands i").printColorAdjust,
            style(".cells").breakInside,
          ];
        }"""
    )
    page.emulate_media(media="screen")
    assert look == ["auto", "exact", "exact", "avoid"]


def test_tab_key_gets_past_all_pairs_and_arrow_keys_move_between_names(page):
    def focused() -> str:
        return page.evaluate("document.activeElement.textContent")

    holder = page.locator(f"{PAIRS} .tabulator-tableholder")
    holder.focus()
    page.wait_for_timeout(500)  # a table that comes into view is drawn anew
    names = [page.locator(f"{PAIRS} .tabulator-row").nth(row) for row in (0, 1)]
    names = [row.locator("button.isolate").all_inner_texts() for row in names]
    page.keyboard.press("ArrowDown")
    assert focused() == names[0][0]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert focused() == names[1][1]
    page.keyboard.press("Enter")
    assert page.inner_text("#selected h3") == names[1][1]
    page.keyboard.press("Escape")
    holder.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('section').id") == "ledger"
