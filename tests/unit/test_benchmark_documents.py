"""What the written documents say of given figures."""

import json
from xml.etree import ElementTree

from tests.benchmarks.documents import DOCUMENTS, render
from tests.benchmarks.run import MEASUREMENTS
from tests.benchmarks.scale_picture import draw_scale
from tests.benchmarks.scale_tables import AFTER_PAIRS
from tests.integration.workflow import ROOT

COST = {"cpu_s": 2.0, "wall_s": 2.5, "peak_mb": 100.0}
SCORE = {
    "pairs": 1,
    "lost": 0,
    "exact": 1,
    "above": 0,
    "false_snps": 0,
    "missed_snps": 0,
    "true_snps": 3,
    "most_missed": 0,
    "mean_error": 0.0,
    "least_share": 0.97,
}


def comparisons():
    """Return figures of one set with two programs, one of which failed."""
    agreed = {
        "pairs": 1,
        "lost": 0,
        "slope": 0.99,
        "mean_difference": -0.5,
        "greatest_difference": 2,
    }
    ours = {
        "tool": "oneclone",
        "failed": "",
        "cost": COST,
        "counted": [["a", "b", 12, 5_000_000]],
        "filtered": [["a", "b", 3, 5_000_000]],
        "near_ends": [],
        "score": SCORE,
        "filtered_score": SCORE,
        "agreement_close": agreed,
        "agreement_all": agreed,
    }
    theirs = {
        **ours,
        "tool": "ska",
        "cost": {"cpu_s": 7.0, "wall_s": 5.0, "peak_mb": 20.0},
        "filtered": None,
        "score": {**SCORE, "false_snps": 4, "missed_snps": 2, "lost": 1, "mean_error": 1.0},
    }
    record = {
        "name": "ringtrial-a-b",
        "title": "two drafts",
        "divergence": None,
        "genomes": 2,
        "pairs": 1,
        "close_pairs": 1,
        "truth_known": True,
        "published_known": True,
        "results": [ours, theirs, {"tool": "parsnp", "failed": "Killed"}],
    }
    return {
        "measured": [record],
        "absent": ["brucella"],
        "programs": {"nucmer, pair by pair": ["nucmer"]},
    }


def test_validation_shows_rivals_beside_us_and_names_what_is_absent():
    text = render("validation", {"comparisons": comparisons()})
    theirs = "1 pairs: 4; 2 of 3 (66.7 %); 1 pairs lost"
    assert f"| two drafts | 1 pairs: 0; 0 of 3 (0.0 %) | {theirs} | failed |" in text
    assert "| a, b | 12 \N{RIGHTWARDS ARROW} 3 (5.00 Mb) | 12 (5.00 Mb) | \N{EN DASH} |" in text
    assert "data were not at hand: brucella." in text
    assert (
        "nucmer, pair by pair was left out: nucmer not installed (Debian package `mummer`)" in text
    )
    assert "Not measured: simulated, real, growth, scale, positions, trees" in text
    assert "## Limits" in text


def test_validation_without_a_scored_set_says_so():
    figures = comparisons()
    figures["measured"][0] |= {"close_pairs": 0, "truth_known": False}
    text = render("validation", {"comparisons": figures})
    assert "missed SNPs of all true ones:\n\nNo set of this kind was measured.\n" in text


def test_performance_gives_multiples_of_oneclone():
    text = render("performance", {"comparisons": comparisons()})
    assert "| two drafts | 2, 1 | 2.0 s, 2.5 s, 100 MB | 3.5, 2.0, 0.20 | failed |" in text
    assert "| ska | 1 | 3.5 | 2.0 | 0.20 | 3.5 to 3.5 |" in text


def test_growth_is_given_relative_to_the_first_run_and_as_an_exponent():
    def run(context, scale):
        step = {"jobs": 1, "peak_mb": 100.0}
        return {
            "name": f"{context} context isolates",
            "context": context,
            "genomes": context,
            "called": context,
            "pairs": context * (context - 1) // 2,
            "wall_s": 10.0 * scale,
            "cpu_s": 20.0 * scale,
            "peak_mb": 300.0,
            "steps": {
                "call_isolates": {**step, "wall_s": float(context)},
                "count_pairs": {**step, "wall_s": context**2 / 100},
                "infer_core_tree": {**step, "wall_s": 3.0},
            },
            "close": 1,
            "raw": SCORE,
            "filtered": SCORE,
            "verdict": "indeterminate",
            "expected": "single_clone",
        }

    measured = {"growth": [run(10, 1), run(20, 2), run(40, 4)]}
    text = render("performance", measured)
    assert "| 40 | 40 | 780 | 4.0 | 4.0 | 1.0 | 2.0 s | 1000 ms |" in text
    assert "whole run, CPU 1.00,\ncalls, together 1.00,\ncounting of pairs 2.00,\n" in text
    assert "| `indeterminate` (**wrong**) |" in render("validation", measured)


