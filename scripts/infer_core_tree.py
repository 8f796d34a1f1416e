"""Rule adapter: the tree of all isolates and references."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.model.settings import TreeSettings
from oneclone.steps.infer_core_tree import infer_core_tree

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    infer_core_tree(
        **paths(snakemake.input),
        **paths(snakemake.output),
        settings=TreeSettings(**snakemake.params.settings),
    )
