"""Simulate dated clones as trees, without genomes: for tests of time."""

from dataclasses import dataclass

import numpy as np

from oneclone.dates import DAYS_PER_YEAR, Days
from oneclone.model.isolates import row_id

CORE_BP = 4_900_000
FIRST_DAY = 733_000  # in 2007


@dataclass(frozen=True)
class DatedClone:
    """A tree with row ids as tips, the days of its tips by isolate name, and the true root day."""

    newick: str
    days: dict[str, Days]
    root_day: float


def simulate_dated_clone(
    seed: int, tips: int = 12, span_years: float = 14.0, snps_per_year: float = 2.0
) -> DatedClone:
    """Return a clone whose tips are spread over the years; SNPs of a branch are Poisson."""
    random = np.random.default_rng(seed)
    sampled = FIRST_DAY + np.linspace(0, span_years * DAYS_PER_YEAR, tips).round()
    names = [f"i{number:02}" for number in range(tips)]
    waiting = [(float(day), row_id(name)) for day, name in zip(sampled, names, strict=True)]
    active = [waiting.pop()]
    now = active[0][0]

    def branch(child: tuple[float, str], day: float) -> str:
        snps = random.poisson(snps_per_year * (child[0] - day) / DAYS_PER_YEAR)
        return f"{child[1]}:{snps / CORE_BP:.9g}"

    while len(active) + len(waiting) > 1:
        pairs = len(active) * (len(active) - 1) / 2
        step = random.exponential(3 * DAYS_PER_YEAR / pairs) if pairs else np.inf
        if waiting and now - step < waiting[-1][0]:
            active.append(waiting.pop())
            now = active[-1][0]
            continue
        now -= step
        one, two = sorted(random.choice(len(active), 2, replace=False))
        right, left = active.pop(two), active.pop(one)
        active.append((now, f"({branch(left, now)},{branch(right, now)})"))
    days = {name: Days(int(day), int(day)) for name, day in zip(names, sampled, strict=True)}
    return DatedClone(active[0][1] + ";", days, active[0][0])
