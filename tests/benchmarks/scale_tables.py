"""Tables of docs/performance.md on populations of growing size."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.measuring import growth_exponent
from tests.benchmarks.scale import COUNT, ONE_MORE
from tests.benchmarks.wording import MINUS, megabytes, seconds
from tests.benchmarks.wording import bases as thousands

Rows = list[dict[str, object]]
Sizes = Sequence[Mapping[str, Any]]
GIGABYTE_MB = 1000
AFTER_PAIRS = (
    "type_isolates", "find_mixtures", "write_ledger", "cluster_isolates", "infer_local_trees",
    "assess_robustness", "judge_clones", "estimate_time", "note_changes", "render_report",
)  # fmt: skip
SEARCHES = ("infer_local_trees", "assess_robustness")
LARGEST = 10_000


@dataclass(frozen=True)
class Measure:
    """A figure of a step, and how it is written."""

    key: str
    title: str
    written: Callable[[float], str]


def volume(value: float) -> str:
    """Return a size on disk.

    Examples
    --------
    >>> volume(0.004), volume(0.26), volume(12.3), volume(2345.0)
    ('0.01 MB', '0.26 MB', '12 MB', '2.3 GB')
    """
    if value >= GIGABYTE_MB:
        return f"{value / GIGABYTE_MB:.1f} GB"
    return f"{value:.0f} MB" if value >= 10 else f"{max(value, 0.01):.2f} MB"


MEASURES = (
    Measure("cpu_s", "CPU time", seconds),
    Measure("peak_mb", "Peak memory", megabytes),
    Measure("written_mb", "Written", volume),
)


def steps_of(sizes: Sizes) -> list[str]:
    """Return the steps that were measured at any size, in their order."""
    return list(dict.fromkeys(name for size in sizes for name in size["steps"]))


def series(sizes: Sizes, step: str, key: str) -> list[tuple[int, float]]:
    """Return size and figure of a step wherever it was measured."""
    return [(size["isolates"], size["steps"][step][key]) for size in sizes if step in size["steps"]]


def steps(sizes: Sizes, measure: Measure) -> Rows:
    """Return one figure of every step at every size, with the exponents of its growth."""
    rows: Rows = []
    for step in steps_of(sizes):
        found = series(sizes, step, measure.key)
        shown = {size["isolates"]: _cell(size, step, measure) for size in sizes}
        rows.append(
            {
                "Step": step.replace(step.split(",")[0], f"`{step.split(',')[0]}`"),
                **{thousands(isolates): text for isolates, text in shown.items()},
                "b, all sizes": _exponent(found),
                "b, last two": _exponent(found[-2:]),
            }
        )
    return rows


def archives(sizes: Sizes) -> Rows:
    """Return how large the calls are."""
    return [
        {
            "Isolates": thousands(size["isolates"]),
            "Genomes": thousands(size["genomes"]),
            "Genome": f"{size['genome_bp'] / 1e6:g} Mb",
            "Mean archive": volume(size["mean_archive_mb"]),
            "Largest archive": volume(size["largest_archive_mb"]),
            "All archives": volume(size["mean_archive_mb"] * size["genomes"]),
        }
        for size in sizes
    ]


def starts(starting: Mapping[str, Any]) -> Rows:
    """Return what a start takes by the number of isolates, and with which exponent it grows."""
    measured: Sequence[Mapping[str, Any]] = starting["measured"]
    return [
        {
            "Moment": moment.capitalize(),
            **{
                thousands(row["isolates"]): f"{seconds(row['cpu_s'][moment])} of CPU, "
                f"{megabytes(row['peak_mb'][moment])}"
                for row in measured
            },
            "b, CPU": f"{exponent:.2f}",
        }
        for moment, exponent in starting["exponents"].items()
    ]


def bounds(sizes: Sizes) -> Rows:
    """Return the bounds that were set for 10 000 isolates beside what was measured there."""
    found = [size for size in sizes if size["isolates"] == LARGEST]
    if not found or not {COUNT, ONE_MORE, *AFTER_PAIRS} <= set(found[0]["steps"]):
        return []
    size, costs = found[0], found[0]["steps"]
    after = sum(costs[step]["cpu_s"] for step in AFTER_PAIRS)
    searches = sum(costs[step]["cpu_s"] for step in SEARCHES)
    return [
        {
            "Bound": "distances of one new isolate: 60 s",
            "Measured": seconds(costs[ONE_MORE]["wall_s"]),
        },
        {
            "Bound": "distances of all pairs: 15 min, 2 GB",
            "Measured": f"{seconds(costs[COUNT]['wall_s'])}, {megabytes(costs[COUNT]['peak_mb'])}",
        },
        {
            "Bound": f"clusters, verdict and report from them ({len(AFTER_PAIRS)} steps): 5 min",
            "Measured": f"{seconds(after)} of CPU, of which {seconds(searches)} are searches of "
            "local trees, whose size does not depend on the number of isolates",
        },
        {
            "Bound": "archive of an isolate, both references together: 1 MB",
            "Measured": f"at most {volume(size['largest_archive_mb'])}",
        },
    ]


def failures(sizes: Sizes) -> list[str]:
    """Return a sentence for every step that failed."""
    return [
        f"`{step}` failed at {thousands(size['isolates'])} isolates: {why}."
        for size in sizes
        for step, why in size["failed"].items()
    ]


def _cell(size: Mapping[str, Any], step: str, measure: Measure) -> str:
    """Return a figure, or what there is instead."""
    if step in size["failed"]:
        return "failed"
    cost = size["steps"].get(step)
    return measure.written(cost[measure.key]) if cost else ""


def _exponent(found: Sequence[tuple[int, float]]) -> str:
    """Return b of figure = a x isolates^b, blank below two sizes."""
    exponent = growth_exponent([size for size, _ in found], [value for _, value in found] or [0])
    if exponent is None:
        return ""
    return f"{round(exponent, 2) + 0.0:.2f}".replace("-", MINUS)  # no zero has a sign
