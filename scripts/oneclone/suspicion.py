"""Tell an import from an artefact of the assembly: which isolate carries a stretch, and where.

A contaminant contig, a misjoined or badly polished contig end and a run of ambiguous bases all
look like an import. A stretch of that kind is a quality suspect: the filtered count of its pair
may not decide.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from oneclone.model.calls import Calls, Intervals
from oneclone.model.pairs import Stretch, Suspicion
from oneclone.model.settings import RecombinationSettings

CLEAR_RATIO = 2.0  # a departure twice the partner's names the carrier; less, and both may be it
FOREIGN_SHARE = 0.5  # contract: half a contig or more


def with_carriers(
    stretches: Sequence[Stretch], calls: Mapping[str, Calls], settings: RecombinationSettings
) -> tuple[Stretch, ...]:
    """Return stretches with their possible carriers and what makes them suspect.

    Parameters
    ----------
    stretches
        All that was removed from a pair.
    calls
        Calls of the pair's two isolates on the counting reference, by name.
    settings
        What counts as near a contig end and as too many ambiguous bases.
    """
    carried = [replace(each, carriers=possible_carriers(each, calls)) for each in stretches]
    foreign = {
        name: foreign_contigs(own, [each for each in carried if name in each.carriers])
        for name, own in calls.items()
    }
    found: list[Stretch] = []
    for each in carried:
        codes = {
            code
            for name in each.carriers
            for code in suspicions(calls[name], each, foreign[name], settings)
        }
        found.append(replace(each, suspicions=tuple(sorted(codes))))
    return tuple(found)


def possible_carriers(stretch: Stretch, calls: Mapping[str, Calls]) -> tuple[str, ...]:
    """Return who may carry a stretch: the isolate that departs more, or both, sorted."""
    departures = {name: departure(calls[name], stretch) for name in sorted(calls)}
    greatest = max(departures, key=lambda name: departures[name])
    least = min(departures.values())
    is_clear = departures[greatest] >= CLEAR_RATIO * max(least, 1.0)
    return (greatest,) if is_clear else tuple(departures)


def foreign_contigs(calls: Calls, stretches: Sequence[Stretch]) -> set[int]:
    """Return the contigs of which half or more lies in the stretches that they carry.

    All stretches and all alignments of a contig count together: a rearranged contaminant is
    aligned in pieces, none of which need be half of it.

    Examples
    --------
    >>> from oneclone.model.calls import Blocks, no_calls
    >>> at = lambda *values: np.array(values)
    >>> blocks = Blocks(at(0, 3000), at(3000, 8000), at(0, 0), at(5000, 0), at(8000, 5000),
    ...                 at(False, True))
    >>> calls = replace(no_calls(), blocks=blocks, contig_lengths=at(8000))
    >>> foreign_contigs(calls, [Stretch(600, 5000, 9, 4400, -9.0)])
    {0}
    >>> foreign_contigs(calls, [Stretch(600, 3000, 9, 2400, -9.0)])
    set()
    """
    blocks = calls.blocks
    inside = np.zeros(len(calls.contig_lengths))
    for stretch in stretches:
        overlap = np.minimum(blocks.ends, stretch.end) - np.maximum(blocks.starts, stretch.start)
        np.add.at(inside, blocks.contig, np.maximum(overlap, 0))
    return set(np.flatnonzero(inside >= FOREIGN_SHARE * calls.contig_lengths).tolist())


def departure(calls: Calls, stretch: Stretch) -> float:
    """Return how far an isolate departs inside a stretch from its own distance to the reference.

    In standard deviations of a Poisson count: `|observed - expected| / sqrt(expected + 1)`, the
    expected differences being the isolate's own rate over its callable genome. The isolate that
    took up foreign bases departs, be the donor nearer to the reference or farther away.
    """
    callable_bp = _overlap_bp(calls.callable, stretch.start, stretch.end)
    total_bp = calls.callable.total_bp
    observed = int(
        np.searchsorted(calls.positions, stretch.end)
        - np.searchsorted(calls.positions, stretch.start)
    )
    expected = len(calls.positions) * callable_bp / total_bp if total_bp else 0.0
    return abs(observed - expected) / math.sqrt(expected + 1)


def suspicions(
    calls: Calls, stretch: Stretch, foreign: Collection[int], settings: RecombinationSettings
) -> set[Suspicion]:
    """Return what makes a stretch of one carrier suspect.

    Parameters
    ----------
    calls
        Of the carrier.
    stretch
        The stretch.
    foreign
        The carrier's `foreign_contigs`.
    settings
        What counts as near a contig end and as too many ambiguous bases.

    Examples
    --------
    >>> from oneclone.model.calls import Blocks, no_calls
    >>> at = lambda *values: np.array(values)
    >>> blocks = Blocks(at(1000), at(9000), at(0), at(0), at(8000), at(False))
    >>> calls = replace(no_calls(), blocks=blocks, contig_lengths=at(8000))
    >>> settings = RecombinationSettings(0.01, 6, 100_000, 500, 1)
    >>> sorted(suspicions(calls, Stretch(1200, 3000, 9, 1800, -9.0), set(), settings))
    [<Suspicion.CONTIG_END: 'contig_end'>]
    >>> sorted(suspicions(calls, Stretch(3000, 7500, 90, 4500, -9.0), {0}, settings))
    [<Suspicion.WHOLE_CONTIG: 'whole_contig'>]
    """
    found: set[Suspicion] = set()
    blocks = calls.blocks
    for i in np.flatnonzero((blocks.starts < stretch.end) & (blocks.ends > stretch.start)):
        start, end = max(stretch.start, blocks.starts[i]), min(stretch.end, blocks.ends[i])
        contig_bp = int(calls.contig_lengths[blocks.contig[i]])
        before, after = start - blocks.starts[i], blocks.ends[i] - end
        if blocks.reverse[i]:
            before, after = after, before
        to_contig_start = blocks.contig_starts[i] + before
        to_contig_end = contig_bp - blocks.contig_ends[i] + after
        if min(to_contig_start, to_contig_end) <= settings.contig_end_bp:
            found.add(Suspicion.CONTIG_END)
        if blocks.contig[i] in foreign:
            found.add(Suspicion.WHOLE_CONTIG)
    ambiguous_bp = _overlap_bp(calls.ambiguous, stretch.start, stretch.end)
    if 100 * ambiguous_bp > settings.max_ambiguous_percent * (stretch.end - stretch.start):
        found.add(Suspicion.AMBIGUOUS)
    return found


def _overlap_bp(intervals: Intervals, start: int, end: int) -> int:
    """Return how many positions of the intervals lie from `start` to `end`, half-open."""
    inside = np.minimum(intervals.ends, end) - np.maximum(intervals.starts, start)
    return int(inside[inside > 0].sum())
