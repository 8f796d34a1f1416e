"""Rule adapter: prepare a reference that counts pairs."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.model.settings import RepeatSettings
from oneclone.steps.index_reference import index_reference

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    index_reference(
        **paths(snakemake.input),
        **paths(snakemake.output),
        preset=snakemake.params.preset,
        settings=RepeatSettings(**snakemake.params.settings),
    )
