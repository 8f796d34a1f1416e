"""The recombination filter once more: plain Python, every stretch tried, slow and plainly right."""

import math
from collections.abc import Sequence

from oneclone.model.settings import RecombinationSettings


def slow_stretches(
    compared: Sequence[int],
    differences: Sequence[int],
    contig_lengths: Sequence[int],
    rate: float,
    settings: RecombinationSettings,
) -> list[tuple[int, int, int, int]]:
    """Return start, end, SNPs and compared bases of what the filter removes from a pair."""
    place = {position: number for number, position in enumerate(compared)}
    expected = max(1.0, rate * len(compared))
    remaining, error = list(differences), settings.family_wise_error / 4
    removed: list[tuple[int, int]] = []
    while len(remaining) >= settings.min_snps:
        best = best_stretch(remaining, place, contig_lengths, rate, settings)
        if best is None or best[0] <= math.log(expected * len(differences) / error):
            break
        _, first, last = best
        removed.append((remaining[first], remaining[last]))
        remaining = remaining[:first] + remaining[last + 1 :]
        error /= 2
    return [
        (
            start,
            end + 1,
            sum(start <= position <= end for position in differences),
            sum(start <= position <= end for position in compared),
        )
        for start, end in extended(
            outermost(removed), differences, place, contig_lengths, rate, settings
        )
    ]


def extended(
    stretches: Sequence[tuple[int, int]],
    differences: Sequence[int],
    place: dict[int, int],
    contig_lengths: Sequence[int],
    rate: float,
    settings: RecombinationSettings,
) -> list[tuple[int, int]]:
    """Extend each stretch over differences beside it, on its contig, that none has taken."""
    contig_of = [number for number, length in enumerate(contig_lengths) for _ in range(length)]
    taken = {d for start, end in stretches for d in differences if start <= d <= end}
    found = []
    for start, end in stretches:
        sides = []
        for edge, ahead in (
            (start, [d for d in reversed(differences) if d < start]),
            (end, [d for d in differences if d > end]),
        ):
            stops = (d in taken or contig_of[d] != contig_of[edge] for d in ahead)
            free = ahead[: next((n for n, stop in enumerate(stops) if stop), len(ahead))]
            sides.append(new_edge(edge, free, place, rate, settings))
        taken |= {d for d in differences if sides[0] <= d <= sides[1]}
        found.append((sides[0], sides[1]))
    return found


def new_edge(
    edge: int,
    ahead: list[int],
    place: dict[int, int],
    rate: float,
    settings: RecombinationSettings,
) -> int:
    """Return how far one side reaches: to the farthest k-th difference that chance denies."""
    error = settings.family_wise_error / 4 / (settings.min_snps - 1)
    while True:
        unlikely = 0
        for k, position in enumerate(ahead[: settings.min_snps - 1], start=1):
            away = abs(place[position] - place[edge])
            mean = rate * away
            fewer = sum(math.exp(-mean) * mean**n / math.factorial(n) for n in range(k))
            if away <= 5000 and 1 - fewer <= error:
                unlikely = k
        if not unlikely:
            return edge
        edge, ahead, error = ahead[unlikely - 1], ahead[unlikely:], error / 2


def best_stretch(
    positions: Sequence[int],
    place: dict[int, int],
    contig_lengths: Sequence[int],
    rate: float,
    settings: RecombinationSettings,
) -> tuple[float, int, int] | None:
    """Return score, first and last index of the stretch with the least Chernoff bound.

    Of equal ones the one with more differences, of those the first.
    """
    contig_of = [number for number, length in enumerate(contig_lengths) for _ in range(length)]
    candidates = []
    for first in range(len(positions)):
        for last in range(first + settings.min_snps - 1, len(positions)):
            span = place[positions[last]] - place[positions[first]]
            same_contig = contig_of[positions[first]] == contig_of[positions[last]]
            if not same_contig or span > settings.max_stretch_bp:
                continue
            n, m = last - first, rate * span
            if n > m:
                score = n * math.log(n / m) - n + m  # -ln(exp(-m) (e m / n)^n)
                candidates.append((-score, -n, first, last))
    if not candidates:
        return None
    score, _, first, last = min(candidates)
    return -score, first, last


def outermost(removed: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join stretches that share a position."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(removed):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def slow_free_windows(compared: Sequence[int], differences: Sequence[int]) -> tuple[int, int]:
    """Return the complete windows of 1000 compared bases, and those with a difference."""
    windows = [compared[at : at + 1000] for at in range(0, len(compared), 1000)]
    complete = [set(window) for window in windows if len(window) == 1000]
    return len(complete), sum(bool(window & set(differences)) for window in complete)


def slow_upper_limit(successes: int, trials: int, error: float) -> float:
    """Return the upper Clopper-Pearson limit: the share at which so few are just unlikely."""
    low, high = 0.0, 1.0
    for _ in range(100):
        share = (low + high) / 2
        chance = sum(
            math.comb(trials, number) * share**number * (1 - share) ** (trials - number)
            for number in range(successes + 1)
        )
        low, high = (share, high) if chance > error else (low, share)
    return low
