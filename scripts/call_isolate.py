"""Rule adapter: check an assembly, find its subspecies and call its bases."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.model.settings import CallingSettings
from oneclone.steps.call_isolate import call_isolate

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    call_isolate(
        **paths(snakemake.input),
        **paths(snakemake.output),
        settings=CallingSettings(**snakemake.params.settings),
    )
