"""SNP distances of all pairs, and what follows from them alone.

REQUIRED INPUTS: `.oneclone/calls/`, `.oneclone/references/`, `.oneclone/plan/`, `results/ledger.tsv`
OUTPUTS: `.oneclone/distances/`, `.oneclone/pairs/`, `results/distances/`, `results/typing.tsv`
"""


rule count_pairs:
    """Count differing and compared sites of every pair, raw and recombination-filtered."""
    input:
        roster=f"{STATE}/plan/roster.json",
        panel=f"{STATE}/plan/panel.json",
        mask=f"{STATE}/plan/mask.json",
        cases=f"{STATE}/plan/cases.json",
        prepared=PREPARED,
        calls=GATHERED,
    output:
        pairs="results/distances/pairs.parquet",
        table="results/distances/pairs.tsv",
        further=FURTHER_PAIRS,
        matrix="results/distances/matrix.tsv",
        recombination=STRETCHES,
        counted=f"{STATE}/distances/counted.json",
    log:
        "logs/count_pairs.log",
    benchmark:
        "benchmarks/count_pairs.tsv"
    priority: LONGEST_WAY
    conda:
        "../../envs/distances.yaml"
    threads: threads_of_count
    resources:
        mem_mb=memory_of_count,
        runtime=minutes_of_count,
    params:
        store=f"{STATE}/pairs",
        settings=asdict(SETTINGS.recombination),
        max_snps=SETTINGS.pairs_max_snps,
        code=code_of("count_pairs"),
    message:
        "Counting SNP distances"
    script:
        "../../scripts/count_pairs.py"


rule type_isolates:
    """Name subspecies, nearest reference and panel clone of every used isolate."""
    input:
        roster=f"{STATE}/plan/roster.json",
        panel=f"{STATE}/plan/panel.json",
        calls=GATHERED,
        pairs="results/distances/pairs.parquet",
        further=FURTHER_PAIRS,
    output:
        typing=report(
            "results/typing.tsv",
            caption="../report/typing.rst",
            category="Tables",
            subcategory="Isolates",
            labels={"result": "Typing", "format": "TSV"},
        ),
    log:
        "logs/type_isolates.log",
    benchmark:
        "benchmarks/type_isolates.tsv"
    priority: LONGEST_WAY
    conda:
        "../../envs/distances.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=minutes_of_joint_steps,
    params:
        code=code_of("type_isolates"),
    message:
        "Typing: subspecies, nearest reference, panel clone"
    script:
        "../../scripts/type_isolates.py"
