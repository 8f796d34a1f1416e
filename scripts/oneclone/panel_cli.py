"""The commands `oneclone panel …`: check a clone panel, start one."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from oneclone.cli_errors import mendable_errors
from oneclone.commands.check_panel import check_panel
from oneclone.commands.new_panel import new_panel

panel_app = typer.Typer(no_args_is_help=True, help="Clone panels: check one, start one.")


@panel_app.command("check")
def check_command(
    folder: Annotated[Path, typer.Argument(help="Folder of the panel.")],
    complete: Annotated[
        bool, typer.Option("--complete", help="Refuse a panel whose assemblies are not all here.")
    ] = False,
    distances: Annotated[
        bool, typer.Option("--distances", help="Count SNPs between references of other clones.")
    ] = False,
) -> None:
    """Check a clone panel: every table, every assembly, every place on it. Lists all problems.

    Accessions that were not fetched are named and do not fail the check, unless --complete is
    given. --distances takes a second and a half per reference of 5 Mb.
    """
    with mendable_errors():
        found = check_panel(
            folder, complete=complete, distances=distances, say=partial(typer.echo, err=True)
        )
    for line in found.lines():
        typer.echo(line)


@panel_app.command("new")
def new_command(
    folder: Annotated[Path, typer.Argument(help="Folder to fill; it must be absent or empty.")],
    organism: Annotated[str, typer.Option(help="Scientific name of the species.")],
    assemblies: Annotated[
        list[str],
        typer.Option(
            "--from",
            help="FASTA file or accession of a reference, repeatable; the first one becomes the "
            "species reference.",
        ),
    ],
    refer: Annotated[
        bool, typer.Option("--refer", help="Name the files where they are; do not copy them.")
    ] = False,
) -> None:
    """Start a clone panel for another species.

    What only a person can know stays empty, and `oneclone panel check` names each of it.
    """
    with mendable_errors():
        new_panel(folder, organism, assemblies, refer=refer)
    typer.echo(f"{folder} is started; {folder / 'README.md'} says what to fill in")
