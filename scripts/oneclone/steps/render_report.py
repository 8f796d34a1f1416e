"""Rule render_report: the report that people read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from oneclone.model.evidence import LocalTree
from oneclone.model.isolates import Isolate, Role, State
from oneclone.model.pairs import Pair
from oneclone.model.panel import Panel, with_thresholds
from oneclone.model.settings import ThresholdOverrides
from oneclone.reporting import content, core_section
from oneclone.reporting.changes_section import changes_section
from oneclone.reporting.coverage_section import coverage_table
from oneclone.reporting.distance_chart import clone_strips, distance_caption, distance_chart
from oneclone.reporting.heatmap import heatmap_chart
from oneclone.reporting.marker_section import marker_table
from oneclone.reporting.page import Figure, figure, render
from oneclone.reporting.robustness_section import linked_range_sentence, robustness_grids
from oneclone.reporting.selection import choose_shown, pruned
from oneclone.reporting.time_section import time_section
from oneclone.reporting.tree_picture import DrawnTree, tip_order, tree_chart
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
from oneclone.tables.tree_files import TreeSummary, read_local_trees, read_tree_summary

LEDGER_NUMBERS = ("length_bp", "contigs", "n50_bp", "gc_percent", "ambiguous_bp")
LEDGER_HIDDEN = ("sha256", "canonical_sha256")
TYPING_NUMBERS = ("ani_percent", "aligned_percent", "panel_clone_snps")
SCALE_CAPTION = (
    "Branches are drawn to the logarithm of SNPs + 1 and labelled with their SNPs; a full dot "
    "marks a supported branch, a hollow one an unsupported branch."
)


def render_report(
    *,
    isolates: Path,
    panel: Path,
    history: Path,
    changes: Path,
    ledger: Path,
    typing: Path,
    markers: Path,
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
    ledger, typing, markers, pairs, coverage, core_summary, core_curve, core_by_isolate
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
    shown = choose_shown([by_row[row] for row in tip_order(whole)], distances)
    cases = {isolate.name for isolate in known.values() if isolate.role is Role.CASE}
    page = {
        **_verdict(judged, rows),
        "changes": changes_section(
            read_history_file(history), read_changes(changes), judged["verdict"]
        ),
        "panel": cohort,
        "has_loci": bool(read_table(markers, ()).rows),
        "tables": {
            "pairs": content.pair_table(read_table(verdict_pairs, ())),
            "clones": content.clone_table(judged),
            "ledger": content.plain_table(rows, LEDGER_NUMBERS, LEDGER_HIDDEN),
            "isolates": content.isolate_table(
                [isolate for isolate in known.values() if isolate.role is not Role.REFERENCE]
            ),
            "typing": content.plain_table(read_table(typing, ()), TYPING_NUMBERS),
            "coverage": coverage_table(read_table(coverage, ()), cases),
            "settings": content.settings_table(judged),
            "markers": marker_table(read_table(markers, ()), cases),
        },
        "trees": [
            *_clone_trees(read_local_trees(local_trees), by_row, judged["clones"]),
            _whole_tree(whole, tree, by_row, shown),
        ],
        "heatmap": _heatmap(shown, tree.taxa, distances, cohort),
        "core": _core(core_summary, core_curve, core_by_isolate),
    }
    write_text(report, render(page | _beside(judged, rows, known, distances, cohort, time=time)))


def _verdict(judged: Mapping[str, Any], ledger: Table) -> dict[str, Any]:
    """Return the verdict, what stands beside it, and how robust it is."""
    return {
        "badge": content.BADGES[judged["verdict"]],
        "investigation": judged["settings"]["investigation"],
        "verdict": judged,
        "facts": content.facts(judged),
        "quarantined": content.quarantined(ledger),
        "robustness": robustness_grids(judged),
        "linked_range": linked_range_sentence(judged),
    }


def _whole_tree(
    whole: DrawnTree, tree: TreeSummary, by_row: Mapping[str, Isolate], shown: Sequence[Isolate]
) -> Figure:
    """Return the picture of the tree of all isolates."""
    kept = "" if len(shown) == tree.taxa else f" {len(shown)} of {tree.taxa} tips are shown."
    rooting = tree.rooting.replace("_", " ")
    caption = (
        f"All used isolates and references ({tree.engine}, {tree.model}; this engine because "
        f"{tree.engine_reason}; {tree.variable_sites} variable of {tree.core_bp} core sites; "
        f"root: {rooting}; support: {content.SUPPORT_WORDS[tree.support_kind]}).{kept} "
        f"{SCALE_CAPTION}"
    )
    drawn = pruned(whole, [isolate.row_id for isolate in shown])
    return figure(tree_chart(drawn, by_row), caption)


def _clone_trees(
    trees: Mapping[tuple[str, ...], LocalTree],
    by_row: Mapping[str, Isolate],
    clones: Sequence[Mapping[str, Any]],
) -> list[Figure]:
    """Return the pictures of the local trees of clones of more than one patient."""
    found: list[Figure] = []
    for clone in clones:
        local = trees[tuple(clone["members"])]
        if clone["verdict"] == "one_patient" or not local.tips:
            continue
        caption = (
            f"{clone['name']} with its {len(local.tips)} nearest background tips "
            f"({local.engine}; {local.variable_sites} variable of {local.core_bp} core sites on "
            f"{local.reference}, {local.masked_bp} recombinant bases masked). {SCALE_CAPTION}"
        )
        drawn = DrawnTree(local.newick, local.core_bp, local.support_kind)
        found.append(figure(tree_chart(drawn, by_row), caption))
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
    set_aside = {row["isolate"] for row in judged["set_aside"]}
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


def _heatmap(
    shown: Sequence[Isolate], total: int, pairs: Mapping[tuple[str, str], Pair], panel: Panel
) -> Figure:
    """Return the heatmap of SNP distances."""
    cut = panel.thresholds
    cases = sum(isolate.role is Role.CASE for isolate in shown)
    caption = (
        f"SNP distances after the recombination filter, {len(shown)} of {total} used isolates "
        f"and references ({cases} cases), in the order of the tree. Linked up to {cut.linked}, "
        f"possible up to {cut.possible}, not linked above {cut.unlinked} SNPs ({cut.citation}). "
        "? = too few bases could be compared."
    )
    names = [isolate.name for isolate in shown]
    return figure(heatmap_chart(names, pairs, panel.thresholds), caption)


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
