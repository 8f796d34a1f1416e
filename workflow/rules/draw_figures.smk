"""Pictures for papers and slides.

REQUIRED INPUTS: `.oneclone/plan/`, tree, distances, typing and verdict of `results/`
OUTPUTS: `results/figures/`
"""

FIGURES = expand(
    "results/figures/{name}",
    name=[
        "tree.svg",
        "tree.png",
        "heatmap.svg",
        "heatmap.png",
        "spanning_tree.svg",
        "spanning_tree.png",
        "closeness.svg",
        "closeness.png",
        "captions.txt",
    ],
)
MAIN_RESULTS += FIGURES
RESULTS += FIGURES


rule draw_figures:
    """Draw tree, heatmap, minimum spanning tree and closeness as SVG and PNG."""
    input:
        isolates=f"{STATE}/plan/isolates.json",
        panel=f"{STATE}/plan/panel.json",
        typing="results/typing.tsv",
        pairs="results/distances/pairs.parquet",
        further=FURTHER_PAIRS,
        matrix="results/distances/matrix.tsv",
        tree_summary="results/tree/core.json",
        verdict="results/verdict.json",
    output:
        tree=[
            report(
                FIGURES[0],
                caption="../report/tree.rst",
                category="Figures",
                subcategory="Tree",
                labels={"result": "Tree", "format": "SVG"},
            ),
            FIGURES[1],
        ],
        heatmap=[
            report(
                FIGURES[2],
                caption="../report/heatmap.rst",
                category="Figures",
                subcategory="Distances",
                labels={"result": "Heatmap", "format": "SVG"},
            ),
            FIGURES[3],
        ],
        spanning_tree=[
            report(
                FIGURES[4],
                caption="../report/spanning_tree.rst",
                category="Figures",
                subcategory="Distances",
                labels={"result": "Minimum spanning tree", "format": "SVG"},
            ),
            FIGURES[5],
        ],
        closeness=[
            report(
                FIGURES[6],
                caption="../report/closeness.rst",
                category="Figures",
                subcategory="Distances",
                labels={"result": "Closeness", "format": "SVG"},
            ),
            FIGURES[7],
        ],
        captions="results/figures/captions.txt",
    log:
        "logs/draw_figures.log",
    benchmark:
        "benchmarks/draw_figures.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_joint_steps,
        runtime=minutes_of_joint_steps,
    params:
        thresholds=asdict(SETTINGS.thresholds),
        code=code_of("draw_figures"),
    message:
        "Drawing figures"
    script:
        "../../scripts/draw_figures.py"
