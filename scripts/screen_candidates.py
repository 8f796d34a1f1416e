"""Rule adapter: which of many assemblies are near to a clone of the run."""

import sys
from functools import partial
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from oneclone.jobs import paths, step_log
from oneclone.steps.screen_candidates import ScreenStepSettings, screen_candidates

if TYPE_CHECKING:
    from snakemake.script import snakemake

with step_log(snakemake.log[0], snakemake.output):
    found = screen_candidates(
        **paths(snakemake.input),
        **paths(snakemake.output),
        settings=TypeAdapter(ScreenStepSettings).validate_python(snakemake.params.settings),
        threads=snakemake.threads,
        say=partial(print, file=sys.stderr),
    )
    sys.stdout.write(found)
