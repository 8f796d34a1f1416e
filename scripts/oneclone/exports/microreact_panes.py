"""The arrangement of a Microreact project's panes (FlexLayout)."""

from collections.abc import Mapping
from typing import Any

COMPONENTS = {
    "trees": "Tree",
    "maps": "Map",
    "networks": "Network",
    "matrices": "Matrix",
    "timelines": "Timeline",
    "tables": "Table",
}
LEFT = ("trees",)
RIGHT = ("maps", "networks", "matrices")
BELOW = ("tables", "timelines")
BORDER = ("Legend", "Selection", "History", "Views")


def panes(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the layout: the tree left, map, network and distances right, the table below.

    Parameters
    ----------
    parts
        What there is to show: by section, each by the id that its pane bears too.
    """
    above = [_tabs(parts, "left", LEFT), _tabs(parts, "right", RIGHT)]
    return {
        "global": {
            "splitterSize": 2,
            "tabEnableClose": False,
            "tabSetHeaderHeight": 1,
            "tabSetTabStripHeight": 1,
            "tabSetMinWidth": 160,
            "tabSetMinHeight": 160,
            "borderMinSize": 160,
            "borderBarSize": 20,
            "borderEnableDrop": False,
        },
        "borders": [_border()],
        "layout": {
            "type": "row",
            "id": "#root",
            "children": [
                {
                    "type": "row",
                    "id": "#columns",
                    "children": [
                        {"type": "row", "id": "#above", "weight": 65, "children": above},
                        {**_tabs(parts, "below", BELOW), "weight": 35},
                    ],
                }
            ],
        },
    }


def _tabs(
    parts: Mapping[str, Mapping[str, Any]], name: str, sections: tuple[str, ...]
) -> dict[str, Any]:
    """Return a set of tabs with one tab for each pane of some sections."""
    children = [
        {"type": "tab", "id": key, "name": part["title"], "component": COMPONENTS[section]}
        for section in sections
        for key, part in parts[section].items()
    ]
    return {"type": "tabset", "id": f"#{name}", "weight": 50, "selected": 0, "children": children}


def _border() -> dict[str, Any]:
    """Return the border at the right with the viewer's own panes."""
    children = [
        {
            "type": "tab",
            "id": f"--mr-{name.lower()}-pane",
            "name": name,
            "component": name,
            "enableClose": False,
            "enableDrag": False,
        }
        for name in BORDER
    ]
    return {
        "type": "border",
        "location": "right",
        "selected": 0,
        "size": 240,
        "children": children,
    }
