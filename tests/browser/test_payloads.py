"""One run in which every text does harm, were it believed: nothing is run, nothing is lost."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pysam
import pytest
from Bio import Phylo

from oneclone.model.history import DecisionKind
from oneclone.registry.database import open_registry
from oneclone.registry.decisions import Decision, decide, withdrawn
from oneclone.registry.exporting import export_registry
from oneclone.registry.listing import aligned, list_isolates
from oneclone.registry.showing import show
from oneclone.tables.variant_files import CONTIG
from tests.browser.conftest import opened, shared_once
from tests.hostile_run import PAYLOADS, STRAY, run_hostile
from tests.integration.workflow import read_json, rows
from tests.reliability.trials import Part, case, trial
from tests.unit.test_table_exports import FORMULA, typed

OUR_NAMES = re.compile(r"[A-Za-z0-9_.-]+")
KINDS = {"svg", "title", "g", "rect", "line", "path", "circle", "polygon", "text"}
# Where the last two letters of a line stand.
PLACES = """text => {
  const line = document.createElement("div");
  document.body.append(line);
  line.textContent = text;
  const range = document.createRange();
  const left = (at) => {
    range.setStart(line.firstChild, at);
    range.setEnd(line.firstChild, at + 1);
    return range.getBoundingClientRect().left;
  };
  const found = [left(text.length - 2), left(text.length - 1)];
  line.remove();
  return found;
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return shared_once(tmp_path_factory, "hostile", run_hostile)


@pytest.fixture(scope="module")
def results(folder) -> Path:
    return folder / "work" / "results"


@pytest.fixture(scope="module")
def used(results) -> set[str]:
    return {row["isolate"] for row in rows(results / "ledger.tsv") if row["state"] == "used"}


@case(41, "names with blanks, quotes, `$(...)`, backticks, `;`, `&`, a leading `-`", "kept, inert")
@case(42, "names such as `../x`, `/etc/x`, `CON`, 300 characters", "kept, no path is made of them")
@case(43, "names with `{}`, `%s`, `{{7*7}}`, `${x}`", "shown literally")
def test_no_payload_was_run_or_became_a_path(folder):
    made = [path.relative_to(folder / "work") for path in (folder / "work").rglob("*")]
    assert [path for path in made if not all(map(OUR_NAMES.fullmatch, path.parts))] == []
    for place in (folder, folder.parent, Path.cwd(), Path.home(), Path("/etc")):
        assert not (place / STRAY).exists()
        assert not (place / "escaped").exists()
    given = {"isolates.tsv", "later.tsv", "isolates-later.tsv", "truth.json", "asm", "panel"}
    assert {path.name for path in folder.iterdir()} - given <= {"work", "made"}


@case(44, "direction marks, zero-width characters", "kept as typed, warned of, turn nothing")
def test_every_table_holds_the_names_as_typed(results, used):
    assert set(PAYLOADS) - used <= {"../../escaped"}  # the patient without an isolate
    for path in results.rglob("*.tsv"):
        lines = path.read_text("utf-8").split("\n")
        assert len({line.count("\t") for line in lines[:-1]}) == 1, path
    assert {row["isolate"] for row in rows(results / "typing.tsv")} <= used
    pairs = {
        row[end]
        for row in rows(results / "distances/pairs.tsv")
        for end in ("isolate_a", "isolate_b")
    }
    assert pairs == used
    (ledger,) = [row for row in rows(results / "ledger.tsv") if row["isolate"] == "../../escaped"]
    assert ledger["reason"] == "no_isolate"
    verdict = read_json(results / "verdict.json")
    assert verdict["clones"][0]["members"] == list(PAYLOADS[:2])
    assert verdict["panel"]["name"] == PAYLOADS[8]


@trial(
    Part.PAYLOADS,
    "Newick, Nexus, VCF and GrapeTree syntax in names and contigs",
    "quoted or replaced by ids, recovered exactly",
)
def test_every_export_is_read_and_gives_the_names_back(results, used):
    exports = results / "exports"
    ids = rows(exports / "id_map.tsv")
    assert {row["isolate"] for row in ids if row["state"] == "used"} == used
    tree = Phylo.read(io.StringIO((results / "tree/core.nwk").read_text("utf-8")), "newick")
    assert {tip.name for tip in tree.get_terminals()} == used
    for name in ("oneclone.microreact", "auspice.json", "grapetree/spanning_tree.json"):
        json.loads((exports / name).read_text("utf-8"))
    for path in exports.glob("*_mqc.json"):
        json.loads(path.read_text("utf-8"))
    plain = Phylo.read(exports / "tree.nwk", "newick")
    labels = {row["plain"]: row["isolate"] for row in ids} if "plain" in ids[0] else None
    assert labels is None or {labels[tip.name] for tip in plain.get_terminals()} == used
    with pysam.VariantFile(str(exports / "core.vcf.gz")) as opened_vcf:
        assert set(opened_vcf.header.samples) == used
        assert all(CONTIG.fullmatch(name) for name in opened_vcf.header.contigs)
        assert sum(1 for _ in opened_vcf) > 0


@case(45, "cells that begin with `=`, `+`, `-`, `@`", "no formula in the workbook; TSV as typed")
def test_workbook_has_no_formula_and_all_names(results, used):
    book = openpyxl.load_workbook(results / "exports/oneclone.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if FORMULA.match(text)]
    assert used <= {typed(text) for text in texts}


@case(
    46, "`<img onerror>`, `</script>`, `<svg onload>`, `javascript:`", "inert text in every picture"
)
def test_pictures_are_marks_and_text_alone(results):
    for path in (results / "figures").glob("*.svg"):
        root = ET.parse(path)  # noqa: S314 (ours)
        assert {element.tag.split("}")[1] for element in root.iter()} <= KINDS
        assert not [a for element in root.iter() for a in element.attrib if a.startswith("on")]


@pytest.fixture(scope="module")
def page(browser, results) -> Iterator:
    shown = opened(browser, results / "report.html")
    shown.evaluate("oneclone.page.drawAll()")
    yield shown
    shown.context.close()


@case(46, "the same in the report, in a browser", "no dialog, no request, no script but ours")
def test_report_runs_nothing_and_asks_for_nothing(page, results, used):
    assert page.noise == [(results / "report.html").as_uri()]
    assert page.title() == "oneclone: Single clone"
    assert page.locator("img, iframe, object, embed, link, base, form").count() == 0
    handlers = page.evaluate(
        "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())"
        ".filter(name => name.startsWith('on'))"
    )
    assert handlers == []
    addresses = page.evaluate(
        "[...document.querySelectorAll('[href], [src], [action]')]"
        ".map(e => e.getAttribute('href') ?? e.getAttribute('src') ?? e.getAttribute('action'))"
    )
    assert [each for each in addresses if not re.match(r"#|https://", each)] == []
    text = (results / "report.html").read_text("utf-8")
    allowed = re.search(r"script-src ([^;\"]*)", text).group(1)
    assert "unsafe" not in allowed and "http" not in allowed
    names = set(page.evaluate("oneclone.data.isolates.map(each => each.name)"))
    assert used <= names


@case(44, "direction marks in lines that join names", "each is shut in: nothing else is turned")
def test_hints_shut_in_what_turns_text(page):
    made = page.evaluate("text => oneclone.page.straight(text)", "a\u202eb, \u2067c\u2069")
    assert made == ("a\u2068\u202e\u2069\u2069b, \u2068\u2067\u2069\u2069c\u2068\u2069\u2069\u2069")
    line = "\u202ename, 12"
    one, two = page.evaluate(PLACES, line)
    assert one > two  # without it, what follows stands mirrored
    one, two = page.evaluate(PLACES, page.evaluate("text => oneclone.page.straight(text)", line))
    assert one < two


@case(45, "rows of the report copied into a spreadsheet", "an apostrophe in front of formulas")
def test_copied_rows_hold_no_formula(page):
    made = """typed => oneclone.tables.asPasted(
      [oneclone.tables.column("Isolate", "c0")], typed.map(c0 => ({c0})))"""
    lines = page.evaluate(made, list(PAYLOADS)).split("\n")[1:-1]
    assert [line for line in lines if FORMULA.match(line)] == []
    assert [line.removeprefix("'") for line in lines] == list(PAYLOADS)


@trial(Part.PAYLOADS, "payloads in the reason and user of a registry's decision", "kept as typed")
def test_registry_keeps_and_gives_back_payloads(folder, tmp_path):
    with open_registry(folder / "work/registry.sqlite") as database:
        for name, reason in zip(PAYLOADS[:4], PAYLOADS[4:], strict=False):
            if name != "../../escaped":
                decide(database, name, Decision(DecisionKind.WITHDRAW, reason, reason))
        assert {each.reason for each in withdrawn(database)} == {PAYLOADS[n] for n in (4, 5, 7)}
        assert any(PAYLOADS[0] in line for line in aligned(list_isolates(database)))
        assert any(PAYLOADS[4] in line for line in show(database, PAYLOADS[0]))
        names = export_registry(database, tmp_path / "exported")
    assert all(map(OUR_NAMES.fullmatch, names))
    with (tmp_path / "exported/decisions.tsv").open(encoding="utf-8", newline="") as opened_table:
        kept = list(csv.DictReader(opened_table, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [row["reason"] for row in kept] == [PAYLOADS[n] for n in (4, 5, 7)]
