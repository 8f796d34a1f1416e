"""What can be said about time, beside the verdict and never a part of it.

REQUIRED INPUTS: `.oneclone/plan/`, `results/distances/pairs.tsv`, `results/tree/`, `results/verdict.json`
OUTPUTS: `results/time.json`
"""


rule estimate_time:
    """Estimate the age of each clone from dates and SNPs, apart from the verdict."""
    input:
        isolates=f"{STATE}/plan/isolates.json",
        panel=f"{STATE}/plan/panel.json",
        pairs="results/distances/pairs.parquet",
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
        runtime=minutes_of_joint_steps,
    params:
        seed=SETTINGS.tree.seed,
        code=code_of("estimate_time"),
    message:
        "Estimating the age of each clone"
    script:
        "../../scripts/estimate_time.py"
