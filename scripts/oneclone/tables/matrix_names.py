"""`distances/matrix.tsv`: which isolates and references it has distances of."""

from pathlib import Path

from oneclone.tables.read_back import read_back


@read_back
def read_matrix_names(path: Path) -> frozenset[str]:
    """Read the names of a square matrix; its numbers, which can be millions, are not read."""
    with path.open(encoding="utf-8", newline="\n") as opened:
        first, *names = opened.readline().removesuffix("\n").split("\t")
    if first != "isolate":
        message = "the first column is not isolate"
        raise ValueError(message)
    return frozenset(names)
