"""Pairs of real assemblies whose differences are known, through the engine without a panel."""

import csv

import numpy as np
import pytest

from oneclone.commands.compare_assemblies import compare_assemblies
from oneclone.coverage import coverage
from oneclone.markers import call_markers
from oneclone.model.pairs import Pair
from oneclone.plan import read_settings
from oneclone.sequences import decode, encode, reverse_complement
from oneclone.tables.fasta import read_assembly
from oneclone.tables.loci_table import read_loci
from tests.integration.engine import MAX_BASES, called_on
from tests.integration.workflow import ROOT, rows

SETTINGS = read_settings({"isolates": "-", "panel": "-"})
CLOSE_SNPS = 100


def by_names(pairs) -> dict[tuple[str, str], Pair]:
    return {(pair.first, pair.second): pair for pair in pairs}


# --- M. abscessus V0153, rebuilt from a published list of mutations ----------------------------


@pytest.fixture(scope="module")
def v0153(shared_data, tmp_path_factory):
    """Return the published table, and the calls of V0153 on ATCC 19977 with the reference."""
    folder = shared_data("mabs-v0153")
    reference = shared_data("mabs-atcc19977") / "GCA_000069185.1_ATCC19977.fna.gz"
    index = tmp_path_factory.mktemp("v0153")
    table = rows(folder / "V0153_vs_ATCC19977.tsv")
    return table, *called_on(reference, folder / "V0153_reconstructed.fna.gz", SETTINGS, index)


def published(table, *types) -> list[tuple[str, int]]:
    return [(f"{row['contig']}.1", int(row["pos"])) for row in table if row["type"] in types]


def test_v0153_snps_are_the_published_ones_at_their_positions(v0153):
    table, calls, reference = v0153
    found = [reference.sequence.locate(position) for position in calls.positions.tolist()]
    assert [(contig, position + 1) for contig, position in found] == published(table, "SNP")
    assert len(found) == 33


def test_v0153_indels_are_the_published_ones_within_their_run_of_equal_bases(v0153):
    table, calls, reference = v0153
    found = [reference.sequence.locate(position) for position in calls.indels.tolist()]
    plasmid = "CU458745.1"
    expected = [place for place in published(table, "INS", "DEL") if place[0] != plasmid]
    assert len(found) == len(expected) == 11
    for (contig, position), (where, true) in zip(found, expected, strict=True):
        assert contig == where
        assert abs(position + 1 - true) <= 10


def test_v0153_has_the_reference_genotype_at_every_marker_locus(v0153, shared_data, tmp_path):
    """None of its 33 SNPs and 11 indels lies in a locus, so every base of every locus is read."""
    _, calls, reference = v0153
    assembly = read_assembly(
        shared_data("mabs-atcc19977") / "GCA_000069185.1_ATCC19977.fna.gz", MAX_BASES
    )
    shipped = (ROOT / "config/panels/mabscessus/loci.tsv").read_text()
    (tmp_path / "loci.tsv").write_text(shipped.replace("NC_010397.1", assembly.names[0]))
    loci = read_loci(tmp_path / "loci.tsv", assembly)
    found = call_markers(loci, calls, reference.sequence, SETTINGS.calling, list)
    assert [str(marker.genotype) for marker in found] == ["reference"] * 13
    assert sum(marker.read_bp for marker in found) == 522 + 9 * 1 + 3 * 3


def test_v0153_lost_plasmid_is_not_callable(v0153):
    _, calls, reference = v0153
    start = reference.sequence.offsets[reference.sequence.names.index("CU458745.1")]
    assert calls.callable.ends.max() <= start
    found = coverage(calls, reference)
    assert found.callable_percent < 100 * (1 - 20_000 / reference.sequence.length_bp)
    assert found.unplaced_bp < 1000


# --- Listeria, an outbreak with a published matrix ----------------------------------------------


def test_cfsan_distances_agree_with_the_published_matrix(shared_data):
    folder = shared_data("listeria-cfsan10")
    reference = shared_data("listeria-cfsan") / "CFSAN023463.HGAP.draft.fna.gz"
    found = by_names(compare_assemblies(reference, sorted(folder.glob("*.fna.gz")), SETTINGS))
    with (folder / "truth_distances.tsv").open() as opened:
        header, *lines = csv.reader(opened, delimiter="\t")
    true = {
        (line[0], name): int(cell)
        for line in lines
        for name, cell in zip(header[1:], line[1:], strict=True)
    }
    close = [pair for pair in found if true[pair] <= CLOSE_SNPS]
    assert len(close) == 29
    errors = np.array([found[pair].snps - true[pair] for pair in close])
    assert errors.max() <= 0
    assert -errors.min() <= 1
    assert abs(errors.mean()) <= 0.3
    slope = np.polyfit([true[pair] for pair in close], [found[pair].snps for pair in close], 1)[0]
    assert slope == pytest.approx(1.0, abs=0.005)
    for pair in close:
        assert found[pair].callable_bp > 0.9 * 2_953_273


# --- Listeria, one strain assembled three ways --------------------------------------------------


@pytest.fixture(scope="module")
def polishing(shared_data) -> dict[tuple[str, str], Pair]:
    folder = shared_data("listeria-polishing")
    name = "ATCC_BAA-679_Listeria_monocytogenes"
    files = {part: folder / f"{name}.{part}.fna.gz" for part in ("reference", "ont", "lowqual")}
    pairs = compare_assemblies(files["reference"], list(files.values()), SETTINGS)
    return {
        (one.removeprefix(f"{name}."), two.removeprefix(f"{name}.")): pair
        for (one, two), pair in by_names(pairs).items()
    }


def test_polished_assembly_of_the_same_strain_has_no_difference(polishing):
    pair = polishing["ont", "reference"]
    assert (pair.snps, pair.snps_raw, pair.suspects) == (0, 0, ())
    assert pair.callable_bp > 2_800_000


def test_errors_of_a_poor_assembly_are_recognised_for_what_they_are(polishing):
    for other in ("ont", "reference"):
        pair = polishing["lowqual", other]
        assert pair.snps_raw <= 19  # nucmer counts 19 on the same files
        assert pair.first_indels > 700
        assert pair.second_indels == 0
        assert [name.split(".")[-1] for name in pair.suspects] == ["lowqual"]


# --- Brucella, two chromosomes ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "two", "nucmer"),
    [("melitensis-bv1", "melitensis-bv1b", 1900), ("abortus1", "abortus3", 3400)],
)
def test_brucella_two_chromosomes_in_any_order_and_strand(shared_data, tmp_path, one, two, nucmer):
    folder = shared_data("brucella")
    first, second = (folder / f"Brucella_{name}.fna.gz" for name in (one, two))
    turned = tmp_path / f"Brucella_{two}.fna"
    records = read_assembly(second, MAX_BASES)
    assert len(records.contigs) == 2
    turned.write_text(
        "".join(
            f">{number}\n{decode(reverse_complement(encode(contig))).lower()}\n"
            for number, contig in enumerate(reversed(records.contigs))
        )
    )
    (pair,) = compare_assemblies(first, [first, second], SETTINGS)
    (again,) = compare_assemblies(first, [first, turned], SETTINGS)
    assert again == pair
    assert 0.85 * nucmer <= pair.snps_raw <= nucmer * 1.02  # repeats and indel margins not counted
    assert pair.callable_bp > 0.93 * pair.reference_bp
