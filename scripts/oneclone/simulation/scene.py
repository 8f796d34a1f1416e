"""The small scene: one tree of which many scenarios take a few isolates each.

Because all of them evolve the same tree, equal seeds give equal assemblies, whichever of them a
scenario takes. Names tell what an isolate is for: `PtA-1` is of patient A. Distances between
isolates of one clade are the sums of their branches.
"""

from dataclasses import dataclass

from oneclone.model.isolates import Role
from oneclone.simulation.lineages import CLONE_SHARE, PANEL, ladder
from oneclone.simulation.model import (
    Clade,
    Expected,
    Flaw,
    PanelRow,
    PlannedImport,
    Row,
    Scenario,
    ScenarioName,
    SharedSnps,
)

SUBSPECIES_SHARE = 0.0115  # from the species' root; subspecies have 97 % ANI or less
CLONE_CONTEXT = 21  # context isolates inside the reference clone DCC7
SMALL_IMPORT = 0.012  # of the genome; the filter decides up to 2 % of the compared bases
LARGE_IMPORT = 0.05
FOREIGN_CONTIG = 0.04
CLINICS_OF = {"A": "Clinic 1", "B": "Clinic 2", "C": "Clinic 3"}
COUNTRIES = ("USA", "Brazil", "Japan", "Italy")

COMPLETE = (  # without a base lost, so that few SNPs are enough
    *("PtA-1", "PtF-1", "PtF-2", "PtJ-1", "PtK-1", "PtL-1", "PtM-1", "PtN-1", "PtO-1"),
    *("PtX-1", "PtX-2", "CTX-f", "CTX-x", "CTX-mas-1", "CTX-mas-2", "CTX-near", "CTX-mid"),
)
MIDDLE = (0.2, 0.8)


@dataclass(frozen=True)
class Scene:
    """A scenario of the small scene: which isolates it takes, and the right verdict."""

    name: ScenarioName
    rows: tuple[Row, ...]
    expected: Expected
    panel: tuple[PanelRow, ...] = PANEL

    def scenario(self, genome_bp: int) -> Scenario:
        """Return the scenario for genomes of a length."""
        return Scenario(
            name=self.name,
            tree=scene_tree(genome_bp),
            rows=self.rows,
            later=(),
            panel=self.panel,
            expected=self.expected,
            expected_later=self.expected,
            imports={
                "PtT-1": PlannedImport("BOL_TYPE", round(SMALL_IMPORT * genome_bp)),
                "PtU-1": PlannedImport("BOL_TYPE", round(LARGE_IMPORT * genome_bp)),
            },
            shared=(SharedSnps(("PtX-1", "CTX-x"), 3),),
            flaws=_flaws(genome_bp),
            complete=tuple(row.reference for row in PANEL),
        )


def case(isolate: str, patient: str = "", copy_of: str = "") -> Row:
    """Return the row of a case isolate; without a patient it is the letter after `Pt`."""
    patient = patient or isolate[2]
    clinic = CLINICS_OF.get(patient, "Clinic 2")
    run, batch = f"run-{isolate[2:]}", f"batch-{isolate[2:]}"
    return Row(isolate, Role.CASE, patient, clinic, "Mexico", "2023", run, batch, copy_of=copy_of)


def case_without_isolate(patient: str) -> Row:
    """Return the row of a patient of whom there is no isolate."""
    return Row(f"Pt{patient}", Role.CASE, patient, CLINICS_OF[patient], "Mexico", "2023")


def context(*isolates: str, patient: str = "", copy_of: str = "") -> tuple[Row, ...]:
    """Return rows of context isolates, each of a patient of its own if none is given."""
    return tuple(
        Row(
            isolate,
            Role.CONTEXT,
            patient or f"P-{isolate}",
            country=COUNTRIES[number % len(COUNTRIES)],
            collection_date="2015",
            copy_of=copy_of,
        )
        for number, isolate in enumerate(isolates)
    )


def source(isolate: str) -> Row:
    """Return the row of an isolate of a product or of water."""
    return Row(isolate, Role.SOURCE, "", collection_date="2023")


def clone_context(number: int) -> tuple[Row, ...]:
    """Return rows of context isolates inside the reference clone DCC7."""
    return context(*(f"CTX-DCC7-{each:02}" for each in range(1, number + 1)))


FEW = context("CTX-mas-1", "CTX-mas-2", "CTX-near", "CTX-mid")  # 70 SNPs and more from every case


