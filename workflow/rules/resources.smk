"""What jobs ask for: memory, threads and priority, by genome length and number of isolates.

REQUIRED INPUTS: none but the plan of the run (common.smk)
OUTPUTS: none
"""

# Priority of the jobs on the longest way to the verdict: of what is ready they start first.
LONGEST_WAY = 1


def memory_per_genome(wildcards, attempt):
    """Return MB for work on one genome: libraries, index, and the alignment of a closed genome.

    The alignment of a closed genome to another subspecies took up to 890 MB (docs/performance.md).
    """
    return attempt * (1000 + PLAN.panel.genome_length_bp[1] // 15_000)


def memory_of_joint_steps(wildcards, attempt):
    """Return MB for work on all isolates at once: packed bits and calls of each."""
    per_isolate = PLAN.panel.genome_length_bp[1] // 500_000
    return attempt * (1000 + per_isolate * len(PLAN.roster))


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


def label_of_calls(wildcards):
    """Return name and place of an isolate for the progress message.

    A resource is the one text of a job that no rerun depends on: a renamed isolate, or one more
    row, must not call anything again.
    """
    return PLAN.label_of[wildcards.key]
