"""Rule find_mixtures: which isolates look like mixed or contaminated cultures."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from oneclone import mosaic
from oneclone.model.calls import ReferenceSequence
from oneclone.model.mixtures import MixtureFigures, Mosaic
from oneclone.steps.loading import Taxon, load_taxa
from oneclone.tables.matrix_names import read_matrix_names
from oneclone.tables.mixture_table import write_mixtures
from oneclone.tables.pair_file import read_pairs
from oneclone.tables.reference_file import read_reference
from oneclone.tables.run_plan import read_plan_panel


def find_mixtures(
    *,
    roster: Path,
    panel: Path,
    prepared: Sequence[Path],
    calls: Path,
    pairs: Path,
    further: Path,
    matrix: Path,
    mixtures: Path,
) -> None:
    """Write the figures by which mixed cultures are told, of every used isolate.

    Parameters
    ----------
    roster, panel
        The run's plan.
    prepared
        Counting references in the order of `panel.counting_assemblies`.
    calls
        The gathered calls of the isolates and references.
    pairs, further, matrix
        SNP distances. An isolate is looked at as lying between two others where it and they are
        references, or of those that the matrix compares: all but in a large set.
    mixtures
        File to write.
    """
    cohort = read_plan_panel(panel)
    species = cohort.species_assembly
    reference, _ = read_reference(prepared[cohort.counting_assemblies.index(species)])
    taxa = {taxon.name: taxon for taxon in load_taxa(roster, cohort, calls)}
    compared = {name for name, taxon in taxa.items() if taxon.entry.is_reference}
    compared |= read_matrix_names(matrix)
    rates = mosaic.raw_rates(read_pairs(pairs, further, among=compared).values())
    near = {name: taxon for name, taxon in taxa.items() if name in compared}
    longest = max(_length(taxon) for taxon in taxa.values() if taxon.entry.is_reference)
    rows = [
        _figures(taxon, longest, _mosaic(name, near, rates, reference, species))
        for name, taxon in taxa.items()
        if not taxon.entry.is_reference
    ]
    write_mixtures(mixtures, rows)


def _mosaic(
    name: str,
    taxa: Mapping[str, Taxon],
    rates: Mapping[frozenset[str], float],
    reference: ReferenceSequence,
    species: str,
) -> Mosaic | None:
    """Return the two others between which an isolate lies most nearly, if any comes near."""
    if name not in taxa:
        return None
    partners = [partner for partner in taxa if partner != name]
    found = mosaic.candidates(name, partners, rates, reference.length_bp)
    if found is None:
        return None
    others = {partner: taxa[partner].calls(species) for partner in found}
    return mosaic.between(taxa[name].calls(species), others, reference)


def _figures(taxon: Taxon, longest: int, between: Mosaic | None) -> MixtureFigures:
    """Return the figures of one isolate."""
    assessment = taxon.assessment
    return MixtureFigures(
        name=taxon.name,
        length_bp=_length(taxon),
        longest_reference_bp=longest,
        two_base_bp=assessment.statistics.two_base_bp if assessment.statistics else 0,
        duplicated_bp=assessment.duplicated_bp,
        single_copy_bp=assessment.single_copy_bp,
        mosaic=between,
    )


def _length(taxon: Taxon) -> int:
    """Return the length of a used assembly."""
    size = taxon.assessment.statistics
    return size.length_bp if size else 0
