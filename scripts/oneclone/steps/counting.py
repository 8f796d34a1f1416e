"""Count the pairs of some taxa with others, outside of a cohort's whole table.

The numbers equal those of count_pairs: a pair depends on its two assemblies, the panel and the
settings alone.
"""

from collections.abc import Iterator, Mapping, Sequence

from oneclone.distances import Profile, profile
from oneclone.model.calls import Calls, PreparedReference
from oneclone.model.panel import Panel
from oneclone.model.settings import RecombinationSettings
from oneclone.pair_counting import CountedPair, CountingRule, count_pair
from oneclone.steps.loading import Taxon

Rules = Mapping[str, CountingRule]


def counting_rules(
    panel: Panel, references: Mapping[str, PreparedReference], settings: RecombinationSettings
) -> dict[str, CountingRule]:
    """Return how pairs are counted on each reference, by the sha256 of its assembly."""
    return {
        assembly: CountingRule(
            panel.name_of(assembly),
            references[assembly],
            panel.min_callable_percent,
            panel.max_recombinant_percent,
            settings,
        )
        for assembly in panel.counting_assemblies
    }


class PairCounter:
    """Counts pairs of given taxa with any number of others, one other at a time.

    Parameters
    ----------
    taxa
        Held in memory, each on the references on which it was first needed.
    panel, rules
        Which reference counts a pair, and how.
    """

    def __init__(self, taxa: Sequence[Taxon], panel: Panel, rules: Rules) -> None:
        self._taxa = taxa
        self._panel = panel
        self._rules = rules
        self._held: dict[tuple[str, str], tuple[Calls, Profile]] = {}

    def pairs_of(self, other: Taxon) -> Iterator[CountedPair]:
        """Give the pair of each held taxon with another one, in the order of the held ones."""
        loaded: dict[str, tuple[Calls, Profile]] = {}
        for taxon in self._taxa:
            assembly = self._panel.counting_assembly(taxon.subspecies, other.subspecies)
            rule = self._rules[assembly]
            if assembly not in loaded:
                loaded[assembly] = _load(other, assembly, rule)
            one, two = self._of(taxon, assembly, rule), loaded[assembly]
            yield count_pair(
                {taxon.name: one[0], other.name: two[0]},
                {taxon.name: one[1], other.name: two[1]},
                rule,
            )

    def _of(self, taxon: Taxon, assembly: str, rule: CountingRule) -> tuple[Calls, Profile]:
        """Return calls and profile of a held taxon."""
        key = (taxon.name, assembly)
        if key not in self._held:
            self._held[key] = _load(taxon, assembly, rule)
        return self._held[key]


def _load(taxon: Taxon, assembly: str, rule: CountingRule) -> tuple[Calls, Profile]:
    """Return calls and profile of a taxon on a reference."""
    calls = taxon.calls(assembly)
    reference = rule.reference
    return calls, profile(calls, reference.mask, reference.sequence.length_bp)
