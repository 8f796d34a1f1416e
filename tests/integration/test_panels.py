"""The shipped clone panel, and the commands that check and start panels."""

import csv
import gzip
import re
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from oneclone.cli import app
from oneclone.commands.check_panel import check_panel
from oneclone.commands.new_panel import new_panel
from oneclone.errors import InputRefused
from oneclone.tables.checksum import file_sha256
from oneclone.tables.isolate_table import ACCESSION
from oneclone.tables.panel_folder import read_panel
from tests.integration.workflow import DEMO, ROOT, rows

SHIPPED = ROOT / "config" / "panels" / "mabscessus"
STUDY = re.compile(r"doi:10\.|PMC[0-9]{6}|GCA_[0-9]{9}|[\w-]+/[\w-]+ [0-9a-f]{7}\b")


def problems(folder: Path, **options) -> str:
    with pytest.raises(InputRefused) as caught:
        check_panel(folder, **options)
    return str(caught.value)


# --- the panel of M. abscessus -----------------------------------------------------------------


def test_shipped_panel_is_sound_and_says_what_was_not_fetched():
    done = CliRunner().invoke(app, ["panel", "check", str(SHIPPED)])
    assert done.exit_code == 0, done.output
    assert (
        "panel mabscessus version 1.0 is sound as far as it could be checked: 33 references, "
        "3 type strains, 7 reference clones, 31 further described clones, 7 published background "
        "rows, 29 mask regions, 13 marker loci"
    ) in done.output
    assert "note: 33 accessions not fetched (GCF_000069185.1" in done.output
    assert f"fetch with `oneclone panel fetch --panel {SHIPPED}`" in done.output
    assert (
        "note: mask.bed: 29 of 29 regions lie on contigs of no assembly that is here (NC_010397.1, "
        "NC_010394.1, NZ_AP014547.1)"
    ) in done.output
    assert "of 13 rows were not checked; that needs the assembly of the species" in done.output
    strict = CliRunner().invoke(app, ["panel", "check", "--complete", str(SHIPPED)])
    assert strict.exit_code == 1
    assert "33 accessions not fetched" in strict.output


def test_shipped_panel_holds_the_published_numbers():
    panel = read_panel(SHIPPED).panel
    cut = panel.thresholds
    assert (cut.linked, cut.possible, cut.unlinked, panel.clone_max_snps) == (10, 30, 38, 500)
    assert {ref.subspecies: ref.name for ref in panel.references if ref.kind == "type_strain"} == {
        "abscessus": "ATCC 19977",
        "massiliense": "CCUG 48898",
        "bolletii": "CCUG 50184",
    }
    assert panel.clones == tuple(f"DCC{number}" for number in range(1, 8))
    assert panel.known_clones_not_compared == tuple(f"eDCC{number}" for number in range(8, 39))
    subspecies = {clone.name: clone.subspecies for clone in panel.known_clones}
    assert [subspecies[f"eDCC{n}"] for n in (8, 29, 30, 37, 38)] == [
        "abscessus", "abscessus", "massiliense", "massiliense", "bolletii"
    ]  # fmt: skip
    assert panel.published_background["eDCC30"].foreign_within == {10: 50, 20: 84, 25: 99, 30: 99}
    assert panel.published_background["DCC4"].pairs_within == {20: 24.9, 30: 59.1, 38: 81.6}
    assert not {"DCC1", "DCC2", "DCC3"} & set(panel.published_background)
    assert [rate.clone for rate in panel.substitution_rates] == ["DCC1", "DCC2", "DCC3", "DCC4"]
    weak = panel.substitution_rates[-1]
    assert (weak.low, weak.high, weak.note) == (1.99e-7, 5.73e-7, "weak, from 16 tips")


def test_shipped_panel_references_are_accessions_each_named_once():
    found = rows(SHIPPED / "references.tsv")
    accessions = [row["assembly"] for row in found]
    assert len(set(accessions)) == len(accessions) == 33
    assert all(ACCESSION.fullmatch(accession) for accession in accessions)
    assert {row["lineage"] for row in found if row["clone"] == "DCC3"} == {"3a", "3b"}
    disputed = {"GCF_900139735.1", "GCF_900137455.1"}
    assert not disputed & set(accessions)


@pytest.mark.parametrize("name", ["references.tsv", "background.tsv", "clones.tsv"])
def test_shipped_panel_every_row_cites_a_study_or_a_commit(name):
    for row in rows(SHIPPED / name):
        assert STUDY.search(row["citation"]), row


def test_shipped_panel_every_number_and_region_cites_its_source():
    data = yaml.safe_load((SHIPPED / "panel.yaml").read_text())
    for key in ("thresholds", "ani", "substitution_rate"):
        assert STUDY.search(data[key]["citation"]), key
    assert STUDY.search(data["clone_max_snps_citation"])
    assert data["genome_length_citation"].startswith("Own choice")
    regions = (SHIPPED / "mask.bed").read_text().splitlines()[1:]
    assert len(regions) == 29
    for line in regions:
        assert STUDY.search(line.split("\t")[3]), line


