"""The tree in the report: it is the tree of the run, and can be collapsed, zoomed and searched."""

import math
from itertools import pairwise

import pytest
from skbio import TreeNode

from tests.browser.conftest import HOSTILE
from tests.integration.workflow import read_json

TREE = '[data-view="tree"]'
# Numbers of isolates, places of marks in pixels, and names as they are drawn.
TIPS = """() => [...document.querySelectorAll(".tree .mark")].map((mark) => {
  const { isolate, px, py } = d3.select(mark).datum();
  const label = mark.parentNode.querySelector(".name").textContent;
  return { name: oneclone.data.isolates[isolate].name, px, py, label };
})"""
CLICK_FORK = """([name, shift]) => {
  const holds = (node) => oneclone.data.isolates[node.isolate].name === name;
  const fork = [...document.querySelectorAll(".tree [aria-expanded]")]
    .filter((each) => d3.select(each).datum().leaves().some(holds)).at(-1);
  fork.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: shift }));
}"""
# Draw another tree of the same isolates: all that is written into the picture.
DRAW = """([newick, scale]) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const look = { width: 300, row: 17, stretch: 1, scale, numbers: true, supported: 80,
    collapsed: new Set() };
  oneclone.treePicture.draw(svg, oneclone.trees.read(newick), look);
  return { text: svg.outerHTML, tips: svg.querySelectorAll(".mark").length };
}"""


@pytest.fixture(scope="module")
def tree(results):
    """Return the tree of the run, branches in SNPs."""
    root = TreeNode.read(str(results / "tree/core.nwk"))
    core_bp = read_json(results / "tree/core.json")["core_bp"]
    for node in root.traverse():
        node.length = max(0.0, node.length or 0.0) * core_bp
    return root


@pytest.fixture(autouse=True)
def _as_drawn_first(page):
    page.evaluate("oneclone.selection.clear()")
    page.locator(TREE).get_by_text("Expand all").click()
    page.select_option(f'{TREE} label:has-text("Branches") select', "log")


def reach(tree, length):
    """Return how far every tip is from the root, by name."""
    return {
        tip.name: sum(length(node.length) for node in (tip, *tip.ancestors()[:-1]))
        for tip in tree.tips()
    }


@pytest.mark.parametrize(
    ("scale", "length"), [("linear", float), ("log", lambda snps: math.log10(1 + snps))]
)
def test_tree_tips_stand_at_their_snps_from_the_root(page, tree, scale, length):
    page.select_option(f'{TREE} label:has-text("Branches") select', scale)
    tips = page.evaluate(TIPS)
    expected = reach(tree, length)
    assert [tip["name"] for tip in tips] == list(expected)
    assert all(above["py"] < below["py"] for above, below in pairwise(tips))
    start = page.evaluate("d3.select('.tree .fork').datum().px")
    pixels = max(tip["px"] - start for tip in tips) / max(expected.values())
    for tip in tips:
        assert tip["px"] - start == pytest.approx(pixels * expected[tip["name"]], abs=0.1)


def test_tree_dots_are_full_where_the_branch_is_supported(page, tree):
    supports = [float(node.name) for node in tree.non_tips() if node.name]
    assert page.locator(".tree .support.full").count() == sum(each >= 80 for each in supports)
    assert page.locator(".tree .support.hollow").count() == sum(each < 80 for each in supports)
    assert len(supports) > 3


def test_tree_shows_a_hostile_name_as_text_and_marks_references(page):
    labels = {tip["name"]: tip["label"] for tip in page.evaluate(TIPS)}
    assert labels[HOSTILE].endswith("…")
    assert HOSTILE.startswith(labels[HOSTILE][:-1])
    assert page.locator(f"{TREE} img").count() == 0
    roles = page.evaluate("oneclone.data.isolates.map(each => each.role)")
    assert page.locator(".tree .reference").count() == roles.count("reference") > 0


def test_tree_collapsed_clade_says_what_it_holds_and_which_is_selected(page):
    tips = page.locator(".tree .mark").count()
    page.evaluate(CLICK_FORK, ["PtA-CSF", False])
    clade = page.locator(".tree .node:has(.clade) .name")
    assert page.locator(".tree .mark").count() == tips - 2
    assert clade.text_content() == "2 isolates"
    page.fill("#search", "PtB")
    page.keyboard.press("Enter")
    assert clade.text_content() == "2 isolates · PtB-elbow"
    assert page.locator(".tree .picked .clade").count() == 1
    page.locator(TREE).get_by_text("Expand all").click()
    assert page.locator(".tree .mark").count() == tips
    assert page.locator(".tree .picked .name").text_content() == "PtB-elbow"


def test_tree_shift_click_selects_the_clade_and_the_way_to_it(page):
    page.evaluate(CLICK_FORK, ["PtA-CSF", True])
    names = page.evaluate("oneclone.selection.all().map(i => oneclone.data.isolates[i].name)")
    assert sorted(names) == ["PtA-CSF", "PtB-elbow"]
    depth = page.evaluate("d3.select('.tree .picked .mark').datum().depth")
    branches = page.locator(".tree .picked-branches").get_attribute("d").count("M")
    assert branches == depth + 1  # the way to the fork, and two tips


def test_tree_is_used_by_keys(page):
    page.focus(".tree")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    names = page.evaluate("oneclone.selection.all().map(i => oneclone.data.isolates[i].name)")
    assert names == [page.evaluate(TIPS)[1]["name"]]
    tips = page.locator(".tree .mark").count()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert page.locator(".tree .mark").count() < tips
    active = page.get_attribute(".tree", "aria-activedescendant")
    assert page.get_attribute(f"#{active}", "aria-expanded") == "false"


def test_tree_wheel_scrolls_the_page_and_zooms_with_ctrl_only(page):
    page.locator(".tree-box").hover()
    height = "Number(document.querySelector('.tree').getAttribute('height'))"
    before = page.evaluate(height)
    page.mouse.wheel(0, -100)
    page.wait_for_timeout(50)
    assert page.evaluate(height) == before
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    page.wait_for_function(f"{height} > {before}")
    page.locator(TREE).get_by_text("Fit").click()


@pytest.mark.parametrize("scale", ["log", "linear", "none"])
@pytest.mark.parametrize(
    ("newick", "tips"),
    [("0;", 1), ("(0:0);", 1), ("(0:0,1:0);", 2), ("(0:0,1:0,2:0,3:0);", 4),
     ("((0:0,1:0):0,(2:1e-06,3:9)12.5:4);", 4)],
)  # fmt: skip
def test_tree_draws_few_and_identical_isolates(page, newick, tips, scale):
    drawn = page.evaluate(DRAW, [newick, scale])
    assert drawn["tips"] == tips
    for wrong in ("NaN", "Infinity", "undefined", "null"):
        assert wrong not in drawn["text"]
