"""Rule adapter: the report that people read."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.model.settings import ThresholdOverrides
from oneclone.steps.render_report import render_report

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    render_report(
        **paths(snakemake.input),
        **paths(snakemake.output),
        thresholds=ThresholdOverrides(**snakemake.params.thresholds),
    )
