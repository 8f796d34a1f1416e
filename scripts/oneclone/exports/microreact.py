"""Microreact: one project file with tree, table, map, timeline, distances and network."""

import base64
import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oneclone.exports.colours import colours_of
from oneclone.exports.exported_run import ExportedRun
from oneclone.exports.microreact_panes import panes
from oneclone.exports.names import MICROREACT, labels
from oneclone.exports.text import markdown_text, title_of, tree_text
from oneclone.exports.traits import COLOURED, Traits, traits_of
from oneclone.model.isolates import Isolate, Role
from oneclone.reporting.palette import ROLE_SHAPES
from oneclone.tables.json_files import json_text

SCHEMA = "https://microreact.org/schema/v1.json"
DATA, TREE, NETWORK, MATRIX = "data-file-1", "tree-file-1", "network-file-1", "matrix-file-1"
DATE_PARTS = ("year", "month", "day")
PLACE_PARTS = ("latitude", "longitude")
ISO_COUNTRY = re.compile(r"[A-Z]{2}")
ANNOTATION = re.compile(r".+__(colou?r|shape|pattern|url)", re.IGNORECASE)  # no column to show
MAX_MATRIX = 500  # isolates up to which the distances are in the file, so that browsers open it

Parts = dict[str, dict[str, Any]]


def project(run: ExportedRun) -> str:
    """Return the project; rows, tips and nodes have the same ids, names are shown as typed."""
    traits = traits_of(run)
    label = labels(MICROREACT, run.all_rows)
    rows = _rows(run, traits, label)
    columns = list(rows[0])
    files = [
        _file(DATA, "data.csv", "text/csv", "data", _csv(columns, (row.values() for row in rows))),
        _file(TREE, "tree.nwk", "text/x-nh", "tree", tree_text(run, label)),
        _file(NETWORK, "network.dot", "text/vnd.graphviz", "network", _dot(run, label)),
    ]
    if len(run.isolates) <= MAX_MATRIX:
        files.append(_file(MATRIX, "distances.csv", "text/csv", "matrix", _matrix(run, label)))
    parts = _parts(run, columns)
    return json_text(
        {
            "schema": SCHEMA,
            "meta": {
                "name": title_of(run),
                "description": markdown_text(run.verdict["sentence"]),
            },
            "datasets": {"dataset-1": {"id": "dataset-1", "file": DATA, "idFieldName": "id"}},
            "files": {each["id"]: each for each in files},
            **parts,
            "charts": {},
            "notes": {},
            "slicers": {},
            "views": [],
            "filters": _no_filters(),
            "styles": _styles("clone" if "clone" in columns else "role"),
            "panes": {"model": panes(parts)},
            "_": None,  # the published schema asks for it
        }
    )


def _rows(run: ExportedRun, traits: Traits, label: Mapping[str, str]) -> list[dict[str, object]]:
    """Return the cells of each isolate, all with the same columns, blank columns left out."""
    colours = {
        column: colours_of(run, traits, column) for column in COLOURED if column in traits.columns
    }
    found: list[dict[str, object]] = []
    for each in run.isolates:
        cells = {column: traits.cells[each.name].get(column, "") for column in traits.columns}
        painted = {f"{column}__colour": of.get(cells[column]) for column, of in colours.items()}
        found.append(
            {
                "id": label[each.name],
                "isolate": each.name,
                **cells,
                **_where_and_when(each),
                **painted,
                "role__shape": ROLE_SHAPES[each.role],
            }
        )
    filled = {column for row in found for column, cell in row.items() if cell not in {"", None}}
    return [{column: cell for column, cell in row.items() if column in filled} for row in found]


def _where_and_when(isolate: Isolate) -> dict[str, object]:
    """Return coordinates, and the parts of the date that are known."""
    place = isolate.place
    where = (place.latitude, place.longitude) if place else (None, None)
    when = [int(part) for part in isolate.collection_date.split("-") if part]
    found: dict[str, object] = dict(zip(PLACE_PARTS, where, strict=True))
    return found | dict(zip(DATE_PARTS, [*when, None, None, None], strict=False))


