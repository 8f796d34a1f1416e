"""How large the core is, at which level, and which isolate costs it how much.

A core site is a usable reference position (unmasked, its base unambiguous) that enough taxa have
called; whether it is variable does not matter here. Everything follows from the depth of each
position, the number of taxa that have called it, and from running sums along the reference. So
the time grows with the number of intervals, and the memory only with the length of the reference.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oneclone import intervals
from oneclone.model.calls import Intervals, ReferenceSequence
from oneclone.sequences import MISSING


@dataclass(frozen=True)
class CurvePoint:
    """Size of the core when `isolates` taxa have to call a site.

    `percent` is the share of all taxa that this is, so the highest level at which so many are
    enough; `core_percent` relates `core_bp` to the usable bases of the reference.
    """

    isolates: int
    percent: float
    core_bp: int
    core_percent: float


@dataclass(frozen=True)
class LeftOut:
    """What one taxon means for the core.

    `callable_bp` are its usable called bases, `missing_core_bp` the sites of the core of all
    taxa that it lacks, `core_bp_without` the core of the other taxa at the same level, and
    `gain_bp` how much larger that is: negative where the core shrinks.
    """

    taxon: str
    callable_bp: int
    missing_core_bp: int
    core_bp_without: int
    gain_bp: int


@dataclass(frozen=True)
class CoreSize:
    """Curve of the core of some taxa, and each of them left out.

    `usable_bp` counts the reference positions that can be core, `core_bp` those that are at the
    level of `min_isolates` taxa. `curve` has one point for each number of taxa from 1, `left_out`
    the taxa in their order.
    """

    usable_bp: int
    core_bp: int
    min_isolates: int
    curve: tuple[CurvePoint, ...]
    left_out: tuple[LeftOut, ...]


def needed_isolates(percent: float, taxa: int) -> int:
    """Return how many of some taxa have to call a core site, at least one.

    Parameters
    ----------
    percent
        Level of the core.
    taxa
        Number of taxa.

    Examples
    --------
    >>> needed_isolates(95, 20), needed_isolates(95, 21), needed_isolates(100, 3)
    (19, 20, 3)
    """
    return max(1, math.ceil(round(percent * taxa / 100, 6)))


def usable_sites(reference: ReferenceSequence, mask: Intervals) -> NDArray[np.bool_]:
    """Return an array (reference length,): unmasked, and the reference base is unambiguous."""
    return (reference.codes < MISSING) & ~intervals.to_flags(mask, reference.length_bp)


class Depth:
    """How many taxa have called each position of a reference, counted taxon by taxon.

    Examples
    --------
    >>> depth = Depth(4)
    >>> for start, end in ((0, 2), (1, 3)):
    ...     depth.add(Intervals(np.array([start]), np.array([end])))
    >>> depth.at_each().tolist(), depth.taxa
    ([1, 2, 1, 0], 2)
    """

    def __init__(self, length: int) -> None:
        """Begin with no taxon on a reference of some length."""
        self.taxa = 0
        self._steps = np.zeros(length + 1, dtype=np.int32)

    def add(self, called: Intervals) -> None:
        """Count the called intervals of one more taxon."""
        self.taxa += 1
        np.add.at(self._steps, called.starts, 1)
        np.add.at(self._steps, called.ends, -1)

    def at_each(self) -> NDArray[np.int32]:
        """Return the depth at each position."""
        return np.cumsum(self._steps[:-1], dtype=np.int32)


class CoreGauge:
    """Measures the core of some taxa, and of all but one of them, from the depth alone.

    The core without a taxon needs t of n - 1 taxa, t by the same level. A site belongs to it when
    its depth without the taxon is at least t: when its depth is above t, or is t and the taxon
    has not called it. So one running sum of the sites of depth t answers for every taxon.

    Parameters
    ----------
    depth
        Number of taxa that have called each reference position.
    taxa
        Number of taxa.
    usable
        Positions that can be core, of shape (reference length,).
    min_isolates_percent
        Least share of taxa with a called base at a core site.
    """

    def __init__(
        self,
        depth: NDArray[np.int32],
        taxa: int,
        usable: NDArray[np.bool_],
        min_isolates_percent: float,
    ) -> None:
        """Count the usable sites of each depth."""
        self._taxa = taxa
        self.usable_bp = int(usable.sum())
        sites_of_depth = np.bincount(depth[usable], minlength=taxa + 1)
        self._at_least = np.cumsum(sites_of_depth[::-1])[::-1]
        self.min_isolates = needed_isolates(min_isolates_percent, taxa)
        self.core_bp = int(self._at_least[self.min_isolates])
        without = needed_isolates(min_isolates_percent, taxa - 1)
        self._usable_sum = _running_sum(usable)
        self._core_sum = _running_sum(usable & (depth >= self.min_isolates))
        self._edge_sum = _running_sum(usable & (depth == without))
        # no site is sure to stay when more than all taxa would be needed
        sure = int(self._at_least[without + 1 :][:1].sum())
        self._most_without = sure + int(self._edge_sum[-1])

    def curve(self) -> tuple[CurvePoint, ...]:
        """Return the size of the core for each number of taxa that have to call a site."""
        return tuple(
            CurvePoint(
                isolates=many,
                percent=100 * many / self._taxa,
                core_bp=int(self._at_least[many]),
                core_percent=_percent(self._at_least[many], self.usable_bp),
            )
            for many in range(1, self._taxa + 1)
        )

    def left_out(self, taxon: str, called: Intervals) -> LeftOut:
        """Return what one of the taxa means for the core, from its disjoint called intervals."""
        without = self._most_without - _within(self._edge_sum, called)
        return LeftOut(
            taxon=taxon,
            callable_bp=_within(self._usable_sum, called),
            missing_core_bp=self.core_bp - _within(self._core_sum, called),
            core_bp_without=without,
            gain_bp=without - self.core_bp,
        )


def measure_core(
    callables: Mapping[str, Intervals], usable: NDArray[np.bool_], min_isolates_percent: float
) -> CoreSize:
    """Measure the core of some taxa, and of all but one of them.

    Parameters
    ----------
    callables
        Called intervals of each taxon, disjoint.
    usable
        Positions that can be core, of shape (reference length,).
    min_isolates_percent
        Least share of taxa with a called base at a core site.

    Examples
    --------
    >>> callables = {"x": Intervals(np.array([0]), np.array([6])),
    ...              "y": Intervals(np.array([0]), np.array([6])),
    ...              "z": Intervals(np.array([4]), np.array([6]))}
    >>> size = measure_core(callables, np.ones(8, dtype=bool), 100)
    >>> [(point.isolates, point.core_bp) for point in size.curve]
    [(1, 6), (2, 6), (3, 2)]
    >>> [(each.taxon, each.missing_core_bp, each.gain_bp) for each in size.left_out]
    [('x', 0, 0), ('y', 0, 0), ('z', 0, 4)]
    """
    depth = Depth(len(usable))
    for called in callables.values():
        depth.add(called)
    gauge = CoreGauge(depth.at_each(), depth.taxa, usable, min_isolates_percent)
    left_out = tuple(gauge.left_out(taxon, called) for taxon, called in callables.items())
    return CoreSize(gauge.usable_bp, gauge.core_bp, gauge.min_isolates, gauge.curve(), left_out)


def _running_sum(flags: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the number of flags before each position, an array (length + 1,)."""
    total = np.zeros(len(flags) + 1, dtype=np.int32)
    np.cumsum(flags, out=total[1:])
    return total


def _within(running_sum: NDArray[np.int32], called: Intervals) -> int:
    """Return how many of the summed flags lie in some intervals."""
    return int((running_sum[called.ends] - running_sum[called.starts]).sum(dtype=np.int64))


def _percent(part: int, whole: int) -> float:
    """Return a share in per cent, 0 of nothing."""
    return 100 * float(part) / whole if whole else 0.0
