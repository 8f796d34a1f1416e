"""Rule render_report: the report that people read."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from oneclone.model.evidence import LocalTree
from oneclone.model.isolates import Isolate, Role
from oneclone.model.settings import ThresholdOverrides
from oneclone.reporting import captions, content, core_section, first_screen
from oneclone.reporting.atlas import atlas
from oneclone.reporting.changes_section import ChangesSection, changes_section
from oneclone.reporting.coverage_section import coverage_table
from oneclone.reporting.distance_chart import clone_charts
from oneclone.reporting.drawn_tree import DrawnTree
from oneclone.reporting.glossary import GLOSSARY
from oneclone.reporting.judged_run import JudgedRun, read_judged_run
from oneclone.reporting.marker_section import marker_table
from oneclone.reporting.page import figure, render
from oneclone.reporting.robustness_section import linked_range_sentence, robustness_grids
from oneclone.reporting.selection import choose_shown, pruned
from oneclone.reporting.time_section import time_section
from oneclone.reporting.view_data import tree_data, unused_data, view_data
from oneclone.tables.atomic import write_text
from oneclone.tables.change_table import read_changes
from oneclone.tables.core_size_files import (
    read_core_by_isolate,
    read_core_curve,
    read_core_summary,
)
from oneclone.tables.delimited import Table, cells_by_isolate, read_table
from oneclone.tables.history_files import read_history_file
from oneclone.tables.ledger import HASHES
from oneclone.tables.time_file import read_time
from oneclone.tables.tree_files import read_local_trees

LEDGER_NUMBERS = ("length_bp", "contigs", "n50_bp", "gc_percent", "ambiguous_bp")
TYPING_NUMBERS = ("ani_percent", "aligned_percent", "panel_clone_snps")

# Files without which there is a report all the same, and what they tell: no verdict rests on them.
OPTIONAL_PARTS: Mapping[str, str] = {
    "changes": "what changed since the last run",
    "markers": "markers",
    "time": "the age of clones",
    "coverage": "what could be compared of the cases",
}


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
    further: Path,
    matrix: Path,
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
    failed: Collection[str] = (),
) -> None:
    """Write the report.

    Parameters
    ----------
    isolates, panel, history
        The run's plan, and what is known of earlier runs.
    changes
        What changed since the previous run.
    ledger, typing, markers, clusters, pairs, further, matrix, coverage, core_summary, core_curve
        Results to show.
    core_by_isolate, tree_summary, local_trees, verdict, verdict_pairs, time
        Further results to show.
    report
        File to write.
    thresholds
        Thresholds of the configuration.
    failed
        Names of files, of `OPTIONAL_PARTS`, that are not there because their step failed; they
        are not read, and their part of the report says that it failed.
    """
    run = read_judged_run(
        isolates=isolates,
        panel=panel,
        pairs=pairs,
        further=further,
        matrix=matrix,
        tree_summary=tree_summary,
        verdict=verdict,
        thresholds=thresholds,
    )
    rows = read_table(ledger, ())
    typed = read_table(typing, ())
    found = _table(markers, "markers" in failed)
    cases = {isolate.name for isolate in run.rows.values() if isolate.role is Role.CASE}
    members = content.members_by_clone(run.verdict)
    page = {
        **_verdict(run, rows),
        "failed": {name: OPTIONAL_PARTS[name] for name in sorted(failed)},
        "changes": None if "changes" in failed else _changes(history, changes, run.verdict),
        "panel": run.panel,
        "has_loci": bool(found.rows),
        "tables": {
            **_tables(run),
            **_long_tables(run, cases, rows, typed, read_table(verdict_pairs, ())),
            "coverage": coverage_table(_table(coverage, "coverage" in failed), cases),
            "markers": marker_table(found, cases),
        },
        "captions": captions.captions(run.tree, run.tips, run.panel.thresholds, run.compared),
        "data": {
            **view_data(run, cells_by_isolate(typed), cells_by_isolate(read_table(clusters, ()))),
            "unused": unused_data(_own(run), cells_by_isolate(rows)),
            "trees": _trees(run, read_local_trees(local_trees)),
        },
        "atlas": atlas(_own(run)),
        "core": _core(core_summary, core_curve, core_by_isolate),
        "closeness": [figure(chart, caption) for _, chart, caption in clone_charts(run)],
        "time": None if "time" in failed else time_section(read_time(time), members, run.rows),
    }
    write_text(report, render(page))


def _table(path: Path, is_failed: bool) -> Table:
    """Return a table, an empty one for a step that failed."""
    return Table(path, (), ()) if is_failed else read_table(path, ())


def _changes(history: Path, changes: Path, verdict: Mapping[str, Any]) -> ChangesSection:
    """Return what changed since the previous run."""
    return changes_section(read_history_file(history), read_changes(changes), verdict["verdict"])


def _own(run: JudgedRun) -> list[Isolate]:
    """Return the rows of the isolate table."""
    return [isolate for isolate in run.rows.values() if isolate.role is not Role.REFERENCE]


def _tables(run: JudgedRun) -> dict[str, content.ShownTable]:
    """Return the tables of verdict and settings."""
    return {
        "clones": content.clone_table(run.verdict),
        "settings": content.settings_table(run.verdict),
    }


def _long_tables(
    run: JudgedRun, cases: Collection[str], ledger: Table, typed: Table, pairs: Table
) -> dict[str, content.ShownTable]:
    """Return the tables that have a row for every isolate, or for every two cases."""
    found = {
        "pairs": (content.pair_table(pairs), "verdict_pairs.tsv"),
        "ledger": (content.plain_table(ledger, LEDGER_NUMBERS, HASHES), "ledger.tsv"),
        "isolates": (content.isolate_table(_own(run)), "the isolate table"),
        "typing": (content.plain_table(typed, TYPING_NUMBERS), "typing.tsv"),
    }
    return {
        name: content.shortened(table, cases, source) for name, (table, source) in found.items()
    }


def _verdict(run: JudgedRun, ledger: Table) -> dict[str, Any]:
    """Return the verdict, what stands beside it, and how robust it is."""
    judged = run.verdict
    return {
        "badge": first_screen.BADGES[judged["verdict"]],
        "question": first_screen.question(list(run.rows.values())),
        "method": first_screen.METHOD,
        "glossary": GLOSSARY,
        "investigation": judged["settings"]["investigation"],
        "privacy": first_screen.privacy(judged["settings"]),
        "verdict": judged,
        "facts": first_screen.facts(judged),
        "quarantined": first_screen.quarantined(ledger),
        "why": first_screen.why(judged),
        "robustness": robustness_grids(judged),
        "linked_range": linked_range_sentence(judged),
    }


def _trees(run: JudgedRun, local: Mapping[tuple[str, ...], LocalTree]) -> list[dict[str, Any]]:
    """Return the trees to choose from: of all isolates, and of each clone of several patients."""
    numbers = {isolate.row_id: number for number, isolate in enumerate(run.tips)}
    found = [tree_data("All isolates and references", run.drawn_tree, numbers)]
    if not run.all_compared:  # nobody reads thousands of tips: the view opens on these
        near = [isolate.row_id for isolate in choose_shown(run.compared, run.pairs)]
        title = f"Cases and the nearest: {len(near)}"
        found.insert(0, tree_data(title, pruned(run.drawn_tree, near), numbers))
    for clone in run.shared_clones:
        tree = local[tuple(clone["members"])]
        if tree.tips:
            drawn = DrawnTree(tree.newick, tree.core_bp, tree.support_kind)
            title = f"{clone['name']} and its {len(tree.tips)} nearest background tips"
            found.append(tree_data(title, drawn, numbers))
    return found


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
