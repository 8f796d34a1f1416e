"""The outbreaks that can be simulated, by name."""

from collections.abc import Callable, Mapping

from oneclone.simulation import case_report
from oneclone.simulation.model import Scenario, ScenarioName
from oneclone.simulation.scenes_of_assemblies import OF_ASSEMBLIES
from oneclone.simulation.scenes_of_background import OF_BACKGROUND
from oneclone.simulation.scenes_of_cases import OF_CASES

_OF_THE_REPORT: Mapping[ScenarioName, Callable[[int], Scenario]] = {
    ScenarioName.POINT_SOURCE: case_report.point_source,
    ScenarioName.CIRCULATING_CLONE: case_report.circulating_clone,
    ScenarioName.TWO_CLONES: case_report.two_clones,
    ScenarioName.IMPORT: case_report.point_source_with_import,
}
SCENES = {scene.name: scene for scene in (*OF_BACKGROUND, *OF_CASES, *OF_ASSEMBLIES)}


def scenario(name: ScenarioName, genome_bp: int) -> Scenario:
    """Return a scenario by its name, for genomes of a length.

    Examples
    --------
    >>> scenario(ScenarioName.TWO_CLONES, 200_000).expected.verdict
    'multiple_clones'
    >>> scenario(ScenarioName.ONE_PATIENT, 60_000).expected.reasons
    ('fewer_than_two_patients',)
    """
    if name in SCENES:
        return SCENES[name].scenario(genome_bp)
    return _OF_THE_REPORT[name](genome_bp)
