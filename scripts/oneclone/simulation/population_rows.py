"""The rows of a simulated population: its isolate table, its panel and its marker loci."""

from collections.abc import Mapping, Sequence

from oneclone.model.isolates import Isolate, Place, Role, row_id
from oneclone.model.loci import Locus, LocusKind
from oneclone.model.panel import AniCutoffs, Kind, Panel, Reference, SubstitutionRate, Thresholds
from oneclone.sequences import Codes, decode
from oneclone.simulation.lineages import CLINICS
from oneclone.simulation.population import Population
from oneclone.simulation.population_model import (
    CASE_CLINICS,
    OF_TYPE_STRAINS,
    SUBSPECIES,
    Member,
    PopulationSettings,
    Purpose,
)

COUNTRIES = (
    "Australia", "Brazil", "Canada", "China", "Denmark", "France", "Germany", "Ireland", "Japan",
    "Netherlands", "Spain", "Sweden", "Taiwan", "United Kingdom", "United States",
)  # fmt: skip
YEARS = (2004, 2023)
CONTIG = "chromosome"
SITES = 13  # marker loci: as many as the panel of the species has
SIMULATED = "simulated"


def isolate(population: Population, member: Member, assembly: str) -> Isolate:
    """Return the row of an isolate or of a panel reference; a patient stays in one clinic."""
    if member.role is Role.REFERENCE:
        return Isolate(row_id(member.name), member.name, member.role, assembly)
    if member.role is Role.CASE:
        clinic = CASE_CLINICS[member.patient]
        latitude, longitude = CLINICS[clinic]
        place, country, date = Place(float(latitude), float(longitude)), "Mexico", "2022-10"
    else:
        of_patient = population.random(Purpose.ROW, int(member.patient[1:]))
        clinic = f"Centre {int(of_patient.integers(1, 61))}"
        place, country = None, COUNTRIES[int(of_patient.integers(len(COUNTRIES)))]
        own = population.random(Purpose.ROW, 0, member.number)
        date = f"{int(own.integers(*YEARS))}-{int(own.integers(1, 13)):02d}"
    return Isolate(
        row_id=row_id(member.name),
        name=member.name,
        role=member.role,
        assembly=assembly,
        patient=member.patient,
        clinic=clinic,
        collection_date=date,
        country=country,
        place=place,
    )


def panel(
    settings: PopulationSettings, references: Sequence[Member], assembly_of: Mapping[str, str]
) -> Panel:
    """Return the panel of a population.

    Parameters
    ----------
    settings
        Clones are as wide as they are simulated.
    references
        Type strains and references of the dominant clones.
    assembly_of
        Sha256 of the assembly of each, by name.
    """
    return Panel(
        name=SIMULATED,
        version="1.0",
        organism="Simulated species",
        genome_length_bp=(round(0.85 * settings.genome_bp), round(1.15 * settings.genome_bp)),
        species_reference=references[0].name,
        thresholds=Thresholds(10, 30, 38, SIMULATED),
        ani=AniCutoffs(95.0, 98.0, SIMULATED),
        clone_max_snps=4 * settings.clone_snps,
        substitution_rate=SubstitutionRate(1.6e-7, 0.88e-7, 2.37e-7, SIMULATED),
        min_callable_percent=80.0,
        max_recombinant_percent=2.0,
        references=tuple(
            Reference(
                row_id=row_id(member.name),
                name=member.name,
                assembly=assembly_of[member.name],
                subspecies=SUBSPECIES[member.lineage.subspecies],
                clone=member.lineage.clone,
                kind=Kind.TYPE_STRAIN if number < len(OF_TYPE_STRAINS) else Kind.CLONE,
                citation=SIMULATED,
            )
            for number, member in enumerate(references)
        ),
    )


def loci(species_codes: Codes) -> tuple[Locus, ...]:
    """Return marker loci of one base each, evenly spread over the species reference."""
    step = len(species_codes) // (SITES + 1)
    return tuple(
        _site(place, decode(species_codes[place : place + 1]))
        for place in range(step, SITES * step + 1, step)
    )


def _site(place: int, base: str) -> Locus:
    """Return a locus of one base."""
    return Locus(
        name=f"site_{place + 1}",
        gene=SIMULATED,
        kind=LocusKind.SITE,
        contig=CONTIG,
        position=place + 1,
        start=place,
        end=place + 1,
        reverse=False,
        reference_allele=base,
        reference_meaning="base of the reference",
        variants=tuple(sorted(set("ACGT") - {base})),
        variant_meaning="another base than the reference's",
        truncated_meaning="",
        label=f"site {place + 1}",
        citation=SIMULATED,
        note="",
    )
