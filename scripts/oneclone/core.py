"""The core alignment of a set of isolates: it serves trees, never distances.

A core site is an unmasked reference position that at least a stated share of the isolates has
called (soft core). The alignment holds the variable core sites; the constant ones are counted
by base, so that branch lengths are per site of the genome and not per variable site.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oneclone import intervals
from oneclone.model.calls import Calls, Intervals, Positions, ReferenceSequence
from oneclone.sequences import MISSING, Codes


@dataclass(frozen=True)
class CoreAlignment:
    """Variable core sites of the taxa.

    `codes` has the shape (taxa, sites), 4 where a base was not called; `positions` are the
    sites' places on the concatenated reference, 0-based; `constant` counts the constant core
    sites by base A, C, G, T, and `strict_constant` those of them that every taxon has called.
    """

    taxa: tuple[str, ...]
    positions: Positions
    codes: Codes
    constant: tuple[int, ...]
    strict_constant: tuple[int, ...]

    @property
    def core_bp(self) -> int:
        """Number of core sites, variable and constant."""
        return len(self.positions) + sum(self.constant)


def build_core(
    taxa: Sequence[str],
    calls: Mapping[str, Calls],
    reference: ReferenceSequence,
    mask: Intervals,
    min_isolates_percent: float,
) -> CoreAlignment:
    """Return the core alignment of some taxa on one reference.

    Parameters
    ----------
    taxa
        Names in the order that the alignment shall have.
    calls
        Calls of each taxon on the reference.
    reference
        The reference.
    mask
        Positions that are not core, whoever has called them.
    min_isolates_percent
        Least share of taxa with a called base at a core site; 100 is the strict core.

    Examples
    --------
    >>> from oneclone.sequences import encode
    >>> from oneclone.model.calls import Blocks
    >>> none = np.zeros(0, dtype=np.int64)
    >>> blocks = Blocks(none, none, none, none, none, none.astype(bool))
    >>> def called(start, end, positions, bases):
    ...     inside = Intervals(np.array([start]), np.array([end]))
    ...     at = np.array(positions, dtype=np.int64)
    ...     return Calls(inside, at, encode(bases), intervals.empty(), none, none, blocks, none)
    >>> reference = ReferenceSequence(("c",), np.array([0, 6]), encode(b"AACCGG"))
    >>> calls = {"x": called(0, 6, [1], b"T"), "y": called(1, 6, [1, 3], b"TG")}
    >>> core = build_core(["x", "y"], calls, reference, intervals.empty(), 100)
    >>> core.positions.tolist(), core.codes.tolist(), core.constant
    ([3], [[1], [2]], (0, 1, 2, 1))
    """
    rows = [calls[name] for name in taxa]
    depth = _depth(rows, reference.length_bp)
    is_core = depth >= max(1, math.ceil(round(min_isolates_percent * len(rows) / 100, 6)))
    is_core &= reference.codes < MISSING
    is_core[intervals.to_flags(mask, reference.length_bp)] = False
    candidates = _candidates(rows, is_core)
    codes = np.stack([bases_at(candidates, each, reference.codes[candidates]) for each in rows])
    least = codes.min(axis=0)
    variable = least != np.where(codes < MISSING, codes, 0).max(axis=0)
    base_of_constant = reference.codes.copy()
    base_of_constant[candidates] = least  # a site may be constant with another base
    is_core[candidates[variable]] = False
    return CoreAlignment(
        taxa=tuple(taxa),
        positions=candidates[variable],
        codes=codes[:, variable],
        constant=_count_bases(base_of_constant[is_core]),
        strict_constant=_count_bases(base_of_constant[is_core & (depth == len(rows))]),
    )


def strict_core(core: CoreAlignment) -> CoreAlignment:
    """Return the part of a core alignment that every taxon has called.

    Examples
    --------
    >>> codes = np.array([[0, 1], [4, 2]], dtype=np.uint8)
    >>> core = CoreAlignment(("x", "y"), np.array([5, 9]), codes, (9, 9, 9, 9), (8, 8, 8, 8))
    >>> strict = strict_core(core)
    >>> strict.positions.tolist(), strict.constant
    ([9], (8, 8, 8, 8))
    """
    complete = (core.codes < MISSING).all(axis=0)
    return CoreAlignment(
        taxa=core.taxa,
        positions=core.positions[complete],
        codes=core.codes[:, complete],
        constant=core.strict_constant,
        strict_constant=core.strict_constant,
    )


def distinct_rows(codes: Codes) -> list[list[int]]:
    """Return groups of row numbers with equal bases, in the order of their first members.

    Examples
    --------
    >>> distinct_rows(np.array([[0, 1], [2, 1], [0, 1]], dtype=np.uint8))
    [[0, 2], [1]]
    """
    groups: dict[bytes, list[int]] = {}
    for number, row in enumerate(codes):
        groups.setdefault(row.tobytes(), []).append(number)
    return list(groups.values())


def _depth(calls: Sequence[Calls], length: int) -> NDArray[np.int32]:
    """Return how many taxa have called each reference position."""
    steps = np.zeros(length + 1, dtype=np.int32)
    for each in calls:
        np.add.at(steps, each.callable.starts, 1)
        np.add.at(steps, each.callable.ends, -1)
    return np.cumsum(steps[:-1], dtype=np.int32)


def _count_bases(codes: Codes) -> tuple[int, ...]:
    """Return how often A, C, G and T occur."""
    return tuple(int(count) for count in np.bincount(codes, minlength=MISSING)[:MISSING])


def _candidates(calls: Sequence[Calls], is_core: NDArray[np.bool_]) -> Positions:
    """Return the core sites at which any taxon differs from the reference."""
    differs = np.zeros(len(is_core), dtype=bool)
    for each in calls:
        differs[each.positions] = True
    return np.flatnonzero(differs & is_core)


def bases_at(sites: Positions, calls: Calls, reference_bases: Codes) -> Codes:
    """Return one taxon's bases at some sites, 4 where it has none.

    Parameters
    ----------
    sites
        Sorted positions on the concatenated reference, 0-based.
    calls
        The taxon's calls.
    reference_bases
        The reference's bases at the sites.
    """
    bases = np.where(intervals.contains(calls.callable, sites), reference_bases, MISSING)
    place = np.searchsorted(sites, calls.positions)
    inside = place < len(sites)
    hit = np.zeros(len(calls.positions), dtype=bool)
    hit[inside] = sites[place[inside]] == calls.positions[inside]
    bases[place[hit]] = calls.bases[hit]
    return bases.astype(np.uint8)
