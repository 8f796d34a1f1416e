"""Rule adapter: check the assemblies of a batch, find their subspecies and call their bases."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.model.settings import CallingSettings
from oneclone.steps.call_isolates import call_isolates

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    call_isolates(
        **paths(snakemake.input),
        **paths(snakemake.output),
        settings=CallingSettings(**snakemake.params.settings),
    )
