"""One table of all isolates, so that no joint step depends on thousands of files.

REQUIRED INPUTS: `.oneclone/batches/`, `.oneclone/calls/`, `.oneclone/plan/`
OUTPUTS: `.oneclone/calls.json`
"""


rule gather_calls:
    """Put the assessments of all isolates into one table, which is what joint steps wait for."""
    input:
        roster=f"{STATE}/plan/roster.json",
        batches=expand(f"{STATE}/batches/{{batch}}.json", batch=BATCHES.names),
    output:
        calls=GATHERED,
    log:
        "logs/gather_calls.log",
    benchmark:
        "benchmarks/gather_calls.tsv"
    priority: LONGEST_WAY
    conda:
        "../../envs/calling.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=minutes_of_joint_steps,
    params:
        code=code_of("gather_calls"),
    message:
        "Gathering the calls of all isolates"
    script:
        "../../scripts/gather_calls.py"
