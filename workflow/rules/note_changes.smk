"""What changed since the previous run, and what the registry is to keep of this one.

The registry itself is opened by the main process alone, at the start and in the end of a run.

REQUIRED INPUTS: `.oneclone/plan/`, `results/ledger.tsv`, `results/clusters.tsv`,
`results/distances/pairs.tsv`, `results/verdict.json`, `results/verdict_pairs.tsv`
OUTPUTS: `results/changes.tsv`, `.oneclone/record/`
"""


rule note_changes:
    """Compare the run with the previous one of its investigation."""
    input:
        isolates=f"{STATE}/plan/isolates.json",
        panel=f"{STATE}/plan/panel.json",
        history=f"{STATE}/plan/history.json",
        earlier_distances=f"{STATE}/plan/earlier_distances.tsv",
        ledger="results/ledger.tsv",
        clusters="results/clusters.tsv",
        pairs="results/distances/pairs.parquet",
        verdict="results/verdict.json",
        verdict_pairs="results/verdict_pairs.tsv",
    output:
        changes="results/changes.tsv",
        record=f"{STATE}/record/run.json",
        distances=f"{STATE}/record/distances.tsv",
    log:
        "logs/note_changes.log",
    benchmark:
        "benchmarks/note_changes.tsv"
    conda:
        "../../envs/distances.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=minutes_of_joint_steps,
    params:
        registry=SETTINGS.registry,
        identity=IDENTITY,
        code=code_of("note_changes"),
    message:
        "Noting what changed since the previous run"
    script:
        "../../scripts/note_changes.py"
