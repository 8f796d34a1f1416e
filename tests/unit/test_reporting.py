"""The report's words, tables and pictures."""

import re
from base64 import b64decode, b64encode
from collections import defaultdict
from hashlib import sha256
from html import unescape
from itertools import combinations

import numpy as np
import pytest
from markupsafe import Markup

from oneclone.core_size import CurvePoint, LeftOut
from oneclone.model.isolates import Isolate, Place, Role, row_id
from oneclone.model.panel import Thresholds
from oneclone.reporting import content, first_screen
from oneclone.reporting.assets import libraries, vendored_path
from oneclone.reporting.captions import captions
from oneclone.reporting.changes_section import ChangesSection
from oneclone.reporting.core_section import (
    core_caption,
    core_chart,
    core_sentence,
    cost_note,
    cost_table,
)
from oneclone.reporting.coverage_section import coverage_table
from oneclone.reporting.drawn_tree import DrawnTree
from oneclone.reporting.glossary import GLOSSARY
from oneclone.reporting.heatmap import heatmap_chart
from oneclone.reporting.marker_section import marker_table
from oneclone.reporting.page import figure, render
from oneclone.reporting.palette import distance_steps, step_of
from oneclone.reporting.robustness_section import (
    CloneGrid,
    Tile,
    linked_range_sentence,
    robustness_grids,
)
from oneclone.reporting.selection import MAX_SHOWN, choose_shown, pruned
from oneclone.reporting.time_section import CloneWords, TimeSection
from oneclone.reporting.view_data import packed_distances, tree_data
from oneclone.tables.checksum import file_sha256
from oneclone.tables.core_size_files import CoreSummary
from oneclone.tables.delimited import Row, Table
from oneclone.tables.tree_files import TreeSummary
from oneclone.trees import read_supported
from tests.conftest import REPOSITORY
from tests.reliability.trials import case
from tests.unit.evidence_builder import pair

CUT = Thresholds(10, 30, 38, "a study")
TABLES = ("coverage", "pairs", "clones", "ledger", "isolates", "typing", "markers", "settings")
HOSTILE = "<img src=x onerror=alert(1)>\"'</script>"


def isolate(name: str, role: Role = Role.CONTEXT) -> Isolate:
    return Isolate(row_id(name), name, role, f"sha-{name}")


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_heatmap_chart_name_with_a_line_or_paragraph_separator_is_drawn():
    names = ["a\u2028b", "a\u2029b", "\\u2028"]
    pairs = {(one, two): pair(one, two, 3) for one, two in combinations(sorted(names), 2)}
    shown = texts(figure(heatmap_chart(names, pairs, CUT), "distances").svg)
    assert {"a\u2424b", "a\xb6b", "\\u2028"} <= set(shown)


def test_heatmap_chart_name_that_javascript_knows_is_drawn():
    names = ["PtA", "__proto__", "constructor", "toString"]
    pairs = {(one, two): pair(one, two, 3) for one, two in combinations(names, 2)}
    shown = texts(figure(heatmap_chart(names, pairs, CUT), "distances").svg)
    assert all(shown.count(name) == 2 for name in names)


def test_heatmap_chart_shows_small_distances_and_gaps():
    pairs = {
        ("a", "b"): pair("a", "b", 7),
        ("a", "c"): pair("a", "c", None),
        ("b", "c"): pair("b", "c", 20_000),
    }
    shown = texts(figure(heatmap_chart(["a", "b", "c"], pairs, CUT), "distances").svg)
    assert shown.count("7") == 2
    assert shown.count("?") == 2
    assert "20000" not in shown
    assert "0-10" in shown
    assert "not assessable" in shown


def test_figures_of_as_many_isolates_as_are_ever_shown():
    names = [f"isolate {number:02}" for number in range(MAX_SHOWN)]
    pairs = {(one, two): pair(one, two, 7) for one, two in combinations(names, 2)}
    shown = texts(figure(heatmap_chart(names, pairs, CUT), "distances").svg)
    assert shown.count("7") == MAX_SHOWN * (MAX_SHOWN - 1)


