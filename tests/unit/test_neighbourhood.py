"""A large run: distances are shown of the cases' neighbourhood, everything else of all."""

import json
from base64 import b64decode
from dataclasses import replace

import numpy as np
import pysam
import pytest

from oneclone.errors import OnecloneError
from oneclone.exports import (
    auspice,
    core_variants,
    grapetree,
    itol,
    matrices,
    microreact,
    multiqc,
    nexus,
    sheets,
)
from oneclone.exports.exported_run import ExportedRun
from oneclone.model.pairs import MAX_COMPLETE
from oneclone.reporting.captions import captions
from oneclone.reporting.content import ShownRow, ShownTable, shortened
from oneclone.reporting.distance_chart import clone_charts
from oneclone.reporting.view_data import view_data
from oneclone.sequences import decode
from oneclone.tables.core_rows import open_core_rows
from oneclone.tables.matrix_names import read_matrix_names
from tests.unit.exported_run_builder import exported_run, hostile_outbreak
from tests.unit.test_table_exports import tsv, with_core

NEAR = {"PtA, knee", "PtB", "soap", "A|B"}
WORDS = "4 of 24 used isolates and references"


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> ExportedRun:
    """Return a run of which only NEAR is compared; pairs with others are kept for nobody."""
    folder = tmp_path_factory.mktemp("large")
    run = with_core(exported_run(hostile_outbreak(), folder), folder)
    pairs = {names: pair for names, pair in run.pairs.items() if {*names} & NEAR}
    return replace(run, pairs=pairs, matrix_names=frozenset(NEAR))


def test_matrix_names_are_those_of_the_header(tmp_path):
    path = tmp_path / "matrix.tsv"
    path.write_text("isolate\ta b\t'c'\nwhatever\n", encoding="utf-8")
    assert read_matrix_names(path) == {"a b", "'c'"}
    path.write_text("name\ta\n", encoding="utf-8")
    with pytest.raises(OnecloneError, match=r"matrix\.tsv.*first column"):
        read_matrix_names(path)


def test_compared_are_in_the_order_of_the_tree_and_all_of_a_small_run(large):
    assert [each.name for each in large.compared] == [
        each.name for each in large.tips if each.name in NEAR
    ]
    assert not large.all_compared
    assert len(large.compared_pairs) == 6
    whole = replace(large, matrix_names=frozenset(each.name for each in large.tips))
    assert (whole.all_compared, whole.neighbourhood) == (True, "")
    assert whole.compared_pairs is whole.pairs


def test_captions_say_how_many_of_how_many_and_why(large):
    said = captions(large.tree, large.tips, large.panel.thresholds, large.compared)
    for view in ("heatmap", "histogram", "network", "pairs"):
        assert WORDS in said[view], view
        assert "nearest to a case" in said[view]
        assert "distances/pairs.parquet" in said[view]
    assert "Pairs of 4 used isolates (2 cases) and 0 references" in said["histogram"]
    assert said["tree"].startswith("Tree of 21 used isolates (2 cases) and 3 references")
    assert "view opens on the cases" in said["tree"]
    small = captions(large.tree, large.tips, large.panel.thresholds, large.tips)
    assert small == captions(large.tree, large.tips, large.panel.thresholds)


def test_view_data_numbers_the_compared_and_has_all_isolates(large):
    verdict = {**large.verdict, "set_aside": []}
    data = view_data(replace(large, verdict=verdict), {}, {})
    names = [each["name"] for each in data["isolates"]]
    assert len(names) == 24
    assert {names[number] for number in data["compared"]} == NEAR
    assert data["distances"]["count"] == 4
    packed = np.frombuffer(b64decode(data["distances"]["snps"]), "<i4")
    order = [names[number] for number in data["compared"]]
    pairs = [(a, b) for at, a in enumerate(order) for b in order[at + 1 :]]
    assert packed.tolist() == [large.snps(a, b) for a, b in pairs]
    assert {names[edge[end]] for edge in data["spanningTree"] for end in "ab"} == NEAR


