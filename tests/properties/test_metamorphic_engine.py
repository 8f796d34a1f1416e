"""Metamorphic relations M1 to M6, M9 and M10 of the engine, on alignments of random genomes.

The other relations are of whole runs: test_metamorphic_runs.py.
"""

from itertools import combinations, permutations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oneclone.core import build_core
from oneclone.recombination import find_stretches
from oneclone.sequences import canonical_contigs, decode
from tests.properties.engine import (
    Engine,
    as_draft,
    default_settings,
    other_strand,
    with_indels,
    with_snps,
)

SEEDS = st.integers(0, 2**32 - 1)
NEAR_CUT_BP = 25  # a SNP nearer to a contig's end may be clipped with the end
RECOMBINATION = default_settings().recombination


def genome(engine: Engine, seed: int, snps: int, indels: int = 6) -> list[np.ndarray]:
    """Return a descendant of the reference, contig by contig."""
    return [codes for codes, _ in genome_and_places(engine, seed, snps, indels)]


def genome_and_places(
    engine: Engine, seed: int, snps: int, indels: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return a descendant's contigs, and the reference position of each of their bases."""
    contigs = []
    bounds = zip(engine.reference.offsets[:-1], engine.reference.offsets[1:], strict=True)
    for number, (start, end) in enumerate(bounds):
        mutated = with_snps(engine.reference.codes[start:end], seed + number, snps)
        codes, places = with_indels(mutated, seed + number, indels)
        contigs.append((codes, np.where(places < 0, -1, places + start)))
    return contigs


def closed(engine: Engine, seed: int, snps: int, indels: int = 6) -> list[str]:
    return [decode(contig) for contig in genome(engine, seed, snps, indels)]


def draft(engine: Engine, seed: int, snps: int, pieces: int = 4) -> list[str]:
    return [text for each in genome(engine, seed, snps) for text in as_draft(each, seed, pieces)]


# --- M1, M2 ------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(SEEDS, st.integers(0, 150))
def test_m1_distance_of_an_isolate_to_itself_is_zero(engine: Engine, seed, snps):
    calls = engine.call(draft(engine, seed, snps))
    found = engine.compare(calls, calls)
    assert len(found.differences) == 0
    assert found.callable_bp == engine.unmasked_flags(calls).sum() > 0
    assert find_stretches(found, engine.reference.offsets, RECOMBINATION) == []


@settings(max_examples=25)
@given(SEEDS, SEEDS, st.integers(0, 100))
def test_m2_distance_is_symmetric(engine: Engine, one, two, snps):
    first, second = engine.call(draft(engine, one, snps)), engine.call(draft(engine, two, 20))
    found, turned = engine.compare(first, second), engine.compare(second, first)
    assert found.callable_bp == turned.callable_bp
    assert found.differences.tolist() == turned.differences.tolist()
    offsets = engine.reference.offsets
    assert find_stretches(found, offsets, RECOMBINATION) == find_stretches(
        turned, offsets, RECOMBINATION
    )


# --- M3 ----------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(SEEDS, st.integers(0, 150), st.randoms(use_true_random=False))
def test_m3_order_strand_and_case_of_contigs_change_no_call(engine: Engine, seed, snps, random):
    contigs = draft(engine, seed, snps)
    written = [other_strand(c) if random.random() < 0.5 else c for c in contigs]
    written = [c.lower() if random.random() < 0.5 else c for c in written]
    random.shuffle(written)
    one, two = engine.call(contigs), engine.call(written)
    for field in ("positions", "bases", "contig_lengths"):
        assert getattr(one, field).tolist() == getattr(two, field).tolist()
    for field in ("callable", "ambiguous"):
        first, second = getattr(one, field), getattr(two, field)
        assert first.starts.tolist() == second.starts.tolist()
        assert first.ends.tolist() == second.ends.tolist()


@settings(max_examples=25)
@given(SEEDS, st.integers(0, 100))
def test_m3_strand_on_which_minimap2_aligns_changes_no_call(engine: Engine, seed, snps):
    """Without the canonical form, too: contigs as they are and turned give the same bases."""
    contigs = closed(engine, seed, snps, indels=0)
    calls = engine.call(contigs)
    turned = [other_strand(contig).encode() for contig in contigs]
    assert canonical_contigs(turned) == canonical_contigs([c.encode() for c in contigs])
    given_strand = engine.call_as_written([contig.encode() for contig in contigs])
    other = engine.call_as_written(turned)
    for each in (given_strand, other):
        assert each.positions.tolist() == calls.positions.tolist()
        assert each.callable.starts.tolist() == calls.callable.starts.tolist()
        assert each.callable.ends.tolist() == calls.callable.ends.tolist()


# --- M4 ----------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(SEEDS, st.integers(0, 60), st.integers(1200, 28_000))
def test_m4_split_of_a_contig_changes_nothing_beyond_the_end_trim(engine: Engine, seed, snps, cut):
    """The cut is at no SNP, nor so near to one that minimap2 would clip it with the end."""
    trim = engine.settings.end_trim_bp
    chromosome, plasmid = closed(engine, seed, snps, indels=0)
    whole = engine.call([chromosome, plasmid])
    reference = decode(engine.reference.codes)
    near = range(cut - NEAR_CUT_BP, cut + NEAR_CUT_BP)
    assume(all(chromosome[position] == reference[position] for position in near))
    parts = engine.call([chromosome[:cut], other_strand(chromosome[cut:]), plasmid])
    expected = engine.bases(whole)
    expected[cut - trim : cut + trim] = 4
    assert engine.bases(parts).tolist() == expected.tolist()
    found = engine.compare(whole, parts)
    assert len(found.differences) == 0


@settings(max_examples=25)
@given(SEEDS, st.integers(50, 400), st.integers(1200, 28_000))
def test_m4_split_near_a_snp_loses_bases_and_invents_none(engine: Engine, seed, snps, cut):
    chromosome, plasmid = closed(engine, seed, snps)
    whole = engine.call([chromosome, plasmid])
    parts = engine.call([chromosome[:cut], chromosome[cut:], plasmid])
    kept, all_of_it = engine.callable_flags(parts), engine.callable_flags(whole)
    trim = engine.settings.end_trim_bp
    assert not (kept & ~all_of_it).any()
    assert 0 <= (all_of_it & ~kept).sum() <= 2 * (trim + NEAR_CUT_BP)
    assert len(engine.compare(whole, parts).differences) == 0


# --- M5 ----------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(SEEDS, st.data(), st.integers(1, 3))
def test_m5_one_more_snp_at_a_callable_unmasked_site_is_one_more(engine: Engine, seed, data, shift):
    """Anywhere: at the first and last callable position beside a trim or a margin, too."""
    contigs = genome_and_places(engine, seed, 40, indels=6)
    other = engine.call(draft(engine, seed + 7, 40))
    before = engine.call([decode(codes) for codes, _ in contigs])
    sites = np.flatnonzero(engine.unmasked_flags(before) & engine.unmasked_flags(other))
    sites = sites[engine.bases(before)[sites] == engine.bases(other)[sites]]
    edges = sites[np.diff(sites, prepend=-9) > 1]
    site = data.draw(st.sampled_from(sites.tolist()) | st.sampled_from(edges.tolist()))
    changed = [np.where(places == site, (codes + shift) % 4, codes) for codes, places in contigs]
    after = engine.call([decode(codes) for codes in changed])
    one, two = engine.compare(before, other), engine.compare(after, other)
    assert two.callable_bp == one.callable_bp
    assert set(two.differences.tolist()) - set(one.differences.tolist()) == {site}
    assert len(two.differences) == len(one.differences) + 1
    assert engine.compare(before, after).differences.tolist() == [site]


# --- M6, M9, M10 -------------------------------------------------------------------------------


@settings(max_examples=10)
@given(st.lists(SEEDS, min_size=3, max_size=5, unique=True), st.randoms(use_true_random=False))
def test_m6_other_isolates_and_their_order_change_no_pair(engine: Engine, seeds, random):
    calls = {seed: engine.call(draft(engine, seed, seed % 120)) for seed in seeds}
    alone = {
        pair: pair_figures(engine, calls[pair[0]], calls[pair[1]])
        for pair in combinations(seeds, 2)
    }
    profiles_made_again = list(alone)
    random.shuffle(profiles_made_again)
    for one, two in profiles_made_again:
        again = engine.call(draft(engine, one, one % 120))
        assert pair_figures(engine, again, calls[two]) == alone[one, two]


def pair_figures(engine: Engine, one, two) -> tuple:
    found = engine.compare(one, two)
    stretches = find_stretches(found, engine.reference.offsets, RECOMBINATION)
    return found.callable_bp, found.differences.tolist(), stretches


@settings(max_examples=15)
@given(SEEDS, st.integers(0, 150), st.lists(SEEDS, min_size=2, max_size=4))
def test_m9_one_genome_however_assembled_gives_zeros_and_no_variable_site(
    engine: Engine, seed, snps, drafts
):
    contigs = genome(engine, seed, snps)
    calls = {
        f"draft {number}": engine.call(
            [text for each in contigs for text in as_draft(each, number, 3)]
        )
        for number in drafts
    }
    for one, two in combinations(calls.values(), 2):
        found = engine.compare(one, two)
        assert len(found.differences) == 0
        assert found.callable_bp > 0.8 * engine.length
        assert find_stretches(found, engine.reference.offsets, RECOMBINATION) == []
    core = build_core(list(calls), calls, engine.reference, engine.mask, 100)
    assert core.codes.shape == (len(calls), 0)
    assert (
        core.core_bp
        == np.logical_and.reduce([engine.unmasked_flags(each) for each in calls.values()]).sum()
    )


@settings(max_examples=25)
@given(st.tuples(SEEDS, SEEDS, SEEDS), st.integers(0, 80))
def test_m10_triangle_inequality_fails_by_no_more_than_what_the_third_misses(
    engine: Engine, seeds, snps
):
    """d(a, c) <= d(a, b) + d(b, c) + differences of a and c at sites that b has not called."""
    calls = [engine.call(draft(engine, seed, snps)) for seed in seeds]
    for a, b, c in permutations(calls):
        between = engine.compare(a, c).differences
        unseen = int((~engine.unmasked_flags(b)[between]).sum())
        detour = engine.distance(a, b) + engine.distance(b, c)
        assert len(between) <= detour + unseen
        seen = engine.unmasked_flags(a) & engine.unmasked_flags(b) & engine.unmasked_flags(c)
        if seen[between].all():
            assert len(between) <= detour


@settings(max_examples=10)
@given(SEEDS, st.integers(2, 20))
def test_m10_violation_shows_in_the_callable_bases(engine: Engine, seed, snps):
    """Where the third isolate misses what parts two, its callable bases are fewer by as much."""
    ancestor, plasmid = genome(engine, seed, 0, indels=0)
    changed = ancestor.copy()
    sites = np.random.default_rng(seed).choice(np.arange(8000, 12_000), snps, replace=False)
    changed[sites] = (changed[sites] + 1) % 4
    gap = decode(ancestor[:8000]) + "N" * 4000 + decode(ancestor[12_000:])
    a, c = ([decode(each), decode(plasmid)] for each in (ancestor, changed))
    one, two, three = (engine.call(contigs) for contigs in (a, [gap, decode(plasmid)], c))
    assert engine.distance(one, three) == snps
    assert engine.distance(one, two) == engine.distance(two, three) == 0
    lost = engine.compare(one, three).callable_bp - engine.compare(one, two).callable_bp
    assert lost >= 4000
