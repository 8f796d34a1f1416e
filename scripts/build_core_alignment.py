"""Rule adapter: the soft core of all isolates and references."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.model.settings import CoreSettings
from oneclone.steps.build_core_alignment import build_core_alignment

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    build_core_alignment(
        **paths(snakemake.input),
        **paths(snakemake.output),
        settings=CoreSettings(**snakemake.params.settings),
    )
