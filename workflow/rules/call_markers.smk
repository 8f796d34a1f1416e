"""Genotypes at the marker loci of the panel, called before any mask.

REQUIRED INPUTS: `.oneclone/plan/`, `.oneclone/calls/`, `.oneclone/references/`,
`.oneclone/assemblies/`
OUTPUTS: `results/markers.tsv`
"""


rule call_markers:
    """Call the genotype of every used isolate at every marker locus of the panel."""
    input:
        roster=f"{STATE}/plan/roster.json",
        panel=f"{STATE}/plan/panel.json",
        loci=f"{STATE}/plan/loci.json",
        prepared=PREPARED,
        calls=GATHERED,
    output:
        markers=report(
            "results/markers.tsv",
            caption="../report/markers.rst",
            category="Tables",
            subcategory="Isolates",
            labels={"result": "Markers", "format": "TSV"},
        ),
    log:
        "logs/call_markers.log",
    benchmark:
        "benchmarks/call_markers.tsv"
    conda:
        "../../envs/calling.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=minutes_of_joint_steps,
    params:
        assemblies=f"{STATE}/assemblies",
        settings=asdict(SETTINGS.calling),
        code=code_of("call_markers"),
    message:
        "Calling genotypes at the marker loci"
    script:
        "../../scripts/call_markers.py"
