"""The benchmark's own arithmetic and parsers: wrong ones would give wrong claims."""

import sys

import numpy as np
import pytest

from oneclone.validation.accuracy import (
    Agreement,
    Counted,
    Score,
    Truth,
    agreement,
    close_pairs,
    score,
)
from tests.benchmarks import formats
from tests.benchmarks.datasets import DIVERGED_BP, sources
from tests.benchmarks.growth import crowd
from tests.benchmarks.measuring import Cost, ProgramFailed, run_measured

TRUTH = {
    ("a", "b"): Truth(10, 4, 1000),
    ("a", "c"): Truth(20, 20, 500),
    ("b", "c"): Truth(300, 290, 1000),
}
NAMES = {"a.fna": "a", "b.fna": "b"}


def test_score_adds_false_and_missed_snps_without_letting_them_cancel():
    counted = {("a", "b"): Counted(13, 900), ("a", "c"): Counted(16, 400)}
    assert score(counted, TRUTH) == Score(
        pairs=2,
        lost=1,
        exact=0,
        above=1,
        false_snps=3,
        missed_snps=4,
        true_snps=30,
        most_missed=4,
        mean_error=-0.5,
        least_share=0.8,
    )


def test_score_against_mutations_leaves_imports_out():
    found = score({("a", "b"): Counted(4)}, {("a", "b"): TRUTH["a", "b"]}, clonal=True)
    assert (found.exact, found.true_snps, found.least_share) == (1, 4, None)


def test_close_pairs_are_those_with_few_mutations():
    assert sorted(close_pairs(TRUTH, 20)) == [("a", "b"), ("a", "c")]


def test_agreement_gives_the_least_squares_slope_through_the_mean():
    published = {("a", "b"): 0, ("a", "c"): 10, ("b", "c"): 20, ("c", "d"): 5}
    counted = {("a", "b"): Counted(1), ("a", "c"): Counted(8), ("b", "c"): Counted(21)}
    assert agreement(counted, published) == Agreement(
        pairs=3, lost=1, slope=1.0, mean_difference=0.0, greatest_difference=2
    )


def test_agreement_has_no_slope_when_all_distances_are_alike():
    found = agreement({("a", "b"): Counted(3)}, {("a", "b"): 5})
    assert (found.slope, found.mean_difference) == (None, -2.0)


def test_show_snps_leaves_ambiguous_bases_out_and_knows_contig_ends():
    lines = (
        "73\tA\tG\t73\t12\t400\t1\t1\tchr\tc1",
        "90\tA\tN\t90\t12\t90\t1\t1\tchr\tc1",
        "5000\tc\tt\t80\t12\t501\t1\t-1\tchr\tc2",
    )
    text = "\n".join(lines) + "\n"
    assert formats.parse_show_snps(text) == {("chr", 73): "G", ("chr", 5000): "T"}
    assert formats.parse_show_snps(text, 500) == {("chr", 73): "G"}


def test_show_coords_counts_alignments_over_each_base():
    text = "1\t4\t1\t4\t4\t4\t100.00\tchr\tc1\n6\t3\t1\t4\t4\t4\t99.00\tchr\tc2\n"
    depth = formats.parse_show_coords(text, {"chr": 8, "plasmid": 2})
    assert depth["chr"].tolist() == [1, 1, 2, 2, 1, 1, 0, 0]
    assert depth["plasmid"].tolist() == [0, 0]


def test_two_genomes_on_a_reference_differ_only_where_both_are_covered_once():
    depth = {"chr": np.array([1, 1, 1, 2, 0, 1])}
    other = {"chr": np.array([1, 1, 1, 1, 1, 1])}
    one = {("chr", 1): "A", ("chr", 2): "C", ("chr", 4): "G"}
    two = {("chr", 1): "A", ("chr", 2): "T", ("chr", 3): "G", ("chr", 5): "C"}
    # 1 alike, 2 and 3 differ, 4 covered twice in one, 5 not covered in one
    assert formats.on_reference((one, depth), (two, other)) == Counted(2, 4)


