"""Random isolates on one reference: calls with gaps, imports and short indels."""

from dataclasses import dataclass, replace

import numpy as np

from oneclone.distances import Profile, profile
from oneclone.intervals import contains
from oneclone.model.calls import (
    Calls,
    Intervals,
    PreparedReference,
    ReferenceSequence,
    no_calls,
)
from oneclone.model.settings import RecombinationSettings
from oneclone.pair_counting import CountingRule
from oneclone.stacks import Listing, listing

FILTER = RecombinationSettings(0.01, 6, 100_000, 500, 1)


def cut_into(random: np.random.Generator, length: int, share: float) -> Intervals:
    """Return disjoint intervals that hold about a share of the bases; some touch each other."""
    cuts = np.unique(random.integers(0, length + 1, random.integers(2, 30)))
    bounds = np.unique(np.concatenate([[0], cuts, [length]]))
    kept = random.random(len(bounds) - 1) < share
    return Intervals(bounds[:-1][kept], bounds[1:][kept])


@dataclass(frozen=True)
class World:
    """A reference with its mask, and the isolates on it."""

    reference: PreparedReference
    isolates: tuple[Calls, ...]

    @property
    def length(self) -> int:
        return self.reference.sequence.length_bp

    @property
    def rule(self) -> CountingRule:
        return CountingRule("R", self.reference, 30.0, 2.0, FILTER)

    @property
    def profiles(self) -> list[Profile]:
        return [profile(each, self.reference.mask, self.length) for each in self.isolates]

    @property
    def listings(self) -> list[Listing]:
        return [listing(each, self.reference.mask, self.length) for each in self.isolates]


def random_calls(
    random: np.random.Generator, length: int, inherited: np.ndarray, own: int, share: float
) -> Calls:
    """Return calls with inherited differences, own ones, an import, and short indels."""
    places = [inherited, random.integers(0, length, own)]
    if random.random() < 0.5:
        start = int(random.choice([0, 20_000, 20_100, random.integers(0, length)]))
        places.append(start + random.integers(-300, 3000, random.integers(3, 40)))
    sites = np.unique(np.clip(np.concatenate(places), 0, length - 1)).astype(np.int64)
    indels = np.sort(random.integers(0, length + 1, 12))
    calls = replace(
        no_calls(),
        callable=cut_into(random, length, share),
        indels=indels,
        indel_sizes=random.integers(-4, 5, len(indels)),
    )
    sites = sites[contains(calls.callable, sites)]
    # An inherited difference has the same base in all who carry it, mostly.
    bases = np.where(random.random(len(sites)) < 0.98, sites % 4, random.integers(0, 4, len(sites)))
    return replace(calls, positions=sites, bases=bases.astype(np.uint8))


def random_world(seed: int, isolates: int, length: int = 60_001, spread: int = 20) -> World:
    """Return isolates of two lineages on a reference of three contigs; one has no calls."""
    random = np.random.default_rng(seed)
    offsets = np.array([0, 20_000, 20_100, length])
    sequence = ReferenceSequence(("a", "b", "c"), offsets, np.zeros(length, dtype=np.uint8))
    mask = cut_into(random, length, 0.1)
    lineages = [random.integers(0, length, random.integers(0, 30 * spread)) for _ in range(2)]
    made = [
        random_calls(
            random,
            length,
            lineages[random.integers(2)],
            int(random.integers(0, spread)),
            float(random.choice([0.5, 0.9, 1.0])),
        )
        for _ in range(isolates - 1)
    ]
    return World(PreparedReference(sequence, mask), (*made, no_calls()))
