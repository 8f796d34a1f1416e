"""Rule adapter: pictures for papers and slides."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.model.settings import ThresholdOverrides
from oneclone.steps.draw_figures import draw_figures

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    draw_figures(
        **paths(snakemake.input),
        **paths(snakemake.output),
        thresholds=ThresholdOverrides(**snakemake.params.thresholds),
    )