@case(46, "a name with markup in the figures", "escaped text in SVG")
def test_heatmap_chart_hostile_name_is_escaped():
    pairs = {(HOSTILE, "b"): pair(HOSTILE, "b", 1)}
    svg = figure(heatmap_chart([HOSTILE, "b"], pairs, CUT), "x").svg
    assert "<img" not in svg
    assert "</script" not in svg


@pytest.mark.parametrize(
    ("snps", "label"),
    [
        (0, "0-10"),
        (10, "0-10"),
        (11, "11-30"),
        (38, "31-38"),
        (39, "39-250"),
        (10**6, "over 10000"),
    ],
)
def test_step_of_bands_are_those_of_the_thresholds(snps, label):
    assert step_of(snps, distance_steps(CUT)).label == label


def test_distance_steps_other_thresholds_move_the_steps():
    labels = [step.label for step in distance_steps(Thresholds(20, 50, 300, "x"))]
    assert labels == ["0-20", "21-50", "51-300", "301-1000", "1001-10000", "over 10000"]


def test_choose_shown_cases_stay_and_the_nearest_fill_up():
    isolates = [isolate(f"c{number:02}") for number in range(20)]
    isolates.insert(7, isolate("case", Role.CASE))
    pairs = {(f"c{n:02}", "case"): pair(f"c{n:02}", "case", 10 * n) for n in range(20)}
    shown = [each.name for each in choose_shown(isolates, pairs, 5)]
    assert shown == ["c00", "c01", "c02", "c03", "case"]
    assert choose_shown(isolates, pairs, 50) == isolates


def test_pruned_path_lengths_stay():
    drawn = DrawnTree("(((Ia:1,Ib:2)90:3,Ic:4)80:5,Id:6);", 10, "ufboot")
    small = read_supported(pruned(drawn, ["Ia", "Id"]).newick)
    assert small.get_distance("Ia", "Id") == 1 + 3 + 5 + 6
    assert pruned(drawn, ["Ia", "Ib", "Ic", "Id"]) is drawn


def test_core_chart_draws_every_level_and_marks_that_of_the_run():
    curve = [CurvePoint(n, 100 * n / 20, 1000 - 10 * n, 100 - n) for n in range(1, 21)]
    svg = figure(core_chart(curve, 19), "core").svg
    shown = texts(svg)
    assert {"0", "20", "100"} <= set(shown)
    assert "isolates and references that must have called a site" in shown
    assert len(re.findall(r'aria-roledescription="point"', svg)) == 1
    assert svg == figure(core_chart(curve, 19), "core").svg


@pytest.mark.parametrize("taxa", [1, 2])
def test_core_chart_one_or_two_isolates_do_not_crash(taxa):
    curve = [CurvePoint(n, 100 * n / taxa, 10, 50.0) for n in range(1, taxa + 1)]
    assert figure(core_chart(curve, taxa), "core").svg


def test_core_words_give_size_level_and_denominators():
    about = CoreSummary("ref", 40, 95.0, 38, 5_000_000, 4_600_000, 9, (1,) * 4, (1,) * 4)
    said = core_sentence(about)
    assert "4\u202f600\u202f000 bases of the reference (92.0 % of the 5\u202f000\u202f000" in said
    assert "at least 38 of 40 isolates and references" in said
    assert "SNP distances never depend on the core" in said
    assert "38 of 40 (at least 95 %)" in core_caption(about)
    empty = CoreSummary("ref", 2, 100.0, 2, 0, 0, 0, (0,) * 4, (0,) * 4)
    assert "(0.0 % of the 0 unmasked ones)" in core_sentence(empty)


def test_cost_table_ten_largest_gains_and_the_rest_is_counted():
    gains = {f"i{n:02}": 100 * n for n in range(-2, 13)}
    gains["a tie"] = 1200
    left_out = [LeftOut(name, 5000, 7, 8000 + gain, gain) for name, gain in gains.items()]
    shown = cost_table(left_out, 8000)
    assert len(shown.rows) == 10
    assert shown.rows[0].cells == ("a tie", "1\u202f200", "15.00", "7", "5\u202f000")
    assert [row.cells[0] for row in shown.rows[1:3]] == ["i12", "i11"]
    note = cost_note(left_out)
    assert "3 more would give a smaller gain." in note
    assert note.endswith("3 isolates and references would give none.")


