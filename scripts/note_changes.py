"""Rule adapter: what changed since the previous run."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.steps.note_changes import note_changes

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    note_changes(
        **paths(snakemake.input),
        **paths(snakemake.output),
        registry=snakemake.params.registry,
        identity=snakemake.params.identity,
    )
