"""Rule render_report: the report that people read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from oneclone.model.evidence import LocalTree
from oneclone.model.isolates import Isolate, Role, State
from oneclone.model.pairs import Pair
from oneclone.model.panel import Panel, with_thresholds
from oneclone.model.settings import ThresholdOverrides
from oneclone.reporting import captions, content, core_section, first_screen
from oneclone.reporting.atlas import atlas
from oneclone.reporting.changes_section import changes_section
from oneclone.reporting.coverage_section import coverage_table
from oneclone.reporting.distance_chart import clone_strips, distance_caption, distance_chart
from oneclone.reporting.drawn_tree import DrawnTree, tip_order
from oneclone.reporting.glossary import GLOSSARY
from oneclone.reporting.marker_section import marker_table
from oneclone.reporting.page import Figure, figure, render
from oneclone.reporting.robustness_section import linked_range_sentence, robustness_grids
from oneclone.reporting.time_section import time_section
from oneclone.reporting.view_data import (
    background_numbers,
    tree_data,
    unused_data,
    view_data,
)
from oneclone.tables.atomic import write_text
from oneclone.tables.change_table import read_changes
from oneclone.tables.core_size_files import (
    read_core_by_isolate,
    read_core_curve,
    read_core_summary,
)
from oneclone.tables.delimited import Table, read_table
from oneclone.tables.history_files import read_history_file
from oneclone.tables.json_files import read_json
from oneclone.tables.pair_table import read_pairs
from oneclone.tables.run_plan import read_isolates, read_plan_panel
from oneclone.tables.time_file import read_time
from oneclone.tables.tree_files import read_local_trees, read_tree_summary

LEDGER_NUMBERS = ("length_bp", "contigs", "n50_bp", "gc_percent", "ambiguous_bp")
LEDGER_HIDDEN = ("sha256", "canonical_sha256")
TYPING_NUMBERS = ("ani_percent", "aligned_percent", "panel_clone_snps")


def render_report(
    *,
    isolates: Path,
    panel: Path,
    history: Path,
    changes: Path,
    ledger: Path,
    typing: Path,
    markers: Path,
    clusters: Path,
    pairs: Path,
    coverage: Path,
    core_summary: Path,
    core_curve: Path,
    core_by_isolate: Path,
    tree_summary: Path,
    local_trees: Path,
    verdict: Path,
    verdict_pairs: Path,
    time: Path,
    report: Path,
    thresholds: ThresholdOverrides,
) -> None:
    """Write the report.

    Parameters
    ----------
    isolates, panel, history
        The run's plan, and what is known of earlier runs.
    changes
        What changed since the previous run.
    ledger, typing, markers, clusters, pairs, coverage, core_summary, core_curve, core_by_isolate
        Results to show.
    tree_summary, local_trees, verdict, verdict_pairs, time
        Further results to show.
    report
        File to write.
    thresholds
        Thresholds of the configuration.
    """
    cohort = with_thresholds(read_plan_panel(panel), thresholds)
    known = read_isolates(isolates)
    distances = read_pairs(pairs)
    judged = read_json(verdict)
    tree = read_tree_summary(tree_summary)
    rows = read_table(ledger, ())
    by_row = {isolate.row_id: isolate for isolate in known.values()}
    whole = DrawnTree(tree.newick, tree.core_bp, tree.support_kind)
    shown = [by_row[row] for row in tip_order(whole)]
    typed = read_table(typing, ())
    page = {
        **_verdict(judged, rows, list(known.values())),
        "changes": changes_section(
            read_history_file(history), read_changes(changes), judged["verdict"]
        ),
        "panel": cohort,
        "has_loci": bool(read_table(markers, ()).rows),
        "tables": {
            **_tables(judged, rows, known),
            "pairs": content.pair_table(read_table(verdict_pairs, ())),
            "typing": content.plain_table(typed, TYPING_NUMBERS),
            "coverage": coverage_table(read_table(coverage, ()), _cases(known)),
            "markers": marker_table(read_table(markers, ()), _cases(known)),
        },
        "captions": captions.captions(tree, shown, cohort.thresholds),
        "data": {
            **view_data(
                shown, distances, _cells(typed), _cells(read_table(clusters, ())), cohort.thresholds
            ),
            "unused": unused_data(_own(known), _cells(rows)),
            "background": background_numbers(shown, _set_aside(judged)),
            "trees": _trees(whole, read_local_trees(local_trees), judged["clones"], shown),
        },
        "atlas": atlas(_own(known)),
        "core": _core(core_summary, core_curve, core_by_isolate),
    }
    write_text(report, render(page | _beside(judged, rows, known, distances, cohort, time=time)))


def _cases(known: Mapping[str, Isolate]) -> set[str]:
    """Return the names of the cases."""
    return {isolate.name for isolate in known.values() if isolate.role is Role.CASE}


def _own(known: Mapping[str, Isolate]) -> list[Isolate]:
    """Return the rows of the isolate table."""
    return [isolate for isolate in known.values() if isolate.role is not Role.REFERENCE]


def _set_aside(judged: Mapping[str, Any]) -> set[str]:
    """Return the names of context isolates that are no background."""
    return {row["isolate"] for row in judged["set_aside"]}


def _cells(table: Table) -> dict[str, dict[str, str]]:
    """Return the cells of a table by isolate and column."""
    return {row["isolate"]: dict(row.cells) for row in table.rows}


def _tables(
    judged: Mapping[str, Any], ledger: Table, known: Mapping[str, Isolate]
) -> dict[str, content.ShownTable]:
    """Return the tables of verdict, rows and settings."""
    return {
        "clones": content.clone_table(judged),
        "ledger": content.plain_table(ledger, LEDGER_NUMBERS, LEDGER_HIDDEN),
        "isolates": content.isolate_table(_own(known)),
        "settings": content.settings_table(judged),
    }


def _verdict(
    judged: Mapping[str, Any], ledger: Table, isolates: Sequence[Isolate]
) -> dict[str, Any]:
    """Return the verdict, what stands beside it, and how robust it is."""
    return {
        "badge": first_screen.BADGES[judged["verdict"]],
        "question": first_screen.question(isolates),
        "method": first_screen.METHOD,
        "glossary": GLOSSARY,
        "investigation": judged["settings"]["investigation"],
        "verdict": judged,
        "facts": first_screen.facts(judged),
        "quarantined": first_screen.quarantined(ledger),
        "why": first_screen.why(judged),
        "robustness": robustness_grids(judged),
        "linked_range": linked_range_sentence(judged),
    }


def _trees(
    whole: DrawnTree,
    local: Mapping[tuple[str, ...], LocalTree],
    clones: Sequence[Mapping[str, Any]],
    isolates: Sequence[Isolate],
) -> list[dict[str, Any]]:
    """Return the trees to choose from: of all isolates, and of each clone of several patients."""
    numbers = {isolate.row_id: number for number, isolate in enumerate(isolates)}
    found = [tree_data("All isolates and references", whole, numbers)]
    for clone in clones:
        tree = local[tuple(clone["members"])]
        if clone["verdict"] != "one_patient" and tree.tips:
            drawn = DrawnTree(tree.newick, tree.core_bp, tree.support_kind)
            title = f"{clone['name']} and its {len(tree.tips)} nearest background tips"
            found.append(tree_data(title, drawn, numbers))
    return found


def _beside(
    judged: Mapping[str, Any],
    ledger: Table,
    known: Mapping[str, Isolate],
    pairs: Mapping[tuple[str, str], Pair],
    panel: Panel,
    *,
    time: Path,
) -> dict[str, Any]:
    """Return distances inside and outside of each clone of two patients or more, and time."""
    set_aside = _set_aside(judged)
    others = [
        row["isolate"]
        for row in ledger.rows
        if row["state"] == State.USED
        and row["role"] in {Role.CONTEXT, Role.REFERENCE}
        and row["isolate"] not in set_aside
    ]
    found: list[Figure] = []
    for clone in judged["clones"]:
        if clone["verdict"] == "one_patient":
            continue
        strips = clone_strips(clone["members"], others, known, pairs)
        caption = distance_caption(clone["name"], strips, panel.thresholds)
        found.append(figure(distance_chart(strips, panel.thresholds), caption))
    members = content.members_by_clone(judged)
    return {"closeness": found, "time": time_section(read_time(time), members, known)}


def _core(summary: Path, curve: Path, by_isolate: Path) -> dict[str, Any]:
    """Return curve, table and words of the section on the core alignment."""
    about = read_core_summary(summary)
    left_out = read_core_by_isolate(by_isolate)
    chart = core_section.core_chart(read_core_curve(curve), about.min_isolates)
    return {
        "sentence": core_section.core_sentence(about),
        "figure": figure(chart, core_section.core_caption(about)),
        "table": core_section.cost_table(left_out, about.core_bp),
        "note": core_section.cost_note(left_out),
    }
