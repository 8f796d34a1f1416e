"""What the names of files below `.oneclone/` stand for: equal keys mean equal content.

A key is that of an assembly (its sha256) or of the panel, with a digest of all that a file is
made with: panel, settings, code and libraries.
"""

from dataclasses import asdict

from oneclone.digests import library_versions, settings_digest, source_digest
from oneclone.model.panel import Panel
from oneclone.model.settings import Settings

KEY_DIGITS = 24
CALLS_MODULE = "oneclone.steps.isolate_calls"
REFERENCE_MODULE = "oneclone.steps.index_reference"
SKETCH_MODULE = "oneclone.steps.sketch_references"


def sketches_digest(panel: Panel) -> str:
    """Return the digest of all that enters the sketches of a panel's references."""
    assemblies = sorted({reference.assembly for reference in panel.references})
    return settings_digest([assemblies, library_versions("pyskani"), source_digest(SKETCH_MODULE)])


def reference_digest(settings: Settings) -> str:
    """Return the digest of everything but its assembly that enters a prepared reference."""
    return settings_digest(
        {
            "preset": settings.calling.preset,
            "repeats": asdict(settings.repeats),
            "code": source_digest(REFERENCE_MODULE),
            "libraries": library_versions("mappy", "numpy", "numba"),
        }
    )


def calls_digest(settings: Settings, panel: Panel) -> str:
    """Return the digest of everything but the assembly that enters an isolate's calls.

    Parameters
    ----------
    settings
        Those of calling and repeats enter it.
    panel
        Its references, cut-offs and lengths enter it, not their names.
    """
    return settings_digest(
        {
            "prepared": reference_digest(settings),
            "references": sorted({reference.assembly for reference in panel.references}),
            "species_assembly": panel.species_assembly,
            "type_strains": dict(panel.type_strains),
            "ani": asdict(panel.ani),
            "genome_length_bp": panel.genome_length_bp,
            "calling": asdict(settings.calling),
            "code": source_digest(CALLS_MODULE),
            "libraries": library_versions("mappy", "pyskani", "numpy"),
        }
    )
