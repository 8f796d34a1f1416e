"""The simulator: what it plants is what it says, and equal seeds give equal outbreaks."""

from pathlib import Path

import numpy as np
import pytest

from oneclone.sequences import decode, encode, reverse_complement
from oneclone.simulation.drafts import closed, draft, true_differences
from oneclone.simulation.genomes import (
    Genome,
    Import,
    evolve,
    letters,
    random_backbone,
    take_up,
)
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.fasta import read_assembly
from oneclone.tables.simulated_folder import write_outbreak
from tests.pipeline import contents

LENGTH = 60_000


@pytest.fixture
def backbone():
    return random_backbone(np.random.default_rng(1), LENGTH, 64.0, 2)


@pytest.fixture
def root(backbone) -> Genome:
    return Genome(backbone.bases, backbone.bases)


def differences(one: Genome, two: Genome, backbone) -> tuple[int, int]:
    raw, clonal, _ = true_differences((one, closed(one)), (two, closed(two)), backbone)
    return raw, clonal


def test_random_backbone_composition_and_repeats(backbone):
    gc = np.isin(backbone.bases, (1, 2)).mean()
    assert gc == pytest.approx(0.64, abs=0.01)
    element = backbone.bases[:1000]
    copies = [
        start
        for start in range(0, LENGTH - 999, 1)
        if backbone.is_repeat[start] and (backbone.bases[start : start + 1000] == element).all()
    ]
    assert len(copies) == 3
    assert backbone.is_repeat.sum() == 3000


@pytest.mark.parametrize("snps", [0, 1, 40, 600])
def test_evolve_plants_exactly_so_many_substitutions(root, backbone, snps):
    child = evolve(np.random.default_rng(2), root, backbone, snps)
    both = (child.bases < 4) & (root.bases < 4)
    planted = int(((child.bases != root.bases) & both).sum())
    lost = int((child.bases == 4).sum())
    assert planted <= snps
    assert planted >= snps - lost  # a later deletion may take a substitution away
    assert (child.bases[backbone.is_repeat] == root.bases[backbone.is_repeat]).mean() > 0.99


def test_take_up_changes_bases_but_not_the_clonal_ones(root, backbone):
    random = np.random.default_rng(3)
    donor = evolve(random, root, backbone, 3000)
    stretch = Import(30_500, 33_500, "donor")
    child = take_up(root, donor, stretch)
    raw, clonal = differences(root, child, backbone)
    assert raw > 80
    assert clonal == 0
    outside = np.r_[0 : stretch.start, stretch.end : LENGTH]
    assert (child.bases[outside] == root.bases[outside]).all()


def test_letters_deletions_and_insertions_shift_the_sequence(root, backbone):
    child = evolve(np.random.default_rng(4), root, backbone, 500)
    sequence, places = letters(child)
    inserted = sum(map(len, child.inserted.values()))
    assert len(sequence) == (child.bases < 4).sum() + inserted
    assert (places == -1).sum() == inserted
    kept = places >= 0
    assert (sequence[kept] == child.bases[places[kept]]).all()
    assert (np.diff(places[kept]) > 0).all()


def test_draft_every_contig_is_a_piece_of_the_genome_up_to_ragged_ends(root, backbone):
    genome = evolve(np.random.default_rng(5), root, backbone, 200)
    assembled = draft(np.random.default_rng(6), genome, backbone, 6)
    whole = decode(letters(genome)[0])
    for contig in assembled.contigs:
        inner = contig[60:-60]
        assert decode(inner) in whole or decode(reverse_complement(inner)) in whole
    assert 6 <= len(assembled.contigs) <= 12
    assert assembled.holds.mean() > 0.85
    assert not assembled.holds[backbone.is_repeat].any()


@pytest.mark.parametrize("name", list(ScenarioName))
def test_write_outbreak_equal_seeds_give_equal_files(tmp_path: Path, name):
    settings = SimulationSettings(3, LENGTH, 4)
    for folder in ("one", "two"):
        write_outbreak(tmp_path / folder, simulate(scenario(name, LENGTH), settings))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_simulate_another_seed_gives_another_outbreak():
    one, two = (
        simulate(scenario(ScenarioName.POINT_SOURCE, LENGTH), SimulationSettings(seed, LENGTH, 4))
        for seed in (1, 2)
    )
    assert (one.backbone.bases != two.backbone.bases).any()


def test_simulate_demo_retells_the_case(tmp_path: Path):
    outbreak = simulate(
        scenario(ScenarioName.POINT_SOURCE, LENGTH), SimulationSettings(1, LENGTH, 4)
    )
    write_outbreak(tmp_path, outbreak)
    pairs = {(pair.first, pair.second): pair for pair in outbreak.true_pairs()}
    assert pairs["PtA-CSF", "PtB-elbow"].raw <= 3
    assert 60 <= pairs["CTX-near", "PtA-CSF"].raw <= 80
    table = (tmp_path / "isolates.tsv").read_text().splitlines()
    assert sum(line.startswith("PtC\t\tcase\tC\tClinic 3") for line in table) == 1
    later = (tmp_path / "isolates-later.tsv").read_text()
    assert "PtC-kneeL\tasm/PtC-kneeL.fna.gz\tcase\tC" in later
    assert "\nPtC\t" not in later
    lost = read_assembly(tmp_path / "asm" / "CTX-DCC2-3.fna.gz", 10**6)
    assert sum(map(len, lost.contigs)) < 0.5 * LENGTH


def test_encode_of_a_written_assembly_is_the_simulated_one(tmp_path: Path):
    outbreak = simulate(scenario(ScenarioName.TWO_CLONES, LENGTH), SimulationSettings(9, LENGTH, 4))
    write_outbreak(tmp_path, outbreak)
    for name in ("PtA-CSF", "CTX-mid"):
        read = read_assembly(tmp_path / "asm" / f"{name}.fna.gz", 10**6)
        for written, simulated in zip(read.contigs, outbreak.drafts[name].contigs, strict=True):
            assert (encode(written) == simulated).all()
