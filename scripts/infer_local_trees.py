"""Rule adapter: one tree per clone for the test of its exclusivity."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.model.settings import CoreSettings, ThresholdOverrides, TreeSettings
from oneclone.steps.infer_local_trees import infer_local_trees
from oneclone.steps.local_trees import LocalTreeSettings

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    infer_local_trees(
        **paths(snakemake.input),
        **paths(snakemake.output),
        settings=LocalTreeSettings(
            core=CoreSettings(**snakemake.params.core),
            tree=TreeSettings(**snakemake.params.tree),
            thresholds=ThresholdOverrides(**snakemake.params.thresholds),
        ),
    )
