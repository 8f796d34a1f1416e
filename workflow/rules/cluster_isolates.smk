"""Clusters and clones with the names and labels that earlier runs gave them.

REQUIRED INPUTS: `.oneclone/plan/`, `results/ledger.tsv`, `results/typing.tsv`,
`results/distances/pairs.tsv`
OUTPUTS: `results/clusters.tsv`
"""


rule cluster_isolates:
    """Cluster isolates by single linkage and name the clones of the cases."""
    input:
        isolates=f"{STATE}/plan/isolates.json",
        panel=f"{STATE}/plan/panel.json",
        history=f"{STATE}/plan/history.json",
        ledger="results/ledger.tsv",
        typing="results/typing.tsv",
        pairs="results/distances/pairs.parquet",
    output:
        clusters=report(
            "results/clusters.tsv",
            caption="../report/clusters.rst",
            category="Tables",
            subcategory="Clones",
            labels={"result": "Clusters", "format": "TSV"},
        ),
    log:
        "logs/cluster_isolates.log",
    benchmark:
        "benchmarks/cluster_isolates.tsv"
    priority: LONGEST_WAY
    conda:
        "../../envs/distances.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=minutes_of_joint_steps,
    params:
        thresholds=asdict(SETTINGS.thresholds),
        code=code_of("cluster_isolates"),
    message:
        "Clustering isolates and finding clones"
    script:
        "../../scripts/cluster_isolates.py"
