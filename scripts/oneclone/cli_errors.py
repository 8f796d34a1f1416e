"""How a command ends when the user can mend what is wrong."""

import contextlib
from collections.abc import Generator

import typer

from oneclone.errors import OnecloneError
from oneclone.system_errors import explanation


@contextlib.contextmanager
def mendable_errors() -> Generator[None]:
    """End with status 1 and the message of an error that the user can mend.

    What the operating system refuses, such as a place that cannot be written, is one of them.
    """
    try:
        yield
    except OnecloneError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except OSError as error:
        said = explanation(error)
        if not said and error.filename is None:
            raise
        said = said or f"{error.filename}: {error.strerror}; check path and permissions"
        typer.echo(said, err=True)
        raise typer.Exit(1) from error
