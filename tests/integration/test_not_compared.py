"""What could not be compared never makes a verdict stronger: real runs on small genomes."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from oneclone.sequences import decode
from oneclone.validation.quick_verdict import Outcome, quick_verdict
from tests.integration.workflow import rows

GENOME_BP = 100_000
FOREIGN = slice(
    40_000, 44_000
)  # of the odd isolate: it lowers the ANI, and is removed as an import
# Branches of the genealogy with their SNPs: the odd isolate descends from the cases' ancestor.
CASE_A, CASE_B = {"cases": 66, "beside A": 4, "A": 2}, {"cases": 66, "B": 3}
ODD = {"cases": 66, "beside A": 4, "odd": 14}
LINEAGE = {"subspecies m": 1500, "lineage": 250}
PANEL = {
    "name": "test",
    "version": "1",
    "organism": "Simulated",
    "genome_length_bp": [60_000, 140_000],
    "species_reference": "TYPE-a",
    "thresholds": {"linked": 10, "possible": 30, "unlinked": 38, "citation": "a study"},
    "ani": {"species_percent": 95, "subspecies_percent": 98, "citation": "a study"},
    "clone_max_snps": 100,
    "substitution_rate": {"per_site_per_year": 2e-7, "low": 1e-7, "high": 3e-7, "citation": "x"},
}


class Genealogy:
    """Genomes from the SNPs of their branches, each SNP at a place of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.random = np.random.default_rng(5)
        self.root = self.random.integers(0, 4, GENOME_BP)
        self.free = iter(self.random.permutation(np.arange(150, GENOME_BP - 150, 7)))
        self.branches: dict[str, np.ndarray] = {}

    def write(
        self, name: str, snps: dict[str, int], *, foreign: bool = False, end=GENOME_BP
    ) -> Path:
        """Write the assembly of a genome with the SNPs of some branches, up to an end."""
        genome = self.root.copy()
        for branch, number in snps.items():
            if branch not in self.branches:
                self.branches[branch] = np.array([next(self.free) for _ in range(number)])
            genome[self.branches[branch]] += 1
        if foreign:
            places = self.random.choice(np.arange(FOREIGN.start, FOREIGN.stop), 160, replace=False)
            genome[places] += 2
        path = self.folder / f"{name}.fna"
        path.write_text(f">{name}\n{decode((genome[:end] % 4).astype(np.uint8))}\n")
        return path


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Path:
    """Return a folder with a panel, an isolate table and their assemblies."""
    folder = tmp_path_factory.mktemp("ambiguous")
    (folder / "panel").mkdir()
    made = Genealogy(folder)
    references = ["reference\tassembly\tsha256\tsubspecies\tclone\tkind\tcitation"]
    for kind, snps in (("a", {"subspecies a": 1500}), ("m", {"subspecies m": 1500, "m": 100})):
        path = made.write(f"TYPE-{kind}", snps)
        references.append(f"TYPE-{kind}\t{path}\t\t{kind}\t\ttype_strain\ta study")
    short = made.write("SHORT", LINEAGE | {"cases": 66, "short": 20}, end=75_000)
    far = made.write("FAR", {"subspecies m": 1500, "far": 300})
    references.append(f"FAR\t{far}\t\tm\tC-far\tclone\ta study")
    (folder / "short_reference.tsv").write_text(f"SHORT\t{short}\t\tm\tC-short\tclone\ta study\n")
    (folder / "references.tsv").write_text("\n".join(references) + "\n")
    isolates = ["isolate\tassembly\trole\tpatient"]
    for name, snps, role in (("A", CASE_A, "case"), ("B", CASE_B, "case"), ("odd", ODD, "context")):
        path = made.write(name, LINEAGE | snps, foreign=name == "odd")
        isolates.append(f"{name}\t{path}\t{role}\tP-{name}")
    for number in range(5):
        path = made.write(f"C{number}", LINEAGE | {f"c{number}": 66})
        isolates.append(f"C{number}\t{path}\tcontext\tP{number}")
    (folder / "isolates.tsv").write_text("\n".join(isolates) + "\n")
    return folder


def judged(world: Path, subspecies_percent: float, more_references: str = "") -> Outcome:
    """Return what a run finds with a cut-off of the subspecies, and with further references."""
    references = (world / "references.tsv").read_text() + more_references
    (world / "panel/references.tsv").write_text(references)
    panel = PANEL | {"ani": {**PANEL["ani"], "subspecies_percent": subspecies_percent}}
    (world / "panel/panel.yaml").write_text(yaml.safe_dump(panel))
    return quick_verdict(world / "work", world / "isolates.tsv", world / "panel")


def test_ambiguous_isolate_inside_the_clade_is_found_on_the_species_reference(world):
    known = judged(world, 98)
    assert (known.verdict["verdict"], known.verdict["reasons"]) == (
        "indeterminate",
        ["not_a_clade"],
    )
    ani = {
        row["isolate"]: float(row["ani_percent"]) for row in rows(world / "work/results/typing.tsv")
    }
    odd = ani.pop("odd")
    assert odd < min(ani.values())
    found = judged(world, (odd + min(ani.values())) / 2)
    assert found.pairs["A", "odd"]["reference"] == "TYPE-a"
    assert found.verdict["verdict"] == "indeterminate"
    assert found.verdict["reasons"] == ["not_robust"]
    assert "background_not_in_tree" in found.verdict["caveats"]
    assert found.verdict["robustness"]["changed_by"] == ["species_reference: TYPE-a"]


def test_near_reference_below_the_callable_floor_leaves_both_findings_open(world):
    found = judged(world, 98, (world / "short_reference.tsv").read_text())
    assert found.pairs["A", "SHORT"]["snps"] == ""
    assert int(found.pairs["A", "FAR"]["snps"]) > 2 * PANEL["clone_max_snps"]
    typing = {row["isolate"]: row for row in rows(world / "work/results/typing.tsv")}
    assert typing["A"]["panel_clone_rule"] == "near_not_compared"
    assert typing["C0"]["panel_clone_rule"] == "near_not_compared"
    assert found.verdict["distinct_from_panel"] is None
    assert found.verdict["clones"][0]["verdict"] == "indeterminate"
    assert "reference_not_comparable" in found.verdict["reasons"]
    assert found.verdict["panel"]["reference_clones"] == ["C-far"]
    assert found.verdict["panel"]["reference_clones_not_comparable"] == ["C-short"]
