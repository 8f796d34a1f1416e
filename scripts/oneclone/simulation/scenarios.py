"""Outbreaks to simulate: who is ill, where, and how the genomes are related.

All of them have three subspecies 3.4 % apart, five reference clones about 0.5 % apart, context
isolates, and two patients at clinics 269 km apart, as in the report that oneclone was written for
(Nguyen et al. 2024, doi:10.15585/mmwr.mm7318a3); a third patient has no isolate at first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from oneclone.model.isolates import Role

SUBSPECIES_SHARE = 0.017  # substitutions per site from the species' root to a subspecies
CLONE_SHARE = 0.0025  # from there to a clone
BACKBONE_SNPS = 60  # between two partings of the lineages of a subspecies
COUNTRIES = ("USA", "United Kingdom", "Brazil", "Japan", "Australia", "Italy")
CLINICS = {
    "Clinic 1": ("32.50", "-117.00"),
    "Clinic 2": ("31.60", "-114.35"),
    "Clinic 3": ("20.70", "-103.30"),
}


class ScenarioName(StrEnum):
    """The outbreaks that can be simulated."""

    POINT_SOURCE = "point-source"
    CIRCULATING_CLONE = "circulating-clone"
    TWO_CLONES = "two-clones"
    IMPORT = "import"


@dataclass(frozen=True)
class Clade:
    """A branch of `snps` substitutions with what descends from it; a leaf has no children."""

    name: str
    snps: int
    children: tuple["Clade", ...] = ()

    def leaves(self) -> Iterator["Clade"]:
        """Give the leaves from left to right."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass(frozen=True)
class Row:
    """A row of the simulated isolate table; `kept_percent` of the genome reach the assembly."""

    isolate: str
    role: Role
    patient: str
    clinic: str = ""
    country: str = ""
    collection_date: str = ""
    sequencing_run: str = ""
    extraction_batch: str = ""
    kept_percent: int = 100


@dataclass(frozen=True)
class PanelRow:
    """A reference of the simulated panel."""

    reference: str
    subspecies: str
    clone: str
    is_type_strain: bool


@dataclass(frozen=True)
class Expected:
    """What a right verdict is."""

    verdict: str
    clones: tuple[tuple[str, ...], ...]
    exclusive: bool | None
    distinct_from_panel: bool


@dataclass(frozen=True)
class Scenario:
    """An outbreak: the tree, the table, the panel and the right verdict.

    `later` are rows that arrive after the first run (patient C's isolates). `imports` gives the
    donor of each isolate that took up a foreign stretch.
    """

    name: ScenarioName
    tree: Clade
    rows: tuple[Row, ...]
    later: tuple[Row, ...]
    panel: tuple[PanelRow, ...]
    expected: Expected
    expected_later: Expected
    imports: Mapping[str, str] = field(default_factory=dict[str, str])


PANEL = (
    PanelRow("ABS_TYPE", "abscessus", "DCC1", is_type_strain=True),
    PanelRow("MAS_TYPE", "massiliense", "", is_type_strain=True),
    PanelRow("BOL_TYPE", "bolletii", "", is_type_strain=True),
    PanelRow("DCC2_REF", "abscessus", "DCC2", is_type_strain=False),
    PanelRow("DCC3_REF", "massiliense", "DCC3", is_type_strain=False),
    PanelRow("DCC6_REF", "massiliense", "DCC6", is_type_strain=False),
    PanelRow("DCC7_REF", "massiliense", "DCC7", is_type_strain=False),
)
CASE_SNPS = {"PtA-CSF": 1, "PtB-elbow": 2, "PtC-kneeL": 1, "PtC-kneeR": 2}
ALL_CASES = tuple(sorted(CASE_SNPS))
FIRST_CASES = ALL_CASES[:2]


def scenario(name: ScenarioName, genome_bp: int) -> Scenario:
    """Return a scenario by its name, for genomes of a length.

    Examples
    --------
    >>> scenario(ScenarioName.TWO_CLONES, 200_000).expected.verdict
    'multiple_clones'
    """
    return {
        ScenarioName.POINT_SOURCE: _point_source,
        ScenarioName.CIRCULATING_CLONE: _circulating_clone,
        ScenarioName.TWO_CLONES: _two_clones,
        ScenarioName.IMPORT: _import,
    }[name](genome_bp)


def _point_source(genome_bp: int) -> Scenario:
    """Return cases of one source outside every reference clone."""
    source = Clade("source", 45, _cases(ALL_CASES))
    return Scenario(
        name=ScenarioName.POINT_SOURCE,
        tree=_species(genome_bp, (_near(source),)),
        rows=(*_case_rows(), *_context_rows()),
        later=_later_rows(),
        panel=PANEL,
        expected=Expected("single_clone", (FIRST_CASES,), True, True),
        expected_later=Expected("single_clone", (ALL_CASES,), True, True),
    )


def _circulating_clone(genome_bp: int) -> Scenario:
    """Return cases inside a clone of which isolates from elsewhere are just as close."""
    others = tuple(Clade(f"CTX-close-{number}", number % 2) for number in range(1, 5))
    circulating = Clade("circulating", 45, (*others, *_cases(ALL_CASES)))
    base = _point_source(genome_bp)
    close = tuple(
        Row(leaf.name, Role.CONTEXT, f"P-{leaf.name}", country=country, collection_date="2014")
        for leaf, country in zip(others, COUNTRIES, strict=False)
    )
    return replace(
        base,
        name=ScenarioName.CIRCULATING_CLONE,
        tree=_species(genome_bp, (_near(circulating),)),
        rows=(*base.rows, *close),
        expected=Expected("indeterminate", (FIRST_CASES,), False, True),
        expected_later=Expected("indeterminate", (ALL_CASES,), False, True),
    )


