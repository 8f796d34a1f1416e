"""The commands below `oneclone registry`."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from oneclone.cli_errors import mendable_errors
from oneclone.errors import OnecloneError
from oneclone.model.history import DecisionKind
from oneclone.registry.checking import contents, problems
from oneclone.registry.database import open_registry
from oneclone.registry.decisions import Decision, decide
from oneclone.registry.exporting import export_registry
from oneclone.registry.listing import aligned, list_clones, list_isolates, list_runs
from oneclone.registry.showing import show

REGISTRY = Path("registry.sqlite")
RESTORE = "restore it from a backup, or move it away: names are lost then, results are not"
RegistryPath = Annotated[
    Path, typer.Option("--registry", help="The registry, as in the configuration.")
]
Isolate = Annotated[
    str, typer.Argument(help="Its name, or at least eight digits of the sha256 of its file.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept with the decision.")]
User = Annotated[str | None, typer.Option("--user", help="Who decides; without it the login name.")]

registry_app = typer.Typer(
    no_args_is_help=True, help="Past runs: names of clones, history of isolates, decisions."
)


@registry_app.callback()
def registry_main() -> None:
    """Past runs: names of clones, history of isolates, decisions.

    A registry of an older version is migrated by any of these commands; a backup stays beside it.
    """


@registry_app.command("list")
def list_command(
    registry: RegistryPath = REGISTRY,
    isolates: Annotated[
        bool, typer.Option("--isolates", help="List isolates as their last run left them.")
    ] = False,
    clones: Annotated[
        bool, typer.Option("--clones", help="List the clones of the latest runs.")
    ] = False,
    investigation: Annotated[
        str | None, typer.Option(help="Only those of this investigation.")
    ] = None,
    tsv: Annotated[
        bool, typer.Option("--tsv", help="Separate cells by tabs and shorten nothing.")
    ] = False,
) -> None:
    """List the runs of a registry, its isolates, or its clones.

    Isolates that a clone names as held wait for `oneclone registry accept` or `hold`.
    """
    if isolates and clones:
        raise typer.BadParameter("give --isolates or --clones, not both")
    query = list_isolates if isolates else list_clones if clones else list_runs
    with mendable_errors():
        with open_registry(registry) as database:
            listing = query(database, investigation)
        rows = (listing.columns, *listing.rows)
        for line in map("\t".join, rows) if tsv else aligned(listing):
            typer.echo(line)


@registry_app.command("show")
def show_command(
    name: Annotated[
        str, typer.Argument(help="An isolate, a clone, or eight digits or more of a sha256.")
    ],
    registry: RegistryPath = REGISTRY,
) -> None:
    """Show the history of an isolate or a clone: runs, events and decisions."""
    with mendable_errors():
        with open_registry(registry) as database:
            lines = show(database, name)
        for line in lines:
            typer.echo(line)


@registry_app.command("export")
def export_command(
    folder: Annotated[Path, typer.Argument(help="Folder to fill; it must be absent or empty.")],
    registry: RegistryPath = REGISTRY,
) -> None:
    """Write everything as tables of text, with a manifest of checksums."""
    with mendable_errors():
        with open_registry(registry) as database:
            names = export_registry(database, folder)
        typer.echo(f"{len(names)} files are in {folder}; manifest.sha256 lists the others")


@registry_app.command("check")
def check_command(registry: RegistryPath = REGISTRY) -> None:
    """Check the file and the sense of what is in it. Lists all problems."""
    with mendable_errors():
        with open_registry(registry) as database:
            found = problems(database)
            count = contents(database) if not found else None
        if count is None:
            lines = "\n".join(f"  {number}. {text}" for number, text in enumerate(found, start=1))
            many = f"{len(found)} problem{'s' if len(found) != 1 else ''}"
            raise OnecloneError(f"{registry}: {many}; {RESTORE}:\n{lines}")
    typer.echo(
        f"{count.runs} runs, {count.isolates} isolates, {count.clones} clones: no problem found"
    )


@registry_app.command("withdraw")
def withdraw_command(
    isolate: Isolate, reason: Reason, registry: RegistryPath = REGISTRY, user: User = None
) -> None:
    """Leave an isolate out of later runs, whatever its file is called. Its history stays."""
    _decide(registry, isolate, DecisionKind.WITHDRAW, reason, user)


@registry_app.command("restore")
def restore_command(
    isolate: Isolate, reason: Reason, registry: RegistryPath = REGISTRY, user: User = None
) -> None:
    """Take a withdrawn isolate in again. It keeps the names that it had."""
    _decide(registry, isolate, DecisionKind.RESTORE, reason, user)


@registry_app.command("accept")
def accept_command(
    isolate: Isolate, reason: Reason, registry: RegistryPath = REGISTRY, user: User = None
) -> None:
    """Let an isolate that waits merge the names of the clones that it bridges.

    Only for one that waits in the latest run: `oneclone registry list --clones` names it as held.
    """
    _decide(registry, isolate, DecisionKind.ACCEPT, reason, user)


@registry_app.command("hold")
def hold_command(
    isolate: Isolate, reason: Reason, registry: RegistryPath = REGISTRY, user: User = None
) -> None:
    """Keep the names apart that an isolate bridges: as without a decision, but with its reason.

    Only for one that waits in the latest run; it cannot be held before it has bridged names.
    """
    _decide(registry, isolate, DecisionKind.HOLD, reason, user)


def _decide(
    registry: Path, isolate: str, kind: DecisionKind, reason: str, user: str | None
) -> None:
    """Keep a decision and say what follows from it."""
    with mendable_errors():
        decision = Decision(kind, reason, _login() if user is None else user)
        with open_registry(registry) as database:
            decided = decide(database, isolate, decision)
    typer.echo(f"{kind}: {', '.join(decided.names)}; {decided.effect}")


def _login() -> str:
    """Return the login name of this user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise OnecloneError("this user has no login name; give --user") from error
