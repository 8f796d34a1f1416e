"""The command `oneclone screen`."""

import os
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from oneclone.cli_errors import mendable_errors
from oneclone.commands.add_candidates import add_candidates
from oneclone.commands.screen import ScreenRequest, screen
from oneclone.model.isolates import Role
from oneclone.phrases import counted

MAX_SNPS = 50
PICKED_ROLES = (Role.CASE, Role.CONTEXT, Role.SOURCE)


def screen_command(
    candidates: Annotated[
        Path,
        typer.Argument(
            exists=True,
            help="Folder of FASTA files; table with the columns isolate, assembly and any other; "
            "or text file with one accession per line.",
        ),
    ],
    directory: Annotated[Path, typer.Option(help="Working directory of a finished run.")] = Path(),
    clone: Annotated[
        list[str] | None, typer.Option(help="Clone to look for, repeatable; none = all.")
    ] = None,
    max_snps: Annotated[
        int, typer.Option(min=0, max=10_000, help="Greatest SNP distance to a member of a clone.")
    ] = MAX_SNPS,
    database: Annotated[
        Path | None,
        typer.Option(help="Folder of the kept sketches; none = .oneclone/screen of the run."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Table to write.")] = Path("screen.tsv"),
    cores: Annotated[int, typer.Option(min=1, help="Processes to use; none given = all.")] = (
        os.cpu_count() or 1
    ),
    add: Annotated[
        list[str] | None,
        typer.Option(help="Candidate to append to the isolate table, repeatable."),
    ] = None,
    role: Annotated[Role | None, typer.Option(help="Role of the candidates to add.")] = None,
    isolates: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Isolate table to append to.")
    ] = None,
) -> None:
    """Find, among many assemblies, further cases of the clones of a run.

    Sketches of all candidates are kept in a database that every screen extends. Candidates that
    may be near to a member of a clone are then called and counted as the run counts its isolates.
    The table lists every candidate, nearest first; docs/screening.md explains it. Nothing is
    downloaded.

    --add NAME --role ROLE --isolates TABLE appends candidates of the table --out, which is written
    first where it does not exist.
    """
    if add and not (role in PICKED_ROLES and isolates):
        raise typer.BadParameter(
            "--add needs --role case, context or source, and --isolates TABLE", param_hint="--add"
        )
    if not add and (role or isolates):
        raise typer.BadParameter("--role and --isolates go with --add NAME", param_hint="--add")
    with mendable_errors():
        if not add or not out.exists():
            request = ScreenRequest(candidates, max_snps, clone or (), database, out, cores)
            typer.echo(screen(directory, request, partial(typer.echo, err=True)), nl=False)
            typer.echo(f"{out} lists every candidate, nearest first")
        if add and role and isolates:
            left = add_candidates(candidates, out, isolates, add, role)
            typer.echo(f"{counted(len(set(add)), 'row')} appended to {isolates}, role {role}")
            if left:
                typer.echo(
                    f"Columns of the candidates that {isolates} does not have were left out: "
                    f"{', '.join(left)}"
                )