def test_closeness_counts_the_nearest_background_alone(large):
    clone = {"name": "c", "verdict": "single_clone", "members": ["PtA, knee", "PtB"]}
    verdict = {**large.verdict, "set_aside": [], "clones": [clone]}
    ((_, _, caption),) = clone_charts(replace(large, verdict=verdict))
    assert "Background, the nearest: 1 (" in caption
    assert "References, the nearest: none" in caption
    assert WORDS in caption


def test_exports_of_distances_have_the_compared_and_the_others_everything(large):
    assert {row["isolate_a"] for row in tsv(matrices.long_table(large))} < NEAR
    assert len(tsv(matrices.long_table(large))) == 6
    assert matrices.square_matrix(large).split("\n", 1)[0].split("\t")[1:] == sorted(NEAR)
    assert matrices.phylip_matrix(large).startswith("4\n")
    tree = json.loads(grapetree.spanning_tree(large))
    assert len(tree["nodes"]) == 4
    assert sum(part.count(">") for part in grapetree.profile(large)) == 4
    assert len(tsv(grapetree.metadata(large))) == 24
    project = json.loads(microreact.project(large))
    network = project["files"]["network-file-1"]["blob"].split(",")[1]
    assert b64decode(network).decode().count(";") == 4 + 3
    tips = auspice.dataset(large).count('"isolate": {"value"')
    assert (tips, nexus.nexus(large).count("NTAX=24")) == (24, 1)


def test_exports_say_what_they_leave_out(large, tmp_path):
    assert "4 of 24 isolates and references" in json.loads(multiqc.distances(large))["description"]
    assert "SNPs of the nearest" in itol.case_distances(large)
    assert itol.case_distances(large).partition("DATA\n")[2].count("\n") == 4
    path = tmp_path / "core.vcf.gz"
    path.write_bytes(core_variants.core_vcf(large))
    with pysam.VariantFile(str(path)) as opened:
        assert list(opened.header.samples) == sorted(NEAR)
        assert f"##oneclone=Here are {WORDS}" in str(opened.header)


def test_workbook_sheets_are_of_the_compared_and_say_so(large):
    keys = ("clones", "reasons", "caveats", "not_assessed", "pairs")
    more = {"explanations": {}, "statements": {}, "verdict": "x", "versions": {}, "panel": {}}
    run = replace(large, verdict={**large.verdict, **dict.fromkeys(keys, ()), **more})
    made = {sheet.name: sheet for sheet in sheets.sheets(run)}
    told = {str(row[0]): row[1] for row in made["verdict"].rows}
    assert str(told["Distances"]).startswith(f"Here are {WORDS}")
    assert len(list(made["pairs"].rows)) == 6
    assert len(list(made["matrix"].rows)) == 4
    assert len(list(made["isolates"].rows)) == len(run.all_rows)


def test_core_rows_are_read_in_blocks_of_sites(tmp_path):
    path = tmp_path / "core.fasta"
    path.write_text(">I1 a\nACGTN\n>I2 b c\nTTTTT\n", encoding="utf-8")
    with open_core_rows(path) as rows:
        assert rows.taxa == ("I1", "I2")
        assert rows.letters(1) == "TTTTT"
        for at_once in (1, 2, 5, 9):
            columns = [decode(column) for column in rows.by_site([1, 0], at_once)]
            assert columns == ["TA", "TC", "TG", "TT", "TN"]
    for damaged, why in ((">I1 a\nACG\nTN\n", "no title"), (">I1 a\nACG\n>I2 b\nTN\n", "unequal")):
        path.write_text(damaged, encoding="utf-8")
        with pytest.raises(OnecloneError, match=why), open_core_rows(path):
            pass


def test_shortened_table_keeps_cases_and_what_was_not_used():
    rows = [ShownRow((f"i{n}", "x"), "state-used") for n in range(MAX_COMPLETE)]
    table = ShownTable(("Isolate", "B"), (*rows, ShownRow(("bad", ""), "state-quarantined")))
    short = shortened(table, {"i7"}, "ledger.tsv")
    assert [row.cells[0] for row in short.rows] == ["i7", "bad"]
    assert short.everything == table.rows
    assert short.listed[-1] == ["state-quarantined", "bad", ""]
    small = ShownTable(("Isolate",), table.rows[1:])
    assert shortened(small, set(), "ledger.tsv") is small
