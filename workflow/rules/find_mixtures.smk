"""Signs of mixed and contaminated cultures.

REQUIRED INPUTS: `.oneclone/plan/`, `.oneclone/calls/`, `.oneclone/references/`,
`results/distances/pairs.tsv`
OUTPUTS: `results/mixtures.tsv`
"""


rule find_mixtures:
    """Measure by which signs an assembly looks like that of a mixed culture."""
    input:
        roster=f"{STATE}/plan/roster.json",
        panel=f"{STATE}/plan/panel.json",
        prepared=PREPARED,
        calls=GATHERED,
        pairs="results/distances/pairs.parquet",
        further=FURTHER_PAIRS,
        matrix="results/distances/matrix.tsv",
    output:
        mixtures="results/mixtures.tsv",
    log:
        "logs/find_mixtures.log",
    benchmark:
        "benchmarks/find_mixtures.tsv"
    priority: LONGEST_WAY
    conda:
        "../../envs/distances.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=minutes_of_joint_steps,
    params:
        code=code_of("find_mixtures"),
    message:
        "Looking for mixed cultures"
    script:
        "../../scripts/find_mixtures.py"