def test_parsnp_snps_and_columns_leave_gaps_and_ambiguous_bases_out(tmp_path):
    blocks = tmp_path / "parsnp.snps.mblocks"
    blocks.write_text(">ref.fna.ref\nAAAA\n>a.fna\nACGT\n>b.fna\nATNT\n")
    assert formats.read_mblocks(blocks, NAMES) == {("a", "b"): 1}
    xmfa = tmp_path / "parsnp.xmfa"
    xmfa.write_text(
        "#FormatVersion Parsnp v1.1\n#SequenceCount 3\n##SequenceIndex 1\n"
        "##SequenceFile ref.fna.ref\n##SequenceIndex 2\n##SequenceFile b.fna\n"
        "##SequenceIndex 3\n##SequenceFile a.fna\n#IntervalCount 2\n"
        ">1:0-4 + cluster1 s1:p1\nACGTA\n>2:0-4 + cluster1 s1:p1\nAC-\nTA\n"
        ">3:0-4 - cluster1 s1:p1\nacgNA\n=\n>1:6-7 + cluster2 s1:p1\nAC\n"
        ">2:6-7 + cluster2 s1:p1\nAC\n>3:6-7 + cluster2 s1:p1\nAC\n=\n"
    )
    assert formats.count_aligned(xmfa, NAMES) == {("a", "b"): 5}


def test_ska_distances_are_read_with_the_kmers_compared(tmp_path):
    path = tmp_path / "ska.distances.tsv"
    path.write_text("Sample 1\tSample 2\tMatches\tMismatches\tSNPs\nb\ta\t100\t7\t3\n")
    assert formats.read_ska(path) == {("a", "b"): Counted(3, 103)}


def test_compared_pairs_without_a_count_are_left_out(tmp_path):
    path = tmp_path / "pairs.tsv"
    header = "isolate_a\tisolate_b\tsnps\tsnps_raw\tcallable_bp\trecombinant_bp\tindels"
    path.write_text(f"{header}\na\tb\t3\t9\t1000\t50\t1\na\tc\t\t\t20\t\t\n")
    assert formats.read_compare(path, "snps") == {("a", "b"): Counted(3, 1000)}
    assert formats.read_compare(path, "snps_raw") == {("a", "b"): Counted(9, 1000)}


def test_measured_cost_has_the_children_and_the_greatest_memory(tmp_path):
    code = (
        "b = bytearray(200_000_000); import subprocess, sys; "
        "subprocess.run([sys.executable, '-c', 'sum(range(3_000_000))'], check=True); print('x')"
    )
    printed, cost = run_measured([sys.executable, "-c", code], tmp_path, one_core=False)
    assert printed == "x\n"
    assert 200 < cost.peak_mb < 300
    assert cost.cpu_s > 0
    assert Cost(1, 2, 3) + Cost(1, 1, 1) == Cost(2, 3, 3)


def test_peak_of_a_small_program_is_not_that_of_the_process_that_measures(tmp_path):
    held = bytearray(300_000_000)
    _, cost = run_measured(["true"], tmp_path, one_core=False)
    assert len(held) > cost.peak_mb * 1e6
    assert cost.peak_mb < 50


def test_failed_program_is_told_with_its_output(tmp_path):
    with pytest.raises(ProgramFailed, match="no such genome"):
        code = "import sys; sys.exit('no such genome')"
        run_measured([sys.executable, "-c", code], tmp_path, one_core=False)


@pytest.mark.parametrize("context", [12, 25])
def test_crowd_has_the_context_that_was_asked_for_and_all_its_tips(context):
    made = crowd(context)
    tips = {leaf.name for leaf in made.tree.leaves()}
    rows = {row.isolate for row in made.rows}
    assert len(rows) == context + 2
    assert tips == rows | {row.reference for row in made.panel}


def test_diverged_set_lies_as_far_from_its_reference_as_it_says(tmp_path):
    source = next(each for each in sources() if each.name == "diverged-1")
    made = source.build(tmp_path)
    assert {true.raw for true in made.truth.values()} <= set(range(40, 70))
    assert sorted(close_pairs(made.truth)) == sorted(made.truth)
    letters = made.reference.read_text().splitlines()[1]
    assert len(letters) == DIVERGED_BP
