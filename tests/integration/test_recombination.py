"""Imports in small simulated outbreaks: where they are, which genes, what is no import."""

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from Bio import Phylo

from oneclone.simulation.drafts import Draft
from oneclone.simulation.genomes import letters
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.simulated_folder import write_outbreak
from tests.conftest import need
from tests.integration.workflow import pairs_by_name, read_json, rows
from tests.pipeline import Pipeline, contents

GENOME_BP = 200_000
GENE_BP = 1000
FEW = ("PtA", "PtB", "CTX-near", "CTX-mid")


@pytest.fixture(scope="module")
def outbreak(tmp_path_factory) -> Path:
    """Return a point source in which one case has taken up a stretch of another subspecies."""
    folder = tmp_path_factory.mktemp("import")
    settings = SimulationSettings(11, GENOME_BP, 4)
    write_outbreak(folder, simulate(scenario(ScenarioName.IMPORT, GENOME_BP), settings))
    header, *lines = (folder / "isolates.tsv").read_text().splitlines()
    few = [line for line in lines if line.startswith(FEW)]
    (folder / "few.tsv").write_text("\n".join([header, *few]) + "\n")
    return folder


def annotate(panel: Path, reference: str) -> None:
    """Give a reference the annotation of a gene for each kilobase but every third."""
    header, *lines = (panel / "references.tsv").read_text().splitlines()
    contig = "contig1.1"  # with the version that INSDC would append
    genes = [
        f"{contig}\tx\tgene\t{start + 1}\t{start + GENE_BP}\t.\t+\t.\tID=g;locus_tag=G{start}"
        for start in range(0, GENOME_BP - GENE_BP, GENE_BP)
        if start % 3000 < 2000
    ]
    (panel / "ref.gff").write_text("\n".join(["##gff-version 3", *genes]) + "\n")
    lines = [f"{x}\t{'ref.gff' if x.startswith(reference) else ''}" for x in lines]
    (panel / "references.tsv").write_text("\n".join([f"{header}\tannotation", *lines]) + "\n")


def bed(results: Path, name: str = "distances/recombination.bed") -> list[dict[str, str]]:
    header, *lines = (results / name).read_text().splitlines()
    columns = header.removeprefix("#").split("\t")
    return [dict(zip(columns, line.split("\t"), strict=True)) for line in lines]


def test_removed_stretches_have_places_and_genes_and_an_annotation_changes_no_number(
    tmp_path: Path, outbreak: Path
):
    pipeline = Pipeline(tmp_path / "work", outbreak / "few.tsv", outbreak / "panel")
    pipeline.call()
    pipeline.count()
    results = pipeline.results
    plain = rows(results / "distances/recombination.tsv")
    places = bed(results)
    pairs = (results / "distances/pairs.tsv").read_bytes()
    assert {(row["genes"], line["genes"]) for row in plain for line in places} == {("", ".")}

    panel = Path(shutil.copytree(outbreak / "panel", tmp_path / "panel"))
    annotate(panel, "MAS_TYPE")
    again = Pipeline(tmp_path / "work", outbreak / "few.tsv", panel)
    assert again.plan.assembly_of == pipeline.plan.assembly_of
    again.count()
    assert (results / "distances/pairs.tsv").read_bytes() == pairs
    named = rows(results / "distances/recombination.tsv")
    assert [{**row, "genes": ""} for row in named] == plain
    (true,) = read_json(outbreak / "truth.json")["imports"].values()
    (line,) = [x for x in bed(results) if x["carriers"] == "PtB-elbow"]
    assert int(line["pairs"]) == sum(row["carriers"] == "PtB-elbow" for row in named)
    assert true["start"] - 500 <= int(line["start"]) < int(line["end"]) <= true["end"] + 500
    expected = {
        f"G{start}"
        for start in range(0, GENOME_BP - GENE_BP, GENE_BP)
        if start % 3000 < 2000 and start < int(line["end"]) and start + GENE_BP > int(line["start"])
    }
    assert set(line["genes"].split(",")) == expected
    assert {x["name"] for x in places} == {x["name"] for x in bed(results)}
    assert pairs_by_name(results)["PtA-CSF", "PtB-elbow"]["filter"] == "decides"


# --- Gubbins for the tree ----------------------------------------------------------------------


def between_cases(newick: bytes) -> float:
    """Return the length of the tree between the two cases, per core site."""
    tree = Phylo.read(io.StringIO(newick.decode()), "newick")
    return tree.distance(*(tree.find_any(name) for name in ("PtA-CSF", "PtB-elbow")))


