"""Rule adapter: measure what of references and assemblies could be compared."""

from typing import TYPE_CHECKING

from oneclone.jobs import paths, step_log
from oneclone.steps.measure_coverage import measure_coverage

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    measure_coverage(**paths(snakemake.input), **paths(snakemake.output))
