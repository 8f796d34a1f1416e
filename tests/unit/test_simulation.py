"""The simulator: what it plants is what it says, and equal seeds give equal outbreaks."""

from pathlib import Path

import numpy as np
import pytest

from oneclone.model.codes import Caveat, Reason
from oneclone.sequences import decode, encode, reverse_complement
from oneclone.simulation.drafts import Cutting, closed, draft, true_differences
from oneclone.simulation.genomes import (
    Genome,
    Import,
    evolve,
    letters,
    random_backbone,
    share,
    stretch_of,
    take_up,
    without,
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


@pytest.mark.parametrize(
    "name",
    [
        ScenarioName.POINT_SOURCE,
        ScenarioName.IMPORT,
        ScenarioName.CLADE_NOT_SUPPORTED,
        ScenarioName.FOREIGN_CONTIG_IN_PLACE,
        ScenarioName.IDENTICAL_CASES,
    ],
)
def test_write_outbreak_equal_seeds_give_equal_files(tmp_path: Path, name):
    settings = SimulationSettings(3, LENGTH, 4)
    for folder in ("one", "two"):
        write_outbreak(tmp_path / folder, simulate(scenario(name, LENGTH), settings))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_simulate_scenarios_of_the_scene_share_their_assemblies():
    settings = SimulationSettings(3, LENGTH, 4)
    one, two = (
        simulate(scenario(name, LENGTH), settings)
        for name in (ScenarioName.THIN_BACKGROUND, ScenarioName.FOREIGN_CONTIG)
    )
    both = one.drafts.keys() & two.drafts.keys()
    assert {"PtA-1", "CTX-near", "MAS_TYPE"} <= both
    assert "PtB-1" not in two.drafts
    for name in both:
        pieces = zip(one.drafts[name].contigs, two.drafts[name].contigs, strict=True)
        assert all(np.array_equal(first, second) for first, second in pieces)


@pytest.mark.parametrize("name", list(ScenarioName))
def test_scenario_expects_a_verdict_of_isolates_that_it_has(name):
    made = scenario(name, LENGTH)
    for expected, rows in (
        (made.expected, made.rows),
        (made.expected_later, (*made.rows, *made.later)),
    ):
        cases = {row.isolate for row in rows if row.sequencing_run}
        members = [name for clone in expected.clones for name in clone]
        assert set(members) <= cases
        assert len(members) == len(set(members))
        assert len(expected.clones) == len(expected.clone_verdicts)
        assert {name for pair in expected.pairs for name in (pair.first, pair.second)} <= cases
        assert {*expected.reasons} <= {str(code) for code in Reason}
        assert {*expected.caveats} <= {str(code) for code in Caveat}


def test_share_changes_genomes_alike_and_both_counts(root, backbone):
    places = np.flatnonzero(~backbone.is_repeat)[[100, 2000, 30_000]]
    child = evolve(np.random.default_rng(7), root, backbone, 20)
    both = [share(genome, places) for genome in (root, child)]
    assert differences(root, both[0], backbone) == (3, 3)
    assert differences(*both, backbone) == differences(root, child, backbone)


def test_evolve_within_a_span_changes_nothing_elsewhere(root, backbone):
    child = evolve(np.random.default_rng(8), root, backbone, 9, (0.2, 0.8))
    changed = np.flatnonzero(child.bases != root.bases)
    assert len(changed) == 9
    assert changed.min() >= 0.2 * LENGTH
    assert changed.max() < 0.8 * LENGTH


def test_draft_is_cut_where_it_has_to_be_and_not_where_it_may_not(root, backbone):
    keep = Import(24_000, 30_000, "donor")
    for seed in range(10):
        random = np.random.default_rng(seed)
        kept = draft(random, root, backbone, 12, Cutting(keep=keep, cut_at=10_000))
        assert kept.holds[keep.start : keep.end].sum() >= 5900  # ragged ends are wrong, not cut
        assert any(len(contig) > 6000 for contig in kept.contigs)
        whole = decode(letters(root)[0])
        across = whole[9_990:10_010]
        both = [decode(c) + decode(reverse_complement(c)) for c in kept.contigs]
        assert not any(across in text for text in both)


def test_without_loses_positions_and_what_was_inserted_there(root, backbone):
    child = evolve(np.random.default_rng(9), root, backbone, 400)
    lost = without(child, 10_000, 40_000)
    assert (lost.bases[10_000:40_000] == 4).all()
    assert not any(10_000 <= place < 40_000 for place in lost.inserted)
    assert len(stretch_of(child, 10_000, 40_000)) == pytest.approx(30_000, abs=300)


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
