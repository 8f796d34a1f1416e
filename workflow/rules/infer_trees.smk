"""The tree of all isolates, and one local tree per clone.

REQUIRED INPUTS: `.oneclone/calls/`, `.oneclone/references/`, `.oneclone/plan/`,
`.oneclone/distances/`, `results/distances/`,
`results/typing.tsv`, `results/clusters.tsv`, `results/ledger.tsv`
OUTPUTS: `.oneclone/tree/`, `results/alignment/`, `results/tree/`
"""


rule build_core_alignment:
    """Align the sites that nearly all isolates and references have called."""
    input:
        roster=f"{STATE}/plan/roster.json",
        panel=f"{STATE}/plan/panel.json",
        mask=f"{STATE}/plan/mask.json",
        prepared=PREPARED,
        calls=GATHERED,
    output:
        alignment="results/alignment/core.snps.fasta",
        summary="results/alignment/core.json",
        sites="results/alignment/core_sites.tsv",
        curve="results/alignment/core_curve.tsv",
        by_isolate="results/alignment/core_by_isolate.tsv",
    log:
        "logs/build_core_alignment.log",
    benchmark:
        "benchmarks/build_core_alignment.tsv"
    priority: LONGEST_WAY
    conda:
        "../../envs/distances.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_core_alignment,
        runtime=minutes_of_joint_steps,
    params:
        settings=asdict(SETTINGS.core),
        code=code_of("build_core_alignment"),
    message:
        "Building the core alignment"
    script:
        "../../scripts/build_core_alignment.py"


rule mask_imports:
    """Mask what Gubbins takes for imports in the alignment of the whole tree."""
    input:
        roster=f"{STATE}/plan/roster.json",
        panel=f"{STATE}/plan/panel.json",
        mask=f"{STATE}/plan/mask.json",
        prepared=PREPARED,
        calls=GATHERED,
        alignment_summary="results/alignment/core.json",
    output:
        regions="results/tree/gubbins.bed",
        alignment=f"{STATE}/tree/masked.fasta",
        summary=f"{STATE}/tree/masked.json",
    log:
        "logs/mask_imports.log",
    benchmark:
        "benchmarks/mask_imports.tsv"
    conda:
        "../../envs/gubbins.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_trees,
        runtime=minutes_of_trees,
    params:
        settings=asdict(SETTINGS.core),
        code=code_of("mask_imports"),
    message:
        "Looking for imports with Gubbins"
    script:
        "../../scripts/mask_imports.py"


rule infer_core_tree:
    """Infer the tree of all isolates and references, and root it."""
    input:
        roster=f"{STATE}/plan/roster.json",
        panel=f"{STATE}/plan/panel.json",
        calls=GATHERED,
        alignment=TREE_ALIGNMENT[0],
        alignment_summary=TREE_ALIGNMENT[1],
    output:
        tree="results/tree/core.nwk",
        summary="results/tree/core.json",
        placement="results/tree/placement.tsv",
    log:
        "logs/infer_core_tree.log",
    benchmark:
        "benchmarks/infer_core_tree.tsv"
    priority: LONGEST_WAY
    conda:
        "../../envs/trees.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_core_tree,
        runtime=minutes_of_trees,
    params:
        settings=asdict(SETTINGS.tree),
        engine=ENGINE,
        code=code_of("infer_core_tree"),
    message:
        "Inferring the tree of all isolates"
    script:
        "../../scripts/infer_core_tree.py"


rule infer_local_trees:
    """Infer for each clone the tree in which its exclusivity is tested."""
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
    output:
        local_trees="results/tree/local_trees.json",
    log:
        "logs/infer_local_trees.log",
    benchmark:
        "benchmarks/infer_local_trees.tsv"
    priority: LONGEST_WAY
    conda:
        "../../envs/trees.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_local_trees,
        runtime=minutes_of_trees,
    params:
        core=asdict(SETTINGS.core),
        tree=asdict(SETTINGS.tree),
        thresholds=asdict(SETTINGS.thresholds),
        engine=ENGINE,
        code=code_of("infer_local_trees"),
    message:
        "Inferring a local tree for each clone"
    script:
        "../../scripts/infer_local_trees.py"
