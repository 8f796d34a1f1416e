"""Rule adapter: genotype of every used isolate at the panel's marker loci."""

from pathlib import Path
from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.model.settings import CallingSettings
from oneclone.steps.call_markers import call_markers

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    call_markers(
        **paths(snakemake.input),
        **paths(snakemake.output),
        assemblies=Path(snakemake.params.assemblies),
        settings=CallingSettings(**snakemake.params.settings),
    )
