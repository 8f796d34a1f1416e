"""Count the pairs of a clone and its neighbours again, on another reference or without its mask."""

from collections.abc import Sequence
from dataclasses import dataclass

from oneclone.distances import profile
from oneclone.model.calls import PreparedReference
from oneclone.model.pairs import Pair, RemovedRegion, ordered
from oneclone.model.settings import RecombinationSettings
from oneclone.pair_counting import CountedPair, CountingRule, count_pair
from oneclone.steps.local_trees import World

Pairs = dict[tuple[str, str], Pair]


@dataclass(frozen=True)
class Counting:
    """On what pairs are counted: a reference (by the sha256 of its assembly) and its mask."""

    assembly: str
    reference: PreparedReference
    recombination: RecombinationSettings


@dataclass(frozen=True)
class Recounted:
    """Pairs by their ordered names: all of members, those with a tip where they are assessable.

    `regions` are the stretches removed from them; `lost` counts the tips that have too few bases
    in common with a member here.
    """

    pairs: Pairs
    regions: tuple[RemovedRegion, ...]
    lost: int


def recount(
    world: World, members: Sequence[str], tips: Sequence[str], where: Counting
) -> Recounted:
    """Count the pairs of members, and of members and background tips.

    Parameters
    ----------
    world
        Calls of everyone.
    members, tips
        Members of the clone, and the background tips of its local tree; a tip that was not
        called on the reference is left out.
    where
        Reference, mask and filter.

    """
    panel, called = world.panel, world.called_on(where.assembly)
    rule = CountingRule(
        panel.name_of(where.assembly),
        where.reference,
        panel.min_callable_percent,
        panel.max_recombinant_percent,
        where.recombination,
    )
    names = [*members, *(tip for tip in tips if tip in called)]
    calls = {name: world.taxa[name].calls(where.assembly) for name in names}
    length = where.reference.sequence.length_bp
    profiles = {name: profile(calls[name], where.reference.mask, length) for name in names}
    pairs: Pairs = {}
    regions: list[RemovedRegion] = []
    lost = set(tips) - called
    for number, member in enumerate(members):
        for other in names[number + 1 :]:
            both = (member, other)
            counted = count_pair(
                {name: calls[name] for name in both}, {name: profiles[name] for name in both}, rule
            )
            if counted.pair.is_assessable or other in members:
                pairs[ordered(*both)] = counted.pair
            else:
                lost.add(other)
            regions += _regions(counted, rule)
    return Recounted(pairs, tuple(regions), len(lost))


def _regions(counted: CountedPair, rule: CountingRule) -> list[RemovedRegion]:
    """Return the removed stretches of a counted pair by their places on contigs."""
    pair = counted.pair
    places = [rule.reference.sequence.locate(each.start) for each in counted.stretches]
    return [
        RemovedRegion(
            first=pair.first,
            second=pair.second,
            reference=rule.reference_name,
            contig=contig,
            start=start,
            end=start + each.end - each.start,
            snps=each.snps,
            carriers=",".join(each.carriers),
            suspicions=",".join(each.suspicions),
        )
        for each, (contig, start) in zip(counted.stretches, places, strict=True)
    ]
