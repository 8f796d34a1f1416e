"""minimap2 and the calls on real alignments of small random genomes."""

from pathlib import Path

import numpy as np
import pytest

from oneclone.aligning import align_contigs, open_index, reference_index_name, write_index
from oneclone.calling import call_bases
from oneclone.intervals import contains, to_flags
from oneclone.masking import find_repeats
from oneclone.model.calls import Calls, ReferenceSequence
from oneclone.model.settings import CallingSettings, RepeatSettings
from oneclone.sequences import canonical_contigs, decode, reverse_complement

SETTINGS = CallingSettings("asm20", 100, 10, 20, 1000, 5)
REPEATS = RepeatSettings(25, 1000, 85, 200, 24)


def random_codes(seed: int, length: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 4, length).astype(np.uint8)


def as_bytes(codes: np.ndarray) -> bytes:
    return decode(codes).encode()


def reference_of(*contigs: np.ndarray) -> ReferenceSequence:
    offsets = np.concatenate(([0], np.cumsum([len(contig) for contig in contigs])))
    names = tuple(f"contig {number}" for number in range(len(contigs)))
    return ReferenceSequence(names, offsets, np.concatenate(contigs))


@pytest.fixture
def indexed(tmp_path: Path):
    """Return a function that indexes a reference."""

    def index(reference: ReferenceSequence, *, all_chains: bool = False):
        fasta = tmp_path / "reference.fasta"
        bounds = zip(reference.offsets[:-1], reference.offsets[1:], strict=True)
        fasta.write_text(
            "".join(
                f">{reference_index_name(i)}\n{decode(reference.codes[s:e])}\n"
                for i, (s, e) in enumerate(bounds)
            )
        )
        write_index(fasta, tmp_path / "index.mmi", "asm20")
        return open_index(tmp_path / "index.mmi", "asm20", all_chains=all_chains)

    return index


def call(contigs, reference, aligner) -> Calls:
    canonical = canonical_contigs([as_bytes(contig) for contig in contigs])
    return call_bases(align_contigs(canonical, aligner, reference), canonical, reference, SETTINGS)


def mutated(codes: np.ndarray, seed: int, snps: int):
    changed = codes.copy()
    places = np.sort(np.random.default_rng(seed).choice(len(codes), snps, replace=False))
    changed[places] = (changed[places] + 1) % 4
    return changed, places


def inside(places: np.ndarray, calls: Calls) -> list[int]:
    return places[contains(calls.callable, places)].tolist()


def test_calls_of_a_closed_genome_are_exactly_its_mutations(indexed):
    genome = random_codes(1, 60_000)
    reference = reference_of(genome)
    isolate, places = mutated(genome, 2, 120)
    calls = call([isolate], reference, indexed(reference))
    assert calls.positions.tolist() == inside(places, calls)
    assert calls.callable.total_bp == 60_000 - 2 * 100
    assert (calls.bases == isolate[calls.positions]).all()


def test_calls_rotation_strand_and_inversion_lose_only_alignment_ends(indexed):
    genome = random_codes(3, 60_000)
    reference = reference_of(genome)
    aligner = indexed(reference)
    isolate, places = mutated(genome, 4, 100)
    rotated = np.concatenate((isolate[25_000:], isolate[:25_000]))
    inverted = isolate.copy()
    inverted[20_000:35_000] = reverse_complement(isolate[20_000:35_000])
    for written in (rotated, reverse_complement(isolate), inverted):
        calls = call([written], reference, aligner)
        assert calls.positions.tolist() == inside(places, calls)
        assert calls.callable.total_bp > 58_000


def test_calls_large_indels_give_no_false_difference(indexed):
    genome = random_codes(5, 60_000)
    reference = reference_of(genome)
    foreign = random_codes(6, 4000)
    isolate = np.concatenate((genome[:10_000], foreign, genome[10_000:30_000], genome[33_000:]))
    calls = call([isolate], reference, indexed(reference))
    assert calls.positions.tolist() == []
    missing = ~to_flags(calls.callable, 60_000)
    assert missing[30_000:33_000].all()
    assert missing.sum() < 3000 + 8 * 110


def test_calls_of_a_draft_of_many_contigs_lose_their_ends_alone(indexed):
    genome = random_codes(20, 600_000)
    reference = reference_of(genome)
    isolate, places = mutated(genome, 21, 600)
    cuts = np.sort(np.random.default_rng(22).choice(np.arange(2000, 598_000), 299, replace=False))
    contigs = [
        piece if number % 2 else reverse_complement(piece)
        for number, piece in enumerate(np.split(isolate, cuts))
    ]
    calls = call(contigs, reference, indexed(reference))
    assert calls.positions.tolist() == inside(places, calls)
    kept = sum(len(contig) - 200 for contig in contigs if len(contig) >= 1000)
    assert 0.99 * kept <= calls.callable.total_bp <= kept + 10


def test_calls_two_chromosomes_keep_their_places(indexed):
    one, two = random_codes(7, 40_000), random_codes(8, 15_000)
    reference = reference_of(one, two)
    changed, places = mutated(two, 9, 30)
    calls = call([changed, one], reference, indexed(reference))
    assert calls.positions.tolist() == inside(places + 40_000, calls)
    assert reference.locate(int(calls.positions[0]))[0] == "contig 1"


def test_calls_contig_absent_from_the_reference_is_ignored(indexed):
    genome = random_codes(10, 40_000)
    reference = reference_of(genome)
    plasmid = random_codes(11, 9000)
    alone = call([genome], reference, indexed(reference))
    with_plasmid = call([genome, plasmid], reference, indexed(reference))
    assert with_plasmid.positions.tolist() == alone.positions.tolist() == []
    assert with_plasmid.callable.total_bp == alone.callable.total_bp


def test_find_repeats_exact_diverged_inverted_and_tandem_copies(indexed):
    genome = random_codes(12, 60_000)
    element = genome[5000:6500].copy()
    genome[20_000:21_500] = element
    genome[30_000:31_500] = reverse_complement(element)
    genome[40_000:41_500] = mutated(element, 13, 75)[0]  # 5 % diverged
    genome[50_000:50_600] = np.tile(random_codes(14, 60), 10)
    reference = reference_of(genome)
    mask = to_flags(find_repeats(reference, indexed(reference, all_chains=True), REPEATS), 60_000)
    for start, end in ((5000, 6500), (20_000, 21_500), (30_000, 31_500), (40_000, 41_500)):
        assert mask[start:end].mean() > 0.97
    assert mask[50_000:50_600].all()
    assert mask.sum() < 4 * 1500 + 600 + 400


def test_find_repeats_genome_without_repeats_is_not_masked(indexed):
    reference = reference_of(random_codes(15, 60_000))
    assert find_repeats(reference, indexed(reference, all_chains=True), REPEATS).total_bp == 0
