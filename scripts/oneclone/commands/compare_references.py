"""Compare the references of a panel with each other: species, subspecies, clones."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from oneclone import ani
from oneclone.commands.compare_assemblies import count_all_pairs
from oneclone.model.assessment import AniHit
from oneclone.model.pairs import Pair
from oneclone.model.panel import AniCutoffs, Kind, Panel, Reference
from oneclone.plan import read_settings
from oneclone.plan_files import HashedFile
from oneclone.sequences import canonical_contigs
from oneclone.subtyping import nearest, subspecies
from oneclone.tables.fasta import Assembly
from oneclone.tables.panel_folder import PanelFolder

AMBIGUITY = 2  # up to twice `clone_max_snps` the panel clone of an isolate is ambiguous (subtyping)


def ani_findings(
    panel: PanelFolder,
    hashed: Sequence[HashedFile],
    assemblies: Mapping[str, Assembly],
    temporary: Path,
) -> tuple[list[str], list[str]]:
    """Return problems and warnings: references of another species or subspecies than declared.

    The rules are those by which isolates are typed, applied to the type strains that are here.
    A type strain far from every other one is a warning: subspecies may lie near the cut-off.

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
    compared = [
        ref
        for ref in references
        if ref.kind is Kind.TYPE_STRAIN or ref.name == known.species_reference
    ]
    sketches = temporary / "sketches"
    sketches.mkdir()
    of_assembly = {ref.assembly: assemblies[ref.name].contigs for ref in compared}
    ani.write_sketches(sorted(of_assembly.items()), sketches)
    opened = ani.open_sketches(sketches)
    problems: list[str] = []
    warnings: list[str] = []
    for number, reference in enumerate(references):
        hits = ani.query(assemblies[reference.name].contigs, opened)
        others = [ref for ref in compared if ref.assembly != reference.assembly]
        where = f"{panel.files.table} row {panel.files.rows[number].number}"
        if others and (text := _species_objection(reference, hits, known.ani)):
            is_strain = reference.kind is Kind.TYPE_STRAIN
            (warnings if is_strain else problems).append(f"{where}: {text}")
        if text := _subspecies_objection(reference, hits, known):
            problems.append(f"{where}: {text}")
    return problems, warnings


def _species_objection(reference: Reference, hits: Sequence[AniHit], cutoffs: AniCutoffs) -> str:
    """Return that a reference is far from every type strain but itself, empty when it is not."""
    best = nearest([hit for hit in hits if hit.reference != reference.assembly])
    if best and best.ani_percent >= cutoffs.species_percent:
        return ""
    return (
        f"'{reference.name}' has {_percent(best.ani_percent if best else None)} ANI to the nearest "
        f"other type strain, below the {cutoffs.species_percent:g} % of the species; check that it "
        "is of the species, or the cut-off"
    )


def _subspecies_objection(reference: Reference, hits: Sequence[AniHit], panel: Panel) -> str:
    """Return that ANI contradicts the declared subspecies, empty when it does not.

    Nothing is said where the type strain of that subspecies is not here.
    """
    strains, cutoffs = panel.type_strains, panel.ani
    if reference.subspecies not in strains:
        return ""
    found = subspecies(hits, strains, cutoffs)
    if found == reference.subspecies:
        return ""
    of = {hit.reference: hit.ani_percent for hit in hits}
    values = ", ".join(
        f"{name} {_percent(of.get(assembly))}" for name, assembly in sorted(strains.items())
    )
    typed = f"'{found}'" if found else "of no single subspecies"
    return (
        f"'{reference.name}' is declared '{reference.subspecies}', but by ANI it is {typed} "
        f"(to the type strains: {values}; cut-off {cutoffs.subspecies_percent:g} %); correct the "
        "row or the cut-off"
    )


def _percent(value: float | None) -> str:
    """Return an ANI, or that it is too low to be estimated."""
    return "no measurable" if value is None else f"{value:.2f} %"


def distance_warnings(
    panel: Panel, assemblies: Mapping[str, Assembly], say: Callable[[str], object]
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
    limit = AMBIGUITY * panel.clone_max_snps
    clone_of = {ref.name: ref.clone for ref in panel.references if ref.clone}
    return [
        f"{pair.first} ({clone_of[pair.first]}) and {pair.second} ({clone_of[pair.second]}) are "
        f"{pair.snps_raw} SNPs apart over {pair.callable_bp} bases, within {AMBIGUITY} x "
        f"clone_max_snps = {limit}: an isolate between them has no clear clone"
        for pair in _clone_pairs(panel, assemblies, say)
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
