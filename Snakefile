"""oneclone: do bacterial isolates of different clinics form a single clone?"""

from snakemake.utils import min_version

min_version("9.0")


configfile: workflow.source_path("config/config.yaml")


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/sound_results.smk"
include: "workflow/rules/resources.smk"
include: "workflow/rules/candidates.smk"
include: "workflow/rules/call_isolates.smk"
include: "workflow/rules/gather_calls.smk"
include: "workflow/rules/call_markers.smk"
include: "workflow/rules/count_distances.smk"
include: "workflow/rules/describe_distances.smk"
include: "workflow/rules/find_mixtures.smk"
include: "workflow/rules/cluster_isolates.smk"
include: "workflow/rules/infer_trees.smk"
include: "workflow/rules/judge_clones.smk"
include: "workflow/rules/estimate_time.smk"
include: "workflow/rules/note_changes.smk"
include: "workflow/rules/draw_figures.smk"
include: "workflow/rules/write_exports.smk"
include: "workflow/rules/render_report.smk"
include: "workflow/rules/screen_candidates.smk"
include: "workflow/rules/announcements.smk"


rule all:
    """Everything that a run delivers."""
    default_target: True
    input:
        sound_results,
        counted=f"{STATE}/distances/counted.json",


rule screen:
    """All that, and the search for further cases among the candidates of the configuration."""
    input:
        sound_results,
        "results/screen.tsv",


onstart:
    announce_start()


onsuccess:
    announce_verdict()


onerror:
    announce_failure()
