"""The verdict, and under what else it stands.

REQUIRED INPUTS: `.oneclone/plan/`, `.oneclone/calls/`, `.oneclone/references/`,
`.oneclone/assemblies/`, `.oneclone/distances/`, `results/ledger.tsv`, `results/typing.tsv`,
`results/distances/pairs.tsv`, `results/clusters.tsv`, `results/tree/`
OUTPUTS: `results/robustness.tsv`, `results/verdict.json`, `results/verdict_pairs.tsv`
"""


rule assess_robustness:
    """Judge every clone of two patients again, from what exists already."""
    input:
        isolates=f"{STATE}/plan/isolates.json",
        panel=f"{STATE}/plan/panel.json",
        ledger="results/ledger.tsv",
        typing="results/typing.tsv",
        pairs="results/distances/pairs.parquet",
        roster=f"{STATE}/plan/roster.json",
        mask=f"{STATE}/plan/mask.json",
        prepared=PREPARED,
        calls=GATHERED,
        recombination=STRETCHES,
        clusters="results/clusters.tsv",
        local_trees="results/tree/local_trees.json",
    output:
        robustness="results/robustness.tsv",
    log:
        "logs/assess_robustness.log",
    benchmark:
        "benchmarks/assess_robustness.tsv"
    priority: LONGEST_WAY
    conda:
        "../../envs/trees.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_local_trees,
        runtime=minutes_of_trees,
    params:
        assemblies=f"{STATE}/assemblies",
        settings={
            "runs": asdict(SETTINGS.robustness),
            "local_trees": {
                "core": asdict(SETTINGS.core),
                "tree": asdict(SETTINGS.tree),
                "thresholds": asdict(SETTINGS.thresholds),
            },
            "recombination": asdict(SETTINGS.recombination),
        },
        engine=ENGINE,
        code=code_of("assess_robustness"),
    message:
        "Judging every clone again under other references, settings and sets of isolates"
    script:
        "../../scripts/assess_robustness.py"


rule judge_clones:
    """Judge pairs, clones and the whole set of case isolates."""
    input:
        isolates=f"{STATE}/plan/isolates.json",
        panel=f"{STATE}/plan/panel.json",
        ledger="results/ledger.tsv",
        typing="results/typing.tsv",
        pairs="results/distances/pairs.parquet",
        recombination=STRETCHES,
        clusters="results/clusters.tsv",
        local_trees="results/tree/local_trees.json",
        placement="results/tree/placement.tsv",
        tree_summary="results/tree/core.json",
        robustness="results/robustness.tsv",
    output:
        verdict=report(
            "results/verdict.json",
            caption="../report/verdict.rst",
            category="Verdict",
            subcategory="For programs",
            labels={"result": "Verdict", "format": "JSON"},
        ),
        verdict_pairs=report(
            "results/verdict_pairs.tsv",
            caption="../report/verdict_pairs.rst",
            category="Verdict",
            subcategory="For programs",
            labels={"result": "Pairs of case isolates", "format": "TSV"},
        ),
    log:
        "logs/judge_clones.log",
    benchmark:
        "benchmarks/judge_clones.tsv"
    conda:
        "../../envs/distances.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=minutes_of_joint_steps,
    params:
        settings=as_parameter(PLAN.shown_settings),
        versions=VERSIONS,
        thresholds=asdict(SETTINGS.thresholds),
        code=code_of("judge_clones"),
    message:
        "Judging pairs, clones and the whole set"
    script:
        "../../scripts/judge_clones.py"
