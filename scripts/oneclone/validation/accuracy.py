"""Score counted SNP distances against the truth, and against published distances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

Pair = tuple[str, str]
CLOSE_SNPS = 100  # a pair is close up to here


@dataclass(frozen=True)
class Truth:
    """True SNPs of a pair: all (`raw`), mutations alone (`clonal`).

    `shared_bp` are the bases that both assemblies hold correctly, repeats left out; None where
    nobody knows.
    """

    raw: int
    clonal: int
    shared_bp: int | None = None


@dataclass(frozen=True)
class Counted:
    """What a program says of a pair: SNPs, and the bases it compared if it tells."""

    snps: int
    compared_bp: int | None = None


@dataclass(frozen=True)
class Score:
    """How counted SNPs agree with true ones, over all scored pairs.

    `above` are pairs counted above the truth, by `false_snps` in sum; `missed_snps` is the sum
    over the pairs below it. `lost` pairs have a truth, but the program gave no count.
    `least_share` is the least share of a pair's shared bases that was compared.
    """

    pairs: int
    lost: int
    exact: int
    above: int
    false_snps: int
    missed_snps: int
    true_snps: int
    most_missed: int
    mean_error: float
    least_share: float | None


@dataclass(frozen=True)
class Agreement:
    """How counted distances follow published ones, pair by pair.

    `slope` of the least-squares line counted = slope x published + intercept (None when the
    published distances are all alike), `mean_difference` counted minus published.
    """

    pairs: int
    lost: int
    slope: float | None
    mean_difference: float
    greatest_difference: int


def all_pairs(names: Sequence[str]) -> list[Pair]:
    """Return every pair of names, in code point order.

    Examples
    --------
    >>> all_pairs(["b", "a", "c"])
    [('a', 'b'), ('a', 'c'), ('b', 'c')]
    """
    return list(combinations(sorted(names), 2))


def close_pairs(truth: Mapping[Pair, Truth], most: int = CLOSE_SNPS) -> dict[Pair, Truth]:
    """Return the pairs that have at most `most` true mutations."""
    return {pair: true for pair, true in truth.items() if true.clonal <= most}


def score(
    counted: Mapping[Pair, Counted], truth: Mapping[Pair, Truth], *, clonal: bool = False
) -> Score:
    """Score counts against the truth.

    Parameters
    ----------
    counted
        By ordered pair; pairs without a truth are left out.
    truth
        The pairs to score.
    clonal
        Against mutations alone instead of all differences.

    Examples
    --------
    >>> truth = {("a", "b"): Truth(10, 10, 100), ("a", "c"): Truth(5, 5, 100)}
    >>> score({("a", "b"): Counted(8, 90), ("a", "c"): Counted(6, 95)}, truth)
    Score(pairs=2, lost=0, exact=0, above=1, false_snps=1, missed_snps=2, true_snps=15,
    most_missed=2, mean_error=-0.5, least_share=0.9)
    """
    known = [(counted[pair], true) for pair, true in sorted(truth.items()) if pair in counted]
    true_snps = [true.clonal if clonal else true.raw for _, true in known]
    errors = [count.snps - snps for (count, _), snps in zip(known, true_snps, strict=True)]
    shares = [
        count.compared_bp / true.shared_bp
        for count, true in known
        if count.compared_bp is not None and true.shared_bp
    ]
    return Score(
        pairs=len(known),
        lost=len(truth) - len(known),
        exact=errors.count(0),
        above=sum(error > 0 for error in errors),
        false_snps=sum(max(error, 0) for error in errors),
        missed_snps=sum(max(-error, 0) for error in errors),
        true_snps=sum(true_snps),
        most_missed=max([0, *(-error for error in errors)]),
        mean_error=sum(errors) / len(errors) if errors else 0.0,
        least_share=min(shares, default=None),
    )


def agreement(counted: Mapping[Pair, Counted], published: Mapping[Pair, int]) -> Agreement:
    """Compare counts with published distances.

    Examples
    --------
    >>> published = {("a", "b"): 10, ("a", "c"): 20, ("b", "c"): 30}
    >>> agreement({("a", "b"): Counted(9), ("a", "c"): Counted(19)}, published)
    Agreement(pairs=2, lost=1, slope=1.0, mean_difference=-1.0, greatest_difference=1)
    """
    known = sorted(pair for pair in published if pair in counted)
    theirs = np.array([published[pair] for pair in known], dtype=float)
    ours = np.array([counted[pair].snps for pair in known], dtype=float)
    slope = None
    if known and np.ptp(theirs):
        away = theirs - theirs.mean()
        slope = round(float((away * (ours - ours.mean())).sum() / (away**2).sum()), 12)
    return Agreement(
        pairs=len(known),
        lost=len(published) - len(known),
        slope=slope,
        mean_difference=float((ours - theirs).mean()) if known else 0.0,
        greatest_difference=int(np.abs(ours - theirs).max()) if known else 0,
    )