def test_cost_table_no_gain_is_no_row_and_a_sentence():
    left_out = [LeftOut("a", 5, 1, 5, 0), LeftOut("b", 5, 0, 4, -1)]
    assert cost_table(left_out, 5).rows == ()
    assert cost_note(left_out) == (
        "Leaving out any one of the 2 isolates and references would not make the core larger."
    )


def table(columns: str, *rows: str) -> Table:
    names = tuple(columns.split())
    made = [Row(i, dict(zip(names, row.split("|"), strict=True))) for i, row in enumerate(rows, 2)]
    return Table(None, names, tuple(made))


def test_plain_table_states_have_a_class_and_numbers_thin_spaces():
    shown = content.plain_table(
        table("isolate state length_bp sha256", "a|quarantined|5067172|ff", "b|used||00"),
        ("length_bp",),
        ("sha256",),
    )
    assert shown.columns == ("Isolate", "State", "Length bp")
    assert shown.numbers == {"Length bp"}
    assert shown.rows[0].cells == ("a", "quarantined", "5\u202f067\u202f172")
    assert [row.css for row in shown.rows] == ["state-quarantined", "state-used"]


def test_captions_of_map_and_timeline_count_the_used_isolates():
    own = [
        Isolate("a", "a", Role.CASE, "sha", collection_date="2022"),
        Isolate("b", "b", Role.CONTEXT, "sha"),
        Isolate("r", "r", Role.REFERENCE, "sha", collection_date="2000"),
    ]
    tree = TreeSummary(
        "IQ-TREE", "it is there", "GTR", "none", "midpoint", 3, 3, 1_234_567, 8910, 1, "(a,b,r);"
    )
    said = captions(tree, own, Thresholds(10, 30, 38, "x"))
    assert "known for 1 of 2 used isolates" in said["timeline"]
    assert "known for 0 of 2 used isolates" in said["map"]
    assert "connects the 2 used isolates (1 case), without the references" in said["network"]
    assert "8\u202f910 variable of 1\u202f234\u202f567 core sites" in said["tree"]


def test_quarantined_isolates_are_named_with_role_and_reasons():
    ledger = table(
        "isolate role state reason",
        "a|case|quarantined|too_short,identical_assembly",
        "b|context|used|",
        "c|case|not_assessed|no_isolate",
        *(f"x{k}|context|quarantined|too_short" for k in range(1, 10)),
    )
    assert first_screen.quarantined(ledger) == [
        "a (case, too_short, identical_assembly)",
        "x1, x2, x3, x4, x5, x6 and 3 more (context, too_short)",
    ]


def test_settings_table_nested_settings_are_dotted_and_blanks_left_out():
    verdict = {
        "settings": {
            "tree": {"seed": 1, "engine": "auto"},
            "investigation": "",
            "privacy": {"notes": []},
        },
        "versions": {"oneclone": "1.0"},
    }
    rows = [row.cells for row in content.settings_table(verdict).rows]
    assert rows == [("tree.seed", "1"), ("tree.engine", "auto"), ("version of oneclone", "1.0")]


def test_coverage_table_shows_the_cases_alone_with_both_denominators():
    coverage = table(
        "isolate reference callable_bp callable_percent unplaced_bp unplaced_percent",
        "CTX-1|REF|9|9.00|9|9.00",
        "PtA|REF|4890123|97.61|80450|1.60",
    )
    assert [row.cells for row in coverage_table(coverage, {"PtA"}).rows] == [
        ("PtA", "REF", "4,890 kb", "97.61 %", "80.5 kb", "1.60 %")
    ]


def test_marker_table_cases_of_equal_genotype_share_a_row():
    markers = table(
        "isolate locus position allele genotype meaning citation detail",
        "CTX|erm|100|full length|reference|whole|a study|",
        "CTX|rrl|7|A|reference|as is|a study|",
        "PtA|erm|100|full length|reference|whole|a study|",
        "PtA|rrl|7||not_covered|unknown|a study|0 of 1 base read",
        "PtB|erm|100|full length|reference|whole|a study|",
        "PtB|rrl|7|G|variant|changed|a study|",
    )
    assert [row.cells for row in marker_table(markers, {"PtA", "PtB"}).rows] == [
        ("erm", "reference", "full length", "100", "PtA, PtB", "whole", "a study"),
        ("rrl", "not covered", "0 of 1 base read", "7", "PtA", "unknown", "a study"),
        ("rrl", "variant", "G", "7", "PtB", "changed", "a study"),
    ]


