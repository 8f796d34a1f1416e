"""The check of a clone panel: what is wrong is listed at once, whatever else is wrong."""

from pathlib import Path

import pytest

from oneclone.commands.check_panel import check_panel
from oneclone.errors import InputRefused
from oneclone.tables.loci_table import COLUMNS as LOCI_COLUMNS
from tests.unit.test_plan import LOCUS, PANEL_YAML, SEQUENCE

HEADER = "reference\tassembly\tsha256\tsubspecies\tclone\tkind\tcitation\tannotation"
REF = "REF\tref.fna\t\t\tC1\tclone\tx\t"
LOCI = "\t".join(LOCI_COLUMNS) + f"\n{LOCUS}\n"


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    """Return a panel whose mask and loci are wrong; its one assembly is here."""
    (tmp_path / "ref.fna").write_text(f">contig\n{SEQUENCE}\n")
    (tmp_path / "panel.yaml").write_text(PANEL_YAML)
    (tmp_path / "mask.bed").write_text("contig\t9\t5\nchromosome\t0\t5\n")
    (tmp_path / "loci.tsv").write_text(LOCI)
    references(tmp_path, REF)
    return tmp_path


REGIONS = (
    "mask.bed line 1: region 9-5 holds no base; the end must be greater than the start",
    "mask.bed line 2: contig 'chromosome' is in no reference of the panel",
    "loci.tsv row 2: reference_allele 'T', but the reference has 'C' at contig:2 on strand +",
)


def references(folder: Path, *rows: str) -> None:
    (folder / "references.tsv").write_text("\n".join([HEADER, *rows]) + "\n")


def problems(folder: Path) -> str:
    with pytest.raises(InputRefused) as caught:
        check_panel(folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("clones.tsv", "clone\tin_panel\tcitation\nC1\tno\tx\n", "clone 'C1' says in_panel no"),
        ("panel.yaml", PANEL_YAML.replace("linked: 10", "linked: 90"), "must ascend: 90, 30, 38"),
        ("panel.yaml", PANEL_YAML.replace("[1000, 3000]", ".nan"), "nan is not a finite number"),
        (
            "references.tsv",
            f"{HEADER}\nREF\tref.fna\t\t\tC1\tclone\t\t\n",
            "column 'citation' is empty",
        ),
        (
            "references.tsv",
            f"{HEADER}\nREF\tref.fna\t{'0' * 64}\t\tC1\tclone\tx\t\n",
            "the panel states 0000",
        ),
    ],
)
def test_check_panel_what_lies_on_assemblies_is_checked_whatever_else_is_wrong(
    panel: Path, name, content, expected
):
    (panel / name).write_text(content)
    found = problems(panel)
    for each in (expected, *REGIONS):
        assert each in found
    assert found.startswith("4 problems")


def test_check_panel_keys_that_cannot_be_read_hide_nothing_of_the_files(panel: Path):
    (panel / "panel.yaml").write_text("name: [unclosed")
    references(panel, REF, "short\trow", "X\tabsent.fna\t\t\tC2\tclone\tx\tno.gff")
    found = problems(panel)
    for each in (
        "panel.yaml: not YAML",
        "references.tsv row 3: 2 cells under 8 columns",
        "references.tsv row 4: assembly 'absent.fna' does not exist",
        "references.tsv row 4: annotation 'no.gff' does not exist",
        REGIONS[0],
    ):
        assert each in found
    assert found.startswith("5 problems")  # the unknown contig may be one of the absent assembly


def test_check_panel_keys_that_stand_twice_are_named_with_their_lines(panel: Path):
    twice = PANEL_YAML.replace("{linked: 10,", "{linked: 10, linked: 25,") + "clone_max_snps: 500\n"
    (panel / "panel.yaml").write_text(twice)
    found = problems(panel)
    assert "panel.yaml line 7: key 'thresholds.linked' stands in line 7 already; keep one" in found
    assert "panel.yaml line 11: key 'clone_max_snps' stands in line 9 already; keep one" in found


def test_check_panel_one_accession_for_two_clones_is_refused_though_it_was_not_fetched(panel: Path):
    rows = ("X\tGCF_000069185.1\t\t\tC2\tclone\tx\t", "Y\tGCA_000069185.2\t\t\tC3\tclone\tx\t")
    references(panel, REF, *rows)
    assert (
        "references.tsv rows 3, 4: references 'X' (clone 'C2') and 'Y' (clone 'C3') are one "
        "assembly, which cannot stand for two clones"
    ) in problems(panel)


def test_check_panel_one_checksum_that_two_unfetched_references_state_is_refused(panel: Path):
    rows = [f"{name}\tGCF_00006918{name}.1\t{'a' * 64}\t\tC2\tclone\tx\t" for name in "56"]
    references(panel, REF, *rows)
    found = problems(panel)
    assert "rows 3, 4: references '5' (clone 'C2') and '6' (clone 'C2') are one assembly" in found
    assert "which would count twice; correct a cell or drop a row" in found