def test_shipped_mask_regions_are_the_features_of_the_annotation(shared_data):
    starts, ends = {}, {}
    path = shared_data("mabs-atcc19977") / "GCA_000069185.1.gff.gz"
    with gzip.open(path, "rt") as opened:
        for line in csv.reader(opened, delimiter="\t", quoting=csv.QUOTE_NONE):
            if len(line) == 9 and line[0] == "CU458896.1" and line[2] == "gene":
                tag = re.search(r"locus_tag=([^;]+)", line[8]).group(1)
                starts[tag], ends[tag] = int(line[3]), int(line[4])
    checked = 0
    for line in (SHIPPED / "mask.bed").read_text().splitlines():
        if line.startswith("NC_010397.1"):
            _, start, end, what = line.split("\t")
            first, last = re.search(r"(MAB_\w+)(?:-(MAB_\w+))?;", what).groups()
            assert (int(start), int(end)) == (starts[first] - 1, ends[last or first]), line
            checked += 1
    assert checked == 19


def test_shipped_mask_lies_inside_the_assembly_under_its_genbank_names(shared_data, tmp_path):
    folder = tmp_path / "panel"
    shutil.copytree(SHIPPED, folder)
    text = (folder / "references.tsv").read_text()
    own = shared_data("mabs-atcc19977") / "GCA_000069185.1_ATCC19977.fna.gz"
    (folder / "references.tsv").write_text(text.replace("GCF_000069185.1", str(own), 1))
    found = check_panel(folder)
    assert len(found.unfetched) == 32
    assert found.notes[1].startswith("mask.bed: 9 of 29 regions lie on contigs of no assembly")


# --- panel check -------------------------------------------------------------------------------


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """Return a copy of the demo's panel."""
    return shutil.copytree(DEMO / "panel", tmp_path / "panel")


def edit(folder: Path, old: str, new: str, name: str = "references.tsv") -> None:
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new))


def test_check_panel_counts_what_a_sound_panel_holds(demo: Path):
    line, *_ = check_panel(demo).lines()
    assert line.startswith("panel simulated-mabscessus version 1 is sound: ")
    assert "3 type strains, 5 reference clones" in line


def test_check_panel_reference_of_another_subspecies_is_named_with_its_ani(demo: Path):
    table = rows(demo / "references.tsv")
    number, row = next((n, r) for n, r in enumerate(table, start=2) if r["kind"] == "clone")
    wrong = "bolletii" if row["subspecies"] != "bolletii" else "abscessus"
    edit(demo, f"{row['subspecies']}\t{row['clone']}\tclone", f"{wrong}\t{row['clone']}\tclone")
    found = problems(demo)
    assert f"references.tsv row {number}: '{row['reference']}' is declared '{wrong}', but" in found
    assert f"by ANI it is '{row['subspecies']}' (to the type strains: abscessus" in found


def test_check_panel_tables_and_files_are_all_checked_at_once(demo: Path):
    first = rows(demo / "references.tsv")[0]
    edit(demo, first["sha256"], "0" * 64)
    edit(demo, rows(demo / "references.tsv")[1]["assembly"], "asm/absent.fna")
    (demo / "mask.bed").write_text("contig\tx\t5\n")
    found = problems(demo)
    assert f"its sha256 is {first['sha256']}, the panel states {'0' * 64}" in found
    assert "assembly 'asm/absent.fna' does not exist" in found
    assert "mask.bed line 1: start 'x' and end '5' must both be whole numbers" in found


def test_check_panel_loci_and_accessions_are_checked_where_nothing_was_fetched(tmp_path: Path):
    folder = shutil.copytree(SHIPPED, tmp_path / "panel")
    edit(folder, "rrl_A2057\trrl\tsite", "rrl_A2057\trrl\tbase", "loci.tsv")
    assert "loci.tsv row 2: kind 'base' is none of site, codon, gene" in problems(folder)
    edit(folder, "GCF_003076795.1", "GCF_003076795")
    found = problems(folder)
    assert "loci.tsv row 2: kind 'base'" in found
    assert "references.tsv row 6: assembly 'GCF_003076795' has no version; write it too" in found
    edit(folder, "linked: 10", "linked:", "panel.yaml")
    edit(folder, "GCF_017189395.1", "GCF_17189395.1")
    (folder / "loci.tsv").write_bytes("Gène".encode("latin-1"))
    found = problems(folder)
    assert "loci.tsv: not UTF-8 text (byte 1)" in found
    assert "row 6: assembly 'GCF_003076795' has no version; write it too" in found
    assert "row 5: assembly 'GCF_17189395.1' is no assembly accession; write GCF_" in found


