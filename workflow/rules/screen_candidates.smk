"""The screen for further cases among many assemblies; no part of `all`.

REQUIRED INPUTS: the candidates of `screen: candidates`, `.oneclone/plan/`, `.oneclone/calls/`,
`.oneclone/references/`, `.oneclone/sketches/`, `.oneclone/assemblies/`, `results/clusters.tsv`
OUTPUTS: `results/screen.tsv`; the kept sketches and calls of candidates are no outputs, because
Snakemake would delete them
"""


rule screen_candidates:
    """Find the candidates that are near to a clone of the run."""
    input:
        roster=f"{STATE}/plan/roster.json",
        panel=f"{STATE}/plan/panel.json",
        mask=f"{STATE}/plan/mask.json",
        clusters="results/clusters.tsv",
        markers=MARKERS,
        sketches=SKETCHES,
        indexes=INDEXES,
        prepared=PREPARED,
        calls=GATHERED,
    output:
        screen_table="results/screen.tsv",
    log:
        "logs/screen_candidates.log",
    benchmark:
        "benchmarks/screen_candidates.tsv"
    conda:
        "../../envs/screening.yaml"
    threads: 8
    resources:
        mem_mb=memory_of_screen,
        runtime=minutes_of_screen,
    params:
        settings={
            **asdict(SCREEN),
            "calling": asdict(SETTINGS.calling),
            "recombination": asdict(SETTINGS.recombination),
        },
        listing=candidates_of_screen,
        code=code_of("screen_candidates"),
    message:
        "Screening candidates for further cases"
    script:
        "../../scripts/screen_candidates.py"
