"""The command `oneclone`: everything that is not a run of the workflow."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from oneclone import __version__
from oneclone.check_cli import check_command
from oneclone.cli_errors import mendable_errors
from oneclone.commands.compare_assemblies import compare_assemblies
from oneclone.commands.compare_with_bundle import compare_with_bundle
from oneclone.commands.export_calls import export_calls
from oneclone.commands.share_clones import share_clones
from oneclone.errors import OnecloneError
from oneclone.model.pairs import Pair
from oneclone.panel_cli import panel_app
from oneclone.plan import read_settings
from oneclone.privacy_cli import pseudonymise_command
from oneclone.private_files import keep_private
from oneclone.registry_cli import registry_app
from oneclone.run_record import FAILED_PAGE, closing_words
from oneclone.screen_cli import screen_command
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.atomic import refuse_foreign
from oneclone.tables.clone_bundle import is_zip
from oneclone.tables.config_file import read_config_file
from oneclone.tables.pair_table import MARK, pair_lines, write_pairs
from oneclone.tables.paths import can_be_filled
from oneclone.tables.simulated_folder import write_outbreak
from oneclone.verify_cli import verify_command

MIN_COMPARED = 2
NAMES_IN_BUNDLE = {
    "internal": "names and metadata in it are as typed (docs/sharing.md)",
    "share": "names in it are pseudonyms (docs/sharing.md)",
}

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="oneclone: do bacterial isolates of different clinics form a single clone? "
    "A run of the workflow is `snakemake --cores N`; here is everything else.",
)
app.add_typer(panel_app, name="panel")
app.add_typer(registry_app, name="registry")
app.command("check")(check_command)
app.command("screen")(screen_command)
app.command("pseudonymise")(pseudonymise_command)
app.command("verify")(verify_command)


def _show_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[  # noqa: ARG001 (its callback acts)
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Take the options that come before any command; what commands write is private."""
    with mendable_errors():
        keep_private()


@app.command("verdict")
def verdict_command(
    results: Annotated[Path, typer.Argument(help="Folder of results of a run.")] = Path("results"),
) -> None:
    """Print the verdict of a run and where its report is."""
    verdict = results / "verdict.json"
    if not verdict.is_file():
        raise typer.BadParameter(f"{verdict} does not exist; run snakemake first")
    page = results / FAILED_PAGE
    if page.is_file():
        _say(f"warning: the last run did not finish; {page} says of which run this verdict is")
    with mendable_errors():
        for line in closing_words(results):
            typer.echo(line)


@app.command("compare")
def compare_command(
    reference: Annotated[
        Path,
        typer.Argument(help="FASTA file on which pairs are counted, or a bundle of clones."),
    ],
    assemblies: Annotated[
        list[Path],
        typer.Argument(help="FASTA files, at least two; with a bundle one is enough."),
    ],
    configfile: Annotated[
        Path | None, typer.Option(help="Take the method's settings from this configuration.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the table here, not to the screen.")
    ] = None,
) -> None:
    """Count SNP distances of assemblies on one reference, or with the clones of a bundle.

    The columns are those of distances/pairs.tsv, and no verdict is given. On one reference no
    panel is needed and no callable floor is applied; with one of the assemblies as the reference
    it shows what another reference adds. With a bundle (oneclone share; docs/sharing.md) each
    assembly is compared with the members of the clones, as a run with their assemblies would.
    """
    with mendable_errors():
        if not reference.exists():
            raise OnecloneError(f"{reference.absolute()}: does not exist; check the path")
        if out:
            refuse_foreign(out, MARK, "a table of pairs")
    if is_zip(reference):
        if configfile:
            raise typer.BadParameter("a bundle brings its settings", param_hint="--configfile")
        _compare_with_bundle(reference, assemblies, out)
        return
    if len(assemblies) < MIN_COMPARED:
        raise typer.BadParameter("give at least two assemblies", param_hint="ASSEMBLIES")
    with mendable_errors():
        given = read_config_file(configfile) if configfile else {}
        settings = read_settings({**given, "isolates": "-", "panel": "-"})
        _give_pairs(compare_assemblies(reference, assemblies, settings, _say), out)