def scene_tree(genome_bp: int) -> Clade:
    """Return the tree of the small scene for genomes of a length."""
    deep, shallow = round(SUBSPECIES_SHARE * genome_bp), round(CLONE_SHARE * genome_bp)
    abscessus = (
        Clade("ABS_TYPE", shallow),
        Clade("DCC2_REF", shallow),
        Clade("PtE-1", shallow),
    )
    bolletii = (Clade("BOL_TYPE", shallow),)
    own = (_outbreaks(), *_lone_cases())
    massiliense = ladder(
        [Clade("MAS_TYPE", shallow), _reference_clone(shallow), Clade("CTX-mas-1", shallow)],
        [
            Clade("DCC3_REF", shallow),
            Clade("DCC6_REF", shallow),
            Clade("CTX-mas-2", shallow),
            Clade("water", shallow),
            *(Clade(f"lineage of {clade.name}", shallow, (clade,)) for clade in own),
        ],
    )
    return Clade(
        "species",
        0,
        (
            Clade("abscessus", deep, abscessus),
            Clade("massiliense", deep, massiliense),
            Clade("bolletii", deep, bolletii),
        ),
    )


def _outbreaks() -> Clade:
    """Return the lineage of the outbreaks: one near and one less near context isolate."""
    near = Clade("near", 60, (*_clones(), Clade("CTX-near", 30)))
    return Clade("mid", 40, (near, Clade("CTX-mid", 110)))


def _clones() -> tuple[Clade, ...]:
    """Return outbreaks that are 80 SNPs and more from each other."""
    beside_context = Clade("", 3, (Clade("PtV-1", 1), Clade("CTX-inside", 15)))
    one_source = (
        Clade("PtA-1", 1),
        Clade("PtB-1", 2),
        Clade("PtC-kneeL", 1),
        Clade("PtC-kneeR", 2),
        Clade("PtC-blood", 4),
        Clade("PtT-1", 1),
        Clade("PtU-1", 1),
        Clade("PtY-1", 1),
        Clade("PtZ-1", 1),
        Clade("CTX-A-old", 3),
        Clade("vial", 1),
        beside_context,
    )
    in_bands = (Clade("PtM-1", 1), Clade("PtN-1", 19), Clade("PtO-1", 34))
    chain = (Clade("PtJ-1", 7), Clade("PtK-1", 0), Clade("PtL-1", 7))
    twins = (Clade("PtI-1", 0), Clade("PtI-2", 0))
    poor = (Clade("PtP-1", 2), Clade("PtQ-1", 2))
    cut = (Clade("PtR-1", 4, span=MIDDLE), Clade("PtS-1", 5, span=MIDDLE))
    low = (Clade("", 1, (Clade("PtF-1", 2), Clade("PtF-2", 3))), Clade("CTX-f", 14))
    crossed = (Clade("", 5, (Clade("PtX-1", 1), Clade("PtX-2", 1))), Clade("CTX-x", 14))
    return (
        Clade("source", 45, one_source),
        Clade("bands", 45, in_bands),
        Clade("chain", 50, chain),
        Clade("twins", 45, twins),
        Clade("poor", 45, poor),
        Clade("cut", 45, cut),
        Clade("low", 45, low),
        Clade("crossed", 45, crossed),
    )


def _lone_cases() -> tuple[Clade, ...]:
    """Return a second outbreak and a lone case, each in a lineage of its own."""
    return (Clade("second", 60, (Clade("PtG-1", 1), Clade("PtH-1", 2))), Clade("PtD-1", 60))


def _reference_clone(snps: int) -> Clade:
    """Return the reference clone DCC7 with context isolates and an outbreak 12 SNPs apart."""
    outbreak = Clade("within DCC7", 12, (Clade("PtW-1", 1), Clade("PtW-2", 2)))
    isolates = (
        Clade(f"CTX-DCC7-{number:02}", 14 + number % 7) for number in range(1, CLONE_CONTEXT + 1)
    )
    return Clade("DCC7", snps, (Clade("DCC7_REF", 12), outbreak, *isolates))


def _flaws(genome_bp: int) -> dict[str, Flaw]:
    """Return how assemblies of the small scene depart from plain drafts."""
    foreign = Flaw(foreign="BOL_TYPE", foreign_bp=round(FOREIGN_CONTIG * genome_bp))
    return {
        **dict.fromkeys(COMPLETE, Flaw(contigs=1)),
        "PtP-1": Flaw(contigs=1, lost=(0.0, 0.13)),
        "PtQ-1": Flaw(contigs=1, lost=(0.87, 1.0)),
        "PtR-1": Flaw(contigs=1, lost=(0.0, 0.08)),
        "PtS-1": Flaw(contigs=1, lost=(0.92, 1.0)),
        "PtY-1": foreign,
        "PtZ-1": Flaw(foreign=foreign.foreign, foreign_bp=foreign.foreign_bp, in_place=True),
    }
