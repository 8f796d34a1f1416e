"""GrapeTree: core SNP sites, metadata, and the minimum spanning tree ready to be shown."""

import re
from collections.abc import Iterator, Mapping, Sequence

from oneclone.clones import components
from oneclone.exports.exported_run import ExportedRun
from oneclone.exports.names import GRAPETREE, labels
from oneclone.exports.text import table_text
from oneclone.exports.traits import traits_of
from oneclone.tables.core_rows import open_core_rows
from oneclone.tables.json_files import json_text

ALTERED = "altered_columns"
# GrapeTree parts at commas, knows no quotes, and shows values as HTML.
UNSAFE = re.compile("[,;<>&\"'`\u2028\u2029]")
MISSING = "-"


def profile(run: ExportedRun) -> Iterator[str]:
    """Give the core SNP sites as FASTA, isolate by isolate; what was not called is missing.

    In a large run the isolates are those of the minimum spanning tree.
    """
    label = labels(GRAPETREE, run.all_rows)
    with open_core_rows(run.alignment) as rows:
        for number, row in enumerate(rows.taxa):
            name = run.by_row_id[row].name
            if name in run.matrix_names:
                yield f">{label[name]}\n{rows.letters(number).replace('N', MISSING)}\n"


def metadata(run: ExportedRun) -> str:
    """Return the metadata table."""
    rows = _rows(run)
    return table_text(list(rows[0]), rows)


def spanning_tree(run: ExportedRun) -> str:
    """Return the minimum spanning tree of the SNP distances with the metadata.

    GrapeTree draws one tree: where isolates could not be compared, the one with most isolates.
    """
    label = labels(GRAPETREE, run.all_rows)
    joined = [(edge.first, edge.second) for edge in run.spanning_tree]
    names = max(components([each.name for each in run.compared_by_name], joined), key=len)
    place = {name: number for number, name in enumerate(names)}
    rows = {row["ID"]: row for row in _rows(run)}
    nodes = [label[name] for name in names]
    columns = [column for column in rows[nodes[0]] if column != "ID"]
    return json_text(
        {
            "nodes": nodes,
            "links": [
                {"source": place[e.first], "target": place[e.second], "distance": e.snps}
                for e in run.spanning_tree
                if e.first in place
            ],
            "metadata": {node: rows[node] for node in nodes},
            "metadata_options": {column: column for column in columns},
            "initial_category": "role",
            "layout_algorithm": "greedy",
        }
    )


def _rows(run: ExportedRun) -> Sequence[Mapping[str, str]]:
    """Return the metadata by column; `altered_columns` names the values that were changed."""
    traits = traits_of(run)
    label = labels(GRAPETREE, run.all_rows)
    found: list[dict[str, str]] = []
    for each in run.isolates:
        cells = {"isolate": each.name}
        cells |= {column: traits.cells[each.name].get(column, "") for column in traits.columns}
        safe = {column: _safe(text) for column, text in cells.items()}
        altered = [_safe(column) for column in cells if cells[column] != safe[column]]
        row = {"ID": label[each.name], **safe, ALTERED: " ".join(altered)}
        found.append(row)
    if not any(row[ALTERED] for row in found):
        for row in found:
            del row[ALTERED]
    columns = list(found[0])
    header = dict(zip(columns, _headers(columns), strict=True))
    return [{header[column]: text for column, text in row.items()} for row in found]


def _headers(columns: Sequence[str]) -> Sequence[str]:
    """Return safe names of columns, no two alike."""
    found: list[str] = []
    for column in columns:
        name = _safe(column)
        while name in found:
            name += "_"
        found.append(name)
    return found


def _safe(text: str) -> str:
    """Return text with an underscore for each character that GrapeTree cannot hold."""
    return UNSAFE.sub("_", text)