def scale(isolates: int, *, failed: bool = False) -> dict:
    def cost(cpu_s: float, peak_mb: float, written_mb: float) -> dict:
        return {"cpu_s": cpu_s, "wall_s": 2 * cpu_s, "peak_mb": peak_mb, "written_mb": written_mb}

    steps = {
        "count_pairs": cost(isolates**2 / 1e6, 100, isolates**2 / 1e5),
        "count_pairs, one isolate more": cost(isolates / 1e3, 200, 1),
        **dict.fromkeys(AFTER_PAIRS, cost(isolates / 1e4, isolates, 1)),
    }
    if failed:
        del steps["judge_clones"]
    return {
        "isolates": isolates,
        "genome_bp": 5_000_000,
        "genomes": isolates + 9,
        "mean_archive_mb": 0.125,
        "largest_archive_mb": 0.34,
        "population": cost(4.2, 260, 0),
        "steps": steps,
        "failed": {"judge_clones": "MemoryError"} if failed else {},
    }


def test_scale_is_given_by_step_and_size_with_exponents_and_bounds():
    text = render("performance", {"scale": [scale(1_000), scale(3_000), scale(10_000)]})
    assert "| 10 000 | 10 009 | 5 Mb | 0.12 MB | 0.34 MB | 1.3 GB |" in text
    assert "| `count_pairs` | 1.0 s | 9.0 s | 100 s | 2.00 | 2.00 |" in text
    assert "| `count_pairs` | 100 MB | 100 MB | 100 MB | 0.00 | 0.00 |" in text
    assert "| `count_pairs`, one isolate more | 1.0 s | 3.0 s | 10 s | 1.00 | 1.00 |" in text
    assert "| distances of one new isolate: 60 s | 20 s |" in text
    assert "| distances of all pairs: 15 min, 2 GB | 200 s, 100 MB |" in text
    assert (
        "| clusters, verdict and report from them (10 steps): 5 min | 10 s of CPU, of which 2.0 s"
        in text
    )


def test_a_step_that_failed_is_named_and_no_bound_rests_on_it():
    text = render("performance", {"scale": [scale(1_000), scale(10_000, failed=True)]})
    assert "| `judge_clones` | 0.1 s | failed |  |  |" in text
    assert "`judge_clones` failed at 10 000 isolates: MemoryError." in text
    assert "Bounds that were set" not in text


def test_picture_of_scale_has_a_line_for_each_of_the_greatest_steps():
    svg = draw_scale([scale(100), scale(1_000)])
    root = ElementTree.fromstring(svg)  # noqa: S314 (drawn here)
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{space}polyline")) == 3 * 7
    texts = [each.text for each in root.findall(f"{space}text")]
    assert texts.count("count_pairs") == 2  # time and disk; of ten steps' memory it is the least
    assert {"CPU time", "Peak memory", "Written", "1 000"} <= set(texts)


def test_tables_of_chapters_stand_before_the_limits_and_costs_in_performance():
    measured = {
        "recombination": {
            "Power": [{"import": 500, "removed": "3/4"}],
            "Cost beside Gubbins": [{"ratio": 7}],
        },
    }
    power = "### Power\n\n| import | removed |\n|---|---|\n| 500 | 3/4 |"
    text = render("validation", measured)
    assert "\n## Recombination filter\n\nPairs drawn" in text
    assert f"{power}\n\n## Limits" in text
    assert "Gubbins" not in text
    assert render("performance", measured).endswith(
        "### Cost beside Gubbins\n\n| ratio |\n|---|\n| 7 |\n"
    )


def test_random_outbreaks_are_given_with_denominators_and_intervals():
    def levels(single: int, other: int) -> dict:
        counts = {"single_clone": single, "indeterminate": other}
        return dict.fromkeys(("0", "10", "50", "100"), counts)

    groups = {
        "circulating": levels(0, 200),
        "chance": levels(1, 3),
        "source_apart": levels(80, 20),
        "source_near": levels(2, 8),
    }
    text = render("validation", {"outbreaks": {"groups": groups, "wall_s": 600}})
    none, all_of_them = "0 of 200 (0.0 %; 0.0 to 1.8 %)", "200 of 200 (100.0 %; 98.2 to 100.0 %)"
    assert f"| 100 % | {none} | {all_of_them} | 0 of 200 |" in text
    assert "| 50 % | 80 of 100 (80.0 %; 70.8 to 87.3 %) |" in text
    assert "*Circulating*: 2 to 6 cases and 5 to 40 related isolates" in text


def test_documents_say_what_the_kept_figures_say():
    if not MEASUREMENTS.is_file():  # nothing was measured since the documents were written
        return
    measured = json.loads(MEASUREMENTS.read_text("utf-8"))
    for name in DOCUMENTS:
        assert (ROOT / "docs" / f"{name}.md").read_text("utf-8") == render(name, measured)
