"""Custom content for MultiQC: general statistics, a table of the cases, a heatmap.

Sample ids come from `names`, without anything that HTML reads: MultiQC 1.35 does not escape them.
Every other text of a user is escaped here.
"""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from oneclone.exports.exported_run import ExportedRun
from oneclone.exports.names import MULTIQC, labels
from oneclone.model.isolates import Isolate, Role
from oneclone.reporting.selection import choose_shown

MAX_HEATMAP = 200  # isolates; MultiQC draws every cell
STATISTICS = {
    "length_mb": {"title": "Length", "suffix": " Mb", "format": "{:,.2f}", "scale": "Greys"},
    "contigs": {"title": "Contigs", "format": "{:,d}", "scale": "OrRd"},
    "n50_kb": {"title": "N50", "suffix": " kb", "format": "{:,.1f}", "scale": "Blues"},
    "callable_percent": {
        "title": "Callable",
        "description": "Callable bases of the counting reference, of those that are not masked",
        "suffix": "%",
        "min": 0,
        "max": 100,
        "format": "{:,.1f}",
        "scale": "RdYlGn",
    },
}
COLUMNS = {
    "clone": {"title": "Clone"},
    "verdict": {"title": "Verdict of the clone"},
    "subspecies": {"title": "Subspecies"},
    "panel_clone": {"title": "Panel clone"},
    "nearest_case": {"title": "Nearest case of another patient"},
    "snps": {"title": "SNPs to it", "format": "{:,d}", "scale": "RdYlGn"},
}


def general_statistics(run: ExportedRun) -> str:
    """Return length, contigs, N50 and callable bases of every isolate of the table."""
    label = labels(MULTIQC, run.all_rows)
    data = {
        label[isolate.name]: found
        for isolate in run.all_rows
        if isolate.role is not Role.REFERENCE and (found := _statistics(run, isolate))
    }
    return _content("oneclone_general", plot_type="generalstats", headers=STATISTICS, data=data)


def verdict(run: ExportedRun) -> str:
    """Return the sentence of the verdict and a table of the cases."""
    label = labels(MULTIQC, run.all_rows)
    cases = [isolate for isolate in run.isolates if isolate.role is Role.CASE]
    data: dict[str, dict[str, Any]] = {}
    for case in cases:
        clone = run.clone_of.get(case.name, {})
        typing = run.typing.get(case.name, {})
        nearest, snps = _nearest_case(run, case, cases)
        row = {
            "clone": escape(clone.get("name", "")),
            "verdict": escape(clone.get("verdict", "")),
            "subspecies": escape(typing.get("subspecies", "")),
            "panel_clone": escape(typing.get("panel_clone", "")),
            "nearest_case": label[nearest] if nearest else "",
            "snps": snps,
        }
        data[label[case.name]] = {
            key: value for key, value in row.items() if value not in {"", None}
        }
    return _content(
        "oneclone_verdict",
        section_name="oneclone: verdict",
        description=escape(run.verdict["sentence"]),
        plot_type="table",
        pconfig={"id": "oneclone_verdict_table", "title": "oneclone: cases", "no_violin": True},
        headers=COLUMNS,
        data=data,
    )


def distances(run: ExportedRun) -> str:
    """Return the heatmap of SNP distances; a pair that was not compared has no colour."""
    label = labels(MULTIQC, run.all_rows)
    shown = choose_shown(run.compared_by_name, run.pairs, MAX_HEATMAP)
    ids = [label[isolate.name] for isolate in shown]
    rows = [[run.snps(one.name, two.name) for two in shown] for one in shown]
    return _content(
        "oneclone_distances",
        section_name="oneclone: SNP distances",
        description=f"SNPs after the recombination filter; {len(shown)} of {len(run.isolates)} "
        "isolates and references.",
        plot_type="heatmap",
        pconfig={
            "id": "oneclone_distances_heatmap",
            "title": "oneclone: SNP distances",
            "zlab": "SNPs",
            "square": True,
            "tt_decimals": 0,
            "min": 0,
        },
        xcats=ids,
        ycats=ids,
        data=rows,
    )


def _content(identifier: str, **content: object) -> str:
    """Return a file of custom content."""
    return json.dumps({"id": identifier, **content}, indent=1, ensure_ascii=True) + "\n"


def _statistics(run: ExportedRun, isolate: Isolate) -> dict[str, float]:
    """Return what the ledger and the coverage say of an isolate, as far as it is known."""
    ledger = run.ledger[isolate.name]
    found: dict[str, float] = {}
    if ledger.get("length_bp"):
        found["length_mb"] = int(ledger["length_bp"]) / 1e6
        found["contigs"] = int(ledger["contigs"])
        found["n50_kb"] = int(ledger["n50_bp"]) / 1e3
    percent = callable_percent(run, isolate.name)
    if percent:
        found["callable_percent"] = float(percent)
    return found


def callable_percent(run: ExportedRun, name: str) -> str:
    """Return the callable bases of an isolate on its counting reference, in per cent, or nothing.

    It is the reference on which pairs inside its subspecies are counted.
    """
    subspecies = run.typing.get(name, {}).get("subspecies", "")
    reference = run.panel.name_of(run.panel.counting_assembly(subspecies, subspecies))
    rows: Mapping[str, Mapping[str, str]] = run.coverage.get(name, {})
    return rows.get(reference, {}).get("callable_percent", "")


def _nearest_case(run: ExportedRun, case: Isolate, cases: list[Isolate]) -> tuple[str, int | None]:
    """Return the nearest case of another patient and its distance; nothing when there is none."""
    found = [
        (snps, other.name)
        for other in cases
        if other.patient != case.patient and (snps := run.snps(case.name, other.name)) is not None
    ]
    if not found:
        return "", None
    snps, name = min(found)
    return name, snps
