"""The core alignment of a set of isolates: it serves trees, never distances.

A core site is an unmasked reference position that at least a stated share of the isolates has
called (soft core). The alignment holds the variable core sites; the constant ones are counted
by base, so that branch lengths are per site of the genome and not per variable site.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from oneclone.core_sites import bases_at, find_core_sites
from oneclone.model.calls import BaseCalls, Intervals, Positions, ReferenceSequence
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
    calls: Mapping[str, BaseCalls],
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
    >>> from oneclone import intervals
    >>> def called(start, end, positions, bases):
    ...     inside = Intervals(np.array([start]), np.array([end]))
    ...     return BaseCalls(inside, np.array(positions, dtype=np.int64), encode(bases))
    >>> reference = ReferenceSequence(("c",), np.array([0, 6]), encode(b"AACCGG"))
    >>> calls = {"x": called(0, 6, [1], b"T"), "y": called(1, 6, [1, 3], b"TG")}
    >>> core = build_core(["x", "y"], calls, reference, intervals.empty(), 100)
    >>> core.positions.tolist(), core.codes.tolist(), core.constant
    ([3], [[1], [2]], (0, 1, 2, 1))
    """
    rows = [calls[name] for name in taxa]
    sites = find_core_sites(rows, reference, mask, min_isolates_percent)
    there = reference.codes[sites.positions]
    return CoreAlignment(
        taxa=tuple(taxa),
        positions=sites.positions,
        codes=np.stack([bases_at(sites.positions, each, there) for each in rows]),
        constant=sites.constant,
        strict_constant=sites.strict_constant,
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
