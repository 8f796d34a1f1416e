"""The command `oneclone check`."""

from pathlib import Path
from typing import Annotated

import typer

from oneclone.cli_errors import mendable_errors
from oneclone.commands.check_results import Check, check_copy, check_run
from oneclone.errors import OnecloneError
from oneclone.phrases import counted


def check_command(
    directory: Annotated[Path, typer.Option(help="Working directory of the run.")] = Path(),
    results: Annotated[
        Path | None,
        typer.Option(help="Check this copy of a folder of results alone, without the run's state."),
    ] = None,
    mend: Annotated[
        bool, typer.Option("--repair", help="Delete what is damaged; the next run makes it again.")
    ] = False,
) -> None:
    """Check that the results of a finished run are as the run wrote them.

    Every file is hashed: results, provenance, the run's state, isolate table, assemblies and
    panel; the registry is compared. Ends with status 1 and names every file that is damaged or
    was changed. --repair deletes damaged results and state, never an input or the registry.
    docs/provenance.md explains more.
    """
    if results and mend:
        raise typer.BadParameter(
            "a copy is made again from its original, not by a run", param_hint="--repair"
        )
    with mendable_errors():
        check = check_copy(results) if results else check_run(directory, mend=mend)
        for note in check.notes:
            typer.echo(f"note: {note}")
        for path in check.deleted:
            typer.echo(f"deleted: {path}")
        _conclude(check, mend=mend)


def _conclude(check: Check, *, mend: bool) -> None:
    """Say the outcome; what is neither sound nor mended ends the command with status 1."""
    left = [each for each in check.findings if not (mend and each.is_result)]
    if left:
        lines = "\n".join(
            f"  {number}. {each.path} {each.what}; {each.remedy}"
            for number, each in enumerate(left, start=1)
        )
        raise OnecloneError(f"{counted(len(left), 'problem')} found:\n{lines}")
    if check.findings:
        typer.echo("Run snakemake again with the same configuration: it makes them again.")
        return
    typer.echo(f"{check.files} files are as the run wrote them")
    if check.seal:
        typer.echo(f"sha256 of provenance/provenance.sha256, to be kept elsewhere: {check.seal}")
