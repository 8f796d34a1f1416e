"""What jobs ask for: memory, time, threads and priority, by genome length and number of isolates.

A local run goes by threads and priority alone; a cluster ends a job that takes more memory or time
than it asked for. So they are several times what was measured (docs/performance.md), and each
further attempt (`retries` of a profile) asks for more.

REQUIRED INPUTS: none but the plan of the run (common.smk)
OUTPUTS: none
"""

from oneclone.call_batches import batch_label

# Priority of the jobs on the longest way to the verdict: of what is ready they start first.
LONGEST_WAY = 1
# Pairs of genomes that one core counts in a minute, ten times fewer than it was seen to.
PAIRS_PER_MINUTE = 300_000


def memory_per_genome(wildcards, attempt):
    """Return MB for work on one genome: libraries, index, and the alignment of a closed genome.

    The alignment of a closed genome to another subspecies took up to 890 MB (docs/performance.md).
    """
    return attempt * (1000 + PLAN.panel.genome_length_bp[1] // 15_000)


def memory_of_joint_steps(wildcards, attempt):
    """Return MB for work on all isolates: one or a few at a time, and a record of each."""
    genome_mb = PLAN.panel.genome_length_bp[1] / 1_000_000
    return int(attempt * (1000 + 100 * genome_mb + genome_mb * len(PLAN.roster) / 20))


def memory_of_count(wildcards, attempt, threads):
    """Return MB for the count of pairs: two blocks in each process, the first part of each isolate.

    630 MB in each of two processes and 590 MB beside them for 10 000 isolates of 5 Mb.
    """
    genome_mb = PLAN.panel.genome_length_bp[1] / 1_000_000
    processes = threads * (500 + 100 * genome_mb)
    return int(attempt * (1000 + processes + genome_mb * len(PLAN.roster) / 20))


def threads_of_count(wildcards):
    """Return 1 for cohorts that are counted in seconds, so that the tree runs beside them."""
    return 1 if len(PLAN.roster) < 200 else 8


def memory_of_core_tree(wildcards, attempt):
    """Return MB for the tree of all: a search of a large set, square matrices, or parts.

    Which of them it is depends on how many isolates are used, which is not known yet. Parts need
    a backbone of 200 rows, and for each isolate 1000 replicates of the sums of two branches.
    """
    genome_mb = PLAN.panel.genome_length_bp[1] / 1_000_000
    searched = min(len(PLAN.roster), SETTINGS.tree.large_set)
    whole = min(len(PLAN.roster), SETTINGS.tree.very_large_set)
    search = 1000 + 10 * genome_mb * searched
    matrices = 1000 + (1 + 2 * genome_mb) * whole
    parts = 1000 + 100 * genome_mb + len(PLAN.roster) / 10
    return int(attempt * max(search, matrices, parts))


def memory_of_core_alignment(wildcards, attempt):
    """Return MB for counts at each site of the reference; the isolates are gone through in turn."""
    genome_mb = PLAN.panel.genome_length_bp[1] / 1_000_000
    return int(attempt * (1000 + 100 * genome_mb + len(PLAN.roster) / 20))


def memory_of_trees(wildcards, attempt):
    """Return MB for a tree search over all isolates."""
    per_isolate = PLAN.panel.genome_length_bp[1] // 100_000
    return attempt * (1000 + per_isolate * len(PLAN.roster))


def memory_of_local_trees(wildcards, attempt):
    """Return MB for the search of a clone and its background, and a record of each isolate.

    A local tree has the members of its clone, 50 others and the references, so it does not grow
    with the number of isolates. That it has fewer than 200 taxa is a guess; a retry gets more.
    """
    genome_mb = PLAN.panel.genome_length_bp[1] / 1_000_000
    searched = min(len(PLAN.roster), 200)
    return int(attempt * (1000 + 10 * genome_mb * searched + len(PLAN.roster) / 10))


def memory_of_screen(wildcards, attempt, threads):
    """Return MB for the calls of a candidate in each process, beside the members of the clones."""
    return attempt * threads * (1500 + PLAN.panel.genome_length_bp[1] // 15_000)


def minutes_per_genome(wildcards, attempt):
    """Return minutes for work on one genome: seconds, and the start on a busy file system."""
    return attempt * (10 + PLAN.panel.genome_length_bp[1] // 1_000_000)


def minutes_of_joint_steps(wildcards, attempt):
    """Return minutes for work on all isolates at once."""
    return attempt * (10 + len(PLAN.roster) // 50)


def minutes_of_count(wildcards, attempt, threads):
    """Return minutes for counting all pairs."""
    pairs = len(PLAN.roster) * (len(PLAN.roster) - 1) // 2
    return attempt * (20 + pairs // (PAIRS_PER_MINUTE * threads))


def minutes_of_trees(wildcards, attempt):
    """Return minutes for tree searches."""
    return attempt * (60 + len(PLAN.roster) // 4)


def minutes_of_screen(wildcards, attempt):
    """Return minutes for the screen; how many candidates are near enough is not known before."""
    return attempt * 240


def runtime_of_calls(wildcards, attempt):
    """Return minutes for the calls of a batch; an isolate takes seconds."""
    return attempt * (20 + len(BATCHES.waiting[wildcards.batch]))


def label_of_calls(wildcards):
    """Return the first isolate of a batch, and how many there are, for the progress message.

    A resource is the one text of a job that no rerun depends on: a renamed isolate, or one more
    row, must not call anything again.
    """
    return batch_label(PLAN, BATCHES, wildcards.batch)
