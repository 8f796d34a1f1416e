"""Rule adapter: judge every clone of two patients again, from what exists already."""

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from oneclone.jobs import paths, step_log
from oneclone.steps.assess_robustness import RobustnessStepSettings, assess_robustness

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    assess_robustness(
        **paths(snakemake.input),
        **paths(snakemake.output),
        assemblies=Path(snakemake.params.assemblies),
        settings=TypeAdapter(RobustnessStepSettings).validate_python(snakemake.params.settings),
    )
