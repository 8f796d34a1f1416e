"""Run the workflow from a command, as `snakemake --configfile ... --directory ...` does."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from oneclone.errors import OnecloneError, ToolFailed
from oneclone.programs import last_lines
from oneclone.shipped import repository_folder
from oneclone.tables.atomic import write_text

PROGRESS = re.compile(r"\d+ of \d+ steps \(\d+%\) done")


@contextmanager
def working_folder(kept: Path | None) -> Generator[Path]:
    """Give an absolute folder to run in: the one that is kept, or one for the moment."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with TemporaryDirectory(prefix="oneclone-") as folder:
        yield Path(folder).resolve()


def run_workflow(
    working: Path,
    config: Mapping[str, Any],
    cores: int,
    say: Callable[[str], None],
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run the workflow to its end in a working directory and return what it printed.

    Parameters
    ----------
    working
        Working directory, as an absolute path; it is made when absent. The configuration is
        written there.
    config
        Configuration; what it leaves out has the default of the shipped one.
    cores
        Processor cores to use.
    say
        Receives a line for each finished step.
    environment
        Variables to set beside those of this process.

    Raises
    ------
    OnecloneError
        If the workflow is not beside the package, as in an installation without the repository.
    ToolFailed
        If the run is refused or fails; the message ends with the last lines that it printed.
    """
    snakefile = repository_folder() / "Snakefile"
    if not snakefile.is_file():
        raise OnecloneError(
            f"{snakefile}: the workflow is not here; run the command from a clone of the repository"
        )
    configfile = working / "config.yaml"
    write_text(configfile, yaml.safe_dump(dict(config), allow_unicode=True))
    command = (
        *(sys.executable, "-m", "snakemake", "--snakefile", str(snakefile)),
        *("--directory", str(working), "--configfile", str(configfile), "--cores", str(cores)),
    )
    lines: list[str] = []
    with subprocess.Popen(  # noqa: S603 (fixed program and options; no shell sees the paths)
        command, cwd=working, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace", env={**os.environ, **(environment or {})},
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            lines.append(line)
            if PROGRESS.fullmatch(line.strip()):
                say(line.strip())
    printed = "".join(lines)
    if process.returncode:
        raise ToolFailed(f"the run in {working.resolve()} failed:\n{last_lines(printed)}")
    return printed
