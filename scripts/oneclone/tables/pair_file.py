"""`distances/pairs.tsv` and `distances/pairs.parquet`: the same pairs, to read and to search.

Both are written part by part, sorted by names. Steps read the Parquet file: of millions of pairs
only those that they need become objects.
"""

from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from oneclone.clusters import Distances
from oneclone.model.pairs import FilterOutcome, Pair
from oneclone.tables.atomic import replacing
from oneclone.tables.pair_table import COLUMNS, pair_cells, per_mb_text
from oneclone.tables.read_back import read_back

SCHEMA = pa.schema(
    [
        ("isolate_a", pa.string()),
        ("isolate_b", pa.string()),
        ("snps", pa.int32()),
        ("snps_raw", pa.int32()),
        ("callable_bp", pa.int32()),
        ("recombinant_bp", pa.int32()),
        ("snps_per_mb", pa.float64()),
        ("reference", pa.string()),
        ("reference_bp", pa.int32()),
        ("filter", pa.string()),
        ("filter_reason", pa.string()),
        ("short_indels_a", pa.int32()),
        ("short_indels_b", pa.int32()),
        ("suspected_errors", pa.string()),
    ]
)
PLAIN = "none"  # names stay searchable, for what looks for them in a release
PAIR = ("isolate_a", "isolate_b")
NOT_OF_PAIR = {"snps_per_mb", "suspected_errors"}  # follow from the others


class PairWriter:
    """Writes pairs as text and as Parquet; made by `writing_pairs`."""

    def __init__(self, text: BinaryIO | None, binary: pq.ParquetWriter) -> None:
        self._text = text
        self._binary = binary

    def add(self, pairs: pa.Table) -> None:
        """Write the next pairs, of the columns of `SCHEMA`."""
        self._binary.write_table(pairs)
        if self._text:
            self._text.write(_text(pairs))


@contextmanager
def writing_pairs(binary: Path, text: Path | None = None) -> Generator[PairWriter]:
    """Give the writer of one or both files; they are in place when the block has succeeded.

    Parameters
    ----------
    binary
        The Parquet file.
    text
        The table.
    """
    with (
        replacing(binary) as temporary,
        pq.ParquetWriter(temporary, SCHEMA, compression=PLAIN) as writer,
    ):
        if text is None:
            yield PairWriter(None, writer)
            return
        with replacing(text) as plain, plain.open("wb") as opened:
            opened.write(("\t".join(COLUMNS) + "\n").encode())
            yield PairWriter(opened, writer)


def pairs_table(pairs: Collection[Pair]) -> pa.Table:
    r"""Return pairs as both files have them.

    Examples
    --------
    >>> pair = Pair("a", "b", "R", 9, 8, 4, 4, None, FilterOutcome.NOT_SCANNED)
    >>> _text(pairs_table([pair]))
    b'a\tb\t4\t4\t8\t\t500000.0000\tR\t9\tnot_scanned\t\t\t\t\n'
    """
    rows = [pair_cells(pair) for pair in pairs]
    columns = [*zip(*rows, strict=True)] if rows else [()] * len(SCHEMA)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)],
        SCHEMA,
    )


@read_back
def read_pairs(
    path: Path,
    *further: Path,
    with_any: Collection[str] | None = None,
    among: Collection[str] | None = None,
) -> dict[tuple[str, str], Pair]:
    """Read pairs by their ordered names.

    Parameters
    ----------
    path, further
        Parquet files, no two of which have the same pair.
    with_any
        Only pairs with one or two of these isolates.
    among
        Only pairs of two of these isolates.
    """
    parts = pair_parts(path, *further, with_any=with_any, among=among)
    return {(pair.first, pair.second): pair for part in parts for pair in _pairs(part)}


def pair_parts(
    *paths: Path,
    columns: Collection[str] = tuple(SCHEMA.names),
    with_any: Collection[str] | None = None,
    among: Collection[str] | None = None,
) -> Iterator[pa.Table]:
    """Give pairs in parts that fit the memory, in their order.

    Parameters
    ----------
    paths
        Parquet files.
    columns
        What is wanted of them, the names in any case.
    with_any, among
        As `read_pairs` takes them.
    """
    wanted = [name for name in SCHEMA.names if name in {*columns, *PAIR}]
    for path in paths:
        with _damage_said(), pq.ParquetFile(path) as opened:
            for batch in opened.iter_batches(columns=wanted):
                part = pa.Table.from_batches([batch])
                if with_any is not None:
                    part = part.filter(pc.or_(*_of(part, with_any)))
                if among is not None:
                    part = part.filter(pc.and_(*_of(part, among)))
                yield part


@contextmanager
def _damage_said() -> Generator[None]:
    """Raise ValueError for a file that is no sound Parquet; pyarrow has half a dozen errors."""
    try:
        yield
    except (OSError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise ValueError(str(error)) from error


def read_distances(path: Path, names: Sequence[str], max_snps: int) -> Iterator[Distances]:
    """Give the SNP distances of the pairs of some isolates up to a limit, part by part.

    Parameters
    ----------
    path
        Parquet file.
    names
        Isolates.
    max_snps
        Greatest distance of interest.
    """
    for part in pair_parts(path, columns=("snps",)):
        near = part.filter(pc.less_equal(part["snps"], max_snps))
        places = pa.array(names, pa.string())
        one, two = (pc.index_in(near[name], value_set=places) for name in PAIR)
        of_both = pc.and_(one.is_valid(), two.is_valid())
        columns = (each.filter(of_both).to_numpy().astype(int) for each in (one, two, near["snps"]))
        yield Distances(*columns)


def _of(part: pa.Table, names: Collection[str]) -> list[pa.Array]:
    """Return for the first and the second isolate of each pair whether it is one of some."""
    known = pa.array(sorted(names), pa.string())
    return [pc.is_in(part[column], value_set=known) for column in PAIR]


def _text(pairs: pa.Table) -> bytes:
    """Return pairs as lines of the table, in UTF-8."""
    per_mb = [per_mb_text(each) for each in pairs["snps_per_mb"].to_pylist()]
    at = SCHEMA.get_field_index("snps_per_mb")
    texts = pairs.set_column(at, "snps_per_mb", pa.array(per_mb, pa.string()))
    cells = [pc.fill_null(pc.cast(texts[name], pa.string()), "") for name in COLUMNS]
    joined = pc.binary_join_element_wise(*cells, "\t")
    return "".join(f"{line}\n" for line in joined.to_pylist()).encode()


def _pairs(part: pa.Table) -> Iterator[Pair]:
    """Give the pairs of a part."""
    columns = (part[name].to_pylist() for name in SCHEMA.names if name not in NOT_OF_PAIR)
    for first, second, snps, raw, callable_bp, removed, reference, reference_bp, *rest in zip(
        *columns, strict=True
    ):
        outcome, reason, *indels = rest
        yield Pair(
            first=first,
            second=second,
            reference=reference or "",
            reference_bp=reference_bp or 0,
            callable_bp=callable_bp,
            snps=snps,
            snps_raw=raw,
            recombinant_bp=removed,
            filter=FilterOutcome(outcome or FilterOutcome.NOT_SCANNED),
            filter_reason=reason or "",
            first_indels=indels[0],
            second_indels=indels[1],
        )
