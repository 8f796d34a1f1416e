from collections.abc import Iterator, Sequence

from numpy import float64
from numpy.typing import NDArray

class DistanceMatrix:
    def __init__(self, data: NDArray[float64], ids: Sequence[str]) -> None: ...

class TreeNode:
    name: str
    length: float
    def tips(self) -> Iterator[TreeNode]: ...
