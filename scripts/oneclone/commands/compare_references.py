"""Compare the references of a panel with each other: species, subspecies, clones."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from oneclone import ani
from oneclone.commands.compare_assemblies import count_all_pairs
from oneclone.model.assessment import AniHit
from oneclone.model.pairs import Pair
from oneclone.model.panel import Kind, Panel, Reference
from oneclone.plan import read_settings
from oneclone.plan_files import HashedFile
from oneclone.sequences import canonical_contigs
from oneclone.subtyping import subspecies
from oneclone.tables.fasta import Assembly
from oneclone.tables.panel_folder import PanelFolder

AMBIGUITY = 2  # up to twice `clone_max_snps` the panel clone of an isolate is ambiguous (subtyping)


def ani_problems(
    panel: PanelFolder,
    hashed: Sequence[HashedFile],
    assemblies: Mapping[str, Assembly],
    temporary: Path,
) -> list[str]:
    """Return which references are not of the species, or not of their declared subspecies.

    The rules are those by which isolates are typed; type strains that are not here say nothing.

    Parameters
    ----------
    panel
        The references that are here.
    hashed, assemblies
        Their files, in the same order, and by name.
    temporary
        Folder for sketches.
    """
    references = [
        replace(reference, assembly=each.sha256)
        for reference, each in zip(panel.panel.references, hashed, strict=True)
    ]
    known = replace(panel.panel, references=tuple(references))
    strains = {ref.name for ref in references if ref.kind is Kind.TYPE_STRAIN}
    compared = strains | {known.species_reference} & assemblies.keys()
    sketches = temporary / "sketches"
    sketches.mkdir()
    ani.write_sketches(
        {ref.assembly: assemblies[ref.name].contigs for ref in references if ref.name in compared},
        sketches,
    )
    found: list[str] = []
    for number, reference in enumerate(references):
        hits = ani.query(assemblies[reference.name].contigs, sketches)
        where = f"{panel.path / 'references.tsv'} row {panel.row_numbers[number]}"
        found += [f"{where}: {each}" for each in _objections(reference, hits, known)]
    return found


def _objections(reference: Reference, hits: Sequence[AniHit], panel: Panel) -> Iterator[str]:
    """Give what ANI says against a reference; type strains that are not here say nothing."""
    cut = panel.ani
    of = {hit.reference: hit.ani_percent for hit in hits}
    species = next((r for r in panel.references if r.name == panel.species_reference), None)
    if species and of.get(species.assembly, 0) < cut.species_percent:
        yield (
            f"'{reference.name}' has {_percent(of.get(species.assembly))} ANI to the species "
            f"reference '{species.name}', below {cut.species_percent:g} %; it is of another "
            "species, or the cut-off is too strict"
        )
    strains = panel.type_strains
    if reference.subspecies not in strains:
        return
    found = subspecies(hits, strains, cut)
    if found != reference.subspecies:
        values = ", ".join(
            f"{name} {_percent(of.get(assembly))}" for name, assembly in sorted(strains.items())
        )
        typed = f"'{found}'" if found else "of no single subspecies"
        yield (
            f"'{reference.name}' is declared '{reference.subspecies}', but by ANI it is {typed} "
            f"(to the type strains: {values}; cut-off {cut.subspecies_percent:g} %); correct the "
            "row or the cut-off"
        )


def _percent(value: float | None) -> str:
    """Return an ANI, or that it is too low to be estimated."""
    return "no" if value is None else f"{value:.2f} %"


def distance_warnings(
    panel: PanelFolder, assemblies: Mapping[str, Assembly], say: Callable[[str], object]
) -> list[str]:
    """Return which references of different clones are too close to tell an isolate's clone.

    Only references of one subspecies are compared, on its type strain: others are further apart
    than any clone reaches.

    Parameters
    ----------
    panel
        The references that are here.
    assemblies
        Their assemblies by name.
    say
        Is told what is being done.
    """
    limit = AMBIGUITY * panel.panel.clone_max_snps
    clone_of = {ref.name: ref.clone for ref in panel.panel.references if ref.clone}
    return [
        f"{pair.first} ({clone_of[pair.first]}) and {pair.second} ({clone_of[pair.second]}) are "
        f"{pair.snps_raw} SNPs apart over {pair.callable_bp} bases, within {AMBIGUITY} x "
        f"clone_max_snps = {limit}: an isolate between them has no clear clone"
        for pair in _clone_pairs(panel.panel, assemblies, say)
        if clone_of[pair.first] != clone_of[pair.second]
        and pair.snps_raw is not None
        and pair.snps_raw <= limit
    ]


def _clone_pairs(
    panel: Panel, assemblies: Mapping[str, Assembly], say: Callable[[str], object]
) -> Iterator[Pair]:
    """Give the pairs of clone references that are here, subspecies by subspecies."""
    settings = read_settings({"isolates": "-", "panel": "-"})
    for each in sorted({ref.subspecies for ref in panel.references}):
        members = [r for r in panel.references if r.subspecies == each and r.name in assemblies]
        strains = [r.name for r in members if r.kind is Kind.TYPE_STRAIN and each]
        counting = strains[0] if strains else panel.species_reference
        contigs = {
            ref.name: canonical_contigs(assemblies[ref.name].contigs)
            for ref in members
            if ref.clone
        }
        if counting in assemblies and len(contigs) > 1:
            yield from count_all_pairs(assemblies[counting], counting, contigs, settings, say)
