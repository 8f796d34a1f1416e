"""The simulated population: its truth, its files, and that joint steps take them for a run's."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
import pytest

from oneclone import intervals
from oneclone.content_keys import KEY_DIGITS, calls_digest, reference_digest
from oneclone.model.isolates import Role
from oneclone.simulation.population import Population
from oneclone.simulation.population_calls import Caller
from oneclone.simulation.population_drafts import Drafts, statistics
from oneclone.simulation.population_model import OF_CASES, PopulationSettings
from oneclone.steps.loading import load_references, load_taxa
from oneclone.tables.checksum import file_sha256
from oneclone.tables.pair_file import read_pairs
from oneclone.tables.run_plan import read_roster
from tests.benchmarks.memory import MemoryWatch
from tests.benchmarks.population import write_population
from tests.benchmarks.population_folder import settings_of_run
from tests.benchmarks.scale_steps import STEPS, run_step

TINY = PopulationSettings(seed=1, genome_bp=50_000, clone_snps=15, background_snps=40)
ISOLATES = 60


@pytest.fixture(scope="module")
def population() -> Population:
    return Population(TINY)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_population(tmp_path_factory.mktemp("population"), ISOLATES, TINY)


# --- the genealogy -----------------------------------------------------------------------------


def snps(population, one, two):
    return len(population.differences(one, two))


def test_cases_are_close_and_their_nearest_background_is_not(population):
    members = population.members(ISOLATES)
    cases = [member for member in members if member.role is Role.CASE]
    assert [member.patient for member in cases] == ["PtA", "PtB", "PtC", "PtC"]
    among = [snps(population, one, two) for one in cases for two in cases]
    assert 0 < max(among) <= 4
    others = [member for member in members if member.role is Role.CONTEXT]
    nearest = min(others, key=lambda member: snps(population, cases[0], member))
    assert nearest.lineage == OF_CASES
    assert 70 <= snps(population, cases[0], nearest) <= 80 + 4


def test_clones_lineages_and_subspecies_are_as_far_apart_as_stated(population):
    references = population.references()
    share = {
        (one.name, two.name): snps(population, one, two) / TINY.genome_bp
        for one in references
        for two in references
    }
    assert share["ABS_TYPE", "MAS_TYPE"] == pytest.approx(0.034, abs=0.003)
    assert share["ABS_TYPE", "BOL_TYPE"] == pytest.approx(0.034, abs=0.003)
    assert share["MAS_TYPE", "DCC3_REF"] == pytest.approx(0.004, abs=0.001)
    of_clone = {member.lineage: member for member in references}
    for member in population.members(ISOLATES):
        if member.lineage in of_clone and not member.imports:
            assert snps(population, member, of_clone[member.lineage]) <= 4 * TINY.clone_snps


def test_half_of_the_isolates_are_of_the_dominant_clones(population):
    clones = [member.lineage.clone for member in population.members(2_000)]
    counts = {clone: clones.count(clone) / 2_000 for clone in set(clones)}
    assert counts[""] == pytest.approx(0.5, abs=0.03)
    assert max(set(counts) - {""}, key=counts.__getitem__) == "DCC1"
    assert counts["DCC1"] == pytest.approx(0.15, abs=0.03)


def test_isolates_of_a_patient_are_close(population):
    first, apart = {}, []
    for member in population.members(2_000):
        known = first.setdefault(member.patient, member)
        if known is not member and known.role is Role.CONTEXT:
            apart.append(len(population.differences(known, member, clonal=True)))
    assert np.median(apart) <= 2
    assert np.mean(np.array(apart) <= 13) > 0.95


def test_what_was_taken_up_are_the_bases_of_the_donor(population):
    member = next(each for each in population.members(2_000) if each.imports)
    (stretch,) = member.imports
    inside = slice(stretch.start, stretch.end)
    donor = population.root_of(stretch.donor)
    assert (population.genome(member)[inside] == donor[inside]).all()
    assert (population.genome(member, clonal=True)[inside] != donor[inside]).any()


# --- calls -------------------------------------------------------------------------------------


def test_calls_agree_with_genome_draft_and_reference():
    settings = PopulationSettings(seed=2, genome_bp=1_000_000)
    population = Population(settings)
    drafts = Drafts(population)
    caller = Caller(population, drafts, settings_of_run().calling)
    reference = population.references()[0]
    member = next(each for each in population.members(60) if each.lineage.subspecies == 1)
    draft = drafts.draft(member)
    calls = caller.calls(member, draft, reference)
    genome, codes = population.genome(member), caller.codes(reference)
    called = intervals.to_flags(calls.callable, settings.genome_bp)
    assert calls.positions.tolist() == np.flatnonzero(called & (genome != codes)).tolist()
    assert (calls.bases == genome[calls.positions]).all()
    blocks = calls.blocks
    assert (blocks.ends - blocks.starts == blocks.contig_ends - blocks.contig_starts).all()
    assert (blocks.starts[1:] >= blocks.ends[:-1]).all()
    assert (blocks.contig_starts >= 0).all()
    assert (blocks.contig_ends <= calls.contig_lengths[blocks.contig]).all()
    size = statistics(draft)
    assert (
        size.length_bp == calls.contig_lengths.sum() == sum(map(len, drafts.contigs(member, draft)))
    )
    assert 0.95 < size.length_bp / settings.genome_bp < 0.99
    assert 0.80 < called.mean() < 0.95
    # no base is called on two sides of a contig end, an indel or an unknown base
    assert not called[calls.indels].any()
    assert not called[draft.unknown.starts].any()


def test_contigs_of_an_assembly_lie_where_its_alignments_say(written):
    folder, population = written
    drafts = Drafts(population)
    caller = Caller(population, drafts, folder.settings.calling)
    reference = population.references()[1]
    member = population.members(1)[0]
    draft = drafts.draft(member)
    blocks = caller.calls(member, draft, reference).blocks
    contigs, genome = drafts.contigs(member, draft), population.genome(member)
    for block in np.flatnonzero(~blocks.reverse):
        contig = contigs[blocks.contig[block]]
        own = contig[blocks.contig_starts[block] : blocks.contig_ends[block]]
        whole = genome[blocks.starts[block] : blocks.ends[block]]
        assert ((own == whole) | (own == 4)).all()


# --- files -------------------------------------------------------------------------------------


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_larger_population_begins_with_the_smaller(tmp_path):
    few, more = tmp_path / "few", tmp_path / "more"
    write_population(few, 12, TINY)
    write_population(more, 11, TINY)
    before = content(more / ".oneclone/calls")
    write_population(more, 13, TINY)
    after = content(more / ".oneclone/calls")
    kept = content(few / ".oneclone/calls")
    assert len(after) == len(kept) + 2 == len(before) + 4
    assert {name: after[name] for name in kept} == kept
    assert content(few / ".oneclone/references") == content(more / ".oneclone/references")


def test_another_seed_gives_other_isolates(tmp_path):
    write_population(tmp_path / "one", 9, TINY)
    write_population(tmp_path / "two", 9, PopulationSettings(2, 50_000, 15, 40))
    one, two = (content(tmp_path / name / ".oneclone/calls") for name in ("one", "two"))
    assert not set(one) & set(two)


def test_keys_are_those_of_a_run(written):
    folder, _ = written
    digest = calls_digest(folder.settings, folder.panel)[:KEY_DIGITS]
    for entry in read_roster(folder.plan("roster.json")):
        assert entry.calls_key == f"{entry.assembly[:KEY_DIGITS]}-{digest}"
    digest = reference_digest(folder.settings)[:KEY_DIGITS]
    assert [path.stem for path in folder.prepared] == [
        f"{assembly[:KEY_DIGITS]}-{digest}" for assembly in folder.panel.counting_assemblies
    ]
    for path in (folder.working / ".oneclone/assemblies").iterdir():
        assert file_sha256(path) == path.name


def test_counted_pairs_are_those_of_the_genomes(written):
    folder, population = written
    run_step(folder.working, "gather_calls")
    run_step(folder.working, "count_pairs")
    pairs = read_pairs(folder.working / "results/distances/pairs.parquet")
    given = (folder.plan("roster.json"), folder.panel, folder.working / ".oneclone/calls.json")
    taxa = {taxon.name: taxon for taxon in load_taxa(*given)}
    references = load_references(folder.panel, folder.plan("mask.json"), folder.prepared)
    members = [*population.members(ISOLATES), *population.references()]
    of_name = {member.name: member for member in members}
    assert len(pairs) == len(members) * (len(members) - 1) // 2
    for pair in pairs.values():
        one, two = taxa[pair.first], taxa[pair.second]
        counted_on = folder.panel.counting_assembly(one.subspecies, two.subspecies)
        found = population.differences(of_name[pair.first], of_name[pair.second])
        is_compared = ~intervals.contains(references[counted_on].mask, found)
        for taxon in (one, two):
            is_compared &= intervals.contains(taxon.calls(counted_on).callable, found)
        assert pair.snps_raw == is_compared.sum()


# --- the joint steps ---------------------------------------------------------------------------

NOT_JOINT = {
    "call_isolates", "index_reference", "mask_imports", "screen_candidates", "sketch_references",
    "write_provenance",
}  # of one assembly by itself, or not of every run; provenance asks for a run's plan  # fmt: skip
RULES = Path(__file__).resolve().parents[2] / "workflow" / "rules"


def test_every_joint_rule_is_measured():
    rules = [line for path in RULES.glob("*.smk") for line in path.read_text().splitlines()]
    named = {line[5:-1] for line in rules if line.startswith("rule ")}
    assert {step.name for step in STEPS} == named - NOT_JOINT


def test_joint_steps_come_to_the_verdict_on_a_population(tmp_path):
    folder, _ = write_population(tmp_path, 16, TINY)
    for step in STEPS:
        run_step(folder.working, step.name)
        written = step.written(folder.working)
        assert len(written) >= len(step.outputs), step.name
        assert all(path.stat().st_size for path in written), step.name
    verdict = json.loads((folder.working / "results/verdict.json").read_text())
    assert verdict["verdict"] == "single_clone"
    assert verdict["distinct_from_panel"] is True
    (clone,) = verdict["clones"]
    assert clone["members"] == ["PtA-1", "PtB-1", "PtC-1", "PtC-2"]


def test_memory_of_a_step_is_that_of_all_its_processes():
    code = (
        "import os, sys\n"
        "child = os.fork()\n"
        "held = b'x' * 40_000_000\n"
        "if child: print('ready', flush=True)\n"
        "sys.stdin.read()\n"
        "child and os.wait()\n"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        program.stdout.readline()
        watch = MemoryWatch()
        while watch.peak_mb < 80 and len(psutil.Process(program.pid).children()) == 1:
            watch.look()
    assert watch.peak_mb >= 80
