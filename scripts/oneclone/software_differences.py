"""In what the software here differs from the one that made the calls in a bundle."""

from collections.abc import Iterator

from oneclone import __version__
from oneclone.bundled_clones import COUNTING_MODULE, BundledClones
from oneclone.content_keys import KEY_DIGITS, calls_digest
from oneclone.digests import library_versions, source_digest

LIBRARIES = ("mappy", "pyskani", "numpy", "numba")


def software_differences(clones: BundledClones) -> Iterator[str]:
    """Give one sentence for each difference that distances may depend on.

    The key of a member's calls stands for panel, settings, code and libraries that made them;
    panel and settings come from the bundle, so another key means other code or libraries.

    Parameters
    ----------
    clones
        The clones of a bundle.
    """
    record = clones.record
    here = {"oneclone": __version__, **library_versions(*LIBRARIES)}
    digest = calls_digest(clones.settings, clones.panel)[:KEY_DIGITS]
    others = [
        f"{name} {record.versions.get(name, 'unknown')} (here {version})"
        for name, version in here.items()
        if record.versions.get(name) != version
    ]
    if others:
        yield f"the bundle was made with {', '.join(others)}: distances may differ from a run's"
    elif any(not taxon.entry.calls_key.endswith(f"-{digest}") for taxon in clones.members):
        yield (
            "bases are called by other code or libraries here than for the bundle: distances may "
            "differ from those of a run with the assemblies"
        )
    if record.counting_code != source_digest(COUNTING_MODULE):
        yield (
            "pairs are counted by other code here than where the bundle was written: distances "
            "may differ from those in it"
        )
