"""The tables of the validation record's page."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from oneclone.reporting.content import ShownRow, ShownTable
from oneclone.validation.criteria import confusion
from oneclone.validation.shares import Share

Json = Mapping[str, Any]

VERDICTS = ("single_clone", "multiple_clones", "indeterminate", "not_assessable")
NOTHING = "\N{EN DASH}"
SHOWN_NAMES = 12


def record_tables(record: Json) -> dict[str, ShownTable]:
    """Return the tables behind the criteria."""
    return {
        "errors": _errors(record),
        "thresholds": _thresholds(record),
        "clusters": _clusters(record),
        "trees": _trees(record),
        "confusion": _confusion(record),
        "verdicts": _verdicts(record),
        "repeats": _repeats(record),
        "runs": _runs(record),
        "software": _software(record),
    }


def _errors(record: Json) -> ShownTable:
    """Return the error of distances against both truths."""
    words = {"compared": "in the bases compared (judged)", "shared": "in the whole genome (shown)"}
    columns = ("True SNPs", "Pairs", "Exact", "Median error", "P95 of |error|", "Most above",
               "Most below", "Slope")  # fmt: skip
    rows = [
        ShownRow(
            (
                words[each["truth"]],
                str(each["pairs"]),
                Share(each["exact"], each["pairs"]).words,
                f"{each['median']:g}",
                f"{each['p95_absolute']:g}",
                str(each["most_above"]),
                str(each["most_below"]),
                NOTHING if each["slope"] is None else f"{each['slope']:.4f}",
            )
        )
        for each in record["distance_errors"]
    ]
    return ShownTable(columns, tuple(rows), frozenset({*columns[1:2], *columns[3:]}))


def _thresholds(record: Json) -> ShownTable:
    """Return the threshold curve as a table; the panel's thresholds are marked."""
    columns = ("t", "Linked: pairs", "Sensitivity", "Specificity", "Whole genome: sensitivity",
               "Whole genome: specificity")  # fmt: skip
    rows: list[ShownRow] = []
    for each in record["thresholds"]:
        compared, shared = each["compared"], each["shared"]
        marked = each["snps"] in record["threshold_marks"]
        cells = (
            f"{each['snps']}{' (threshold of the panel)' if marked else ''}",
            str(compared["sensitivity"][1]),
            *(
                _percent(truth[kind])
                for truth in (compared, shared)
                for kind in ("sensitivity", "specificity")
            ),
        )
        rows.append(ShownRow(cells, "marked" if marked else ""))
    return ShownTable(columns, tuple(rows), frozenset(columns[1:]))


def _percent(share: list[int]) -> str:
    """Return part of whole as a percentage."""
    part, whole = share
    return f"{100 * part / whole:.2f} %" if whole else NOTHING


def _clusters(record: Json) -> ShownTable:
    """Return how clusters agree with the true ones."""
    columns = ("Run", "Level (SNPs)", "Clusters", "True clusters", "Adjusted Rand",
               "Adjusted Wallace, found to true", "True to found")  # fmt: skip
    rows = [
        ShownRow(
            (
                each["run"],
                str(each["level"]),
                str(each["clusters"]),
                str(each["true_clusters"]),
                f"{each['adjusted_rand']:.4f}",
                _index(each["found_to_true"]),
                _index(each["true_to_found"]),
            )
        )
        for each in record["clusters"]
    ]
    return ShownTable(columns, tuple(rows), frozenset(columns[1:]))


def _index(value: float | None) -> str:
    """Return an index, a dash where there is none."""
    return NOTHING if value is None else f"{value:.4f}"


