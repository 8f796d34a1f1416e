"""How the commands end when something has to be mended."""

import contextlib
from collections.abc import Generator

import typer

from oneclone.errors import OnecloneError


@contextlib.contextmanager
def mendable_errors() -> Generator[None]:
    """End with status 1 and the message of an error that the user can mend."""
    try:
        yield
    except OnecloneError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
