"""Rule adapter: subspecies, nearest reference and panel clone."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.steps.type_isolates import type_isolates

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    type_isolates(
        **paths(snakemake.input),
        **paths(snakemake.output),
    )
