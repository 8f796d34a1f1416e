"""Rule adapter: settings, versions and checksums."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.steps.write_provenance import write_provenance

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    write_provenance(
        **paths(snakemake.input),
        **paths(snakemake.output),
        settings=snakemake.params.settings,
        versions=snakemake.params.versions,
    )
