"""Rule adapter: count the SNP distance of every pair."""

from pathlib import Path
from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.model.settings import RecombinationSettings
from oneclone.steps.count_pairs import count_pairs

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    count_pairs(
        **paths(snakemake.input),
        **paths(snakemake.output),
        store=Path(snakemake.params.store),
        settings=RecombinationSettings(**snakemake.params.settings),
        max_snps=snakemake.params.max_snps,
        code=snakemake.params.code,
        threads=snakemake.threads,
    )