def _parts(run: ExportedRun, columns: Sequence[str]) -> Parts:
    """Return what the panes show, by the section of the project."""
    shown = [column for column in columns if not ANNOTATION.fullmatch(column)]
    blocks = [column for column in COLOURED if column in columns]
    parts: Parts = {
        "trees": {"tree-1": _tree(blocks)},
        "tables": {"table-1": _table(shown)},
        "networks": {
            "network-1": {
                "title": "Minimum spanning tree",
                "file": NETWORK,
                "nodeField": "id",
                "edgeLabelFilter": "snps",
                "edgeLineStyleFilter": "tied__linestyle",
            }
        },
        "maps": _maps(run, columns),
        "timelines": _timelines(columns),
        "matrices": {},
    }
    if len(run.isolates) <= MAX_MATRIX:
        parts["matrices"] = {"matrix-1": {"title": "SNP distances", "file": MATRIX}}
    return parts


def _tree(blocks: Sequence[str]) -> dict[str, Any]:
    """Return how the tree is drawn, with columns as blocks beside its tips."""
    return {
        "title": "Tree",
        "file": TREE,
        "labelField": "id",
        "type": "rc",
        "showLeafLabels": True,
        "alignLabels": True,
        "blocks": blocks,
        "showBlockHeaders": True,
    }


def _table(columns: Sequence[str]) -> dict[str, Any]:
    """Return the table of all columns, id and name staying in view."""
    return {
        "title": "Isolates",
        "paneId": "table-1",
        "file": DATA,
        "dataset": "dataset-1",
        "displayMode": "cosy",
        "hideUnselected": False,
        "columns": [{"field": each, "fixed": each in {"id", "isolate"}} for each in columns],
    }


def _maps(run: ExportedRun, columns: Sequence[str]) -> dict[str, Any]:
    """Return a map when coordinates are known, or every known country is an ISO 3166 code."""
    if PLACE_PARTS[0] in columns:
        kind = {
            "dataType": "geographic-coordinates",
            **{f"{part}Field": part for part in PLACE_PARTS},
        }
        return {"map-1": {"title": "Map", **kind}}
    countries = [each.country for each in run.isolates if each.country]
    if countries and all(map(ISO_COUNTRY.fullmatch, countries)):
        kind = {"dataType": "iso-3166-codes", "iso3166Field": "country"}
        return {"map-1": {"title": "Map", **kind}}
    return {}


def _timelines(columns: Sequence[str]) -> dict[str, Any]:
    """Return a timeline when dates are known."""
    if DATE_PARTS[0] not in columns:
        return {}
    fields = {f"{part}Field": part for part in DATE_PARTS if part in columns}
    return {"timeline-1": {"title": "Timeline", "dataType": "year-month-day", **fields}}


def _styles(colour: str) -> dict[str, Any]:
    """Return how tips, markers and nodes are drawn and named; colours are in the table."""
    return {
        "coloursField": colour,
        "colourPalettes": [],
        "colourSettings": {},
        "defaultColour": "transparent",
        "defaultShape": ROLE_SHAPES[Role.CASE],
        "labelsField": "isolate",
        "legendDirection": "row",
        "shapesField": "role",
        "shapePalettes": [],
    }


def _no_filters() -> dict[str, Any]:
    """Return filters that leave everything in view."""
    return {
        "paneFilters": [],
        "dataFilters": [],
        "chartFilters": [],
        "searchOperator": "includes",
        "searchValue": "",
        "selection": [],
        "selectionBreakdownField": None,
    }


def _matrix(run: ExportedRun, label: Mapping[str, str]) -> str:
    """Return the SNP distances in the order of the tree, empty where there was no comparing."""
    names = [each.name for each in run.compared]
    rows = ([label[one], *(run.snps(one, two) for two in names)] for one in names)
    return _csv(["id", *(label[name] for name in names)], rows)


def _dot(run: ExportedRun, label: Mapping[str, str]) -> str:
    """Return the minimum spanning tree as Graphviz DOT; ids need nothing but quotes."""
    lines = [f'  "{label[each.name]}";' for each in run.compared_by_name]
    for edge in run.spanning_tree:
        style = "dashed" if edge.tied else "solid"
        nodes = f'"{label[edge.first]}" -- "{label[edge.second]}"'
        lines.append(f'  {nodes} [snps="{edge.snps}", tied__linestyle="{style}"];')
    return "\n".join(["graph {", *lines, "}"]) + "\n"


def _csv(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _file(key: str, name: str, kind: str, role: str, text: str) -> dict[str, Any]:
    """Return a file with its content."""
    content = text.encode()
    blob = f"data:{kind};base64,{base64.b64encode(content).decode()}"
    return {"id": key, "name": name, "format": kind, "type": role, "size": len(content)} | {
        "blob": blob
    }
