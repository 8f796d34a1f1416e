"""Rule adapter: sketch the panel's references for ANI."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.steps.sketch_references import sketch_references

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    sketch_references(
        **paths(snakemake.input),
        **paths(snakemake.output),
    )
