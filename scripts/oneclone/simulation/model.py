"""What an outbreak to simulate is: its tree, its table, its panel and the right verdict."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from oneclone.model.isolates import Role

WHOLE = (0.0, 1.0)
ALWAYS_SAID = ("assembly_only", "background_is_what_was_supplied", "genotype_not_susceptibility")
COMMON_SOURCE = "consistent with a common source"  # contract: never that one is proven


class ScenarioName(StrEnum):
    """The outbreaks that can be simulated."""

    POINT_SOURCE = "point-source"
    CIRCULATING_CLONE = "circulating-clone"
    TWO_CLONES = "two-clones"
    IMPORT = "import"
    # of the small scene: what the background says
    THIN_BACKGROUND = "thin-background"
    NO_BACKGROUND = "no-background"
    CONTEXT_OF_CASE_PATIENT = "context-of-case-patient"
    CONTEXT_IS_A_CASE = "context-is-a-case"
    CONTEXT_INSIDE = "context-inside"
    SOURCE_ISOLATES = "source-isolates"
    PANEL_CLONE_SAMPLED = "panel-clone-sampled"
    PANEL_CLONE_THIN = "panel-clone-thin"
    CLADE_NOT_SUPPORTED = "clade-not-supported"
    SUPPORT_LOW = "support-low"
    SUPPORT_NOT_COMPUTABLE = "support-not-computable"
    # of the small scene: what the cases are
    TWO_OUTBREAKS = "two-outbreaks"
    POLYCLONAL = "polyclonal"
    POSSIBLE_PAIR = "possible-pair"
    UNLIKELY_PAIR = "unlikely-pair"
    BRIDGE = "bridge"
    BRIDGE_WITHIN_PATIENT = "bridge-within-patient"
    HANGS_ON_ONE_ISOLATE = "hangs-on-one-isolate"
    ONE_PATIENT = "one-patient"
    NO_ASSEMBLY = "no-assembly"
    OTHER_SUBSPECIES = "other-subspecies"
    # of the small scene: what the assemblies are
    IMPORT_DECIDES = "import-decides"
    IMPORT_TOO_LARGE = "import-too-large"
    FOREIGN_CONTIG = "foreign-contig"
    FOREIGN_CONTIG_IN_PLACE = "foreign-contig-in-place"
    LOW_COVERAGE = "low-coverage"
    REDUCED_COVERAGE = "reduced-coverage"
    IDENTICAL_CASES = "identical-cases"


@dataclass(frozen=True)
class Clade:
    """A branch of `snps` substitutions with what descends from it; a leaf has no children.

    `span` is the share of the genome, from and to, on which the substitutions fall.
    """

    name: str
    snps: int
    children: tuple["Clade", ...] = ()
    span: tuple[float, float] = WHOLE

    def leaves(self) -> Iterator["Clade"]:
        """Give the leaves from left to right."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass(frozen=True)
class Row:
    """A row of the simulated isolate table; `kept_percent` of the genome reach the assembly.

    `copy_of` names the isolate whose very assembly this one has under another name.
    """

    isolate: str
    role: Role
    patient: str
    clinic: str = ""
    country: str = ""
    collection_date: str = ""
    sequencing_run: str = ""
    extraction_batch: str = ""
    kept_percent: int = 100
    copy_of: str = ""


@dataclass(frozen=True)
class PanelRow:
    """A reference of the simulated panel."""

    reference: str
    subspecies: str
    clone: str
    is_type_strain: bool


@dataclass(frozen=True)
class PlannedImport:
    """How much of the genome an isolate takes up in one stretch, and from whom."""

    donor: str
    length_bp: int


@dataclass(frozen=True)
class SharedSnps:
    """The same substitutions in isolates that did not inherit them from a common ancestor."""

    isolates: tuple[str, ...]
    snps: int


@dataclass(frozen=True)
class Flaw:
    """How an assembly departs from a plain draft.

    `contigs` pieces instead of a random number; `lost` is the share of the genome, from and to,
    that is missing; a foreign contig of `foreign_bp` bases is the donor's, and `in_place` tells
    whether it stands where the isolate's own bases are missing.
    """

    contigs: int | None = None
    lost: tuple[float, float] | None = None
    foreign: str = ""
    foreign_bp: int = 0
    in_place: bool = False


@dataclass(frozen=True)
class ExpectedPair:
    """The right published verdict of a pair of cases, and reasons that have to be given."""

    first: str
    second: str
    verdict: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expected:
    """What a right verdict is, by contract.

    `clones` gives members, `clone_verdicts` the verdict of each in the same order. Reasons of the
    set, caveats and `words` of the sentence have to occur, beside others; `unsaid` may not occur
    in the sentence.
    """

    verdict: str
    clones: tuple[tuple[str, ...], ...]
    exclusive: bool | None
    distinct_from_panel: bool | None
    clone_verdicts: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    pairs: tuple[ExpectedPair, ...] = ()
    words: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scenario:
    """An outbreak: the tree, the table, the panel and the right verdict.

    `later` are rows that arrive after the first run (patient C's isolates). `imports` gives what
    isolates took up; `shared` and `flaws` what else happened to genomes and to assemblies;
    `complete` names the leaves that are sequenced to the end, without any the panel's references.
    """

    name: ScenarioName
    tree: Clade
    rows: tuple[Row, ...]
    later: tuple[Row, ...]
    panel: tuple[PanelRow, ...]
    expected: Expected
    expected_later: Expected
    imports: Mapping[str, PlannedImport] = field(default_factory=dict[str, PlannedImport])
    shared: tuple[SharedSnps, ...] = ()
    flaws: Mapping[str, Flaw] = field(default_factory=dict[str, Flaw])
    complete: tuple[str, ...] = ()