def test_mask_imports_masks_the_import_for_the_tree_and_changes_nothing_else(
    tmp_path: Path, outbreak: Path
):
    need(shutil.which("run_gubbins") or shutil.which("run_gubbins.py"), "Gubbins is not installed")
    work = tmp_path / "work"
    plain = Pipeline(work, outbreak / "few.tsv", outbreak / "panel")
    results = plain.run()
    before = contents(results)
    assert "tree/gubbins.bed" not in before
    assert read_json(results / "tree/core.json")["masked_by"] == "none"

    masked = Pipeline(
        work,
        outbreak / "few.tsv",
        outbreak / "panel",
        tree={"mask_recombination": "gubbins"},
    )
    masked.infer()
    masked.judge()
    after = contents(results)
    changed = {name for name in after if after[name] != before.get(name)}
    assert {"tree/gubbins.bed", "tree/core.json"} <= changed
    assert changed <= {
        "report.html",
        "tree/core.json",
        "tree/core.nwk",
        "tree/gubbins.bed",
        "verdict.json",  # shows the settings
    }
    one, two = (json.loads(each["verdict.json"]) for each in (before, after))
    assert {**one, "settings": {}} == {**two, "settings": {}}
    summary = read_json(results / "tree/core.json")
    assert summary["masked_by"].startswith("Gubbins ")
    assert read_json(results / "alignment/core.json")["masked_bases"] == 0

    (true,) = read_json(outbreak / "truth.json")["imports"].values()
    lines = [
        line
        for line in bed(results, "tree/gubbins.bed")
        if int(line["start"]) < true["end"] and int(line["end"]) > true["start"]
    ]
    assert {line["lineage"] for line in lines} == {"massiliense"}
    assert any("PtB-elbow" in line["names"].split("; ") for line in lines)
    assert summary["masked_bases"] > 50  # 3 kb of another subspecies 3.4 % away hold about 100
    core_bp = read_json(results / "alignment/core.json")["core_bp"]
    assert between_cases(before["tree/core.nwk"]) * core_bp > 60
    assert between_cases(after["tree/core.nwk"]) * core_bp < 15
    masked.infer()
    assert {k: v for k, v in contents(results).items() if k.startswith("tree/")} == {
        k: v for k, v in after.items() if k.startswith("tree/")
    }


# --- no import, but a contaminant --------------------------------------------------------------

CONTIG = (110_000, 113_000)  # on the backbone, between two repeats


def contaminated(folder: Path, *, replaced: bool) -> Path:
    """Write a point source in which one case has a contig of another subspecies.

    It takes the place of the case's own bases, or stands beside them.
    """
    settings = SimulationSettings(5, GENOME_BP, 4)
    outbreak = simulate(scenario(ScenarioName.POINT_SOURCE, GENOME_BP), settings)
    start, end = CONTIG
    assert not outbreak.backbone.is_repeat[start - 500 : end + 500].any()
    sequence, places = letters(outbreak.genomes["PtB-elbow"])
    foreign, foreign_places = letters(outbreak.genomes["BOL_TYPE"])
    first, last = np.searchsorted(np.maximum.accumulate(places), [start, end])
    own = [sequence[:first], sequence[last:]] if replaced else [sequence]
    bounds = np.searchsorted(np.maximum.accumulate(foreign_places), [start, end])
    contigs = (*own, foreign[bounds[0] : bounds[1]])
    draft = Draft(contigs, outbreak.drafts["PtB-elbow"].holds)
    write_outbreak(folder, replace(outbreak, drafts={**outbreak.drafts, "PtB-elbow": draft}))
    header, *lines = (folder / "isolates.tsv").read_text().splitlines()
    few = [line for line in lines if line.startswith(FEW)]
    (folder / "few.tsv").write_text("\n".join([header, *few]) + "\n")
    return folder


def test_contig_of_another_lineage_in_place_of_the_own_is_suspect_and_may_not_decide(
    tmp_path: Path,
):
    folder = contaminated(tmp_path / "outbreak", replaced=True)
    pipeline = Pipeline(tmp_path / "work", folder / "few.tsv", folder / "panel")
    pipeline.call()
    pipeline.count()
    pair = pairs_by_name(pipeline.results)["PtA-CSF", "PtB-elbow"]
    assert pair["filter"] == "may_not_decide"
    assert "whole_contig" in pair["filter_reason"].split(",")
    assert int(pair["snps_raw"]) > 50
    assert int(pair["snps"]) <= 3
    (row,) = rows(pipeline.results / "distances/recombination.tsv")
    assert row["carriers"] == "PtB-elbow"
    assert "whole_contig" in row["suspicions"].split(",")
    (line,) = bed(pipeline.results)
    assert line["suspicions"] == row["suspicions"]


def test_contig_of_another_lineage_beside_the_own_makes_the_place_not_callable(tmp_path: Path):
    folder = contaminated(tmp_path / "outbreak", replaced=False)
    pipeline = Pipeline(tmp_path / "work", folder / "few.tsv", folder / "panel")
    pipeline.call()
    pipeline.count()
    pair = pairs_by_name(pipeline.results)["PtA-CSF", "PtB-elbow"]
    assert (pair["filter"], int(pair["snps_raw"]) <= 3) == ("nothing_removed", True)
    assert rows(pipeline.results / "distances/recombination.tsv") == []
