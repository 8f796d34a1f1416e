"""Auspice v2: the tree of all with what is known of its tips, and the same as a table."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ete3 import Tree

from oneclone.exports.colours import colours_of
from oneclone.exports.exported_run import ExportedRun
from oneclone.exports.names import AUSPICE, labels
from oneclone.exports.text import markdown_text, table_text, title_of
from oneclone.exports.traits import COLOURED, Traits, traits_of
from oneclone.model.isolates import Isolate
from oneclone.trees import read_supported

LOCATION = "location"  # of what has coordinates: the clinic, else the coordinates themselves
DECIMALS = 3  # of branch lengths in SNPs


def dataset(run: ExportedRun) -> str:
    """Return the dataset; branch lengths are in SNPs of the core alignment.

    It is written node by node: a JSON encoder would go as deep as the tree, which can be deeper
    than Python goes.
    """
    traits = traits_of(run)
    meta = json.dumps(_meta(run, traits), ensure_ascii=False, allow_nan=False)
    tree = "".join(_nodes(run, traits))
    return f'{{"version": "v2",\n"meta": {meta},\n"tree":\n{tree}}}\n'


def metadata(run: ExportedRun) -> str:
    """Return the traits of the tips as a table to drop on the tree."""
    traits = traits_of(run)
    label = labels(AUSPICE, run.all_rows)
    columns = ("strain", "isolate", *traits.columns, "latitude", "longitude")
    rows = (
        [
            label[each.name],
            each.name,
            *(traits.cells[each.name].get(column) for column in traits.columns),
            each.place and each.place.latitude,
            each.place and each.place.longitude,
        ]
        for each in run.isolates
    )
    return table_text(columns, rows)


def _meta(run: ExportedRun, traits: Traits) -> dict[str, Any]:
    """Return title, colourings and places; the table is not offered for download."""
    demes = _demes(run)
    keys = _keys(traits)
    first = next(column for column in ("clone", "role") if column in traits.columns)
    found: dict[str, Any] = {
        "title": title_of(run),
        "description": markdown_text(run.verdict["sentence"]),
        "updated": run.date,
        "panels": ["tree", "map"] if demes else ["tree"],
        "colorings": [_colouring(run, traits, column, keys[column]) for column in traits.columns],
        "filters": ["isolate", *(keys[column] for column in traits.columns)],
        "display_defaults": {
            "color_by": keys[first],
            "layout": "rect",
            "distance_measure": "div",
            "tip_label": "isolate",
            "branch_label": "support",
        },
        "sharing": {"metadata_tsv": False},
    }
    if demes:
        found["geo_resolutions"] = [{"key": LOCATION, "title": "Location", "demes": demes}]
        found["display_defaults"]["geo_resolution"] = LOCATION
    found["colorings"].append({"key": "isolate", "title": "Isolate", "type": "categorical"})
    return found


def _keys(traits: Traits) -> Mapping[str, str]:
    """Return the key of each trait: further columns of the table may be called anything."""
    extra = {column: f"column_{number}" for number, column in enumerate(traits.extra, start=1)}
    return {column: extra.get(column, column) for column in traits.columns}


def _colouring(run: ExportedRun, traits: Traits, column: str, key: str) -> dict[str, Any]:
    """Return how tips are coloured by a trait."""
    title = column if column in traits.extra else column.replace("_", " ").capitalize()
    found: dict[str, Any] = {"key": key, "title": title, "type": "categorical"}
    if column in COLOURED:
        found["scale"] = [list(each) for each in colours_of(run, traits, column).items()]
    return found


def _demes(run: ExportedRun) -> dict[str, dict[str, float]]:
    """Return the places by location; the first isolate of a clinic says where it is."""
    found: dict[str, dict[str, float]] = {}
    for each in run.isolates:
        if each.place:
            where = {"latitude": each.place.latitude, "longitude": each.place.longitude}
            found.setdefault(_location(each), where)
    return found


def _location(isolate: Isolate) -> str:
    """Return the location of an isolate with coordinates."""
    place = isolate.place
    return isolate.clinic or (f"{place.latitude}, {place.longitude}" if place else "")


def _nodes(run: ExportedRun, traits: Traits) -> Iterator[str]:
    """Give the nodes of the tree as JSON, from the root down."""
    label = labels(AUSPICE, run.all_rows)
    keys = _keys(traits)
    root = read_supported(run.tree.newick)
    div = {root: 0.0}
    waiting: list[Tree | str] = [root]
    inner = 0
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
            continue
        if node.up:
            div[node] = div[node.up] + node.dist * run.tree.core_bp
        attributes: dict[str, Any] = {"div": round(div[node], DECIMALS)}
        if node.is_leaf():
            isolate = run.by_row_id[node.name]
            attributes |= _attributes(isolate, traits.cells[isolate.name], keys)
            yield _json({"name": label[isolate.name], "node_attrs": attributes}) + "}"
            continue
        inner += 1
        record = {"name": f"NODE_{inner:07}", "node_attrs": attributes}
        if node.up and not math.isnan(node.support):
            record["branch_attrs"] = {"labels": {"support": f"{node.support:.4g}"}}
        yield _json(record) + ', "children": [\n'
        waiting += ["]}", *_between(node.children)]


def _between(children: Sequence[Tree]) -> list[Tree | str]:
    """Return nodes with commas between them, in the order of a stack."""
    found: list[Tree | str] = []
    for child in reversed(children):
        found += [",\n", child] if found else [child]
    return found


def _attributes(
    isolate: Isolate, cells: Mapping[str, str], keys: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Return the traits of a tip; blank ones are left out."""
    found = {"isolate": {"value": isolate.name}}
    found |= {keys[column]: {"value": cells[column]} for column in keys if cells.get(column)}
    if isolate.place:
        found[LOCATION] = {"value": _location(isolate)}
    return found


def _json(record: Mapping[str, Any]) -> str:
    """Return the JSON of a record without its last bracket."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False)[:-1]
