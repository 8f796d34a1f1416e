"""The clone panel: reference assemblies, thresholds and cut-offs of one species, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from oneclone.errors import InputRefused
from oneclone.model.published import CloneRate, KnownClone, PublishedBackground
from oneclone.model.settings import ThresholdOverrides


class Kind(StrEnum):
    """Why a reference is in the panel."""

    TYPE_STRAIN = "type_strain"
    CLONE = "clone"


class Band(StrEnum):
    """The ranges into which the thresholds part SNP distances."""

    LINKED = "linked"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    UNLINKED = "unlinked"


@dataclass(frozen=True)
class Thresholds:
    """SNP distances that part the bands; `citation` names the studies they come from."""

    linked: int
    possible: int
    unlinked: int
    citation: str

    def band(self, snps: float) -> Band:
        """Return the band of a SNP distance.

        Examples
        --------
        >>> thresholds = Thresholds(linked=10, possible=30, unlinked=38, citation="example")
        >>> [str(thresholds.band(snps)) for snps in (10, 10.1, 38, 39)]
        ['linked', 'possible', 'unlikely', 'unlinked']
        """
        if snps <= self.linked:
            return Band.LINKED
        if snps <= self.possible:
            return Band.POSSIBLE
        return Band.UNLIKELY if snps <= self.unlinked else Band.UNLINKED


@dataclass(frozen=True)
class AniCutoffs:
    """Least average nucleotide identity (per cent) inside the species and a subspecies."""

    species_percent: float
    subspecies_percent: float
    citation: str


@dataclass(frozen=True)
class SubstitutionRate:
    """Substitutions per site and year with the bounds of its interval."""

    per_site_per_year: float
    low: float
    high: float
    citation: str


@dataclass(frozen=True)
class Reference:
    """One reference assembly of the panel; `assembly` is the sha256 of its file."""

    row_id: str
    name: str
    assembly: str
    subspecies: str
    clone: str
    kind: Kind
    citation: str


@dataclass(frozen=True)
class Panel:
    """A clone panel; `species_reference` is the name of one of its references.

    `substitution_rates`, `known_clones` (sorted by name) and `published_background` (by clone)
    are what was published about clones; they are empty in a panel that says nothing of it.
    """

    name: str
    version: str
    organism: str
    genome_length_bp: tuple[int, int]
    species_reference: str
    thresholds: Thresholds
    ani: AniCutoffs
    clone_max_snps: int
    substitution_rate: SubstitutionRate
    min_callable_percent: float
    max_recombinant_percent: float
    references: tuple[Reference, ...]
    clone_max_snps_citation: str = ""
    genome_length_citation: str = ""
    substitution_rates: tuple[CloneRate, ...] = ()
    known_clones: tuple[KnownClone, ...] = ()
    published_background: Mapping[str, PublishedBackground] = field(
        default_factory=dict[str, PublishedBackground]
    )

    @property
    def species_assembly(self) -> str:
        """Sha256 of the assembly of the species reference."""
        return next(ref.assembly for ref in self.references if ref.name == self.species_reference)

    @property
    def type_strains(self) -> Mapping[str, str]:
        """Sha256 of the type strain's assembly for each subspecies."""
        return {
            ref.subspecies: ref.assembly
            for ref in self.references
            if ref.kind is Kind.TYPE_STRAIN and ref.subspecies
        }

    @property
    def counting_assemblies(self) -> tuple[str, ...]:
        """Sha256 of every assembly that counts pairs, sorted, each once."""
        return tuple(sorted({self.species_assembly, *self.type_strains.values()}))

    @property
    def clones(self) -> tuple[str, ...]:
        """Names of the reference clones, sorted, each once."""
        return tuple(sorted({ref.clone for ref in self.references if ref.clone}))

    @property
    def known_clones_not_compared(self) -> tuple[str, ...]:
        """Names of the described clones of which the panel has no reference, in its order."""
        compared = set(self.clones)
        return tuple(clone.name for clone in self.known_clones if clone.name not in compared)

    def counting_assembly(self, first_subspecies: str, second_subspecies: str) -> str:
        """Return the sha256 of the assembly on which a pair is counted.

        Both isolates unambiguously of one subspecies: its type strain; every other pair: the
        species reference. No distance enters the choice, so a pair's numbers depend on its two
        assemblies, the panel and the settings alone.

        Parameters
        ----------
        first_subspecies, second_subspecies
            Subspecies of the two isolates, empty when ambiguous.
        """
        if first_subspecies and first_subspecies == second_subspecies:
            return self.type_strains.get(first_subspecies, self.species_assembly)
        return self.species_assembly

    def name_of(self, assembly: str) -> str:
        """Return the name of the reference with this sha256, the first one in name order."""
        return min(ref.name for ref in self.references if ref.assembly == assembly)


def with_thresholds(panel: Panel, overrides: ThresholdOverrides) -> Panel:
    """Return the panel with the thresholds that the configuration sets.

    Raises
    ------
    InputRefused
        If the thresholds then are not in ascending order.
    """
    own = panel.thresholds
    given = {
        key: value
        for key in ("linked", "possible", "unlinked")
        if (value := getattr(overrides, key)) is not None
    }
    if not given:
        return panel
    merged = replace(own, **given, citation=f"configuration of this run; panel: {own.citation}")
    if not merged.linked <= merged.possible <= merged.unlinked:
        values = f"linked {merged.linked}, possible {merged.possible}, unlinked {merged.unlinked}"
        raise InputRefused([f"configuration: thresholds {values} are not in ascending order"])
    return replace(panel, thresholds=merged)
