"""Rule adapter: the age of each clone."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.steps.estimate_time import estimate_time

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    estimate_time(
        **paths(snakemake.input),
        **paths(snakemake.output),
        seed=snakemake.params.seed,
    )
