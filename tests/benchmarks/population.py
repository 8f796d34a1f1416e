"""Write a simulated population: the call files and the plan that the joint steps read.

python -m tests.benchmarks.population FOLDER --isolates 1000
"""

import argparse
import sys
from pathlib import Path

from oneclone.content_keys import calls_digest, reference_digest
from oneclone.simulation.population import Population
from oneclone.simulation.population_model import PopulationSettings
from oneclone.tables.simulated_population import Digests, WrittenPopulation
from tests.benchmarks.population_folder import PopulationFolder, settings_of_run


def write_population(
    working: Path, isolates: int, settings: PopulationSettings | None = None
) -> tuple[PopulationFolder, Population]:
    """Write a population below a working directory; calls that are there already stay.

    Parameters
    ----------
    working
        Working directory.
    isolates
        How many isolates, the panel's references not counted.
    settings
        Of the population.

    Returns
    -------
    tuple
        The files, and the population, which knows the true differences.
    """
    run = settings_of_run()
    written = WrittenPopulation(working, settings or PopulationSettings(), run.calling)
    digests = Digests(calls_digest(run, written.panel), reference_digest(run))
    written.write(isolates, digests)
    return PopulationFolder(working, run), written.population


def main() -> None:
    """Write a population as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path, help="working directory to write below")
    parser.add_argument("--isolates", type=int, default=1000)
    parser.add_argument("--genome-bp", type=int, default=PopulationSettings.genome_bp)
    parser.add_argument("--clone-snps", type=int, default=PopulationSettings.clone_snps)
    parser.add_argument("--background-snps", type=int, default=PopulationSettings.background_snps)
    parser.add_argument("--seed", type=int, default=PopulationSettings.seed)
    given = parser.parse_args()
    settings = PopulationSettings(
        given.seed, given.genome_bp, given.clone_snps, given.background_snps
    )
    folder, _ = write_population(given.folder, given.isolates, settings)
    sizes = [path.stat().st_size for path in folder.calls(".npz")]
    sys.stdout.write(
        f"{given.isolates} isolates below {given.folder}; call archives: mean "
        f"{sum(sizes) / len(sizes) / 1e6:.2f} MB, largest {max(sizes) / 1e6:.2f} MB\n"
    )


if __name__ == "__main__":
    main()
