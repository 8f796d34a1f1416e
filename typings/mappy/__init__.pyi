from collections.abc import Iterator

__version__: str

class ThreadBuffer: ...

class Alignment:
    ctg: str
    r_st: int
    r_en: int
    q_st: int
    q_en: int
    strand: int
    mapq: int
    mlen: int
    blen: int
    is_primary: bool
    cigar: list[list[int]]

class Aligner:
    def __init__(
        self,
        fn_idx_in: str = ...,
        preset: str = ...,
        *,
        fn_idx_out: str = ...,
        n_threads: int = ...,
        best_n: int = ...,
        extra_flags: int = ...,
    ) -> None: ...
    @property
    def k(self) -> int: ...
    def __bool__(self) -> bool: ...
    def map(self, seq: str, *, buf: ThreadBuffer | None = ...) -> Iterator[Alignment]: ...
