"""What viewers show of each tip: metadata of the table, and what the run found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oneclone.exports.exported_run import ExportedRun
from oneclone.model.isolates import Isolate, Role, extra_columns
from oneclone.tables.cluster_table import LABEL_COLUMNS
from oneclone.tables.delimited import distinct_column

FROM_TYPING = ("subspecies", "nearest_reference", "panel_clone")
FROM_CLUSTERS = ("clone", "snp_address", *LABEL_COLUMNS)
FROM_TABLE = (
    "role", "patient", "clinic", "collection_date", "country", "laboratory", "sequencing_run",
    "extraction_batch",
)  # fmt: skip
COLOURED = ("role", "clone", "clinic", "subspecies", "panel_clone")
# Columns to which a viewer gives a meaning of its own, or that an export adds.
RESERVED = frozenset(
    {
        "accession", "altered_columns", "author", "date", "day", "div", "hidden", "id", "isolate",
        "latitude", "longitude", "month", "name", "none", "num_date", "strain", "url", "vaccine",
        "year", *(f"{column}__{what}" for column in COLOURED for what in ("colour", "shape")),
        *FROM_TABLE, *FROM_TYPING, *FROM_CLUSTERS,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Traits:
    """Cells by isolate and column; columns that are blank throughout are left out.

    `extra` are those of the columns that the isolate table has beyond the known ones.
    """

    columns: Sequence[str]
    extra: Sequence[str]
    cells: Mapping[str, Mapping[str, str]]


def traits_of(run: ExportedRun) -> Traits:
    """Return the traits of all tips.

    A further column of the isolate table that bears the name of another trait, or one that means
    something to a viewer, has ` (table)` behind its name.
    """
    typed = extra_columns(run.isolates)
    shown = {each: distinct_column(each, _is_reserved, typed, "{} (table)") for each in typed}
    cells = {isolate.name: _known(isolate, run) for isolate in run.isolates}
    for isolate in run.isolates:
        cells[isolate.name] |= {shown[column]: text for column, text in isolate.extra.items()}
    known = (*FROM_TABLE, *FROM_TYPING, *FROM_CLUSTERS)
    extra = tuple(sorted(shown.values()))
    filled = {column for row in cells.values() for column, text in row.items() if text}
    return Traits(
        columns=[column for column in (*known, *extra) if column in filled],
        extra=[column for column in extra if column in filled],
        cells=cells,
    )


def _is_reserved(column: str) -> bool:
    """Tell whether a column means something to a viewer, or is another trait."""
    return column.lower() in RESERVED


def _known(isolate: Isolate, run: ExportedRun) -> dict[str, str]:
    """Return the cells of the known columns."""
    found = {column: str(getattr(isolate, column)) for column in FROM_TABLE}
    if isolate.role is Role.REFERENCE:
        reference = next(each for each in run.panel.references if each.name == isolate.name)
        return found | {"subspecies": reference.subspecies, "panel_clone": reference.clone}
    typing, clusters = run.typing[isolate.name], run.clusters[isolate.name]
    found |= {column: typing[column] for column in FROM_TYPING}
    return found | {column: clusters[column] for column in FROM_CLUSTERS}
