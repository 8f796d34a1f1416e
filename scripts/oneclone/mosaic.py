"""Find the two isolates between which another one lies, as a mixture of their strains would."""

from collections.abc import Iterable, Mapping

import numpy as np

from oneclone.core import bases_at
from oneclone.mixtures import MAX_OWN_SHARE, MIN_MOSAIC_SITES
from oneclone.model.calls import Calls, ReferenceSequence
from oneclone.model.mixtures import Mosaic
from oneclone.model.pairs import Pair
from oneclone.sequences import MISSING

WINDOW_BP = 50_000
MIN_WINDOW_SHARE = 0.1  # of a window's sites; fewer are scattered mutations of the neighbours
# Pairs are counted on different references, so the first look is a generous one.
LEEWAY = 2.0


def candidates(
    name: str, partners: Iterable[str], rates: Mapping[frozenset[str], float], length_bp: int
) -> tuple[str, str] | None:
    """Return the two partners between which an isolate lies most nearly, by distances alone.

    One is the nearest partner that is too far for one clone, the other any for which
    `d(q, x) + d(q, y) - d(x, y)` is small beside both distances.

    Parameters
    ----------
    name
        The isolate.
    partners
        The other isolates and references; of equally near ones the first counts.
    rates
        Raw SNPs per callable base by the two names.
    length_bp
        Length of the species reference.

    Examples
    --------
    >>> rates = {frozenset("qx"): 0.002, frozenset("qy"): 0.003, frozenset("xy"): 0.005}
    >>> candidates("q", "xy", rates, 5_000_000)
    ('x', 'y')
    >>> rates[frozenset("xy")] = 0.003
    >>> candidates("q", "xy", rates, 5_000_000) is None
    True
    """
    floor = MIN_MOSAIC_SITES / length_bp / LEEWAY
    far = {
        partner: rate
        for partner in partners
        if (rate := rates.get(frozenset((name, partner)), 0.0)) >= floor
    }
    if not far:
        return None
    nearest = min(far, key=lambda partner: far[partner])
    excess = {
        partner: far[nearest] + far[partner] - rates[pair]
        for partner in far
        if (pair := frozenset((nearest, partner))) in rates
    }
    other = min(excess, key=lambda partner: excess[partner], default=None)
    if other is None or excess[other] > 2 * LEEWAY * MAX_OWN_SHARE * far[nearest]:
        return None
    first, second = (partner for partner in far if partner in {nearest, other})
    return first, second


def raw_rates(pairs: Iterable[Pair]) -> dict[frozenset[str], float]:
    """Return the raw SNPs per callable base of the assessable pairs."""
    return {
        frozenset((pair.first, pair.second)): pair.snps_raw / pair.callable_bp
        for pair in pairs
        if pair.snps_raw is not None
    }


def between(calls: Calls, others: Mapping[str, Calls], reference: ReferenceSequence) -> Mosaic:
    """Return how an isolate shares the bases at which two others differ.

    Parameters
    ----------
    calls
        Calls of the isolate on `reference`.
    others
        Calls of the two others by their names.
    reference
        The species reference.
    """
    (first, one), (second, two) = others.items()
    sites = np.unique(np.concatenate([calls.positions, one.positions, two.positions]))
    own, a, b = (bases_at(sites, each, reference.codes[sites]) for each in (calls, one, two))
    called = (own != MISSING) & (a != MISSING) & (b != MISSING)
    own, a, b, sites = own[called], a[called], b[called], sites[called]
    shared = (a != b) & ((own == a) | (own == b))
    is_first = (own == a)[shared]
    is_rarer = is_first if 2 * is_first.sum() <= len(is_first) else ~is_first
    windows = sites[shared] // WINDOW_BP
    total = np.bincount(windows)
    rarer = np.bincount(windows, weights=is_rarer, minlength=len(total))
    is_mixed = (total > 0) & (rarer >= MIN_WINDOW_SHARE * total)
    return Mosaic(
        first=first,
        second=second,
        like_first=int(is_first.sum()),
        like_second=int((~is_first).sum()),
        own=int(((own != a) & (own != b)).sum()),
        windows=int((total > 0).sum()),
        mixed_windows=int(is_mixed.sum()),
        changes=int((is_first[1:] != is_first[:-1]).sum()),
    )
