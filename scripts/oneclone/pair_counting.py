"""Count one pair in full: raw and recombination-filtered, with what was removed and why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from oneclone.distances import Profile, compare, private_indels
from oneclone.model.calls import Calls, PreparedReference
from oneclone.model.pairs import FilterOutcome, Pair, Stretch
from oneclone.model.settings import RecombinationSettings
from oneclone.recombination import find_stretches, outcome
from oneclone.suspicion import with_carriers


@dataclass(frozen=True)
class CountingRule:
    """How pairs are counted on one reference.

    `reference_name` is the reference's name in the panel; `min_callable_percent` of its unmasked
    bases must be callable in both isolates; the filtered count decides only while at most
    `max_recombinant_percent` of them are removed.
    """

    reference_name: str
    reference: PreparedReference
    min_callable_percent: float
    max_recombinant_percent: float
    recombination: RecombinationSettings

    @property
    def floor_bp(self) -> float:
        """Least callable bases of a pair that is assessed."""
        return self.min_callable_percent * self.reference.unmasked_bp / 100


@dataclass(frozen=True)
class CountedPair:
    """A pair and the stretches that the filter removed from it, on the concatenated reference."""

    pair: Pair
    stretches: tuple[Stretch, ...]


def unscanned_pair(
    first: str, second: str, callable_bp: int, snps: int, rule: CountingRule
) -> Pair:
    """Return a pair that the filter does not look at: too far apart, or below the floor.

    Parameters
    ----------
    first, second
        Names in code point order.
    callable_bp, snps
        Compared bases and differences on them.
    rule
        How pairs are counted.
    """
    is_assessable = callable_bp > 0 and callable_bp >= rule.floor_bp
    return Pair(
        first=first,
        second=second,
        reference=rule.reference_name,
        reference_bp=rule.reference.sequence.length_bp,
        callable_bp=callable_bp,
        snps=snps if is_assessable else None,
        snps_raw=snps if is_assessable else None,
        recombinant_bp=None,
        filter=FilterOutcome.NOT_SCANNED,
    )


def count_pair(
    calls: Mapping[str, Calls], profiles: Mapping[str, Profile], rule: CountingRule
) -> CountedPair:
    """Count a pair.

    Parameters
    ----------
    calls, profiles
        Of the two isolates on the rule's reference, by name.
    rule
        How pairs are counted.
    """
    first, second = sorted(calls)
    comparison = compare(profiles[first], profiles[second])
    raw = len(comparison.differences)
    pair = unscanned_pair(first, second, comparison.callable_bp, raw, rule)
    if not pair.is_assessable:
        return CountedPair(pair, ())
    offsets = rule.reference.sequence.offsets
    found = find_stretches(comparison, offsets, rule.recombination)
    if found is None:
        return CountedPair(pair, ())
    removed = with_carriers(found, calls, rule.recombination)
    decided, why = outcome(removed, pair.callable_bp, rule.max_recombinant_percent)
    filtered = replace(
        pair,
        snps=raw - sum(stretch.snps for stretch in removed),
        recombinant_bp=sum(stretch.callable_bp for stretch in removed),
        filter=decided,
        filter_reason=why,
        first_indels=private_indels(profiles[first], profiles[second]),
        second_indels=private_indels(profiles[second], profiles[first]),
    )
    return CountedPair(filtered, removed)
