"""What people read, and what a run was made with.

REQUIRED INPUTS: `.oneclone/plan/` and all of `results/`
OUTPUTS: `results/report.html`, `results/provenance/`
"""


rule render_report:
    """Render the report: verdict, limits, ledger, trees, distances, settings."""
    input:
        isolates=f"{STATE}/plan/isolates.json",
        panel=f"{STATE}/plan/panel.json",
        history=f"{STATE}/plan/history.json",
        changes="results/changes.tsv",
        ledger="results/ledger.tsv",
        typing="results/typing.tsv",
        markers="results/markers.tsv",
        clusters="results/clusters.tsv",
        pairs="results/distances/pairs.parquet",
        further=FURTHER_PAIRS,
        matrix="results/distances/matrix.tsv",
        coverage="results/distances/coverage.tsv",
        core_summary="results/alignment/core.json",
        core_curve="results/alignment/core_curve.tsv",
        core_by_isolate="results/alignment/core_by_isolate.tsv",
        tree_summary="results/tree/core.json",
        local_trees="results/tree/local_trees.json",
        verdict="results/verdict.json",
        verdict_pairs="results/verdict_pairs.tsv",
        time="results/time.json",
    output:
        report=report(
            "results/report.html",
            caption="../report/report.rst",
            category="Verdict",
            subcategory="For readers",
            labels={"result": "Report", "format": "HTML"},
        ),
    log:
        "logs/render_report.log",
    benchmark:
        "benchmarks/render_report.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=minutes_of_joint_steps,
    params:
        thresholds=asdict(SETTINGS.thresholds),
        look=look_digest(),
        code=code_of("render_report"),
    message:
        "Rendering the report"
    script:
        "../../scripts/render_report.py"


rule write_provenance:
    """Write settings, versions, and checksums of inputs and results."""
    input:
        roster=f"{STATE}/plan/roster.json",
        results=MAIN_RESULTS,
    output:
        used_settings="results/provenance/settings.json",
        used_versions="results/provenance/versions.json",
        inputs="results/provenance/inputs.tsv",
        manifest="results/provenance/manifest.sha256",
    log:
        "logs/write_provenance.log",
    benchmark:
        "benchmarks/write_provenance.tsv"
    conda:
        "../../envs/distances.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=minutes_of_joint_steps,
    params:
        settings=PLAN.shown_settings,
        versions=VERSIONS,
        code=code_of("write_provenance"),
    message:
        "Writing provenance: settings, versions, checksums"
    script:
        "../../scripts/write_provenance.py"
