"""Rule type_isolates: subspecies, nearest reference and panel clone of every used isolate."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from oneclone.clones import panel_clone
from oneclone.model.evidence import Typing
from oneclone.model.pairs import Pair, ordered
from oneclone.model.panel import Panel, Reference
from oneclone.steps.loading import Taxon, load_taxa
from oneclone.subtyping import may_be_within, nearest, subspecies_rule
from oneclone.tables.pair_file import read_pairs
from oneclone.tables.run_plan import read_plan_panel
from oneclone.tables.typing_table import write_typing


def type_isolates(
    *,
    roster: Path,
    panel: Path,
    calls: Path,
    pairs: Path,
    further: Path,
    typing: Path,
) -> None:
    """Write the typing table.

    Parameters
    ----------
    roster, panel
        The run's plan.
    calls
        The gathered calls of the isolates and references.
    pairs, further
        SNP distances: together they have every pair with a reference.
    typing
        File to write.
    """
    cohort = read_plan_panel(panel)
    references = [reference.name for reference in cohort.references]
    distances = read_pairs(pairs, further, with_any=references)
    taxa = load_taxa(roster, cohort, calls)
    write_typing(
        typing,
        [_type(taxon, cohort, distances) for taxon in taxa if not taxon.entry.is_reference],
    )


def _type(taxon: Taxon, panel: Panel, pairs: Mapping[tuple[str, str], Pair]) -> Typing:
    """Return the typing of one isolate; every used isolate has a nearest reference."""
    hit = nearest(taxon.assessment.ani)
    to_references = [
        (reference, pairs[ordered(taxon.name, reference.name)]) for reference in panel.references
    ]
    clone, snps, rule = panel_clone(
        [(reference, pair.snps) for reference, pair in to_references],
        panel.clone_max_snps,
        near_not_compared=_is_near_one_not_compared(taxon, panel, to_references),
    )
    return Typing(
        name=taxon.name,
        subspecies=taxon.subspecies,
        nearest_reference=panel.name_of(hit.reference) if hit else "",
        ani_percent=hit.ani_percent if hit else 0.0,
        aligned_percent=hit.aligned_percent if hit else 0.0,
        panel_clone=clone,
        panel_clone_snps=snps,
        panel_clone_rule=rule,
        subspecies_rule=subspecies_rule(taxon.assessment.ani, panel.type_strains, panel.ani),
    )


def _is_near_one_not_compared(
    taxon: Taxon, panel: Panel, to_references: Sequence[tuple[Reference, Pair]]
) -> bool:
    """Return whether an isolate may be of a clone whose reference has no distance to it."""
    ani = {hit.reference: hit.ani_percent for hit in taxon.assessment.ani}
    return any(
        may_be_within(
            ani.get(reference.assembly, 0.0), 2 * panel.clone_max_snps, panel.genome_length_bp[0]
        )
        for reference, pair in to_references
        if reference.clone and not pair.is_assessable
    )