def page_content(picture: dict) -> dict:
    """Return content of the page in which every text is hostile."""
    empty = content.ShownTable((), ())
    return {
        "badge": first_screen.BADGES["indeterminate"],
        "question": HOSTILE,
        "method": HOSTILE,
        "glossary": {HOSTILE: HOSTILE},
        "captions": defaultdict(lambda: HOSTILE),
        "atlas": None,
        "data": {"isolates": [{"name": HOSTILE}]},
        "changes": ChangesSection(HOSTILE, (HOSTILE,)),
        "investigation": HOSTILE,
        "privacy": first_screen.Privacy(HOSTILE, (HOSTILE,)),
        "panel": {"organism": HOSTILE, "clone_max_snps": 5, "name": "p", "version": "1"},
        "verdict": {
            "sentence": HOSTILE,
            "reasons": ["r"],
            "caveats": [],
            "explanations": {"r": "why"},
            "not_assessed": [{"isolate": HOSTILE, "patient": HOSTILE, "reason": "x"}],
            "set_aside": [],
            "suspected_assemblies": [
                {"isolate": HOSTILE, "short_indels": 12, "snps_raw": 3, "beside": HOSTILE}
            ],
            "suspected_mixtures": [
                {"isolate": HOSTILE, "signs": ["duplicated_core"], "detail": HOSTILE}
            ],
            "versions": {"oneclone": "1"},
            "statements": {
                "certainty": [HOSTILE],
                "not_claimed": [HOSTILE],
                "not_assessed": [],
                "would_change": [HOSTILE],
            },
            "robustness": {"assessed": True},
        },
        "robustness": [CloneGrid(HOSTILE, (Tile(HOSTILE, "same", "=", HOSTILE, HOSTILE),), ())],
        "linked_range": HOSTILE,
        "has_loci": True,
        "facts": [first_screen.Fact(HOSTILE, HOSTILE)],
        "quarantined": [HOSTILE],
        "failed": {"markers": HOSTILE},
        "tables": dict.fromkeys(TABLES, empty),
        "closeness": [picture],
        "time": TimeSection(HOSTILE, (CloneWords(HOSTILE, (HOSTILE,), picture),), HOSTILE),
        "core": {
            "sentence": HOSTILE,
            "figure": picture,
            "table": cost_table([LeftOut(HOSTILE, 9, 1, 9, 1)], 8),
            "note": HOSTILE,
        },
    }


@case(
    46,
    "markup and scripts in every text of the report",
    "escaped; only scripts with an allowed checksum run",
)
def test_render_texts_are_escaped_and_scripts_are_those_that_are_allowed():
    picture = {"svg": Markup("<svg></svg>"), "caption": HOSTILE}
    html = render(page_content(picture))
    body = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    assert "<img" not in body
    assert body.count("<script") == body.count("</script>") == 1  # the data, which is no script
    assert "http://" not in body.replace("http://www.w3.org", "")
    assert "&lt;img src=x onerror=alert(1)&gt;" in body
    assert "<svg></svg>" in body
    assert "Why. " in body
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html).group(1)
    assert unescape(policy).startswith("default-src 'none'; script-src 'sha256-")
    found = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    hashes = [b64encode(sha256(each.encode()).digest()).decode() for each in found]
    assert re.findall(r"'sha256-([^']+)'", unescape(policy)) == hashes


def test_libraries_are_the_files_that_were_vendored_with_their_licences():
    for library in libraries():
        for name, digest in library.files.items():
            assert file_sha256(vendored_path(name)) == digest, name
        assert len(vendored_path(library.licence_file).read_text()) > 500
    shipped = {path.name for path in vendored_path("vendored.json").parent.glob("*.*")}
    listed = {name for library in libraries() for name in library.files}
    assert shipped == listed | {"vendored.json"}


def test_glossary_is_that_of_the_readme():
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    section = readme[readme.index("## Glossary") : readme.index("## Citation")]
    assert dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", section, re.MULTILINE)[1:]) == {
        **GLOSSARY
    }


