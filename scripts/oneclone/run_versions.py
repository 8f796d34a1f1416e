"""Versions of the software that makes results, as results show them."""

from oneclone.digests import library_versions
from oneclone.errors import OnecloneError
from oneclone.model.settings import TreeSettings
from oneclone.tree_engine import engine_version

SHOWN_LIBRARIES = (
    *("mappy", "pyskani", "numpy", "scipy", "numba", "ete3", "scikit-bio", "piqtree"),
    *("phylo-treetime", "snakemake"),
)


def shown_versions() -> dict[str, str]:
    """Return the versions of the libraries that results name.

    Examples
    --------
    >>> "numpy" in shown_versions()
    True
    """
    return library_versions(*SHOWN_LIBRARIES)


def engine_at_hand(settings: TreeSettings) -> str:
    """Return name and version of the tree engine here, so that another one infers trees again.

    It is empty where the engine is not at hand, as beside jobs that bring it by conda.
    """
    try:
        return engine_version(settings)
    except OnecloneError:
        return ""
