"""Rule adapter: put the assessments of all isolates into one table."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.steps.gather_calls import gather_calls

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    gather_calls(**paths(snakemake.input), **paths(snakemake.output))
