"""Draw a tree: branches to the logarithm of SNPs + 1, so that 3 and 30 000 SNPs are both seen."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd
from ete3 import Tree

from oneclone.model.isolates import Isolate
from oneclone.reporting.palette import ROLE_COLOURS, ROLE_SHAPES
from oneclone.trees import read_supported

ROW_PX = 17
WIDTH_PX = 620
LABEL_PX = 260
LEAST_LABELLED_SNPS = 0.5
SUPPORTED = {"sh_alrt": 80.0, "ufboot": 95.0, "sh_alrt/ufboot": 95.0, "local_bootstrap": 95.0}


@dataclass(frozen=True)
class DrawnTree:
    """A tree to draw: Newick with row ids, sites per branch unit, and the kind of its support."""

    newick: str
    core_bp: int
    support_kind: str


def tip_order(tree: DrawnTree) -> list[str]:
    """Return the row ids of the tips from top to bottom."""
    return read_supported(tree.newick).get_leaf_names()


def tree_chart(tree: DrawnTree, isolates: Mapping[str, Isolate]) -> alt.LayerChart:
    """Return the picture of a tree.

    Parameters
    ----------
    tree
        The tree.
    isolates
        Isolates and references by row id.
    """
    root = read_supported(tree.newick)
    places = _places(root, tree.core_bp)
    tips = [(leaf, isolates[leaf.name]) for leaf in root.get_leaves()]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-0.7, len(tips) - 0.3], reverse=True))
    layers = [
        alt.Chart(_segments(root, places))
        .mark_rule(color="#444", strokeWidth=1.2)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q"),
        alt.Chart(_branch_numbers(root, places, tree.core_bp))
        .mark_text(fontSize=8, dy=-5, color="#666")
        .encode(x=x, y=y, text="snps:N"),
        _tip_marks(tips, places, x, y),
        alt.Chart(_tip_table(tips, places))
        .mark_text(align="left", dx=8, fontSize=11, limit=LABEL_PX)
        .encode(
            x=x, y=y, text="name:N", color=alt.Color("role:N", scale=_role_scale(), legend=None)
        ),
    ]
    if tree.support_kind in SUPPORTED:
        layers.insert(1, _support_marks(root, places, SUPPORTED[tree.support_kind], x, y))
    return alt.LayerChart(
        layer=layers,
        width=WIDTH_PX,
        height=ROW_PX * max(len(tips), 3),
        padding={"left": 5, "top": 5, "right": LABEL_PX, "bottom": 5},
        config=alt.Config(view=alt.ViewConfig(stroke=None)),
    )


def _places(root: Tree, core_bp: int) -> dict[Tree, tuple[float, float]]:
    """Return x (sum of log10(SNPs + 1) from the root) and y (row) of every node."""
    rows: dict[Tree, float] = {leaf: float(row) for row, leaf in enumerate(root.get_leaves())}
    for node in root.traverse("postorder"):
        if not node.is_leaf():
            rows[node] = (rows[node.children[0]] + rows[node.children[-1]]) / 2
    across: dict[Tree, float] = {}
    for node in root.traverse("preorder"):
        drawn = math.log10(1 + max(0.0, node.dist) * core_bp)
        across[node] = 0.0 if node.up is None else across[node.up] + drawn
    return {node: (across[node], rows[node]) for node in rows}


def _segments(root: Tree, places: Mapping[Tree, tuple[float, float]]) -> pd.DataFrame:
    """Return the lines of the tree: one along each branch, one across the children of a node."""
    lines: list[tuple[float, float, float, float]] = []
    for node in root.traverse():
        x, y = places[node]
        if node.up is not None:
            lines.append((places[node.up][0], x, y, y))
        if node.children:
            lines.append((x, x, places[node.children[0]][1], places[node.children[-1]][1]))
    return pd.DataFrame(lines, columns=["x", "x2", "y", "y2"])


def _branch_numbers(
    root: Tree, places: Mapping[Tree, tuple[float, float]], core_bp: int
) -> pd.DataFrame:
    """Return the SNPs on every branch that has any, at the middle of the branch."""
    rows = [
        ((places[node.up][0] + places[node][0]) / 2, places[node][1], f"{snps:.0f}")
        for node in root.traverse()
        if node.up is not None and (snps := node.dist * core_bp) >= LEAST_LABELLED_SNPS
    ]
    return pd.DataFrame(rows, columns=["x", "y", "snps"])


def _support_marks(
    root: Tree, places: Mapping[Tree, tuple[float, float]], needed: float, x: alt.X, y: alt.Y
) -> alt.Chart:
    """Return dots on inner nodes: full when the branch is supported, hollow when it is not."""
    rows = [
        (*places[node], "supported" if node.support >= needed else "not supported")
        for node in root.traverse()
        if node.up is not None and not node.is_leaf() and not math.isnan(node.support)
    ]
    table = pd.DataFrame(rows, columns=["x", "y", "support"])
    fill = alt.Scale(domain=["supported", "not supported"], range=["#222222", "#ffffff"])
    return (
        alt.Chart(table)
        .mark_circle(size=28, opacity=1, stroke="#222222", strokeWidth=1)
        .encode(x=x, y=y, fill=alt.Fill("support:N", scale=fill, legend=None))
    )


def _tip_marks(
    tips: Sequence[tuple[Tree, Isolate]],
    places: Mapping[Tree, tuple[float, float]],
    x: alt.X,
    y: alt.Y,
) -> alt.Chart:
    """Return a mark for every tip, its colour and shape by role."""
    roles = [str(role) for role in ROLE_COLOURS]
    shape = alt.Scale(domain=roles, range=list(ROLE_SHAPES.values()))
    legend = alt.Legend(orient="top", title=None, direction="horizontal")
    return (
        alt.Chart(_tip_table(tips, places))
        .mark_point(filled=True, size=45, opacity=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color("role:N", scale=_role_scale(), legend=legend),
            shape=alt.Shape("role:N", scale=shape, legend=legend),
        )
    )


def _tip_table(
    tips: Sequence[tuple[Tree, Isolate]], places: Mapping[Tree, tuple[float, float]]
) -> pd.DataFrame:
    """Return place, name and role of every tip."""
    rows = [(*places[leaf], isolate.name, str(isolate.role)) for leaf, isolate in tips]
    return pd.DataFrame(rows, columns=["x", "y", "name", "role"])


def _role_scale() -> alt.Scale:
    """Return the colours of roles."""
    return alt.Scale(domain=[str(role) for role in ROLE_COLOURS], range=list(ROLE_COLOURS.values()))
