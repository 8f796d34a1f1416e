"""The command `oneclone pseudonymise`."""

import os
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from oneclone.cli_errors import mendable_errors
from oneclone.coarsening import Dates
from oneclone.commands.pseudonymise import ReleaseRequest, pseudonymise
from oneclone.phrases import counted
from oneclone.pseudonymised import Coarseness

SMALLEST_GROUP = 5


def pseudonymise_command(
    out: Annotated[
        Path, typer.Argument(help="Folder to write, or a zip when the name ends in .zip.")
    ],
    key: Annotated[
        Path,
        typer.Option(
            help="File of the secret key; one that is absent is made. Never give it away."
        ),
    ],
    directory: Annotated[Path, typer.Option(help="Working directory of a finished run.")] = Path(),
    dates: Annotated[Dates, typer.Option(help="What is left of collection dates.")] = Dates.YEAR,
    smallest_group: Annotated[
        int, typer.Option(min=1, help="Least number of patients of a country that is shown.")
    ] = SMALLEST_GROUP,
    cores: Annotated[int, typer.Option(min=1, help="Processes to use; none given = all.")] = (
        os.cpu_count() or 1
    ),
    work: Annotated[
        Path | None,
        typer.Option(help="Keep the release's working directory here, for oneclone share."),
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(help="Value that may be in the release, repeatable; it is not looked for."),
    ] = None,
) -> None:
    """Make a release of a run that may leave the laboratory: the same results under pseudonyms.

    Isolates and patients get keyed pseudonyms, clinics letters; dates are coarsened, small
    countries merged, coordinates and further columns left out. The release is compared with the
    run, and searched for every name, date, path and checksum of it; when one is found nothing is
    written.
    A map of what stands for what is written beside the key. docs/privacy.md tells what this does
    not protect from.
    """
    request = ReleaseRequest(
        directory=directory,
        out=out,
        key=key,
        coarseness=Coarseness(dates, smallest_group),
        cores=cores,
        work=work,
        accepted=tuple(accept or ()),
    )
    with mendable_errors():
        made = pseudonymise(request, typer.echo)
    for note in made.notes:
        typer.echo(f"- {note}")
    typer.echo(
        "Verdict, clones, distances and states are those of the run. "
        f"{counted(len(made.test.tested), 'value')} looked for in {counted(made.files, 'file')}: "
        "none is there."
    )
    for reason, number in sorted(Counter(made.test.untested.values()).items()):
        typer.echo(f"{counted(number, 'value')} not looked for: {reason}")
    typer.echo(f"The release is {out}; key and map, never to be given away: {key}, {request.map}")
