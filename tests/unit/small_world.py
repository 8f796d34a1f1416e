"""A working directory with a table of two isolates and a panel of one reference."""

from pathlib import Path

import pytest

from oneclone.errors import InputRefused
from oneclone.plan import RunPlan, prepare_run

WORKFLOW = Path(__file__).resolve().parents[2]
SEQUENCE = "ACGGTTAC" * 200
PANEL_YAML = """
name: test
version: "1"
organism: Bacterium
genome_length_bp: [1000, 3000]
species_reference: REF
thresholds: {linked: 10, possible: 30, unlinked: 38, citation: x}
ani: {species_percent: 95, subspecies_percent: 98, citation: x}
clone_max_snps: 100
substitution_rate: {per_site_per_year: 2.0e-7, low: 1.0e-7, high: 3.0e-7, citation: x}
"""


class World:
    """A working directory with a table and a panel."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "panel").mkdir()
        (folder / "panel" / "panel.yaml").write_text(PANEL_YAML)
        self.fasta("panel/ref.fna", SEQUENCE)
        self.references("REF\tref.fna\t\t\t\ttype_strain\tx")
        self.fasta("a.fna", SEQUENCE[1:])
        self.fasta("b.fna", SEQUENCE[2:])
        self.table("A\ta.fna\tcase\tP1", "B\tb.fna\tcontext\t")

    def fasta(self, name: str, sequence: str) -> Path:
        path = self.folder / name
        path.write_text(f">contig 1\n{sequence}\n")
        return path

    def table(self, *rows: str) -> None:
        header = "isolate\tassembly\trole\tpatient"
        (self.folder / "isolates.tsv").write_text("\n".join([header, *rows]) + "\n")

    def references(self, *rows: str) -> None:
        header = "reference\tassembly\tsha256\tsubspecies\tclone\tkind\tcitation"
        (self.folder / "panel" / "references.tsv").write_text("\n".join([header, *rows]) + "\n")

    def plan(self, **config) -> RunPlan:
        settings = {"isolates": "isolates.tsv", "panel": "panel", **config}
        return prepare_run(settings, self.folder, WORKFLOW)

    def problems(self, **config) -> list[str]:
        with pytest.raises(InputRefused) as caught:
            self.plan(**config)
        return [text.replace(str(self.folder) + "/", "") for text in caught.value.problems]

    def keys(self, **config) -> dict[str, str]:
        return {entry.name: entry.calls_key for entry in self.plan(**config).roster}

    def stamps(self) -> dict[str, int]:
        folder = self.folder / ".oneclone" / "plan"
        return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