def test_check_panel_aliases_of_what_is_here_are_checked_without_the_rest(demo: Path):
    edit(demo, "citation\n", "citation\tcontig_aliases\n")
    first, *others = (demo / "references.tsv").read_text().splitlines()[1:]
    lines = [f"{first}\tNC_1.1=typo", *(f"{line}\t" for line in others)]
    header = (demo / "references.tsv").read_text().splitlines()[0]
    (demo / "references.tsv").write_text("\n".join([header, *lines]) + "\n")
    edit(demo, rows(demo / "references.tsv")[-1]["assembly"], "GCF_000000009.1")
    edit(demo, rows(demo / "references.tsv")[-1]["sha256"], "")
    found = problems(demo)
    assert "references.tsv row 2: contig_aliases 'NC_1.1=typo' names no contig of the" in found
    assert found.startswith("1 problem ")


def test_check_panel_missing_reference_is_not_told_to_leave_the_cell_empty(demo: Path):
    edit(demo, rows(demo / "references.tsv")[1]["assembly"], "asm/absent.fna")
    assert problems(demo).endswith("; correct the path")


def test_check_panel_refused_keys_do_not_hide_missing_files(demo: Path):
    edit(demo, "linked: 10", "linked:", "panel.yaml")
    edit(demo, rows(demo / "references.tsv")[1]["assembly"], "asm/absent.fna")
    found = problems(demo)
    assert "key 'thresholds.linked': no value yet, fill it in" in found
    assert "references.tsv row 3: assembly 'asm/absent.fna' does not exist" in found


def test_check_panel_clones_too_close_to_be_told_apart_are_a_warning(demo: Path):
    assert not [each for each in check_panel(demo, distances=True).warnings if "SNPs" in each]
    edit(demo, "clone_max_snps: 100", "clone_max_snps: 3000", "panel.yaml")
    warnings = [each for each in check_panel(demo, distances=True).warnings if "SNPs" in each]
    assert re.fullmatch(
        r"\S+ \(DCC\d\) and \S+ \(DCC\d\) are [0-9]+ SNPs apart over [0-9]+ bases, within 2 x "
        r"clone_max_snps = 6000: an isolate between them has no clear clone",
        warnings[0],
    )


# --- panel new ---------------------------------------------------------------------------------


def test_new_panel_every_blank_that_a_person_must_fill_is_named(tmp_path: Path):
    given = [str(path) for path in sorted((DEMO / "panel" / "asm").iterdir())[:2]]
    folder = tmp_path / "mine"
    done = CliRunner().invoke(
        app, ["panel", "new", str(folder), "--organism", "Some: species", *_each("--from", given)]
    )
    assert done.exit_code == 0, done.output
    found = problems(folder)
    keys = ["genome_length_bp", "clone_max_snps"]
    keys += [f"thresholds.{key}" for key in ("linked", "possible", "unlinked", "citation")]
    keys += [f"ani.{key}" for key in ("species_percent", "subspecies_percent", "citation")]
    keys += [f"substitution_rate.{key}" for key in ("per_site_per_year", "low", "high", "citation")]
    for key in keys:
        assert f"key '{key}': no value yet, fill it in" in found
    for number in (2, 3):
        assert f"references.tsv row {number}: column 'citation' is empty" in found
        assert f"references.tsv row {number}: kind '' is none of type_strain, clone" in found
    assert found.startswith(f"{len(keys) + 4} problems")
    first = rows(folder / "references.tsv")[0]
    assert first["sha256"] == file_sha256(folder / first["assembly"]) == file_sha256(Path(given[0]))
    assert yaml.safe_load((folder / "panel.yaml").read_text())["organism"] == "Some: species"


def test_new_panel_refer_names_files_where_they_are_and_takes_accessions(tmp_path: Path):
    path = min((DEMO / "panel" / "asm").iterdir())
    new_panel(tmp_path / "mine", "Species", [str(path), "GCF_000069185.1"], refer=True)
    found = rows(tmp_path / "mine" / "references.tsv")
    assert [row["assembly"] for row in found] == [str(path), "GCF_000069185.1"]
    assert [bool(row["sha256"]) for row in found] == [True, False]
    assert not (tmp_path / "mine" / "references").exists()


def test_new_panel_bad_start_is_refused_and_writes_nothing(tmp_path: Path):
    (tmp_path / "reads.fna").write_text("@read\nACGT\n+\nFFFF\n")
    path = str(min((DEMO / "panel" / "asm").iterdir()))
    with pytest.raises(InputRefused) as caught:
        new_panel(tmp_path / "mine", " ", [str(tmp_path / "reads.fna"), path, path])
    found = str(caught.value)
    assert "organism is empty" in found
    assert re.search(r"reads\.fna: .*sequencing reads \(FASTQ\); assemble them first", found)
    assert "is given 2 times; rename a file or drop one" in found
    assert not (tmp_path / "mine").exists()
    with pytest.raises(InputRefused, match="reference 'GCF_003076795' has no version; write"):
        new_panel(tmp_path / "mine", "Species", ["GCF_003076795"])
    with pytest.raises(InputRefused, match="is not an empty folder; choose another"):
        new_panel(tmp_path, "Species", [path])


def _each(option: str, values: list[str]) -> list[str]:
    return [text for value in values for text in (option, value)]
