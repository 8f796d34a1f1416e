"""Rule adapter: imports masked for the whole tree."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.model.settings import CoreSettings
from oneclone.steps.mask_imports import mask_imports

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    mask_imports(
        **paths(snakemake.input),
        **paths(snakemake.output),
        settings=CoreSettings(**snakemake.params.settings),
    )
