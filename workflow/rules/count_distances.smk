"""SNP distances of all pairs, and what follows from them alone.

REQUIRED INPUTS: `.oneclone/calls/`, `.oneclone/references/`, `.oneclone/plan/`, `results/ledger.tsv`
OUTPUTS: `.oneclone/distances/`, `results/distances/`, `results/typing.tsv`
"""


rule count_pairs:
    """Count differing and compared sites of every pair, raw and recombination-filtered."""
    input:
        roster=f"{STATE}/plan/roster.json",
        panel=f"{STATE}/plan/panel.json",
        mask=f"{STATE}/plan/mask.json",
        prepared=PREPARED,
        assessments=ASSESSMENTS,
        calls=CALLS,
    output:
        pairs="results/distances/pairs.tsv",
        matrix="results/distances/matrix.tsv",
        recombination=STRETCHES,
    log:
        "logs/count_pairs.log",
    benchmark:
        "benchmarks/count_pairs.tsv"
    conda:
        "../../envs/distances.yaml"
    threads: threads_of_count
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=60,
    params:
        settings=asdict(SETTINGS.recombination),
        code=code_of("count_pairs"),
    message:
        "Counting SNP distances"
    script:
        "../../scripts/count_pairs.py"


rule measure_coverage:
    """Measure how much of each counting reference and of each assembly was compared."""
    input:
        roster=f"{STATE}/plan/roster.json",
        panel=f"{STATE}/plan/panel.json",
        mask=f"{STATE}/plan/mask.json",
        prepared=PREPARED,
        assessments=ASSESSMENTS,
        calls=CALLS,
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
        runtime=10,
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
        runtime=10,
    params:
        code=code_of("locate_stretches"),
    message:
        "Locating the removed stretches on genes"
    script:
        "../../scripts/locate_stretches.py"


rule type_isolates:
    """Name subspecies, nearest reference and panel clone of every used isolate."""
    input:
        roster=f"{STATE}/plan/roster.json",
        panel=f"{STATE}/plan/panel.json",
        assessments=ASSESSMENTS,
        calls=CALLS,
        pairs="results/distances/pairs.tsv",
    output:
        typing="results/typing.tsv",
    log:
        "logs/type_isolates.log",
    benchmark:
        "benchmarks/type_isolates.tsv"
    conda:
        "../../envs/distances.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=10,
    params:
        code=code_of("type_isolates"),
    message:
        "Typing: subspecies, nearest reference, panel clone"
    script:
        "../../scripts/type_isolates.py"
