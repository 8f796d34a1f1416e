"""The verdict, and beside it what can be said about time.

REQUIRED INPUTS: `.oneclone/plan/`, `.oneclone/distances/`, `results/ledger.tsv`, `results/typing.tsv`,
`results/distances/pairs.tsv`, `results/clusters.tsv`, `results/tree/`
OUTPUTS: `results/verdict.json`, `results/verdict_pairs.tsv`, `results/time.json`
"""


rule judge_clones:
    """Judge pairs, clones and the whole set of case isolates."""
    input:
        isolates=f"{STATE}/plan/isolates.json",
        panel=f"{STATE}/plan/panel.json",
        ledger="results/ledger.tsv",
        typing="results/typing.tsv",
        pairs="results/distances/pairs.tsv",
        recombination=STRETCHES,
        clusters="results/clusters.tsv",
        local_trees="results/tree/local_trees.json",
        placement="results/tree/placement.tsv",
        tree_summary="results/tree/core.json",
    output:
        verdict="results/verdict.json",
        verdict_pairs="results/verdict_pairs.tsv",
    log:
        "logs/judge_clones.log",
    benchmark:
        "benchmarks/judge_clones.tsv"
    conda:
        "../../envs/distances.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=10,
    params:
        settings=PLAN.shown_settings,
        versions=library_versions(*SHOWN_LIBRARIES),
        thresholds=asdict(SETTINGS.thresholds),
        code=source_digest("oneclone.steps.judge_clones"),
    message:
        "Judging pairs, clones and the whole set"
    script:
        "../../scripts/judge_clones.py"


rule estimate_time:
    """Estimate the age of each clone from dates and SNPs, apart from the verdict."""
    input:
        isolates=f"{STATE}/plan/isolates.json",
        panel=f"{STATE}/plan/panel.json",
        pairs="results/distances/pairs.tsv",
        local_trees="results/tree/local_trees.json",
        verdict="results/verdict.json",
    output:
        time="results/time.json",
    log:
        "logs/estimate_time.log",
    benchmark:
        "benchmarks/estimate_time.tsv"
    conda:
        "../../envs/time.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=20,
    params:
        seed=SETTINGS.tree.seed,
        code=source_digest("oneclone.steps.estimate_time"),
    message:
        "Estimating the age of each clone"
    script:
        "../../scripts/estimate_time.py"
