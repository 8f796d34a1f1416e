"""Flag assemblies of mixed or contaminated cultures.

Thresholds are set between what 69 real and semi-real assemblies of one strain show and what
mixtures made of two of them show (docs/method.md, "Mixed cultures"). Nothing is quarantined for
them: the isolate is used, and named wherever a verdict rests on it.
"""

import numpy as np

from oneclone import intervals
from oneclone.model.calls import Blocks, Intervals
from oneclone.model.mixtures import MixtureFigures, MixtureSign, Mosaic

# Each beside the greatest (of MAX_OWN_SHARE: least) figure measured on assemblies of one strain.
MAX_LENGTH_PERCENT = 110.0  # of the longest reference; measured 104.1
MAX_DUPLICATED_PERCENT = 2.0  # measured 0.47
MAX_TWO_BASE_PER_MB = 5.0  # measured 0; 5 per Mb is 25 in 5 Mb, fewer than two strains differ by
MIN_MOSAIC_SITES = 1000  # shared with either; less is descent within one clone
MAX_OWN_SHARE = 0.2  # of the lesser share; measured 0.51
MIN_MIXED_WINDOWS_PERCENT = 20.0  # an import takes up less of a genome
MEGABASE = 1e6


def signs(figures: MixtureFigures) -> tuple[MixtureSign, ...]:
    """Return the signs of a mixture, in the order of their definition.

    Examples
    --------
    >>> signs(MixtureFigures("a", 5_000_000, 5_100_000, 3, 900, 5_000_000, None))
    ()
    >>> signs(MixtureFigures("a", 5_700_000, 5_100_000, 3, 600_000, 5_000_000, None))
    (<MixtureSign.LENGTH: 'longer_than_expected'>, <MixtureSign.DUPLICATED: 'duplicated_core'>)
    """
    found = {
        MixtureSign.LENGTH: length_percent(figures) > MAX_LENGTH_PERCENT,
        MixtureSign.DUPLICATED: duplicated_percent(figures) > MAX_DUPLICATED_PERCENT,
        MixtureSign.TWO_BASE_CODES: two_base_per_mb(figures) > MAX_TWO_BASE_PER_MB,
        MixtureSign.MOSAIC: figures.mosaic is not None and is_mosaic(figures.mosaic),
    }
    return tuple(sign for sign, is_shown in found.items() if is_shown)


def is_mosaic(mosaic: Mosaic) -> bool:
    """Tell whether an isolate has nothing of its own between two strains far apart.

    Descent gives every isolate bases of its own: in real genomes they are at least half as many
    as those it shares with the farther of two others that it lies between. A mixture of two
    strains, assembled into one sequence, has none. An import takes its bases from another strain
    too, but in few places.

    Examples
    --------
    >>> is_mosaic(Mosaic("x", "y", 9000, 8000, 300, 100, 97, 4000))
    True
    >>> is_mosaic(Mosaic("x", "y", 9000, 8000, 6000, 100, 97, 4000))
    False
    >>> is_mosaic(Mosaic("x", "y", 90_000, 1500, 60, 100, 3, 8))
    False
    """
    return (
        mosaic.lesser >= MIN_MOSAIC_SITES
        and mosaic.own <= MAX_OWN_SHARE * mosaic.lesser
        and 100 * mosaic.mixed_windows >= MIN_MIXED_WINDOWS_PERCENT * mosaic.windows
    )


def duplicated(blocks: Blocks, repeats: Intervals, length_bp: int) -> tuple[int, int]:
    """Return how many bases two alignments or more cover, of all outside the repeats.

    Parameters
    ----------
    blocks
        Alignments of an assembly to a reference.
    repeats
        Repeats of the reference.
    length_bp
        Its length.

    Examples
    --------
    >>> at = lambda *values: np.array(values)
    >>> blocks = Blocks(at(0, 60), at(70, 100), at(0, 1), at(0, 0), at(70, 40), at(False, False))
    >>> duplicated(blocks, Intervals(at(65), at(68)), 100)
    (7, 97)
    """
    depth = np.zeros(length_bp + 1, dtype=np.int32)
    np.add.at(depth, blocks.starts, 1)
    np.add.at(depth, blocks.ends, -1)
    single_copy = ~intervals.to_flags(repeats, length_bp)
    twice = np.cumsum(depth[:-1]) > 1
    return int((twice & single_copy).sum()), int(single_copy.sum())


def length_percent(figures: MixtureFigures) -> float:
    """Return the length of an assembly in per cent of the panel's longest reference."""
    return 100 * figures.length_bp / figures.longest_reference_bp


def duplicated_percent(figures: MixtureFigures) -> float:
    """Return the share of the single-copy reference that is covered twice, in per cent."""
    return 100 * figures.duplicated_bp / max(1, figures.single_copy_bp)


def two_base_per_mb(figures: MixtureFigures) -> float:
    """Return the IUPAC codes other than N per million bases."""
    return MEGABASE * figures.two_base_bp / figures.length_bp


def sentence(figures: MixtureFigures) -> str:
    """Return what the signs of an isolate are, with their numbers; blank without any."""
    mosaic = figures.mosaic
    said = {
        MixtureSign.LENGTH: (
            f"{figures.length_bp} bases, {length_percent(figures):.1f} % of the panel's longest "
            f"reference ({figures.longest_reference_bp})"
        ),
        MixtureSign.DUPLICATED: (
            f"{figures.duplicated_bp} of {figures.single_copy_bp} single-copy bases of the "
            f"species reference covered twice ({duplicated_percent(figures):.1f} %)"
        ),
        MixtureSign.TWO_BASE_CODES: (
            f"{figures.two_base_bp} codes for two or three bases in {figures.length_bp} bases "
            f"({two_base_per_mb(figures):.1f} per Mb)"
        ),
    }
    if mosaic:
        said[MixtureSign.MOSAIC] = (
            f"where {mosaic.first} and {mosaic.second} differ it has {mosaic.like_first} bases of "
            f"the one and {mosaic.like_second} of the other, in {mosaic.mixed_windows} of "
            f"{mosaic.windows} parts of the genome both, and {mosaic.own} of its own"
        )
    return "; ".join(said[sign] for sign in signs(figures))
