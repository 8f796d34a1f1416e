"""Rule adapter: removed stretches by place, with their genes."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.steps.locate_stretches import locate_stretches

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    locate_stretches(**paths(snakemake.input), **paths(snakemake.output))
