"""The data that the views of the report draw, as JSON: isolates are numbers in tree order."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from oneclone.model.isolates import Isolate, Role, State
from oneclone.model.pairs import Pair, ordered
from oneclone.reporting.drawn_tree import SUPPORTED, DrawnTree
from oneclone.reporting.judged_run import JudgedRun
from oneclone.reporting.palette import (
    CATEGORY_COLOURS,
    OTHER_COLOUR,
    ROLE_COLOURS,
    ROLE_SHAPES,
    distance_steps,
)
from oneclone.spanning_tree import minimum_spanning_tree
from oneclone.trees import read_supported, to_newick

Cells = Mapping[str, Mapping[str, str]]

NOT_ASSESSABLE_CODE = -1
CATEGORIES = {
    "role": "Role",
    "clone": "Clone",
    "clinic": "Clinic",
    "patient": "Patient",
    "panelClone": "Panel clone",
    "subspecies": "Subspecies",
    "country": "Country",
    "laboratory": "Laboratory",
}


def view_data(run: JudgedRun, typing: Cells, clusters: Cells) -> dict[str, Any]:
    """Return what all views share.

    Parameters
    ----------
    run
        What the run found.
    typing, clusters
        Cells of these tables by isolate and column.
    """
    rows = [_isolate(each, typing, clusters) for each in run.tips]
    used = {name for name in CATEGORIES if name == "role" or any(row[name] for row in rows)}
    background = {each.name for each in run.background}
    cut = run.panel.thresholds
    return {
        "isolates": rows,
        "background": [n for n, each in enumerate(run.tips) if each.name in background],
        **({} if run.all_compared else {"compared": _numbers_of(run.compared, run.tips)}),
        "distances": packed_distances([each.name for each in run.compared], run.pairs),
        "thresholds": {"linked": cut.linked, "possible": cut.possible, "unlinked": cut.unlinked},
        "steps": [
            {"label": step.label, "colour": step.colour, "limit": step.limit, "dark": step.dark}
            for step in distance_steps(cut)
        ],
        "roles": [
            {"name": str(role), "colour": colour, "shape": ROLE_SHAPES[role]}
            for role, colour in ROLE_COLOURS.items()
        ],
        "categories": {name: title for name, title in CATEGORIES.items() if name in used},
        "categoryColours": CATEGORY_COLOURS,
        "otherColour": OTHER_COLOUR,
        "spanningTree": _spanning_tree(run),
    }


def tree_data(title: str, tree: DrawnTree, numbers: Mapping[str, int]) -> dict[str, Any]:
    """Return a tree to draw: tips are numbers of isolates, branches in SNPs.

    Parameters
    ----------
    title
        What it shows.
    tree
        Tips are row ids.
    numbers
        Numbers of isolates by row id.
    """
    root = read_supported(tree.newick)
    for node in root.traverse():
        node.dist = max(0.0, node.dist) * tree.core_bp
    names = {leaf.name: str(numbers[leaf.name]) for leaf in root.get_leaves()}
    return {
        "title": title,
        "newick": to_newick(root, names),
        "supported": SUPPORTED.get(tree.support_kind),
    }


def unused_data(isolates: Sequence[Isolate], ledger: Cells) -> list[dict[str, Any]]:
    """Return patients and isolates that take no part, for places and times: not in the pairs.

    Parameters
    ----------
    isolates
        Every row of the isolate table.
    ledger
        Cells of the ledger by isolate and column.
    """
    rows = {each.name: ledger.get(each.name, {}) for each in isolates}
    return [
        {
            "name": each.name,
            "role": str(each.role),
            "patient": each.patient,
            "clinic": each.clinic,
            "date": each.collection_date,
            "place": _place(each),
            "state": rows[each.name]["state"].replace("_", " "),
        }
        for each in sorted(isolates, key=lambda isolate: isolate.name)
        if rows[each.name].get("state", State.USED) != State.USED
    ]


def packed_distances(
    names: Sequence[str], pairs: Mapping[tuple[str, str], Pair]
) -> dict[str, int | str]:
    """Return the distances of all pairs: the upper triangle, row by row, in base64.

    Numbers are 32-bit integers in little-endian order; -1 stands for a pair that is not assessable.

    Parameters
    ----------
    names
        Isolates in their order.
    pairs
        Pairs by their ordered names.

    Examples
    --------
    >>> from oneclone.model.pairs import FilterOutcome
    >>> pair = Pair("a", "b", "REF", 9, 8, 3, 4, None, FilterOutcome.NOT_SCANNED)
    >>> packed_distances(["b", "a"], {("a", "b"): pair})
    {'count': 2, 'snps': 'AwAAAA==', 'raw': 'BAAAAA==', 'callable': 'CAAAAA=='}
    """
    rows = [pairs[ordered(one, two)] for at, one in enumerate(names) for two in names[at + 1 :]]
    return {
        "count": len(names),
        "snps": _packed([each.snps for each in rows]),
        "raw": _packed([each.snps_raw for each in rows]),
        "callable": _packed([each.callable_bp for each in rows]),
    }


def _packed(numbers: Sequence[int | None]) -> str:
    """Return numbers as base64; none as a code."""
    known = [NOT_ASSESSABLE_CODE if each is None else each for each in numbers]
    return base64.b64encode(np.array(known, dtype="<i4").tobytes()).decode("ascii")


def _isolate(isolate: Isolate, typing: Cells, clusters: Cells) -> dict[str, Any]:
    """Return what the views know of an isolate."""
    typed = typing.get(isolate.name, {})
    return {
        "name": isolate.name,
        "role": str(isolate.role),
        "patient": isolate.patient,
        "clinic": isolate.clinic,
        "date": isolate.collection_date,
        "country": isolate.country,
        "laboratory": isolate.laboratory,
        "place": _place(isolate),
        "subspecies": typed.get("subspecies", ""),
        "panelClone": typed.get("panel_clone", ""),
        "clone": clusters.get(isolate.name, {}).get("clone", ""),
    }


def _place(isolate: Isolate) -> list[float] | None:
    """Return latitude and longitude of an isolate's clinic."""
    return [isolate.place.latitude, isolate.place.longitude] if isolate.place else None


def _numbers_of(some: Sequence[Isolate], tips: Sequence[Isolate]) -> list[int]:
    """Return the numbers of some of the tips."""
    names = {each.name for each in some}
    return [number for number, each in enumerate(tips) if each.name in names]


def _spanning_tree(run: JudgedRun) -> list[dict[str, Any]]:
    """Return the edges of the minimum spanning tree of isolates; references take no part."""
    names = [each.name for each in run.compared if each.role is not Role.REFERENCE]
    numbers = {each.name: number for number, each in enumerate(run.tips)}
    return [
        {
            "a": numbers[edge.first],
            "b": numbers[edge.second],
            "snps": edge.snps,
            "tied": edge.tied,
        }
        for edge in minimum_spanning_tree(names, run.pairs.values())
    ]
