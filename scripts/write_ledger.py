"""Rule adapter: account for every row."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.steps.write_ledger import write_ledger

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    write_ledger(
        **paths(snakemake.input),
        **paths(snakemake.output),
    )
