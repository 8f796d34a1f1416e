"""Rule adapter: what was found, in the formats of other programs."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.model.settings import ThresholdOverrides
from oneclone.steps.write_exports import write_exports

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    write_exports(
        **paths(snakemake.input),
        **paths(snakemake.output),
        thresholds=ThresholdOverrides(**snakemake.params.thresholds),
        date_epoch=snakemake.params.date_epoch,
    )
