"""Everything that is done with one assembly by itself, once for the same assembly and settings.

REQUIRED INPUTS: `.oneclone/assemblies/{sha256}`, `.oneclone/plan/`, `results/mixtures.tsv`
OUTPUTS: `.oneclone/sketches/`, `.oneclone/references/`, `.oneclone/batches/`,
`results/ledger.tsv`; files in `.oneclone/calls/` are no outputs, because Snakemake would delete
those of a whole batch when one isolate fails: their names stand for their content

Assemblies and panel are `ancient`: the names of the outputs stand for their content, so a time
stamp says nothing that the name does not say better. No output of a rule may be: a rule that runs
again hides what else its dependents have to run for, and `ancient` then keeps them from running.
"""


rule sketch_references:
    """Sketch the panel's references for the estimate of average nucleotide identity."""
    input:
        assemblies=ancient(expand(f"{STATE}/assemblies/{{sha}}", sha=PANEL_ASSEMBLIES)),
        panel=ancient(f"{STATE}/plan/panel.json"),
    output:
        markers=MARKERS,
        sketches=SKETCHES,
    log:
        "logs/sketch_references.log",
    benchmark:
        "benchmarks/sketch_references.tsv"
    conda:
        "../../envs/calling.yaml"
    threads: 1
    resources:
        mem_mb=memory_per_genome,
        runtime=minutes_per_genome,
    params:
        code=code_of("sketch_references"),
    message:
        "Sketching the references of the clone panel"
    script:
        "../../scripts/sketch_references.py"


rule index_reference:
    """Index a reference that counts pairs, and find the repeats on it."""
    input:
        assembly=ancient(assembly_of_reference),
        panel=ancient(f"{STATE}/plan/panel.json"),
    output:
        index=f"{STATE}/references/{{key}}.mmi",
        prepared=f"{STATE}/references/{{key}}.npz",
    log:
        "logs/index_reference/{key}.log",
    benchmark:
        "benchmarks/index_reference/{key}.tsv"
    conda:
        "../../envs/calling.yaml"
    threads: 1
    resources:
        mem_mb=memory_per_genome,
        runtime=minutes_per_genome,
    params:
        preset=SETTINGS.calling.preset,
        settings=asdict(SETTINGS.repeats),
        code=code_of("index_reference"),
    message:
        "Indexing a reference and finding its repeats"
    script:
        "../../scripts/index_reference.py"


rule call_isolates:
    """Check the assemblies of a batch, find their subspecies and call their bases."""
    input:
        roster=ancient(f"{STATE}/plan/roster.json"),
        batches=ancient(f"{STATE}/plan/batches.json"),
        panel=ancient(f"{STATE}/plan/panel.json"),
        markers=MARKERS,
        sketches=SKETCHES,
        indexes=INDEXES,
        prepared=PREPARED,
    output:
        done=f"{STATE}/batches/{{batch}}.json",
    log:
        "logs/call_isolates/{batch}.log",
    benchmark:
        "benchmarks/call_isolates/{batch}.tsv"
    wildcard_constraints:
        batch="|".join(BATCHES.waiting) or "-",
    conda:
        "../../envs/calling.yaml"
    threads: 1
    resources:
        mem_mb=memory_per_genome,
        runtime=runtime_of_calls,
        label=label_of_calls,
    params:
        settings=asdict(SETTINGS.calling),
        code=code_of("call_isolates"),
    message:
        "Calling bases: {resources.label}"
    script:
        "../../scripts/call_isolates.py"


rule write_ledger:
    """Account for every row of the isolate table and every reference of the panel."""
    input:
        roster=f"{STATE}/plan/roster.json",
        isolates=f"{STATE}/plan/isolates.json",
        panel=f"{STATE}/plan/panel.json",
        calls=GATHERED,
        mixtures="results/mixtures.tsv",
    output:
        ledger=report(
            "results/ledger.tsv",
            caption="../report/ledger.rst",
            category="Tables",
            subcategory="Isolates",
            labels={"result": "Ledger", "format": "TSV"},
        ),
    log:
        "logs/write_ledger.log",
    benchmark:
        "benchmarks/write_ledger.tsv"
    priority: LONGEST_WAY
    conda:
        "../../envs/calling.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=minutes_of_joint_steps,
    params:
        code=code_of("write_ledger"),
    message:
        "Writing the ledger: what became of every row"
    script:
        "../../scripts/write_ledger.py"
