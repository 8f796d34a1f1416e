"""The sheets of the workbook: their columns and rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any, cast

from oneclone.exports.exported_run import Cells, ExportedRun
from oneclone.model.isolates import METADATA, Isolate, Role, extra_columns
from oneclone.model.pairs import Pair, ordered
from oneclone.reporting.selection import choose_shown
from oneclone.tables import ledger
from oneclone.tables.json_files import leaves

# More than anybody scrolls through; with all pairs of 500 isolates the workbook took most of the
# time of all exports, of 2000 it could not be opened. The tables beside it have everything.
MAX_PAIRS = 20_000
MAX_MATRIX = 250  # isolates
NOT_ASSESSABLE = "not_assessable"
LEDGER_COLUMNS = tuple(column for column in ledger.COLUMNS if column not in ledger.HASHES)
PAIR_COLUMNS = (
    "isolate_a",
    "isolate_b",
    "snps",
    "band",
    "verdict",
    "reason",
    "snps_raw",
    "callable_bp",
    "callable_percent",
    "recombinant_bp",
    "role_a",
    "role_b",
    "reference",
)
NUMBERS = {
    "length_bp",
    "contigs",
    "n50_bp",
    "gc_percent",
    "ambiguous_bp",
    "ani_percent",
    "aligned_percent",
    "panel_clone_snps",
    "position",
    "read_bp",
}

Cell = str | int | float | None


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, header and rows, which come when they are written."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def sheets(run: ExportedRun) -> list[Sheet]:
    """Return the sheets in their order."""
    return [
        Sheet("verdict", ("what", "text", "code"), list(_verdict_rows(run))),
        _isolates(run),
        Sheet("pairs", PAIR_COLUMNS, _pair_rows(run)),
        _matrix(run),
        _cells("typing", [run.typing[name] for name in sorted(run.typing)]),
        _cells("markers", _marker_cells(run)),
        _cells("clusters", [run.clusters[name] for name in sorted(run.clusters)]),
        Sheet("settings", ("what", "key", "value"), list(_setting_rows(run.verdict))),
    ]


def _verdict_rows(run: ExportedRun) -> Iterator[Sequence[Cell]]:
    """Give the verdict in words, why, what limits it, and what was not assessed."""
    judged = run.verdict
    words: Mapping[str, str] = judged["explanations"]
    said: Mapping[str, Sequence[str]] = judged["statements"]
    yield "Verdict", judged["sentence"], judged["verdict"]
    for clone in judged["clones"]:
        yield f"Clone {clone['name']}", ", ".join(clone["members"]), clone["verdict"]
    for what, codes in (("Reason", judged["reasons"]), ("Caveat", judged["caveats"])):
        for code in codes:
            yield what, words.get(code, ""), code
    for what, key in (
        ("How sure", "certainty"),
        ("Not claimed", "not_claimed"),
        ("Not assessed", "not_assessed"),
        ("Would change it", "would_change"),
    ):
        for sentence in said.get(key, ()):
            yield what, sentence, None
    for row in judged["not_assessed"]:
        yield "Not assessed", f"{row['isolate']} (patient {row['patient']})", row["reason"]
    if run.neighbourhood:
        yield "Distances", run.neighbourhood, None
    total = len(run.compared_pairs)
    if total > MAX_PAIRS:
        text = (
            f"The sheet has {MAX_PAIRS:,} of {total:,} pairs: those of cases first, each by SNPs."
        )
        yield "Pairs", f"{text} All are in distances/pairs.tsv.", None
    if (tips := len(run.compared)) > MAX_MATRIX:
        text = f"The sheet has {MAX_MATRIX:,} of {tips:,} isolates: cases, then the nearest to one."
        yield "Matrix", f"{text} All are in distances/matrix.tsv.", None
    yield "Cells", "An apostrophe stands in front of text that could start a formula.", None


def _isolates(run: ExportedRun) -> Sheet:
    """Return the ledger with the metadata of the isolate table."""
    extra = extra_columns(run.all_rows)
    rows = [
        (
            *(_value(column, run.ledger[isolate.name]) for column in LEDGER_COLUMNS),
            *_metadata(isolate),
            *(isolate.extra.get(name, "") for name in extra),
        )
        for isolate in run.all_rows
    ]
    return Sheet("isolates", (*LEDGER_COLUMNS, *METADATA, *extra), rows)


def _metadata(isolate: Isolate) -> Sequence[Cell]:
    """Return the cells of METADATA."""
    place = isolate.place
    return (
        isolate.patient,
        isolate.clinic,
        isolate.collection_date,
        isolate.country,
        place.latitude if place else None,
        place.longitude if place else None,
        isolate.laboratory,
        isolate.sequencing_run,
        isolate.extraction_batch,
    )


def _pair_rows(run: ExportedRun) -> Iterator[Sequence[Cell]]:
    """Give the pairs: those of two cases, of one, of none; in each part by distance."""
    judged = {ordered(p["isolate_a"], p["isolate_b"]): p for p in run.verdict["pairs"]}

    def rank(names: tuple[str, str]) -> tuple[int, bool, int, tuple[str, str]]:
        """Return where a pair stands."""
        snps = run.pairs[names].snps
        cases = sum(run.rows[name].role is Role.CASE for name in names)
        return -cases, snps is None, snps or 0, names

    for names in nsmallest(MAX_PAIRS, run.compared_pairs, key=rank):
        yield _pair_cells(run, run.pairs[names], judged.get(names, {}))


def _pair_cells(run: ExportedRun, pair: Pair, judged: Mapping[str, str]) -> Sequence[Cell]:
    """Return the cells of PAIR_COLUMNS."""
    known = pair.snps is not None
    return (
        pair.first,
        pair.second,
        pair.snps,
        NOT_ASSESSABLE if pair.snps is None else run.panel.thresholds.band(pair.snps),
        judged.get("verdict"),
        judged.get("reason"),
        pair.snps_raw,
        pair.callable_bp,
        round(pair.callable_percent, 2) if known else None,
        pair.recombinant_bp,
        run.rows[pair.first].role,
        run.rows[pair.second].role,
        pair.reference,
    )


def _matrix(run: ExportedRun) -> Sheet:
    """Return the square of SNP distances; empty what was not compared."""
    names = [isolate.name for isolate in choose_shown(run.compared_by_name, run.pairs, MAX_MATRIX)]
    rows = ((one, *(run.snps(one, two) for two in names)) for one in names)
    return Sheet("matrix", ("isolate", *names), rows)


def _cells(name: str, rows: Sequence[Cells]) -> Sheet:
    """Return a table of the results as a sheet."""
    columns = list(rows[0]) if rows else ["isolate"]
    return Sheet(name, columns, [[_value(column, row) for column in columns] for row in rows])


def _marker_cells(run: ExportedRun) -> list[Cells]:
    """Return the rows of the marker table, by isolate, loci in the order of the panel."""
    return [cells for name in sorted(run.markers) for cells in run.markers[name].values()]


def _value(column: str, cells: Cells) -> Cell:
    """Return a cell, as a number where the column holds numbers."""
    text = cells.get(column, "")
    if not text or column not in NUMBERS:
        return text
    return float(text) if "." in text else int(text)


def _setting_rows(judged: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
    """Give the settings and versions, nested keys joined by dots."""
    for what in ("settings", "versions", "panel"):
        for keys, value in sorted(leaves(judged[what]), key=lambda leaf: leaf[0]):
            yield what, ".".join(keys), _setting(value)


def _setting(value: object) -> str:
    """Return a setting as text."""
    if isinstance(value, list):
        return ", ".join(map(str, cast("list[object]", value)))
    return "" if value is None else str(value)
