"""The commands below `oneclone panel`."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from oneclone.assembly_sources import BundleSource, ServiceSource
from oneclone.cli_errors import mendable_errors
from oneclone.commands.check_panel import check_panel
from oneclone.commands.fetch_assemblies import bundle_assemblies, check_bundle, fetch_assemblies
from oneclone.commands.new_panel import new_panel
from oneclone.datasets_service import BASE_URL, DatasetsService, ServiceSettings
from oneclone.fetch_order import read_order

CLEAR_LINE = "\r\x1b[K"

panel_app = typer.Typer(no_args_is_help=True, help="Clone panels and their assemblies.")


@panel_app.callback()
def panel_main() -> None:
    """Clone panels and their assemblies."""


@panel_app.command("fetch")
def fetch_command(
    panel: Annotated[Path | None, typer.Option(help="Folder of the clone panel.")] = None,
    isolates: Annotated[Path | None, typer.Option(help="The isolate table.")] = None,
    candidates: Annotated[
        Path | None, typer.Option(help="Table or accession list of the candidates of a screen.")
    ] = None,
    bundle: Annotated[
        Path | None,
        typer.Option(help="Then write everything to this zip, for a machine without network."),
    ] = None,
    from_bundle: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Take everything from such a zip and use no network.",
        ),
    ] = None,
    base_url: Annotated[str, typer.Option(help="Address of the service, or of a mirror of it.")] = (
        BASE_URL
    ),
    retries: Annotated[
        int, typer.Option(min=0, max=20, help="Further attempts after a failed one.")
    ] = 5,
    timeout: Annotated[
        float, typer.Option(min=1, max=3600, help="Seconds without any byte that end an attempt.")
    ] = 60,
) -> None:
    """Fetch the assemblies that a panel, an isolate table or candidates name by accession.

    They come from the NCBI Datasets service and go to the folder `assemblies` beside the table,
    listed with their checksums in `assemblies/fetched.tsv`; what is there already is checked and
    not fetched again. A run of the workflow never downloads anything.

    Honoured from the environment: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY,
    REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, SSL_CERT_FILE, NCBI_API_KEY. docs/fetching.md tells what to
    do about a message.
    """
    if not panel and not isolates and not candidates:
        raise typer.BadParameter("give --panel, --isolates, --candidates or several")
    if not base_url.startswith(("https://", "http://")):
        raise typer.BadParameter("must begin with https:// or http://", param_hint="--base-url")
    with mendable_errors():
        order = read_order(panel, isolates, candidates)
        if from_bundle:
            source = BundleSource(from_bundle, order.max_bytes)
            check_bundle(order, source)
        else:
            api_key = os.environ.get("NCBI_API_KEY", "")
            settings = ServiceSettings(base_url, retries, timeout, api_key)
            service = DatasetsService(settings, say=_say, tick=_tick)
            source = ServiceSource(service, order.max_bytes, _say)
        count = fetch_assemblies(order, source, _say)
        typer.echo(f"{len(order.wanted)} assemblies are in place, {count} of them new")
        if bundle:
            typer.echo(f"bundle {bundle}, sha256 {bundle_assemblies(order, bundle)}")


def _say(line: str) -> None:
    """Show a line of progress."""
    typer.echo(f"{CLEAR_LINE if sys.stderr.isatty() else ''}{line}", err=True)


def _tick(size: int) -> None:
    """Show how much of the current file has come, where the line can be written over."""
    if sys.stderr.isatty():
        typer.echo(f"{CLEAR_LINE}{size / 1e6:.1f} MB", nl=False, err=True)


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
    given. --distances took 22 CPU seconds for 10 references of 5 Mb in three subspecies.
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
