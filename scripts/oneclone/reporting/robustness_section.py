"""The grid of robustness runs: what each changed, and whether the verdict stood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oneclone.explanations import RUN_TEXT
from oneclone.model.robustness import RunKind
from oneclone.phrases import counted, joined

Json = Mapping[str, Any]

WORDS = {
    "single_clone": "single clone",
    "indeterminate": "indeterminate",
    "not_assessable": "not assessable",
}
SIGNS = {"same": "=", "changed": "≠", "silent": "-"}


@dataclass(frozen=True)
class Tile:
    """One run of the grid: `state` is `same`, `changed` or `silent` (it says nothing)."""

    title: str
    state: str
    sign: str
    verdict: str
    detail: str


@dataclass(frozen=True)
class CloneGrid:
    """The runs of one clone, the decisive ones apart."""

    clone: str
    decisive: tuple[Tile, ...]
    shown: tuple[Tile, ...]


def robustness_grids(verdict: Json) -> list[CloneGrid]:
    """Return the grid of every clone with runs, in the order of the verdict.

    Runs without one background isolate each are joined to one tile when none of them changes
    anything; those that do stand alone.
    """
    runs: Sequence[Json] = verdict["robustness"].get("runs", [])
    found: list[CloneGrid] = []
    for clone in verdict["clones"]:
        own = [run for run in runs if run["clone"] == clone["name"]]
        if own:
            decisive = tuple(_tile(run) for run in own if run["decisive"])
            found.append(CloneGrid(clone["name"], decisive, tuple(_shown(own))))
    return found


def linked_range_sentence(verdict: Json) -> str:
    """Return over which `linked` thresholds the verdict stands, empty when nothing was tried.

    Without an assessed case there is no clone that could change.
    """
    span = verdict["robustness"].get("linked_range")
    if not span or not verdict["clones"]:
        return ""
    low, high = span["from"], counted(span["to"], "SNP")
    return f"Clones and verdicts are the same for every linked threshold from {low} to {high}."


def _shown(runs: Sequence[Json]) -> list[Tile]:
    """Return the tiles of the runs that are shown and decide nothing."""
    without = [run for run in runs if run["run"] == RunKind.WITHOUT_BACKGROUND]
    others = [run for run in runs if not run["decisive"] and run not in without]
    same = [run for run in without if not run["changed"]]
    tiles = [_tile(run) for run in (*others, *(run for run in without if run["changed"]))]
    if same:
        words = joined(sorted({WORDS[run["verdict"]] for run in same}), "or")
        title = f"Without each of {counted(len(same), 'background isolate')} in turn"
        tiles.append(Tile(title, "same", SIGNS["same"], words, ""))
    return tiles


def _tile(run: Json) -> Tile:
    """Return the tile of a run."""
    is_silent = not run["made"] or run["verdict"] == "not_assessable"
    state = "silent" if is_silent else "same"
    state = "changed" if run["changed"] else state
    kind = RunKind(run["run"])
    title = RUN_TEXT[kind]
    if kind in {RunKind.CORE_LEVEL, RunKind.WITHOUT_CASE, RunKind.WITHOUT_BACKGROUND}:
        title = f"{title} {run['subject']}"
    numbers = [
        f"at most {counted(run['max_snps'], 'SNP')}" if run["max_snps"] is not None else "",
        f"nearest background {run['nearest_background_snps']}"
        if run["nearest_background_snps"] is not None
        else "",
        run["note"],
    ]
    return Tile(
        title[:1].upper() + title[1:],
        state,
        SIGNS[state],
        WORDS[run["verdict"]] if run["made"] else "not made",
        "; ".join(filter(None, numbers)),
    )
