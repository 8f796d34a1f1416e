"""Draw a tree for a paper: support, scale in SNPs, and who, where and what beside every tip."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ete3 import Tree

from oneclone.model.isolates import Isolate, Role
from oneclone.phrases import counted
from oneclone.reporting.canvas import (
    PALE_COLOUR,
    TEXT_COLOUR,
    Canvas,
    fitted,
    legend,
    notes,
    role_legend,
    text_width,
)
from oneclone.reporting.drawn_tree import (
    LEAST_LABELLED_SNPS,
    SUPPORT_WORDS,
    SUPPORTED,
    DrawnTree,
)
from oneclone.reporting.palette import (
    OTHER_COLOUR,
    ROLE_COLOURS,
    TOL_LIGHT,
    TOL_MUTED,
    TOL_VIBRANT,
)
from oneclone.trees import read_supported

ROW_PX, TREE_PX, CELL_PX = 17.0, 430.0, 16.0
LEFT_PX, TOP_PX, GAP_PX = 20.0, 78.0, 22.0
LEAST_BRANCH_PX = 18.0
NAME_PX, MAX_NAME_PX = 11, 240.0
LEGEND_PX = 210.0
SCALE_SNPS = (1, 10, 100, 1000, 10_000, 100_000)
BLANK_COLOUR = "#f2f2f2"
PALETTES = (TOL_LIGHT, TOL_MUTED, TOL_VIBRANT)  # a value of one strip looks like none of another


@dataclass(frozen=True)
class Strip:
    """A column beside the tips: one value per isolate, by name; blank = nothing known."""

    title: str
    values: Mapping[str, str]

    def colours(self, names: Sequence[str], palette: Sequence[str]) -> dict[str, str]:
        """Return a colour for each value; when they are too many the rarest share one."""
        counts = Counter(value for name in names if (value := self.values.get(name, "")))
        ranked = sorted(counts, key=lambda value: (-counts[value], value))
        own = dict(zip(sorted(ranked[: len(palette)]), palette, strict=False))
        return own | dict.fromkeys(ranked[len(palette) :], OTHER_COLOUR)


def annotated_tree_svg(
    tree: DrawnTree, isolates: Mapping[str, Isolate], strips: Sequence[Strip], note: str
) -> str:
    """Return the picture of a tree with strips beside its tips.

    Parameters
    ----------
    tree
        The tree.
    isolates
        Isolates and references by row id.
    strips
        At most three columns beside that of the role.
    note
        Small print.
    """
    root = read_supported(tree.newick)
    tips = [isolates[leaf.name] for leaf in root.get_leaves()]
    places, unit = _places(root, tree.core_bp)
    canvas = Canvas()
    _draw_branches(canvas, root, places, tree.core_bp)
    needed = SUPPORTED.get(tree.support_kind)
    if needed is not None:
        _draw_supports(canvas, root, places, needed)
    strips_end = LEFT_PX + TREE_PX + GAP_PX + CELL_PX * (len(strips) + 1) + 6
    for leaf, isolate in zip(root.get_leaves(), tips, strict=True):
        x, y = places[leaf]
        canvas.line((x + 16, y), (LEFT_PX + TREE_PX + GAP_PX - 4, y), "#c4c4ca", 0.7, "1 3")
        canvas.mark((x, y), isolate.role, 4.5)
        canvas.text(
            (strips_end, y + 4),
            fitted(isolate.name, NAME_PX, MAX_NAME_PX),
            size=NAME_PX,
            colour=ROLE_COLOURS[isolate.role],
            bold=isolate.role is Role.CASE,
        )
    names_px = max(text_width(isolate.name, 1.05 * NAME_PX) for isolate in tips)
    right = strips_end + min(names_px, MAX_NAME_PX) + 24
    end = role_legend(canvas, (right, TOP_PX), [r for r in ROLE_COLOURS if _has(tips, r)])
    end = _draw_strips(canvas, tips, strips, (right, end))
    if needed is not None:
        kind = SUPPORT_WORDS[tree.support_kind.rpartition("/")[2]]
        end = _support_legend(canvas, (right, end), kind, needed)
    bottom = TOP_PX + ROW_PX * len(tips)
    bottom = max(_draw_scale(canvas, bottom + 14, unit, places), end)
    width = right + LEGEND_PX
    bottom = notes(canvas, (LEFT_PX, bottom + 10), note, width - 2 * LEFT_PX)
    return canvas.to_svg(width, bottom + 6, "Tree of the core genome")


def _has(tips: Sequence[Isolate], role: Role) -> bool:
    """Return whether any tip has a role."""
    return any(isolate.role is role for isolate in tips)


def _drawn_length(snps: float) -> float:
    """Return how long a branch is drawn, in units."""
    return math.log10(1 + max(0.0, snps))


def _places(root: Tree, core_bp: int) -> tuple[dict[Tree, tuple[float, float]], float]:
    """Return the place of every node, and how many pixels a unit of branch length has."""
    across: dict[Tree, float] = {}
    for node in root.traverse("preorder"):
        before = 0.0 if node.up is None else across[node.up]
        across[node] = before + (_drawn_length(node.dist * core_bp) if node.up else 0.0)
    unit = TREE_PX / (max(across.values()) or 1.0)
    down = {leaf: TOP_PX + ROW_PX * (row + 0.5) for row, leaf in enumerate(root.get_leaves())}
    for node in root.traverse("postorder"):
        if node.children:
            down[node] = (down[node.children[0]] + down[node.children[-1]]) / 2
    return {node: (LEFT_PX + unit * across[node], down[node]) for node in down}, unit


def _draw_branches(
    canvas: Canvas, root: Tree, places: Mapping[Tree, tuple[float, float]], core_bp: int
) -> None:
    """Draw the branches, the SNPs of each above its middle, or behind a tip that would hide it."""
    for node in root.traverse():
        x, y = places[node]
        if node.up is not None:
            start = places[node.up][0]
            canvas.line((start, y), (x, y))
            if (snps := node.dist * core_bp) >= LEAST_LABELLED_SNPS:
                hidden = node.is_leaf() and x - start < LEAST_BRANCH_PX
                place = (x + 10, y + 3) if hidden else ((start + x) / 2, y - 2.5)
                canvas.text(place, f"{snps:.0f}", size=8, colour=PALE_COLOUR, anchor="middle")
        if node.children:
            canvas.line((x, places[node.children[0]][1]), (x, places[node.children[-1]][1]))


def _draw_supports(
    canvas: Canvas, root: Tree, places: Mapping[Tree, tuple[float, float]], needed: float
) -> None:
    """Draw dots on inner nodes: full when the branch is supported, hollow when it is not."""
    for node in root.traverse():
        if node.up is not None and not node.is_leaf() and not math.isnan(node.support):
            canvas.dot(places[node], 2.6, TEXT_COLOUR if node.support >= needed else "#ffffff")


def _draw_strips(
    canvas: Canvas, tips: Sequence[Isolate], strips: Sequence[Strip], place: tuple[float, float]
) -> float:
    """Draw the columns beside the tips and their legends; return where the legends end."""
    right, end = place
    names = [isolate.name for isolate in tips]
    roles = Strip("Role", {isolate.name: str(isolate.role) for isolate in tips})
    columns = [(roles, {str(role): colour for role, colour in ROLE_COLOURS.items()})]
    for strip, palette in zip(strips, PALETTES, strict=False):
        columns.append((strip, strip.colours(names, palette)))
    for number, (strip, colours) in enumerate(columns):
        x = LEFT_PX + TREE_PX + GAP_PX + CELL_PX * number
        canvas.text((x + CELL_PX / 2 + 4, TOP_PX - 4), strip.title, angle=-60, size=10)
        for row, name in enumerate(names):
            colour = colours.get(strip.values.get(name, ""), BLANK_COLOUR)
            canvas.box((x, TOP_PX + ROW_PX * row + 1), (CELL_PX - 2, ROW_PX - 2), colour)
        if number and colours:
            entries = [(c, value) for value, c in colours.items() if c != OTHER_COLOUR]
            if further := list(colours.values()).count(OTHER_COLOUR):
                entries.append((OTHER_COLOUR, counted(further, "other")))
            end = legend(canvas, (right, end), strip.title, entries)
    return end


def _support_legend(canvas: Canvas, place: tuple[float, float], kind: str, needed: float) -> float:
    """Write what the dots say; return where the next legend can start."""
    x, y = place
    canvas.text((x, y), "Support", bold=True)
    for colour, text in ((TEXT_COLOUR, f"{kind} ≥ {needed:g} %"), ("#ffffff", "less")):
        y += 16
        canvas.dot((x + 6, y - 4), 3, colour)
        canvas.text((x + 18, y), text)
    return y + 28


def _draw_scale(
    canvas: Canvas, y: float, unit: float, places: Mapping[Tree, tuple[float, float]]
) -> float:
    """Draw how long branches of 1, 10, 100 ... SNPs are; return where it ends."""
    longest = max(
        (places[node][0] - places[node.up][0] for node in places if node.up is not None), default=0
    )
    shown = [snps for snps in SCALE_SNPS if unit * _drawn_length(snps) <= longest] or [1]
    canvas.text((LEFT_PX, y), "Length of a branch of", size=10, colour=PALE_COLOUR)
    for snps in shown:
        y += 13
        length = unit * _drawn_length(snps)
        canvas.line((LEFT_PX, y - 3), (LEFT_PX + length, y - 3), TEXT_COLOUR, 1.6)
        place = (LEFT_PX + length + 6, y)
        canvas.text(place, counted(snps, "SNP"), size=10, colour=PALE_COLOUR)
    return y + 14
