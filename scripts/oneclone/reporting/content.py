"""What the report shows, as words and tables; how it looks is the template's affair."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from oneclone.model.isolates import Isolate, State, extra_columns
from oneclone.model.pairs import MAX_COMPLETE
from oneclone.phrases import megabases
from oneclone.reporting.drawn_tree import SUPPORT_WORDS
from oneclone.tables.delimited import Table
from oneclone.tables.json_files import leaves

Json = Mapping[str, Any]

MAX_PAGE_ROWS = 500  # of a table that has more than MAX_COMPLETE
STATE_CSS = "state-"
USED_CSS = f"{STATE_CSS}{State.USED}"
ABBREVIATIONS = frozenset({"ani", "gc"})


@dataclass(frozen=True)
class ShownRow:
    """A row of a table in the order of its columns; `css` is a class of ours."""

    cells: tuple[str, ...]
    css: str = ""


@dataclass(frozen=True)
class ShownTable:
    """A table of the report; `numbers` are the columns to be set to the right.

    `rows` stand in the page as they are. When the table has more, `everything` are all of them,
    as the list from which a script draws those that the reader looks at, and `source` says where
    they are for who has no script, or paper.
    """

    columns: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    numbers: frozenset[str] = frozenset()
    everything: tuple[ShownRow, ...] = ()
    source: str = ""

    @property
    def listed(self) -> list[list[str]]:
        """All rows of a long table as text: the class of ours, then the cells."""
        return [[row.css, *row.cells] for row in self.everything]


def members_by_clone(verdict: Json) -> dict[str, Sequence[str]]:
    """Return the members of each clone by its name."""
    return {clone["name"]: clone["members"] for clone in verdict["clones"]}


def pair_table(pairs: Table) -> ShownTable:
    """Return the pairs of case isolates."""
    columns = (
        "Isolate",
        "Other isolate",
        "Verdict",
        "SNPs",
        "Raw",
        "Compared",
        "Nearest background",
        "Reason",
    )
    rows = [
        ShownRow(
            (
                row["isolate_a"],
                row["isolate_b"],
                row["verdict"].replace("_", " "),
                row["snps"],
                row["snps_raw"],
                megabases(int(row["callable_bp"])),
                row["nearest_background_snps"],
                row["reason"].replace(",", ", "),
            )
        )
        for row in pairs.rows
    ]
    return ShownTable(
        columns, tuple(rows), frozenset({"SNPs", "Raw", "Compared", "Nearest background"})
    )


def clone_table(verdict: Json) -> ShownTable:
    """Return the clones."""
    columns = (
        "Clone",
        "Verdict",
        "Members",
        "Patients",
        "Clinics",
        "Most SNPs",
        "Exclusive",
        "Support",
        "Reasons",
    )
    rows = [
        ShownRow(
            (
                clone["name"],
                clone["verdict"].replace("_", " "),
                ", ".join(clone["members"]),
                ", ".join(clone["patients"]),
                ", ".join(clone["clinics"]) or "unknown",
                "" if clone["max_snps"] is None else str(clone["max_snps"]),
                {True: "yes", False: "no", None: "not known"}[clone["exclusive"]],
                _support(clone),
                ", ".join(clone["reasons"]),
            )
        )
        for clone in verdict["clones"]
    ]
    return ShownTable(columns, tuple(rows), frozenset({"Most SNPs"}))


def _support(clone: Json) -> str:
    """Return support and its kind, or that there is none."""
    if clone["support"] is None:
        return "not computable"
    return f"{clone['support']:g} % ({SUPPORT_WORDS[clone['support_kind']]})"


def isolate_table(isolates: Sequence[Isolate]) -> ShownTable:
    """Return who, where and when, with every further column of the user's table."""
    rows = sorted(isolates, key=lambda isolate: isolate.name)
    extra = sorted(extra_columns(rows))
    known = ("name", "role", "patient", "clinic", "collection_date", "country", "laboratory")
    shown = [
        ShownRow(
            (
                *(str(getattr(isolate, each)) for each in known),
                *(isolate.extra.get(column, "") for column in extra),
            )
        )
        for isolate in rows
    ]
    titles = ("Isolate", *(_spelled(each) for each in known[1:]))
    return ShownTable((*titles, *extra), tuple(shown))


def plain_table(table: Table, numbers: Sequence[str], left_out: Sequence[str] = ()) -> ShownTable:
    """Return a result table as it is, its column names spelled out.

    Parameters
    ----------
    table
        The table as read.
    numbers
        Columns to be set to the right.
    left_out
        Columns that are not shown.
    """
    columns = [column for column in table.columns if column not in left_out]
    rows = [
        ShownRow(
            tuple(_shown(row[column], column in numbers) for column in columns),
            f"{STATE_CSS}{row['state']}" if row["state"] else "",
        )
        for row in table.rows
    ]
    return ShownTable(
        tuple(map(_spelled, columns)), tuple(rows), frozenset(_spelled(each) for each in numbers)
    )


def shortened(table: ShownTable, cases: Collection[str], source: str) -> ShownTable:
    """Return a table whose page rows are few, however many there are.

    A browser needs seconds for the cells of thousands of rows before it shows anything. Of a long
    table the page keeps the cases and what was not used, at most `MAX_PAGE_ROWS`.

    Parameters
    ----------
    table
        The first column names an isolate.
    cases
        Names of the cases.
    source
        Where all rows are.

    Examples
    --------
    >>> rows = tuple(ShownRow((str(number),)) for number in range(MAX_COMPLETE + 1))
    >>> short = shortened(ShownTable(("Isolate",), rows), {"7"}, "ledger.tsv")
    >>> [row.cells for row in short.rows], len(short.everything)
    ([('7',)], 2001)
    """
    if len(table.rows) <= MAX_COMPLETE:
        return table
    kept = [row for row in table.rows if row.cells[0] in cases or row.css not in {"", USED_CSS}]
    return replace(table, rows=tuple(kept[:MAX_PAGE_ROWS]), everything=table.rows, source=source)


def settings_table(verdict: Json) -> ShownTable:
    """Return settings and versions, one per row; nested settings by dotted name.

    What the report says of its names is no setting of the method and has its own place.
    """
    rows = [
        ShownRow((".".join(keys), str(value)))
        for keys, value in leaves(verdict["settings"])
        if value not in ("", None) and keys[0] != "privacy"
    ]
    rows += [ShownRow((f"version of {name}", str(v))) for name, v in verdict["versions"].items()]
    return ShownTable(("Setting", "Value"), tuple(rows))


def _spelled(column: str) -> str:
    """Return a column name as words.

    Examples
    --------
    >>> _spelled("gc_percent"), _spelled("n50_bp"), _spelled("panel_clone_snps")
    ('GC %', 'N50 bp', 'Panel clone SNPs')
    """
    words = column.replace("_percent", " %").replace("_", " ").replace("snps", "SNPs")
    first, _, rest = words.partition(" ")
    first = first.upper() if first in ABBREVIATIONS else first[:1].upper() + first[1:]
    return f"{first} {rest}".rstrip()


def _shown(cell: str, is_number: bool) -> str:
    """Return a cell; whole numbers with thin spaces between thousands."""
    if is_number and cell.isdigit():
        return thousands(int(cell))
    return cell


def thousands(number: int) -> str:
    """Return a number with thin spaces between thousands."""
    return f"{number:,}".replace(",", "\u202f")
