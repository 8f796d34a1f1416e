"""A tree as views and figures draw it."""

from dataclasses import dataclass

from oneclone.trees import read_supported

LEAST_LABELLED_SNPS = 0.5
SUPPORT_WORDS = {
    "sh_alrt": "SH-aLRT",
    "ufboot": "UFBoot",
    "sh_alrt/ufboot": "SH-aLRT and UFBoot",
    "local_bootstrap": "local bootstrap",
    "none": "none",
}
# The least support that counts, by its kind; of two kinds the last one is drawn.
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
