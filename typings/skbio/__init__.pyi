from collections.abc import Iterator, Sequence
from typing import Literal, TextIO

from numpy import float64
from numpy.typing import NDArray

__version__: str

class DistanceMatrix:
    def __init__(self, data: NDArray[float64], ids: Sequence[str]) -> None: ...

class TreeNode:
    name: str
    length: float
    children: list[TreeNode]
    def tips(self) -> Iterator[TreeNode]: ...
    def postorder(self) -> Iterator[TreeNode]: ...

class Interval:
    bounds: list[tuple[int, int]]
    metadata: dict[str, object]

class IntervalMetadata:
    def query(self) -> Iterator[Interval]: ...

def read(
    file: TextIO, format: Literal["gff3"], verify: bool
) -> Iterator[tuple[str, IntervalMetadata]]: ...