def _two_clones(genome_bp: int) -> Scenario:
    """Return cases of two sources that have nothing to do with each other."""
    first = Clade("first", 45, _cases(("PtA-CSF",)))
    second = Clade("second", 120, _cases(("PtB-elbow", "PtC-kneeL", "PtC-kneeR")))
    clones = (("PtA-CSF",), ("PtB-elbow", "PtC-kneeL", "PtC-kneeR"))
    return replace(
        _point_source(genome_bp),
        name=ScenarioName.TWO_CLONES,
        tree=_species(genome_bp, (_near(first), second)),
        expected=Expected("multiple_clones", (("PtA-CSF",), ("PtB-elbow",)), None, True),
        expected_later=Expected("multiple_clones", clones, None, True),
    )


def _import(genome_bp: int) -> Scenario:
    """Return the point source, with a foreign stretch taken up by one case."""
    return replace(
        _point_source(genome_bp), name=ScenarioName.IMPORT, imports={"PtB-elbow": "BOL_TYPE"}
    )


def _species(genome_bp: int, extra: tuple[Clade, ...]) -> Clade:
    """Return the tree of the species; `extra` are further lineages of massiliense."""
    deep, shallow = round(SUBSPECIES_SHARE * genome_bp), round(CLONE_SHARE * genome_bp)
    clones = {name: _clone(name, shallow, 5) for name in ("DCC3", "DCC6", "DCC7")}
    lone = [Clade(f"CTX-mas-{number}", shallow) for number in range(1, 4)]
    own = [Clade(f"lineage of {clade.name}", shallow, (clade,)) for clade in extra]
    massiliense = _ladder(
        [Clade("MAS_TYPE", shallow), clones["DCC7"], lone[0], clones["DCC6"], lone[1]],
        [clones["DCC3"], lone[2], *own],
    )
    abscessus = (_clone("DCC1", shallow, 3, "ABS_TYPE"), _clone("DCC2", shallow, 3))
    bolletii = (Clade("BOL_TYPE", shallow), Clade("CTX-bol-1", shallow))
    return Clade(
        "species",
        0,
        (
            Clade("abscessus", deep, abscessus),
            Clade("massiliense", deep, massiliense),
            Clade("bolletii", deep, bolletii),
        ),
    )


def _clone(name: str, snps: int, isolates: int, reference: str = "") -> Clade:
    """Return a reference clone with its reference and context isolates 10-60 SNPs apart."""
    members = [Clade(f"CTX-{name}-{number}", 5 + 3 * number) for number in range(1, isolates + 1)]
    return Clade(name, snps, _ladder(members, [Clade(reference or f"{name}_REF", 12)], 8))


def _ladder(
    first: Sequence[Clade], last: Sequence[Clade], snps: int = BACKBONE_SNPS
) -> tuple[Clade, ...]:
    """Return clades that part one after the other, `snps` substitutions between two partings."""
    below = tuple(last)
    for clade in reversed(first[1:]):
        below = (clade, Clade("", snps, below))
    return (first[0], Clade("", snps, below))


def _near(cases: Clade) -> Clade:
    """Return the lineage of the cases with one near and one less near context isolate."""
    near = Clade("near", 60, (cases, Clade("CTX-near", 30)))
    return Clade("mid", 40, (near, Clade("CTX-mid", 110)))


def _cases(names: Sequence[str]) -> tuple[Clade, ...]:
    """Return case isolates 1 or 2 SNPs from their source."""
    return tuple(Clade(name, CASE_SNPS[name]) for name in names)


def _case_rows() -> tuple[Row, ...]:
    """Return patients A and B with an isolate, and patient C without."""
    return (
        Row("PtA-CSF", Role.CASE, "A", "Clinic 1", "Mexico", "2022-11-18", "run-7", "batch-31"),
        Row("PtB-elbow", Role.CASE, "B", "Clinic 2", "Mexico", "2023-03-02", "run-9", "batch-40"),
        Row("PtC", Role.CASE, "C", "Clinic 3", "Mexico", "2023-04"),
    )


def _later_rows() -> tuple[Row, ...]:
    """Return patient C's isolates, which take the place of the row without one."""
    when, where = "2023-04-11", "Clinic 3"
    return tuple(
        Row(name, Role.CASE, "C", where, "Mexico", when, "run-11", "batch-44")
        for name in ("PtC-kneeL", "PtC-kneeR")
    )


def _context_rows() -> tuple[Row, ...]:
    """Return the context isolates, and one whose assembly is mostly lost."""
    names = [
        f"CTX-{clone}-{number}" for clone in ("DCC3", "DCC6", "DCC7") for number in range(1, 6)
    ]
    names += [f"CTX-{clone}-{number}" for clone in ("DCC1", "DCC2") for number in range(1, 4)]
    names += [*(f"CTX-mas-{number}" for number in range(1, 4)), "CTX-bol-1", "CTX-near", "CTX-mid"]
    rows = [
        Row(
            name,
            Role.CONTEXT,
            f"P-{name}",
            country=COUNTRIES[number % len(COUNTRIES)],
            collection_date=str(2012 + number % 8),
        )
        for number, name in enumerate(names)
    ]
    lost = rows[names.index("CTX-DCC2-3")]
    rows[names.index("CTX-DCC2-3")] = replace(lost, kept_percent=40)
    return tuple(rows)
