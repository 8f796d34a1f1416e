"""Rule count_pairs: SNP distances of all pairs of used isolates and references."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from oneclone.distances import Profile, compare, profile
from oneclone.model.calls import Calls
from oneclone.model.pairs import FilterOutcome, Pair, Stretch, ordered
from oneclone.model.panel import Panel
from oneclone.model.settings import RecombinationSettings
from oneclone.recombination import find_stretches, outcome
from oneclone.steps.loading import PreparedReference, Taxon, load_references, load_taxa
from oneclone.suspicion import with_carriers
from oneclone.tables.pair_table import LocatedStretch, write_matrix, write_pairs, write_stretches
from oneclone.tables.run_plan import read_plan_panel


@dataclass(frozen=True)
class Counted:
    """A counted pair and the stretches that were removed from it."""

    pair: Pair
    stretches: tuple[LocatedStretch, ...]


@dataclass(frozen=True)
class Cohort:
    """The taxa that are counted on one reference."""

    name: str
    reference: PreparedReference
    calls: Mapping[str, Calls]
    profiles: Mapping[str, Profile]


def count_pairs(
    *,
    roster: Path,
    panel: Path,
    mask: Path,
    prepared: Sequence[Path],
    assessments: Sequence[Path],
    calls: Sequence[Path],
    pairs: Path,
    matrix: Path,
    recombination: Path,
    settings: RecombinationSettings,
) -> None:
    """Count the SNP distance of every pair, raw and recombination-filtered.

    Parameters
    ----------
    roster, panel, mask
        The run's plan.
    prepared
        Counting references in the order of `panel.counting_assemblies`.
    assessments, calls
        Files of the isolates and references.
    pairs, matrix, recombination
        Files to write.
    settings
        Of the recombination filter.
    """
    cohort = read_plan_panel(panel)
    taxa = load_taxa(roster, cohort, assessments, calls)
    references = load_references(cohort, mask, prepared)
    counted = [
        result
        for assembly in cohort.counting_assemblies
        for result in _count_on(assembly, taxa, cohort, references[assembly], settings)
    ]
    by_names = {(each.pair.first, each.pair.second): each.pair for each in counted}
    write_pairs(pairs, by_names.values())
    write_matrix(matrix, [taxon.name for taxon in taxa], by_names)
    write_stretches(recombination, [stretch for each in counted for stretch in each.stretches])


def _count_on(
    assembly: str,
    taxa: Sequence[Taxon],
    panel: Panel,
    reference: PreparedReference,
    settings: RecombinationSettings,
) -> list[Counted]:
    """Return the pairs that one reference counts."""
    wanted = [
        (one, two)
        for one, two in combinations(taxa, 2)
        if panel.counting_assembly(one.subspecies, two.subspecies) == assembly
    ]
    needed = {taxon.name: taxon for pair in wanted for taxon in pair}
    calls = {name: taxon.calls(assembly) for name, taxon in needed.items()}
    length = reference.sequence.length_bp
    profiles = {name: profile(each, reference.mask, length) for name, each in calls.items()}
    cohort = Cohort(panel.name_of(assembly), reference, calls, profiles)
    return [_count(*ordered(one.name, two.name), cohort, panel, settings) for one, two in wanted]


def _count(
    first: str, second: str, cohort: Cohort, panel: Panel, settings: RecombinationSettings
) -> Counted:
    """Return one counted pair."""
    comparison = compare(cohort.profiles[first], cohort.profiles[second])
    callable_bp, raw = comparison.callable_bp, len(comparison.differences)
    floor = panel.min_callable_percent * cohort.reference.unmasked_bp / 100
    stretches: list[Stretch] | None = None
    assessable = callable_bp > 0 and callable_bp >= floor
    if assessable:
        found = find_stretches(comparison, cohort.reference.sequence.offsets, settings)
        both = {name: cohort.calls[name] for name in (first, second)}
        stretches = None if found is None else [with_carriers(s, both, settings) for s in found]
    filtered, why = outcome(stretches, callable_bp, panel.max_recombinant_percent)
    removed = stretches or []
    scanned = filtered is not FilterOutcome.NOT_SCANNED
    pair = Pair(
        first=first,
        second=second,
        reference=cohort.name,
        reference_bp=cohort.reference.sequence.length_bp,
        callable_bp=callable_bp,
        snps=raw - sum(stretch.snps for stretch in removed) if assessable else None,
        snps_raw=raw if assessable else None,
        recombinant_bp=sum(stretch.callable_bp for stretch in removed) if scanned else None,
        filter=filtered,
        filter_reason=why,
    )
    locate = cohort.reference.sequence.locate
    located = [LocatedStretch(pair, stretch, *locate(stretch.start)) for stretch in removed]
    return Counted(pair, tuple(located))