def _compare_with_bundle(bundle: Path, assemblies: list[Path], out: Path | None) -> None:
    """Compare assemblies with the clones of a bundle; the words go to the error stream."""
    with mendable_errors():
        found = compare_with_bundle(bundle, assemblies, _say)
        _give_pairs(found.pairs, out)
    for paragraph in found.words:
        _say(paragraph)


def _give_pairs(pairs: Iterable[Pair], out: Path | None) -> None:
    """Write the table of pairs, or print it."""
    if out:
        write_pairs(out, pairs)
    else:
        for line in pair_lines(pairs):
            typer.echo(line)


def _say(text: str) -> None:
    """Say something beside the result."""
    typer.echo(text, err=True)


@app.command("share")
def share_command(
    bundle: Annotated[
        Path, typer.Argument(metavar="OUT.zip", dir_okay=False, help="Bundle to write.")
    ],
    directory: Annotated[Path, typer.Option(help="Working directory of the run.")] = Path(),
    clone: Annotated[
        list[str] | None, typer.Option(help="Clone to share, repeatable; none = all.")
    ] = None,
) -> None:
    """Write the clones of a finished run to a bundle for another laboratory.

    It compares its own assemblies with them by `oneclone compare BUNDLE ASSEMBLY...`, without
    yours. Names are those of the run; docs/sharing.md says what is in a bundle and what it reveals.
    """
    with mendable_errors():
        shared = share_clones(directory, bundle, clone or [])
    for name, members in shared.clones.items():
        typer.echo(f"{name}: {', '.join(members)}")
    typer.echo(
        f"{bundle} has {shared.size / 1e6:.1f} MB and sha256 {shared.sha256}; "
        f"{NAMES_IN_BUNDLE[shared.mode]}"
    )


@app.command("export-calls")
def export_command(
    folder: Annotated[Path, typer.Argument(help="Folder to fill.")],
    directory: Annotated[Path, typer.Option(help="Working directory of the run.")] = Path(),
    isolate: Annotated[
        list[str] | None, typer.Option(help="Name to export, repeatable; none = all.")
    ] = None,
    reference: Annotated[
        list[str] | None, typer.Option(help="Counting reference, repeatable; none = all.")
    ] = None,
) -> None:
    """Export the calls of a run as VCF and callable BED; docs/formats.md explains the files.

    Distances counted on them equal those of the run.
    """
    with mendable_errors():
        count = export_calls(directory, folder, isolate or [], reference or [])
    typer.echo(f"{count} sets of calls are in {folder}; {folder / 'files.tsv'} lists them")


@app.command("simulate")
def simulate_command(
    folder: Annotated[Path, typer.Argument(help="Folder to fill; it must be absent or empty.")],
    scenario_name: Annotated[
        ScenarioName, typer.Option("--scenario", help="Which outbreak to simulate.")
    ] = ScenarioName.POINT_SOURCE,
    seed: Annotated[int, typer.Option(min=0, help="Equal seeds give equal outbreaks.")] = 1,
    genome_bp: Annotated[
        int, typer.Option(min=60_000, max=10_000_000, help="Length of the genomes in bases.")
    ] = 200_000,
    contigs: Annotated[
        int, typer.Option(min=4, max=1000, help="Mean number of contigs of a draft assembly.")
    ] = 8,
) -> None:
    """Simulate an outbreak with known truth, to validate a run of the workflow.

    The folder receives an isolate table, the same with later isolates, a clone panel, assemblies
    and truth.json: the right verdict and the true SNP distance of every pair.
    """
    if not can_be_filled(folder):
        raise typer.BadParameter(f"{folder} is not empty", param_hint="FOLDER")
    settings = SimulationSettings(seed, genome_bp, contigs)
    outbreak = simulate(scenario(scenario_name, genome_bp), settings)
    write_outbreak(folder, outbreak)
    typer.echo(f"{len(outbreak.drafts)} assemblies, tables, panel and truth are in {folder}")
    typer.echo(
        f"Run: snakemake --cores 2 --config isolates={folder / 'isolates.tsv'} "
        f"panel={folder / 'panel'}"
    )
