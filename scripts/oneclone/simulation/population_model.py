"""What a simulated population is: its isolates as changes along lineages, and its make-up.

What is known of *M. abscessus*, and what is assumed:

- Subspecies 3.4 % apart, lineages of one 0.4 %: assumed after the cut-off of 98 % ANI inside a
  subspecies (Yu and Wang 2025, doi:10.1128/jcm.00697-25) and the depth of the other simulations.
- Seven dominant clones, DCC1 to DCC7, DCC1 with the type strain of abscessus and DCC3, 6 and 7
  massiliense (Ruis 2021, doi:10.1038/s41564-021-00963-3: 64 % of 2 045 isolates). Assumed: half
  of all isolates, the largest clone 15 %.
- The other half: a new lineage in 3 of 10, else that of an earlier one, so that sizes are skewed
  (31 further clones are described); assumed.
- Inside a clone about 110 substitutions since its root, partings mostly near the tips; assumed.
  At 10 000 isolates 3 to 13 % of the pairs of a clone are then within 30 SNPs and 50 to 70 % of
  its isolates have one of another patient within 20. In published alignments of DCC5, 6 and 7
  (zhuchendi0520/MABC_eDCCs) it is 3 to 11 % of the pairs of two countries, and 19 to 61 % of the
  isolates have one of another country within 20.
- 42 % are further isolates of a patient (Ruis 2021: 1 179 patients), 0 to 13 SNPs from the
  earlier one, mostly 0 to 2 (the panel cites 137 pairs: 95th percentile 8.4, maximum 13).
- 3 % took up a stretch of 2 to 20 kb from another lineage, after all partings; assumed.
- The outbreak: a massiliense lineage without a panel clone, nearest background 200 SNPs away.
"""

from dataclasses import dataclass
from enum import IntEnum

from oneclone.model.calls import Positions
from oneclone.model.isolates import Role
from oneclone.sequences import Codes

SUBSPECIES = ("abscessus", "massiliense", "bolletii")
SUBSPECIES_SHARES = (0.65, 0.30, 0.05)  # of the lineages without a panel clone
SUBSPECIES_DEPTH = 0.015  # substitutions per site from the root to a subspecies
LINEAGE_DEPTH = 0.002  # from there to a lineage
GC = 0.64
DOMINANT = (
    ("DCC1", 0, 0.15), ("DCC2", 0, 0.09), ("DCC3", 1, 0.14), ("DCC4", 0, 0.04),
    ("DCC5", 0, 0.02), ("DCC6", 1, 0.03), ("DCC7", 1, 0.03),
)  # clone, its subspecies, its share of all isolates  # fmt: skip
CASES = (("PtA-1", "PtA"), ("PtB-1", "PtB"), ("PtC-1", "PtC"), ("PtC-2", "PtC"))
CASE_CLINICS = {"PtA": "Clinic 1", "PtB": "Clinic 2", "PtC": "Clinic 3"}
NEAR_CASES = 4  # context isolates of the lineage of the cases
MAX_CASE_SNPS = 2  # of a case since the source
NEW_LINEAGE = 0.3
SAME_PATIENT = 0.42
UNCHANGED = 0.75  # of the further isolates of a patient
PATIENT_SNPS = 2.0  # mean on either side, of the others
PARTING_POWER = 4  # of a uniform number: the share of a relative's substitutions that is shared
IMPORTED = 0.03
IMPORT_BP = (2_000, 20_000)


class Purpose(IntEnum):
    """What a source of randomness is for: one more draw changes nothing else."""

    ROOT = 0
    SUBSPECIES = 1
    LINEAGE = 2
    STEM = 3
    MEMBER = 4
    REFERENCE = 5
    REPEATS = 6
    LACKED = 7
    DRAFT = 8
    UNALIGNED = 9
    ROW = 10


@dataclass(frozen=True)
class PopulationSettings:
    """Seed and size of a population; smaller genomes need shallower clones.

    `clone_snps` is the mean number of substitutions since the root of a clone, `background_snps`
    what the cases, and the background nearest to them, have since they parted.
    """

    seed: int = 1
    genome_bp: int = 5_000_000
    clone_snps: int = 110
    background_snps: int = 100


@dataclass(frozen=True)
class Lineage:
    """A lineage of a subspecies; `clone` is the panel's name of a dominant one."""

    number: int
    subspecies: int
    clone: str = ""


@dataclass(frozen=True)
class TakenUp:
    """A stretch, 0-based half-open, whose bases are those of another lineage's root."""

    start: int
    end: int
    donor: Lineage


@dataclass(frozen=True)
class Member:
    """An isolate or a reference: its lineage and all that happened since the lineage's root.

    `places` and `shifts` are substitutions from the oldest to the youngest: a shift of 1 to 3
    is added to the code of the base. `imports` came last.
    """

    number: int
    name: str
    role: Role
    patient: str
    lineage: Lineage
    places: Positions
    shifts: Codes
    imports: tuple[TakenUp, ...] = ()


CLONES = tuple(
    Lineage(number, subspecies, clone)
    for number, (clone, subspecies, _) in enumerate(DOMINANT, start=1)
)
OF_CASES = Lineage(8, 1)
OF_TYPE_STRAINS = (CLONES[0], Lineage(9, 1), Lineage(10, 2))
FIRST_OTHER = 11
