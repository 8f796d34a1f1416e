"""Rule adapter: which isolates look like mixed or contaminated cultures."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.steps.find_mixtures import find_mixtures

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    find_mixtures(
        **paths(snakemake.input),
        **paths(snakemake.output),
    )
