"""Where the core of a set of taxa is, and which of its sites are variable, in one pass.

Each taxon is looked at once and then forgotten: the memory is a few arrays as long as the
reference, however many the taxa are. A base other than that of the reference is noted where a
taxon has it; the reference's own base occurs wherever more taxa have called the site than differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oneclone.core_size import Depth, needed_isolates, usable_sites
from oneclone.model.calls import BaseCalls, Intervals, Positions, ReferenceSequence
from oneclone.sequences import MISSING, Codes

BIT_OF = np.array([1, 2, 4, 8, 0], dtype=np.uint8)  # of each base; 0 of one that was not called


@dataclass(frozen=True)
class CoreSites:
    """The core of `taxa` taxa, without their bases.

    `positions` are the variable core sites on the concatenated reference, 0-based; `constant`
    counts the constant ones by base A, C, G, T, and `strict_constant` those of them that every
    taxon has called. `depth` says of each reference position how many taxa have called it.
    """

    taxa: int
    positions: Positions
    constant: tuple[int, ...]
    strict_constant: tuple[int, ...]
    depth: NDArray[np.int32]

    @property
    def core_bp(self) -> int:
        """Number of core sites, variable and constant."""
        return len(self.positions) + sum(self.constant)


def find_core_sites(
    calls: Iterable[BaseCalls],
    reference: ReferenceSequence,
    mask: Intervals,
    min_isolates_percent: float,
) -> CoreSites:
    """Return the core sites of some taxa on one reference.

    Parameters
    ----------
    calls
        Calls of each taxon on the reference; they are gone through once.
    reference
        The reference.
    mask
        Positions that are not core, whoever has called them.
    min_isolates_percent
        Least share of taxa with a called base at a core site; 100 is the strict core.

    Examples
    --------
    >>> from oneclone import intervals
    >>> from oneclone.sequences import encode
    >>> def called(start, end, positions, bases):
    ...     inside = Intervals(np.array([start]), np.array([end]))
    ...     return BaseCalls(inside, np.array(positions, dtype=np.int64), encode(bases))
    >>> reference = ReferenceSequence(("c",), np.array([0, 6]), encode(b"AACCGG"))
    >>> calls = iter([called(0, 6, [1], b"T"), called(1, 6, [1, 3], b"TG")])
    >>> core = find_core_sites(calls, reference, intervals.empty(), 100)
    >>> core.positions.tolist(), core.constant, core.depth.tolist()
    ([3], (0, 1, 2, 1), [1, 2, 2, 2, 2, 2])
    """
    counted = Depth(reference.length_bp)
    differing = np.zeros(reference.length_bp, dtype=np.int32)
    seen = np.zeros(reference.length_bp, dtype=np.uint8)
    for each in calls:
        counted.add(each.callable)
        differing[each.positions] += 1
        seen[each.positions] |= BIT_OF[each.bases]
    depth, taxa = counted.at_each(), counted.taxa
    is_core = usable_sites(reference, mask)
    is_core &= depth >= needed_isolates(min_isolates_percent, taxa)
    seen |= np.where(depth > differing, BIT_OF[reference.codes], 0).astype(np.uint8)
    variable = is_core & ((seen & (seen - 1)) > 0)  # more than one bit is set
    is_core &= ~variable
    return CoreSites(
        taxa=taxa,
        positions=np.flatnonzero(variable),
        constant=_count_bases(seen[is_core]),
        strict_constant=_count_bases(seen[is_core & (depth == taxa)]),
        depth=depth,
    )


def bases_at(sites: Positions, calls: BaseCalls, reference_bases: Codes) -> Codes:
    """Return one taxon's bases at some sites, 4 where it has none.

    Parameters
    ----------
    sites
        Sorted positions on the concatenated reference, 0-based.
    calls
        The taxon's calls.
    reference_bases
        The reference's bases at the sites.

    Examples
    --------
    >>> inside = Intervals(np.array([0, 7]), np.array([3, 9]))
    >>> calls = BaseCalls(inside, np.array([2, 8]), np.array([3, 0], dtype=np.uint8))
    >>> bases_at(np.array([1, 2, 5]), calls, np.array([1, 1, 1], dtype=np.uint8)).tolist()
    [1, 3, 4]
    """
    steps = np.zeros(len(sites) + 1, dtype=np.int32)
    np.add.at(steps, np.searchsorted(sites, calls.callable.starts), 1)
    np.add.at(steps, np.searchsorted(sites, calls.callable.ends), -1)
    bases = np.where(np.cumsum(steps[:-1]) > 0, reference_bases, MISSING).astype(np.uint8)
    place = np.searchsorted(sites, calls.positions)
    inside = place < len(sites)
    hit = np.zeros(len(calls.positions), dtype=bool)
    hit[inside] = sites[place[inside]] == calls.positions[inside]
    bases[place[hit]] = calls.bases[hit]
    return bases


def _count_bases(seen: Codes) -> tuple[int, ...]:
    """Return at how many sites A, C, G and T is the one base that occurs."""
    counts = np.bincount(seen, minlength=int(BIT_OF.max()) + 1)
    return tuple(int(counts[bit]) for bit in BIT_OF[:MISSING])