def _trees(record: Json) -> ShownTable:
    """Return how trees agree with the genealogy."""
    columns = ("Run", "Tips", "Support", "Supported splits", "True splits", "Found",
               "Resolving a true polytomy", "Conflicting", "Normalised RF")  # fmt: skip
    rows = [
        ShownRow(
            (
                each["run"],
                str(each["tips"]),
                f"{each['support_kind']} {each['least_support']:g} or more",
                str(each["supported"]),
                str(each["true"]),
                str(each["found"]),
                str(each["resolving"]),
                str(len(each["conflicting"])),
                f"{each['robinson_foulds']:.3f}",
            )
        )
        for each in record["trees"]
    ]
    return ShownTable(columns, tuple(rows), frozenset({"Tips", *columns[3:]}))


def _confusion(record: Json) -> ShownTable:
    """Return the confusion matrix: rows right, columns found."""
    counts = Counter((each["right"], each["found"]) for each in record["verdicts"])
    columns = ("Right verdict", *(f"Found: {_words(each)}" for each in VERDICTS))
    rows = [
        ShownRow((_words(name), *map(str, line)))
        for name, line in zip(VERDICTS, confusion(counts, VERDICTS), strict=True)
    ]
    return ShownTable(columns, tuple(rows), frozenset(columns[1:]))


def _words(code: str) -> str:
    """Return a verdict in words."""
    return code.replace("_", " ")


def _verdicts(record: Json) -> ShownTable:
    """Return every verdict beside the right one."""
    rows = [
        ShownRow(
            (
                each["name"],
                _words(each["right"]),
                _words(each["found"]),
                "; ".join(each["departures"]) or "none",
            ),
            "state-quarantined" if each["departures"] else "",
        )
        for each in record["verdicts"]
    ]
    return ShownTable(("Outbreak", "Right", "Found", "What else is not right"), tuple(rows))


def _repeats(record: Json) -> ShownTable:
    """Return how repeated runs compare with the first."""
    rows = [
        ShownRow(
            (
                each["name"],
                each["conditions"],
                Share(each["equal"], each["compared"]).words,
                some_names(each["differing"]),
                f"{each['seconds']:.0f} s",
            )
        )
        for each in record["repeats"]
    ]
    columns = ("What", "Conditions", "Files byte-equal", "Files that differ", "Duration")
    return ShownTable(columns, tuple(rows), frozenset({"Duration"}))


def some_names(names: list[str]) -> str:
    """Return some names, the first of them where there are many."""
    more = len(names) - SHOWN_NAMES
    shown = ", ".join(names[:SHOWN_NAMES]) or "none"
    return f"{shown} and {more} more" if more > 0 else shown


def _runs(record: Json) -> ShownTable:
    """Return the whole runs and the bases that their pairs compared."""
    columns = ("Run", "Isolates and references", "Pairs", "Withheld", "Close pairs",
               "True SNP sites in them", "Bases compared: least", "Median", "Greatest",
               "Least, of the reference", "Duration")  # fmt: skip
    counts = ("isolates", "pairs", "withheld", "close_pairs", "true_sites")
    rows = [
        ShownRow(
            (
                each["name"],
                *(str(each[key]) for key in counts),
                *(f"{each['compared_bp'][key]:,}" for key in ("least", "median", "greatest")),
                f"{each['least_compared_percent']:.1f} %",
                f"{each['seconds']:.0f} s",
            )
        )
        for each in record["runs"]
        if each["pairs"]
    ]
    return ShownTable(columns, tuple(rows), frozenset(columns[1:]))


def _software(record: Json) -> ShownTable:
    """Return versions of software and the machine."""
    machine = record["machine"]
    own = record["oneclone"]
    pairs = [
        ("oneclone", f"{own['version']}, code sha256 {own['code_sha256']}"),
        ("Tree engine", record["tree_engine"] or "not at hand"),
        *record["software"].items(),
        ("Python", machine["python"]),
        ("Operating system", machine["system"]),
        ("Processor", machine["processor"]),
        ("Cores, memory", f"{machine['cores']}, {machine['memory_gib']} GiB"),
    ]
    return ShownTable(("What", "Version"), tuple(ShownRow(each) for each in pairs))
