"""Imports in small simulated outbreaks: where they are, which genes, what is no import."""

from pathlib import Path

import pytest

from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import ScenarioName, scenario
from oneclone.tables.simulated_folder import write_outbreak
from tests.integration.workflow import pairs_by_name, read_json, rows
from tests.pipeline import Pipeline

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


def bed(results: Path) -> list[dict[str, str]]:
    header, *lines = (results / "distances/recombination.bed").read_text().splitlines()
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

    annotate(outbreak / "panel", "MAS_TYPE")
    again = Pipeline(tmp_path / "work", outbreak / "few.tsv", outbreak / "panel")
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
