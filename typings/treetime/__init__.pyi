from collections.abc import Mapping, Sequence

from Bio.Phylo import Tree
from numpy import float64
from numpy.typing import NDArray

version: str

class TreeTimeError(Exception): ...
class TreeTimeUnknownError(Exception): ...

class DatedNode:
    numdate: float

class DatedPhylogeny:
    root: DatedNode

class DateConversion:
    clock_rate: float

class TreeTime:
    tree: DatedPhylogeny
    date2dist: DateConversion
    clock_model: Mapping[str, NDArray[float64]]
    tip_slack: float
    def __init__(
        self,
        *,
        dates: Mapping[str, Sequence[float]],
        tree: Tree,
        seq_len: int,
        branch_length_mode: str,
        rng_seed: int,
        verbose: int,
    ) -> None: ...
    def run(
        self,
        *,
        root: str | None,
        infer_gtr: bool,
        max_iter: int,
        resolve_polytomies: bool,
        time_marginal: str,
        vary_rate: bool,
        branch_length_mode: str,
        raise_uncaught_exceptions: bool,
    ) -> str: ...
    def get_confidence_interval(
        self, node: DatedNode, interval: tuple[float, float]
    ) -> NDArray[float64]: ...
