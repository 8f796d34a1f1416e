from os import PathLike

__version__: str

class Hit:
    identity: float
    query_fraction: float
    reference_fraction: float
    reference_name: str

class Database:
    def __init__(self) -> None: ...
    @classmethod
    def load(cls, path: str | PathLike[str]) -> Database: ...
    def save(self, path: str | PathLike[str]) -> None: ...
    def sketch(self, name: str, *contigs: bytes) -> None: ...
    def query(
        self, name: str, *contigs: bytes, learned_ani: bool | None = None, median: bool = False
    ) -> list[Hit]: ...