def test_packed_distances_come_back_row_by_row():
    pairs = {
        ("a", "b"): pair("a", "b", 7),
        ("a", "c"): pair("a", "c", None),
        ("b", "c"): pair("b", "c", 70_000),
    }
    packed = packed_distances(["c", "a", "b"], pairs)
    snps = np.frombuffer(b64decode(packed["snps"]), dtype="<i4").tolist()
    assert snps == [-1, 70_000, 7]


def test_tree_data_tips_are_numbers_and_branches_are_snps():
    drawn = DrawnTree("((Ia:0.01,Ib:0)90:0.03,Ic:0.04);", 100, "ufboot")
    data = tree_data("all", drawn, {"Ia": 0, "Ib": 12, "Ic": 2})
    assert data["newick"] == "((0:1,12:0)90:3,2:4);"
    assert data["supported"] == 95.0
    assert tree_data("all", DrawnTree("Ia:0;", 100, "none"), {"Ia": 0})["supported"] is None


def robust(**changes) -> dict:
    """Return a run of a verdict's robustness."""
    run = {
        "clone": "c", "run": "without_background", "subject": "X", "decisive": False,
        "verdict": "indeterminate", "made": True, "changed": False, "max_snps": 3,
        "nearest_background_snps": 4, "note": "",
    }  # fmt: skip
    return {**run, **changes}


def test_robustness_grid_joins_background_isolates_that_change_nothing():
    runs = [
        robust(run="core_level", subject="90 %", decisive=True, verdict="single_clone",
               changed=True, note="5 variable of 90 core sites"),
        robust(run="species_reference", decisive=True, verdict="not_assessable"),
        robust(subject="near", verdict="single_clone", changed=True),
        robust(subject="a"),
        robust(subject="b"),
    ]  # fmt: skip
    verdict = {
        "clones": [{"name": "c"}, {"name": "of one patient"}],
        "robustness": {"assessed": True, "runs": runs, "linked_range": {"from": 2, "to": 1}},
    }
    (grid,) = robustness_grids(verdict)
    assert [(tile.title, tile.state) for tile in grid.decisive] == [
        ("In a local tree at core level 90 %", "changed"),
        ("When counted on the species reference", "silent"),
    ]
    detail = "at most 3 SNPs; nearest background 4; 5 variable of 90 core sites"
    assert grid.decisive[0].detail == detail
    assert [(tile.title, tile.verdict) for tile in grid.shown] == [
        ("Without background isolate near", "single clone"),
        ("Without each of 2 background isolates in turn", "indeterminate"),
    ]
    assert linked_range_sentence(verdict).endswith("from 2 to 1 SNP.")
    assert linked_range_sentence({"robustness": {"assessed": False}}) == ""
    assert linked_range_sentence(verdict | {"clones": []}) == ""


def test_facts_count_the_described_clones_that_were_not_compared():
    names = [f"eDCC{number}" for number in range(8, 39)]
    verdict = {
        "clones": [],
        "distinct_from_panel": True,
        "not_assessed": [],
        "closest_across_clones": None,
        "panel": {
            "reference_clones": ["DCC1", "DCC2"],
            "reference_clones_not_comparable": ["DCC4"],
            "known_clones_not_compared": {"count": len(names), "names": names},
        },
    }
    facts = first_screen.facts(verdict)
    assert first_screen.Fact("Distinct from the 2 reference clones compared", "yes") in facts
    assert first_screen.Fact("Reference clones with too few bases to compare", "DCC4") in facts
    assert (
        first_screen.Fact(
            "Described clones that were not compared",
            "31: eDCC8, eDCC9, eDCC10, eDCC11, eDCC12, eDCC13 and 25 more",
        )
        in facts
    )


def test_captions_count_places_and_dates_of_used_isolates_alone():
    tree = TreeSummary("iqtree", "", "GTR", "none", "midpoint", 3, 3, 100, 4, 1, "")
    used = [
        Isolate("I1", "a", Role.CASE, "", collection_date="2022", place=Place(0, 0)),
        Isolate("I2", "b", Role.CONTEXT, ""),
        Isolate("I3", "REF", Role.REFERENCE, ""),
    ]
    told = captions(tree, used, CUT)
    assert "known for 1 of 2 used isolates." in told["map"]
    assert "known for 1 of 2 used isolates." in told["timeline"]
