"""The `linked` thresholds over which a verdict stays the same."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from oneclone.model.evidence import Evidence
from oneclone.model.robustness import RobustnessRun
from oneclone.verdict import clone_verdicts, find_clones


def linked_range(
    evidence: Evidence, names: Mapping[tuple[str, ...], str], runs: Iterable[RobustnessRun] = ()
) -> tuple[int, int]:
    """Return the lowest and the highest `linked` threshold at which the verdict stands.

    It stands as long as the clones keep their members, every clone and the set their verdicts,
    and every decisive run its own.

    Parameters
    ----------
    evidence
        Everything on which the verdict rests.
    names
        Name of each clone by its members.
    runs
        Robustness runs of the clones.
    """

    def verdicts(other: Evidence) -> object:
        """Return all verdicts at another threshold, nothing when the clones are others."""
        same = set(find_clones(other)) == set(names)
        return clone_verdicts(other, names) if same else None

    spans = [run.linked_range for run in runs if run.linked_range]
    spans.append(steady_range(evidence, verdicts))
    return max(low for low, _ in spans), min(high for _, high in spans)


def steady_range(evidence: Evidence, verdict_of: Callable[[Evidence], object]) -> tuple[int, int]:
    """Return the lowest and the highest `linked` threshold that give the same verdict.

    Looked at from the threshold of the run down to 0 and up to `possible`, until it is another.

    Parameters
    ----------
    evidence
        With the panel's thresholds.
    verdict_of
        Gives what is compared.
    """
    cut = evidence.panel.thresholds
    actual = verdict_of(evidence)

    def stands(linked: int) -> bool:
        """Return whether the verdict is the same at another threshold."""
        panel = replace(evidence.panel, thresholds=replace(cut, linked=linked))
        return verdict_of(replace(evidence, panel=panel)) == actual

    low = high = cut.linked
    while low > 0 and stands(low - 1):
        low -= 1
    while high < cut.possible and stands(high + 1):
        high += 1
    return low, high
