"""What the distances rest on, for the reader alone: no other step waits for it.

REQUIRED INPUTS: `.oneclone/calls/`, `.oneclone/references/`, `.oneclone/plan/`,
`.oneclone/distances/`
OUTPUTS: `results/distances/coverage.tsv`, `results/distances/recombination.*`
"""


rule measure_coverage:
    """Measure how much of each counting reference and of each assembly was compared."""
    input:
        roster=f"{STATE}/plan/roster.json",
        panel=f"{STATE}/plan/panel.json",
        mask=f"{STATE}/plan/mask.json",
        prepared=PREPARED,
        calls=GATHERED,
    output:
        coverage_table="results/distances/coverage.tsv",
    log:
        "logs/measure_coverage.log",
    benchmark:
        "benchmarks/measure_coverage.tsv"
    conda:
        "../../envs/distances.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=minutes_of_joint_steps,
    params:
        code=code_of("measure_coverage"),
    message:
        "Measuring what could be compared"
    script:
        "../../scripts/measure_coverage.py"


rule locate_stretches:
    """Bring the removed stretches together by place and name the genes that they touch."""
    input:
        panel=f"{STATE}/plan/panel.json",
        genes=f"{STATE}/plan/genes.json",
        stretches=STRETCHES,
    output:
        recombination="results/distances/recombination.tsv",
        regions="results/distances/recombination.bed",
    log:
        "logs/locate_stretches.log",
    benchmark:
        "benchmarks/locate_stretches.tsv"
    conda:
        "../../envs/distances.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=minutes_of_joint_steps,
    params:
        code=code_of("locate_stretches"),
    message:
        "Locating the removed stretches on genes"
    script:
        "../../scripts/locate_stretches.py"
