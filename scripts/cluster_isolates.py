"""Rule adapter: single-linkage clusters and clones."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.model.settings import ThresholdOverrides
from oneclone.steps.cluster_isolates import cluster_isolates

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    cluster_isolates(
        **paths(snakemake.input),
        **paths(snakemake.output),
        thresholds=ThresholdOverrides(**snakemake.params.thresholds),
    )
