"""Rule adapter: the verdict."""

import json
from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.model.settings import ThresholdOverrides
from oneclone.steps.judge_clones import judge_clones

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    judge_clones(
        **paths(snakemake.input),
        **paths(snakemake.output),
        settings=json.loads(snakemake.params.settings),
        versions=snakemake.params.versions,
        thresholds=ThresholdOverrides(**snakemake.params.thresholds),
    )
