"""The figures shipped with this version, with which those of the user's machine are compared.

What hangs on integers alone has the same bytes on every machine: the truth set, distances, core
sites, clusters, ledger, markers. Trees, their support and ANI come from floating-point
arithmetic of the processor and of the tree engine; of them the verdicts and the supported splits
count, not the bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from oneclone.shipped import shipped_file
from oneclone.tables.json_files import read_json
from oneclone.validation.findings import Findings, differing

PLACE = ("resources", "validation/expected.json")
SAME_EVERYWHERE = (
    "alignment/core.snps.fasta",
    "clusters.tsv",
    "distances/matrix.tsv",
    "distances/pairs.tsv",
    "ledger.tsv",
    "markers.tsv",
)


@dataclass(frozen=True)
class ShippedFigures:
    """Sha256 of truth set and results (`run/file`), of trees by run, verdicts by scenario."""

    version: str
    truth_set: Mapping[str, str]
    results: Mapping[str, str]
    trees: Mapping[str, str]
    verdicts: Mapping[str, str]


@dataclass(frozen=True)
class Comparison:
    """What differs from the figures shipped; `compared` counts what is compared.

    `trees_equal` counts trees of the same bytes: a difference is shown, and is no failure.
    """

    version: str
    truth_set_compared: int
    truth_set_differing: tuple[str, ...]
    results_compared: int
    results_differing: tuple[str, ...]
    verdicts_compared: int
    verdicts_differing: tuple[str, ...]
    trees_compared: int
    trees_equal: int


def shipped_figures() -> ShippedFigures:
    """Return the figures shipped with this version.

    Examples
    --------
    >>> len(shipped_figures().verdicts)
    32
    """
    return ShippedFigures(**read_json(shipped_file(*PLACE)))


def own_figures(found: Findings, version: str) -> ShippedFigures:
    """Return what was measured here in the form in which figures are shipped."""
    return ShippedFigures(
        version=version,
        truth_set=found.truth_set,
        results={
            f"{run.name}/{name}": digest
            for run in found.runs
            for name, digest in run.results.items()
        },
        trees={run.name: run.tree_sha256 for run in found.runs},
        verdicts={each.name: each.found for each in found.verdicts},
    )


def compare_with_shipped(own: ShippedFigures, shipped: ShippedFigures) -> Comparison:
    """Return what differs between the figures measured here and those shipped."""
    equal_trees = [name for name, digest in shipped.trees.items() if own.trees.get(name) == digest]
    return Comparison(
        version=shipped.version,
        truth_set_compared=len({*own.truth_set, *shipped.truth_set}),
        truth_set_differing=tuple(differing(own.truth_set, shipped.truth_set)),
        results_compared=len({*own.results, *shipped.results}),
        results_differing=tuple(differing(own.results, shipped.results)),
        verdicts_compared=len({*own.verdicts, *shipped.verdicts}),
        verdicts_differing=tuple(differing(own.verdicts, shipped.verdicts)),
        trees_compared=len(shipped.trees),
        trees_equal=len(equal_trees),
    )
