"""Where the files of a panel contradict each other or themselves.

Every check works on what was read, whatever else is wrong with it, so that one mistake hides no
other.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from oneclone.model.panel import Kind
from oneclone.tables.delimited import Row, Table, rows_text
from oneclone.tables.published_tables import CLONES_FILE

ASCENDING = (
    ("thresholds", ("linked", "possible", "unlinked")),
    ("ani", ("species_percent", "subspecies_percent")),
    ("substitution_rate", ("low", "per_site_per_year", "high")),
)


def order_problems(path: Path, data: Mapping[str, Any]) -> list[str]:
    """Return which ascending numbers of panel.yaml do not ascend; what is no number is passed over.

    Parameters
    ----------
    path
        Of panel.yaml.
    data
        Its keys, possibly not those of the schema.

    Examples
    --------
    >>> order_problems(Path("panel.yaml"), {"genome_length_bp": [2000, 1000]})
    ['panel.yaml: genome_length_bp must ascend: 2000, 1000; correct them']
    """
    series: list[tuple[str, Any]] = [("genome_length_bp", data.get("genome_length_bp"))]
    series += [
        (f"{key} {', '.join(names)}", _values(data.get(key), names)) for key, names in ASCENDING
    ]
    _, names = ASCENDING[-1]
    series += [
        (
            f"substitution_rates of {rate.get('clone')} {', '.join(names)}",
            _values(rate, names),
        )
        for rate in _rates(data)
    ]
    return [
        f"{path}: {name} must ascend: {', '.join(map(str, values))}; correct them"
        for name, values in series
        if _is_numbers(values) and values != sorted(values)
    ]


def rate_contradictions(path: Path, data: Mapping[str, Any]) -> list[str]:
    """Return which clones have several rates in panel.yaml.

    Parameters
    ----------
    path
        Of panel.yaml.
    data
        Its keys, possibly not those of the schema.

    Examples
    --------
    >>> rate_contradictions(Path("panel.yaml"), {"substitution_rates": 2 * [{"clone": "DCC1"}]})
    ["panel.yaml: substitution_rates names the clone 'DCC1' 2 times; keep one rate"]
    """
    names = [str(rate["clone"]).strip() for rate in _rates(data) if rate.get("clone")]
    return [
        f"{path}: substitution_rates names the clone '{name}' {names.count(name)} times; keep one "
        "rate"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]


def reference_contradictions(table: Table) -> list[str]:
    """Return which subspecies lack their one type strain, and which clone references a clone."""
    strains: dict[str, list[int]] = {row["subspecies"].strip(): [] for row in table.rows}
    for row in table.rows:
        if row["kind"].strip() == Kind.TYPE_STRAIN:
            strains[row["subspecies"].strip()].append(row.number)
    found = [
        f"{table.path} {rows_text(numbers)}: subspecies '{subspecies}' has {len(numbers)} rows of "
        "kind type_strain; it needs exactly one, make the others clone"
        if numbers
        else f"{table.path}: subspecies '{subspecies}' has 0 rows of kind type_strain; it needs "
        "exactly one, its type strain or the reference that stands for it"
        for subspecies, numbers in sorted(strains.items())
        if subspecies and len(numbers) != 1
    ]
    found += [
        f"{table.path} row {row.number}: clone reference '{row['reference']}' names no clone; fill "
        "in the column clone"
        for row in table.rows
        if row["kind"].strip() == Kind.CLONE and not row["clone"].strip()
    ]
    return found


def name_contradictions(
    path: Path, data: Mapping[str, Any], references: Table, known: Table | None
) -> list[str]:
    """Return which names in panel.yaml no table has.

    Parameters
    ----------
    path
        Of panel.yaml.
    data
        Its keys, possibly not those of the schema.
    references, known
        `references.tsv` and `clones.tsv`; the latter `None` when it could not be read.
    """
    found: list[str] = []
    species, names = data.get("species_reference"), {row["reference"] for row in references.rows}
    if isinstance(species, str) and species and species not in names:
        found.append(
            f"{path}: species_reference '{species}' is no reference of {references.path.name}; "
            "write a name of its column reference"
        )
    if known is not None:
        clones = {row["clone"].strip() for row in (*references.rows, *known.rows)}
        found += [
            f"{path}: substitution_rates names the clone '{rate['clone']}', which is neither in "
            f"{references.path.name} nor in {CLONES_FILE}; correct the name or describe it there"
            for rate in _rates(data)
            if isinstance(rate.get("clone"), str) and rate["clone"] not in clones
        ]
    return found


def clone_contradictions(
    references: Table, background: Table | None, known: Table | None
) -> list[str]:
    """Return where the clones of the panel's tables contradict each other.

    Parameters
    ----------
    references
        `references.tsv`.
    background, known
        `background.tsv` and `clones.tsv`; without rows when absent, `None` when unreadable.
    """
    compared = _subspecies_of(references)
    described = _subspecies_of(known) if known else {}
    found: list[str] = []
    for where, row in _rows(known):
        name, stated = row["clone"].strip(), row["in_panel"].strip()
        if stated in {"yes", "no"} and (stated == "yes") != (name in compared):
            found.append(
                f"{where}: clone '{name}' says in_panel {stated}, but references.tsv has "
                f"{'a' if name in compared else 'no'} reference of it; correct the column"
            )
        found += _subspecies_problem(where, row, compared)
    for where, row in _rows(background):
        name = row["clone"].strip()
        if known is not None and name and name not in compared and name not in described:
            found.append(
                f"{where}: clone '{name}' is neither in references.tsv nor in {CLONES_FILE}; "
                "correct the name or describe the clone there"
            )
        found += _subspecies_problem(where, row, compared) or _subspecies_problem(
            where, row, described
        )
    return found


def _rows(table: Table | None) -> Iterator[tuple[str, Row]]:
    """Give the rows of a table that could be read, each with its place in words."""
    for row in table.rows if table else ():
        yield f"{table.path if table else ''} row {row.number}", row


def _subspecies_of(table: Table) -> dict[str, str]:
    """Return the subspecies of each clone that a table names, the first one stated."""
    found: dict[str, str] = {}
    for row in table.rows:
        if clone := row["clone"].strip():
            found[clone] = found.get(clone) or row["subspecies"].strip()
    return found


def _subspecies_problem(where: str, row: Row, others: Mapping[str, str]) -> list[str]:
    """Return that a row gives a clone another subspecies than another table does."""
    name, own = row["clone"].strip(), row["subspecies"].strip()
    other = others.get(name)
    if not own or not other or own == other:
        return []
    here = f"{where}: clone '{name}' is of subspecies '{own}'"
    return [f"{here}, but of '{other}' elsewhere in the panel; correct one"]


def _rates(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the entries of substitution_rates that have keys."""
    rates: Any = data.get("substitution_rates")
    entries = cast("list[Any]", rates) if isinstance(rates, list) else []
    return [cast("dict[str, Any]", entry) for entry in entries if isinstance(entry, dict)]


def _values(section: object, names: Sequence[str]) -> list[Any]:
    """Return some values of a section, `None` where it has none."""
    mapping = cast("dict[str, Any]", section) if isinstance(section, dict) else {}
    return [mapping.get(name) for name in names]


def _is_numbers(values: object) -> bool:
    """Tell whether all of a list are numbers that can be put in order, which NaN cannot."""
    return isinstance(values, list) and all(
        isinstance(value, int) or (isinstance(value, float) and not math.isnan(value))
        for value in cast("list[Any]", values)
    )
