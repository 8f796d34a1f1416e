"""What was found, in the formats of other programs.

REQUIRED INPUTS: `.oneclone/plan/`, `results/ledger.tsv`, `results/typing.tsv`,
`results/markers.tsv`, `results/distances/`, `results/clusters.tsv`,
`results/alignment/`, `results/tree/core.json`, `results/verdict.json`
OUTPUTS: `results/exports/`
"""

import os


rule write_exports:
    """Write what was found for Microreact, Auspice, iTOL and other programs."""
    input:
        isolates=f"{STATE}/plan/isolates.json",
        panel=f"{STATE}/plan/panel.json",
        ledger="results/ledger.tsv",
        typing="results/typing.tsv",
        markers="results/markers.tsv",
        pairs="results/distances/pairs.parquet",
        further=FURTHER_PAIRS,
        matrix="results/distances/matrix.tsv",
        clusters="results/clusters.tsv",
        coverage="results/distances/coverage.tsv",
        alignment="results/alignment/core.snps.fasta",
        core_sites="results/alignment/core_sites.tsv",
        core_summary="results/alignment/core.json",
        tree_summary="results/tree/core.json",
        verdict="results/verdict.json",
    output:
        exports=EXPORTS,
    log:
        "logs/write_exports.log",
    benchmark:
        "benchmarks/write_exports.tsv"
    conda:
        "../../envs/exports.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=minutes_of_joint_steps,
    params:
        thresholds=asdict(SETTINGS.thresholds),
        date_epoch=os.environ.get("SOURCE_DATE_EPOCH", ""),
        code=code_of("write_exports"),
    message:
        "Writing exports for other programs"
    script:
        "../../scripts/write_exports.py"
