"""Distances against the truth: error of close pairs, and "linked at t" for every t."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from oneclone.validation.accuracy import Counted, agreement
from oneclone.validation.scored_pairs import ScoredPair
from oneclone.validation.shares import Share

MOST_SNPS = 60  # the curve ends here: well beyond every published threshold of the panels


@dataclass(frozen=True)
class DistanceError:
    """Counted minus true SNPs; `slope` is None where the true ones are all alike."""

    pairs: int
    exact: int
    above: int
    median: float
    p95_absolute: float
    most_above: int
    most_below: int
    slope: float | None


@dataclass(frozen=True)
class Level:
    """How "linked at `snps`" agrees with the truth: of linked pairs, of pairs not linked."""

    snps: int
    sensitivity: Share
    specificity: Share


def distance_error(counted: Sequence[int], true: Sequence[int]) -> DistanceError:
    """Return the error of counted distances.

    Parameters
    ----------
    counted, true
        SNPs of the same pairs, at least one.

    Examples
    --------
    >>> found = distance_error([3, 10, 22], [3, 12, 21])
    >>> (found.exact, found.above, found.median, found.p95_absolute), round(found.slope or 0, 3)
    ((1, 1, 0.0, 1.9), 1.056)
    """
    errors = np.array(counted) - np.array(true)
    numbered = {(str(number), ""): snps for number, snps in enumerate(true)}
    found = {(str(number), ""): Counted(snps) for number, snps in enumerate(counted)}
    return DistanceError(
        pairs=len(errors),
        exact=int((errors == 0).sum()),
        above=int((errors > 0).sum()),
        median=float(np.median(errors)),
        p95_absolute=round(float(np.percentile(np.abs(errors), 95)), 6),
        most_above=max(0, int(errors.max())),
        most_below=max(0, int(-errors.min())),
        slope=agreement(found, numbered).slope,
    )


def threshold_curve(pairs: Sequence[ScoredPair], *, compared: bool) -> tuple[Level, ...]:
    """Return sensitivity and specificity of "linked at t" for every t.

    Parameters
    ----------
    pairs
        Scored pairs, close and distant ones.
    compared
        Whether the truth is that in the bases compared, or in all bases shared.
    """
    counted = np.array([pair.snps for pair in pairs])
    true = np.array([pair.true_snps(compared=compared) for pair in pairs])
    return tuple(level(counted, true, snps) for snps in range(MOST_SNPS + 1))


def level(
    counted: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    true: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    snps: int,
) -> Level:
    """Return how "linked at" one threshold agrees with the truth.

    Examples
    --------
    >>> found = level(np.array([9, 10, 12, 50]), np.array([9, 11, 10, 50]), 10)
    >>> found.sensitivity, found.specificity
    (Share(part=1, whole=2), Share(part=1, whole=2))
    """
    linked, is_linked = counted <= snps, true <= snps
    return Level(
        snps,
        Share(int((linked & is_linked).sum()), int(is_linked.sum())),
        Share(int((~linked & ~is_linked).sum()), int((~is_linked).sum())),
    )
