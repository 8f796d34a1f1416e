"""The verdict.

REQUIRED INPUTS: `.oneclone/plan/`, `.oneclone/distances/`, `results/ledger.tsv`, `results/typing.tsv`,
`results/distances/pairs.tsv`, `results/clusters.tsv`, `results/tree/`
OUTPUTS: `results/verdict.json`, `results/verdict_pairs.tsv`
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
