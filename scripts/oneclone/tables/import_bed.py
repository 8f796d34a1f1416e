"""`tree/gubbins.bed`: the imports that were masked for the whole tree."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from oneclone.model.calls import ReferenceSequence
from oneclone.tables.atomic import write_text

COLUMNS = ("contig", "start", "end", "lineage", "score", "strand", "taxa", "names")
SCORE, STRAND = 0, "."  # Gubbins states neither for a region as a whole
NAMES_APART = "; "


@dataclass(frozen=True)
class PredictedImport:
    """An import by the users' names; 0-based half-open on the concatenated reference."""

    lineage: str
    start: int
    end: int
    names: tuple[str, ...]


def write_imports(
    path: Path, imports: Iterable[PredictedImport], reference: ReferenceSequence
) -> None:
    """Write imports as BED6+2 with a header line that is a comment, sorted by place.

    Parameters
    ----------
    path
        File to write.
    imports
        Predicted imports; one that spans two contigs becomes a line on each.
    reference
        The species reference, on which they lie.
    """
    rows = sorted(row for each in imports for row in _rows(each, reference))
    lines = ["#" + "\t".join(COLUMNS), *("\t".join(map(str, row)) for row in rows)]
    write_text(path, "\n".join(lines) + "\n")


def _rows(each: PredictedImport, reference: ReferenceSequence) -> Iterator[tuple[object, ...]]:
    """Give the line of an import on every contig that it touches."""
    names = sorted(each.names)
    bounds = zip(reference.names, reference.offsets[:-1], reference.offsets[1:], strict=True)
    for contig, first, last in bounds:
        start, end = max(each.start, int(first)), min(each.end, int(last))
        if start < end:
            place = contig, start - int(first), end - int(first)
            yield (*place, each.lineage, SCORE, STRAND, len(names), NAMES_APART.join(names))
